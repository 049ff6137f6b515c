/* linger.c - send what waits, close_notify and FIN, read to the peer's end, close. */
#include "probe/net/linger.h"

#include <errno.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/event_struct.h>
#include <openssl/err.h>

#include "probe/base/mem.h"

struct parting {
	LIST_ENTRY(parting) next;
	struct mx_loop *loop;
	struct event event;
	struct mx_timer *timer;
	SSL *ssl; /* NULL when plain, and after close_notify */
	struct mx_buf out;
	int fd;
	short watched;
	bool said_all;
	bool heard_all;
	size_t dropped;
};

LIST_HEAD(parting_list, parting);
static struct parting_list lingering = LIST_HEAD_INITIALIZER(lingering);
static size_t lingering_count;

enum progress {
	MORE,
	WAIT, /* until the descriptor is ready */
	OVER, /* this side is done */
	GONE  /* the connection is dead, or has had enough of our time */
};

static void on_ready(evutil_socket_t fd, short what, void *arg);

static void
finish(struct parting *l)
{
	LIST_REMOVE(l, next);
	lingering_count--;
	if (l->watched != 0)
		(void)event_del(&l->event);
	mx_timer_free(l->timer);
	SSL_free(l->ssl);
	mx_buf_clear(&l->out);
	(void)close(l->fd);
	free(l);
}

static void
on_time(void *arg)
{
	finish(arg);
}

static void
watch(struct parting *l, short what)
{
	if (l->watched == what)
		return;
	if (l->watched != 0)
		(void)event_del(&l->event);
	(void)event_assign(&l->event, mx_loop_base(l->loop), l->fd,
	    (short)(what | EV_PERSIST), on_ready, l);
	(void)event_add(&l->event, NULL);
	l->watched = what;
}

/* Only readiness to write is worth waiting for: a peer that renegotiates now is not. */
static enum progress
after_tls(const SSL *ssl, int result)
{
	return SSL_get_error(ssl, result) == SSL_ERROR_WANT_WRITE ? WAIT : GONE;
}

static enum progress
say_some(struct parting *l)
{
	ssize_t sent;

	if (l->ssl != NULL) {
		ERR_clear_error();
		sent =
		    SSL_write(l->ssl, l->out.data, (int)l->out.len); /* 64 KiB at most */
		if (sent <= 0)
			return after_tls(l->ssl, (int)sent);
	} else {
		sent = send(l->fd, l->out.data, l->out.len, MSG_NOSIGNAL);
		if (sent < 0)
			return errno == EAGAIN || errno == EINTR ? WAIT : GONE;
	}
	mx_buf_drop(&l->out, (size_t)sent);
	return MORE;
}

static enum progress
say_close_notify(struct parting *l)
{
	int result;

	ERR_clear_error();
	result = SSL_shutdown(l->ssl);
	if (result < 0 && after_tls(l->ssl, result) == WAIT)
		return WAIT;
	/* From here on bytes are dropped as they come; no need to decrypt them. */
	SSL_free(l->ssl);
	l->ssl = NULL;
	return MORE;
}

static enum progress
say(struct parting *l)
{
	enum progress progress = MORE;

	while (progress == MORE) {
		if (l->out.len > 0)
			progress = say_some(l);
		else if (l->ssl != NULL)
			progress = say_close_notify(l);
		else
			progress = OVER;
	}
	return progress;
}

/* Counts what was received, kept or not: a flood is no reason to stay. */
static enum progress
hear(struct parting *l)
{
	char dropped[4096];

	while (l->dropped < MX_LINGER_BYTES) {
		ssize_t got = recv(l->fd, dropped, sizeof dropped, 0);
		if (got < 0)
			return errno == EAGAIN || errno == EINTR ? WAIT : GONE;
		if (got == 0)
			return OVER;
		l->dropped += (size_t)got;
	}
	return GONE;
}

/* We speak first, so that even a flood does not keep our last words back. */
static enum progress
step(struct parting *l)
{
	enum progress said = l->said_all ? OVER : say(l);
	enum progress heard;

	if (said == GONE)
		return GONE;
	heard = l->heard_all ? OVER : hear(l);
	if (heard == GONE)
		return GONE;
	l->heard_all = heard == OVER;
	if (l->heard_all && said == OVER)
		return OVER; /* close() says FIN */
	if (!l->said_all && said == OVER)
		(void)shutdown(l->fd, SHUT_WR);
	l->said_all = said == OVER;
	return WAIT;
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct parting *l = arg;

	(void)fd, (void)what;
	if (step(l) == WAIT)
		watch(l,
		    (short)((l->said_all ? 0 : EV_WRITE) | (l->heard_all ? 0 : EV_READ)));
	else
		finish(l);
}

/* The loop is about to go: close at once what still lingers on it. */
static void
drop_all(const struct mx_loop *loop)
{
	struct parting *l, *next;

	for (l = LIST_FIRST(&lingering); l != NULL; l = next) {
		next = LIST_NEXT(l, next);
		if (l->loop == loop)
			finish(l);
	}
}

void
mx_linger_start(struct mx_loop *loop, int fd, SSL *ssl, struct mx_buf *out)
{
	struct parting *l = mx_calloc(1, sizeof *l);

	mx_loop_on_free(loop, drop_all);
	l->loop = loop;
	l->fd = fd;
	l->ssl = ssl;
	l->out = *out;
	mx_buf_init(out, out->limit);
	LIST_INSERT_HEAD(&lingering, l, next);
	lingering_count++;
	if (step(l) != WAIT) {
		finish(l);
		return;
	}
	l->timer = mx_timer_new(loop, on_time, l);
	mx_timer_start(l->timer, MX_LINGER_US);
	on_ready(fd, 0, l);
}

size_t
mx_linger_count(void)
{
	return lingering_count;
}
