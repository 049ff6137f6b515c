/* smtpd.c - sockets that accept, refuse, or let SYNs go unanswered. */
#include "scenarios/fakemx/smtpd.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/base/mem.h"

#define BACKLOG 1024
#define SESSIONS_MAX 8192
#define PORT_TRIES 64
#define FILLERS 3

struct session {
	TAILQ_ENTRY(session) link;
	struct mx_smtpd *smtpd;
	struct mx_conn *conn;
};

struct listener {
	struct mx_smtpd *smtpd;
	const struct mx_fake_server *server;
	size_t index;
	struct ssl_ctx_st *tls;
	int fd;
	struct event *acceptable;
	int fillers[FILLERS]; /* connections of our own that keep the backlog full; -1:
				 none */
};

struct mx_smtpd {
	struct mx_conn_world world;
	struct listener *listeners;
	size_t count;
	uint16_t port;
	TAILQ_HEAD(session_list, session) sessions;
	size_t open;
};

/* ---- sessions ---- */

static void
on_done(void *arg, struct mx_conn *conn)
{
	struct session *session = arg;

	(void)conn;
	TAILQ_REMOVE(&session->smtpd->sessions, session, link);
	session->smtpd->open--;
	free(session);
}

static void
begin(struct listener *listener, int fd, const struct sockaddr_storage *peer)
{
	struct session *session = mx_calloc(1, sizeof *session);
	struct mx_conn_params params = {
		.world = &listener->smtpd->world,
		.server = listener->server,
		.server_index = listener->index,
		.tls = listener->tls,
		.fd = fd,
		.done = on_done,
		.arg = session,
	};

	mx_addr_from_sockaddr((const struct sockaddr *)peer, &params.client);
	session->smtpd = listener->smtpd;
	TAILQ_INSERT_TAIL(&listener->smtpd->sessions, session, link);
	listener->smtpd->open++;
	session->conn = mx_conn_start(&params);
}

static void
on_acceptable(evutil_socket_t fd, short what, void *arg)
{
	struct listener *listener = arg;
	struct sockaddr_storage peer;
	socklen_t len = sizeof peer;
	int accepted;

	(void)what;
	while ((accepted = accept4(fd, (struct sockaddr *)&peer, &len,
		    SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		if (listener->smtpd->open >= SESSIONS_MAX)
			close(accepted);
		else
			begin(listener, accepted, &peer);
		len = sizeof peer;
	}
}

/* ---- listening ---- */

/* A socket that is bound and never listens answers SYN with RST and keeps the port ours. */
static int
bind_socket(const struct mx_addr *addr, uint16_t port, bool reuse)
{
	struct mx_addr at = *addr;
	struct sockaddr_storage sa;
	socklen_t len;
	int fd = socket(addr->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	at.port = port;
	len = mx_addr_to_sockaddr(&at, &sa);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ reuse }, sizeof(int));
	if (bind(fd, (struct sockaddr *)&sa, len) == 0)
		return fd;
	int sys = errno;
	close(fd);
	errno = sys;
	return -1;
}

static uint16_t
port_of(int fd)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;
	struct mx_addr addr = { 0 };

	if (getsockname(fd, (struct sockaddr *)&sa, &len) == 0)
		mx_addr_from_sockaddr((const struct sockaddr *)&sa, &addr);
	return addr.port;
}

static void
close_listeners(struct mx_smtpd *smtpd)
{
	for (size_t i = 0; i < smtpd->count; i++) {
		struct listener *l = &smtpd->listeners[i];

		if (l->acceptable != NULL)
			event_free(l->acceptable);
		l->acceptable = NULL;
		for (size_t f = 0; f < FILLERS; f++)
			if (l->fillers[f] >= 0)
				close(l->fillers[f]);
		if (l->fd >= 0)
			close(l->fd);
		l->fd = -1;
	}
}

/* Bind every address to one port. False with errno, and in *failed the address that would
 * not; nothing stays bound then. */
static bool
bind_all(struct mx_smtpd *smtpd, uint16_t port, size_t *failed)
{
	/* A port somebody names must be had in spite of its TIME_WAITs. One we choose must be
	 * ours alone: with SO_REUSEADDR two processes could bind it before either listens. */
	bool reuse = port != 0;
	int sys;

	for (size_t i = 0; i < smtpd->count; i++) {
		struct listener *l = &smtpd->listeners[i];

		l->fd = bind_socket(&l->server->addr, port, reuse);
		if (l->fd < 0) {
			*failed = i;
			sys = errno;
			close_listeners(smtpd);
			errno = sys;
			return false;
		}
		if (port == 0)
			port = port_of(l->fd);
	}
	smtpd->port = port;
	return true;
}

/* The kernel finds a port that is free at the first address; the others may know better. */
static enum mx_err
bind_somewhere(struct mx_smtpd *smtpd, uint16_t port, struct mx_error *err)
{
	char text[MX_ADDR_TEXT];
	size_t failed = 0;

	for (unsigned tries = 0; tries < PORT_TRIES; tries++) {
		if (bind_all(smtpd, port, &failed))
			return MX_OK;
		if (port != 0 || errno != EADDRINUSE)
			break;
	}
	struct mx_addr at = smtpd->listeners[failed].server->addr;
	at.port = port;
	mx_addr_text_port(&at, text);
	if (errno == EADDRINUSE)
		return mx_error_set(err, MX_ERR_SYSTEM,
		    "%s is in use: end who listens there, or choose another port (0: a "
		    "free one)",
		    text);
	return mx_error_sys(err, errno, "can't bind %s", text);
}

/* One connection fits into a backlog of zero; the SYNs of the others are dropped, and so
 * are those of anybody else. */
static void
fill_backlog(struct listener *l, uint16_t port)
{
	struct mx_addr at = l->server->addr;
	struct sockaddr_storage sa;
	socklen_t len;

	at.port = port;
	len = mx_addr_to_sockaddr(&at, &sa);
	for (size_t i = 0; i < FILLERS; i++) {
		l->fillers[i] =
		    socket(at.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (l->fillers[i] >= 0 &&
		    connect(l->fillers[i], (struct sockaddr *)&sa, len) != 0 &&
		    errno != EINPROGRESS) {
			close(l->fillers[i]);
			l->fillers[i] = -1;
		}
	}
}

static enum mx_err
open_listener(struct listener *l, struct mx_error *err)
{
	char text[MX_ADDR_TEXT];

	if (l->server->listen == MX_LISTEN_REFUSE)
		return MX_OK;
	if (listen(l->fd, l->server->listen == MX_LISTEN_DROP ? 0 : BACKLOG) != 0)
		return mx_error_sys(err, errno, "can't listen on %s",
		    mx_addr_text(&l->server->addr, text));
	if (l->server->listen == MX_LISTEN_DROP) {
		fill_backlog(l, l->smtpd->port);
		return MX_OK;
	}
	l->acceptable = event_new(
	    l->smtpd->world.base, l->fd, EV_READ | EV_PERSIST, on_acceptable, l);
	event_add(l->acceptable, NULL);
	return MX_OK;
}

static enum mx_err
load_certificates(struct mx_smtpd *smtpd, struct mx_servertls *tls, struct mx_error *err)
{
	for (size_t i = 0; i < smtpd->count; i++) {
		struct listener *l = &smtpd->listeners[i];

		if (l->server->tls == NULL)
			continue;
		l->tls = mx_servertls_context(
		    tls, l->server->tls, l->server->tls_version, err);
		if (l->tls == NULL)
			return MX_ERR_CONFIG;
	}
	return MX_OK;
}

static enum mx_err
open_all(
    struct mx_smtpd *smtpd, struct mx_servertls *tls, uint16_t port, struct mx_error *err)
{
	enum mx_err result = load_certificates(smtpd, tls, err);

	if (result == MX_OK)
		result = bind_somewhere(smtpd, port, err);
	for (size_t i = 0; i < smtpd->count && result == MX_OK; i++)
		result = open_listener(&smtpd->listeners[i], err);
	return result;
}

struct mx_smtpd *
mx_smtpd_start(const struct mx_conn_world *world, struct mx_servertls *tls,
    const struct mx_fake_server *const *servers, size_t count, uint16_t port,
    struct mx_error *err)
{
	struct mx_smtpd *smtpd = mx_calloc(1, sizeof *smtpd);

	smtpd->world = *world;
	smtpd->count = count;
	smtpd->listeners = mx_calloc(count, sizeof *smtpd->listeners);
	TAILQ_INIT(&smtpd->sessions);
	for (size_t i = 0; i < count; i++) {
		smtpd->listeners[i] = (struct listener){ .smtpd = smtpd,
			.server = servers[i],
			.index = i,
			.fd = -1,
			.fillers = { -1, -1, -1 } };
	}
	if (open_all(smtpd, tls, port, err) == MX_OK)
		return smtpd;
	mx_smtpd_stop(smtpd);
	return NULL;
}

void
mx_smtpd_stop(struct mx_smtpd *smtpd)
{
	struct session *session;

	if (smtpd == NULL)
		return;
	while ((session = TAILQ_FIRST(&smtpd->sessions)) != NULL)
		mx_conn_stop(session->conn);
	close_listeners(smtpd);
	free(smtpd->listeners);
	free(smtpd);
}

uint16_t
mx_smtpd_port(const struct mx_smtpd *smtpd)
{
	return smtpd->port;
}
