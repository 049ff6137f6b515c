/* peer.c - see peer.h. */
#include <criterion/criterion.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"
#include "probe/base/mem.h"

/* ---- the server ---- */

struct peer_service {
	struct peer *peer;
	void (*script)(struct peer *peer);
	int listener;
	pthread_t thread;
	sem_t go;
};

static int
listen_on(const char *address, int receive_buffer, struct mx_addr *out)
{
	struct sockaddr_storage local;
	struct mx_addr addr;
	socklen_t len;
	int fd;

	cr_assert(mx_addr_parse(address, &addr));
	len = mx_addr_to_sockaddr(&addr, &local);
	fd = socket(addr.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_geq(fd, 0);
	cr_assert_eq(bind(fd, (struct sockaddr *)&local, len), 0);
	if (receive_buffer > 0)
		setsockopt(
		    fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
	cr_assert_eq(listen(fd, 8), 0);
	len = sizeof local;
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&local, &len), 0);
	cr_assert(mx_addr_from_sockaddr((struct sockaddr *)&local, out));
	return fd;
}

static void *
serve(void *arg)
{
	struct peer_service *service = arg;
	struct peer *peer = service->peer;
	struct sockaddr_storage remote;
	socklen_t len = sizeof remote;

	peer->fd = accept(service->listener, (struct sockaddr *)&remote, &len);
	if (peer->fd < 0)
		return NULL;
	(void)mx_addr_from_sockaddr((struct sockaddr *)&remote, &peer->client);
	service->script(peer);
	SSL_free(peer->ssl);
	peer->ssl = NULL;
	if (peer->fd >= 0)
		close(peer->fd);
	return NULL;
}

void
peer_start(struct peer *peer, const char *address, void (*script)(struct peer *peer))
{
	struct peer_service *service = mx_calloc(1, sizeof *service);

	service->peer = peer;
	service->script = script;
	service->listener = listen_on(address, peer->receive_buffer, &peer->addr);
	sem_init(&service->go, 0, 0);
	peer->service = service;
	cr_assert_eq(pthread_create(&service->thread, NULL, serve, service), 0);
}

void
peer_join(struct peer *peer)
{
	struct peer_service *service = peer->service;

	peer_go(peer);
	pthread_join(service->thread, NULL);
	close(service->listener);
	sem_destroy(&service->go);
	SSL_CTX_free(peer->context);
	peer->context = NULL;
	free(service);
}

void
peer_wait(struct peer *peer)
{
	sem_wait(&peer->service->go);
}

void
peer_go(struct peer *peer)
{
	sem_post(&peer->service->go);
}

struct mx_addr
nobody(void)
{
	struct mx_addr addr;

	close(listen_on("127.0.0.1", 0, &addr));
	return addr;
}

static ssize_t
write_some(struct peer *peer, const char *bytes, size_t len)
{
	if (peer->ssl != NULL)
		return SSL_write(peer->ssl, bytes, (int)len);
	return send(peer->fd, bytes, len, MSG_NOSIGNAL);
}

static ssize_t
read_some(struct peer *peer, char *bytes, size_t len)
{
	if (peer->ssl != NULL)
		return SSL_read(peer->ssl, bytes, (int)len);
	return recv(peer->fd, bytes, len, 0);
}

void
peer_say(struct peer *peer, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t sent = write_some(peer, text, len);
		if (sent <= 0) {
			peer->result = errno;
			return;
		}
		text += sent;
		len -= (size_t)sent;
	}
}

static bool
hear_some(struct peer *peer)
{
	char bytes[4096];
	ssize_t got = read_some(peer, bytes, sizeof bytes);
	size_t room = sizeof peer->heard - 1 - peer->heard_len;

	if (got <= 0) {
		peer->result = got < 0 ? errno : 0;
		return false;
	}
	peer->count += (size_t)got;
	if (room > (size_t)got)
		room = (size_t)got;
	memcpy(peer->heard + peer->heard_len, bytes, room);
	peer->heard_len += room;
	return true;
}

void
peer_hear_all(struct peer *peer)
{
	while (hear_some(peer))
		;
}

void
peer_hear(struct peer *peer, const char *text)
{
	while (strstr(peer->heard, text) == NULL && hear_some(peer))
		;
}

void
peer_reset(struct peer *peer)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

char *
pki_file(const char *name, const char *suffix)
{
	const char *folder = getenv("MX_TEST_PKI");

	return mx_asprintf(
	    "%s/%s%s", folder != NULL ? folder : "certs/pki", name, suffix);
}

static SSL_CTX *
server_context(const struct peer *peer)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	char *chain = pki_file(peer->certificate, ".pem");
	char *key = pki_file(peer->certificate, ".key");

	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(context, peer->max_version);
	if (SSL_CTX_use_certificate_chain_file(context, chain) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
		cr_log_error("%s: no certificate there; run `make certs`", chain);
	free(chain);
	free(key);
	return context;
}

bool
peer_secure(struct peer *peer)
{
	const char *name;

	if (peer->context == NULL)
		peer->context = server_context(peer);
	peer->ssl = SSL_new(peer->context);
	SSL_set_fd(peer->ssl, peer->fd);
	if (SSL_accept(peer->ssl) != 1)
		return false;
	name = SSL_get_servername(peer->ssl, TLSEXT_NAMETYPE_host_name);
	snprintf(peer->server_name, sizeof peer->server_name, "%s", name ? name : "");
	return true;
}

/* ---- a network of our own ---- */

int
ip(const char *arguments)
{
	char command[120];
	int status = -1;
	pid_t child;

	snprintf(command, sizeof command, "ip %s", arguments);
	child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	return waitpid(child, &status, 0) == child ? status : -1;
}

void
own_network(void)
{
	if (unshare(CLONE_NEWNET) != 0)
		cr_skip_test("not allowed to make a network namespace");
	if (ip("link set lo up") != 0)
		cr_skip_test("no ip tool");
}

/* ---- the client ---- */

static void
record_connected(void *arg)
{
	struct client *client = arg;

	cr_assert_eq(client->inside, 0);
	cr_assert_not_null(client->stream, "called after close");
	client->connected++;
	if (client->on_connected != NULL)
		client->on_connected(client);
}

static void
record_data(void *arg, const uint8_t *bytes, size_t len)
{
	struct client *client = arg;

	cr_assert_eq(client->inside, 0);
	cr_assert_not_null(client->stream, "called after close");
	cr_assert_gt(len, 0);
	cr_assert(mx_buf_add(&client->data, bytes, len));
	if (client->on_data != NULL)
		client->on_data(client);
}

static void
record_secured(void *arg, struct mx_tls_facts *facts)
{
	struct client *client = arg;

	cr_assert_eq(client->inside, 0);
	cr_assert_not_null(client->stream, "called after close");
	client->secured++;
	client->has_facts = true;
	client->facts = *facts;
	if (client->on_secured != NULL)
		client->on_secured(client);
}

static void
record_ended(void *arg, enum mx_end end, const char *text, struct mx_tls_facts *facts)
{
	struct client *client = arg;

	cr_assert_eq(client->inside, 0);
	cr_assert_not_null(client->stream, "called after close");
	cr_assert_eq(++client->ended, 1);
	client->end = end;
	snprintf(client->text, sizeof client->text, "%s", text ? text : "");
	if (facts != NULL) {
		cr_assert_not(client->has_facts);
		client->has_facts = true;
		client->facts = *facts;
	}
	mx_loop_stop(client->loop);
	if (client->on_ended != NULL)
		client->on_ended(client);
}

static const struct mx_stream_ops recorder = {
	.connected = record_connected,
	.data = record_data,
	.secured = record_secured,
	.ended = record_ended,
};

void
client_init(struct client *client)
{
	struct mx_error err = { 0 };

	client->loop = mx_loop_new(&err);
	cr_assert_not_null(client->loop, "%s", err.text);
	mx_buf_init(&client->data, 16U << 20);
}

void
client_clear(struct client *client)
{
	client_close(client);
	while (mx_stream_lingering() > 0)
		mx_loop_run(client->loop);
	mx_buf_clear(&client->data);
	if (client->has_facts)
		mx_tls_facts_clear(&client->facts);
	mx_tls_free(client->tls);
	mx_loop_free(client->loop);
}

void
client_dial(struct client *client, const char *source, const struct mx_addr *target)
{
	struct mx_error err = { 0 };
	struct mx_addr from = { .family = AF_UNSPEC };

	if (source != NULL)
		cr_assert(mx_addr_parse(source, &from));
	client->inside++;
	client->stream =
	    mx_stream_dial(client->loop, &from, target, &recorder, client, &err);
	client->inside--;
	cr_assert_not_null(client->stream, "%s", err.text);
}

static void
too_late(void *arg)
{
	struct client *client = arg;

	mx_loop_stop(client->loop);
	cr_assert_fail("nothing happened for 5 s");
}

void
client_run(struct client *client)
{
	struct mx_timer *limit = mx_timer_new(client->loop, too_late, client);

	mx_timer_start(limit, 5000000);
	mx_loop_run(client->loop);
	mx_timer_free(limit);
}

void
client_write(struct client *client, const char *text)
{
	client->inside++;
	mx_stream_write(client->stream, text, strlen(text));
	client->inside--;
}

void
client_start_tls(struct client *client)
{
	struct mx_error err = { 0 };
	char *ca = pki_file("ca", ".pem");

	if (client->tls == NULL)
		client->tls = mx_tls_new(ca, &err);
	free(ca);
	cr_assert_not_null(client->tls, "%s", err.text);
	client->inside++;
	mx_stream_start_tls(client->stream, client->tls, client->tls_host, client->dane);
	client->inside--;
}

/* Also from inside a callback: then client_run() returns, and lingering goes on. */
void
client_close(struct client *client)
{
	struct mx_stream *stream = client->stream;

	if (stream == NULL)
		return;
	client->stream = NULL;
	client->inside++;
	mx_stream_close(stream);
	client->inside--;
	mx_loop_stop(client->loop);
}
