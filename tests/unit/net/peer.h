/*
 * peer.h - both ends of a connection for tests: a server that follows a script on a thread of
 * its own with blocking calls, and a client that writes down what a stream tells it.
 */
#ifndef MX_TESTS_PEER_H
#define MX_TESTS_PEER_H

#include <semaphore.h>

#include <openssl/ssl.h>

#include "probe/base/buf.h"
#include "probe/net/stream.h"

/* ---- the server ---- */

struct peer {
	int fd; /* for the script: the accepted connection, closed when it returns */
	struct mx_addr client;
	struct mx_addr addr; /* where to dial */
	int receive_buffer;  /* bytes the kernel keeps for us; 0: its default */
	/* TLS: */
	const char *certificate; /* "good", ...: a file of certs/pki */
	int max_version;         /* TLS1_VERSION..., 0: any */
	SSL_CTX *context;
	SSL *ssl;
	char server_name[256]; /* SNI, "" when none */
	/* Whatever a script wants to tell its test; read after peer_join(). */
	char heard[4096];
	size_t heard_len;
	size_t count;
	int result;
	struct peer_service *service; /* peer.c's own */
};

/** Listens on address (port 0), accepts one connection, runs script, closes. */
void peer_start(
    struct peer *peer, const char *address, void (*script)(struct peer *peer));
/** Waits for the script's end; somebody must have dialled. */
void peer_join(struct peer *peer);
/** The script waits here until the test says go (before peer_join, at the latest). */
void peer_wait(struct peer *peer);
void peer_go(struct peer *peer);
/** A port of 127.0.0.1 where nobody listens. */
struct mx_addr nobody(void);

void peer_say(struct peer *peer, const char *text);
/** Reads to the end into heard; count is all that came; result is the last errno, 0 for EOF. */
void peer_hear_all(struct peer *peer);
/** Reads until text has come. */
void peer_hear(struct peer *peer, const char *text);
/** Makes close() send RST. */
void peer_reset(struct peer *peer);
/** The server's handshake; false when it failed. */
bool peer_secure(struct peer *peer);
/** The file of the test PKI. Caller frees. */
char *pki_file(const char *name, const char *suffix);

/* ---- a network of our own ---- */

/** From here on this test has a network with nothing but lo; skips the test without root. */
void own_network(void);
/** Runs "ip ARGUMENTS"; 0 is success. */
int ip(const char *arguments);

/* ---- the client ---- */

struct client {
	struct mx_loop *loop;
	struct mx_stream *stream;
	struct mx_tls *tls;
	const char *tls_host;
	const struct mx_dane *dane;
	struct mx_buf data;
	int connected, secured, ended;
	enum mx_end end;
	char text[256];
	bool has_facts;
	struct mx_tls_facts facts;
	int inside; /* calls of mx_stream_ functions under way: no callback may see it > 0 */
	/* What to do when something happens; NULL: nothing. */
	void (*on_connected)(struct client *client);
	void (*on_data)(struct client *client);
	void (*on_secured)(struct client *client);
	void (*on_ended)(struct client *client);
};

void client_init(struct client *client);
/** Closes the stream, lets it linger out, frees all. */
void client_clear(struct client *client);
void client_dial(struct client *client, const char *source, const struct mx_addr *target);
/** Runs the loop until the stream has ended or been closed; fails the test when that takes more
 *  than 5 s. */
void client_run(struct client *client);
void client_write(struct client *client, const char *text);
void client_start_tls(struct client *client);
void client_close(struct client *client);

#endif
