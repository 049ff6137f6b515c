/*
 * conn.h - one session with a scripted server: commands in, rules played.
 * In:   an accepted socket and the server's script.
 * Out:  the session's record in the oracle.
 * Not:  no listening (smtpd.h), no TLS of its own (wire.h).
 */
#ifndef MX_FAKEMX_CONN_H
#define MX_FAKEMX_CONN_H

#include <sys/queue.h>

#include "scenarios/fakemx/oracle.h"
#include "scenarios/fakemx/tempo.h"
#include "scenarios/fakemx/script.h"

struct event_base;
struct ssl_ctx_st;
struct mx_conn;

/** What all sessions of a world share. Borrowed. */
struct mx_conn_world {
	struct event_base *base;
	struct mx_tempo *tempo;
	struct mx_oracle *oracle;
	int64_t began_us; /* base/clock's monotonic time */
};

struct mx_conn_params {
	const struct mx_conn_world *world;
	const struct mx_fake_server *server;
	size_t server_index;    /* for the oracle */
	struct ssl_ctx_st *tls; /* NULL: STARTTLS is not offered */
	struct mx_addr client;
	int fd; /* taken over */
	/** The session is over and its memory about to go. */
	void (*done)(void *arg, struct mx_conn *conn);
	void *arg;
};

struct mx_conn *mx_conn_start(const struct mx_conn_params *params);
/** End it now (FIN); done is called. */
void mx_conn_stop(struct mx_conn *conn);

#endif
