/* wire.c - a non-blocking socket with two libevent events and, later, an SSL object on it. */
#include "scenarios/fakemx/wire.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/base/mem.h"

#define BLOCK 16384
#define FLOOD_AHEAD 65536 /* bytes of a flood that are made ready in advance */

struct flood {
	char *text;
	size_t len, at;
	uint64_t left;
};

struct mx_wire {
	struct mx_tempo *tempo;
	const struct mx_wire_ops *ops;
	void *arg;
	int fd;
	SSL *ssl;
	bool handshaking;
	struct event *readable, *writable;
	struct evbuffer *out;
	struct flood flood;
	uint32_t drip_bytes, drip_ms;
	struct mx_wait drip_wait;
	unsigned depth; /* callbacks on the stack: closed wires are freed behind the last
			   one */
	bool closed;
};

enum io {
	IO_DONE,
	IO_AGAIN,
	IO_OVER
};

static void on_readable(evutil_socket_t fd, short what, void *arg);
static void on_writable(evutil_socket_t fd, short what, void *arg);

struct mx_wire *
mx_wire_new(struct event_base *base, struct mx_tempo *tempo, int fd,
    const struct mx_wire_ops *ops, void *arg)
{
	struct mx_wire *wire = mx_calloc(1, sizeof *wire);

	wire->tempo = tempo;
	wire->ops = ops;
	wire->arg = arg;
	wire->fd = fd;
	wire->out = evbuffer_new();
	wire->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, wire);
	wire->writable = event_new(base, fd, EV_WRITE, on_writable, wire);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	event_add(wire->readable, NULL);
	return wire;
}

static void
destroy(struct mx_wire *wire)
{
	evbuffer_free(wire->out);
	free(wire->flood.text);
	free(wire);
}

static void
enter_callback(struct mx_wire *wire)
{
	wire->depth++;
}

/* False when the wire was closed meanwhile, and is gone now. */
static bool
leave_callback(struct mx_wire *wire)
{
	wire->depth--;
	if (!wire->closed)
		return true;
	if (wire->depth == 0)
		destroy(wire);
	return false;
}

static bool
tell(struct mx_wire *wire, void (*cb)(void *arg))
{
	enter_callback(wire);
	cb(wire->arg);
	return leave_callback(wire);
}

/* ---- out ---- */

void
mx_wire_send(struct mx_wire *wire, const void *bytes, size_t len)
{
	evbuffer_add(wire->out, bytes, len);
}

void
mx_wire_flood(struct mx_wire *wire, const void *text, size_t len, uint64_t total)
{
	free(wire->flood.text);
	wire->flood =
	    (struct flood){ .text = mx_calloc(1, len), .len = len, .left = total };
	memcpy(wire->flood.text, text, len);
}

void
mx_wire_drip(struct mx_wire *wire, uint32_t bytes, uint32_t every_ms)
{
	wire->drip_bytes = bytes;
	wire->drip_ms = every_ms;
}

void
mx_wire_flush(struct mx_wire *wire)
{
	event_add(wire->writable, NULL);
}

static void
refill_from_flood(struct mx_wire *wire)
{
	struct flood *f = &wire->flood;

	while (f->left > 0 && evbuffer_get_length(wire->out) < FLOOD_AHEAD) {
		size_t piece = f->len - f->at;

		if (piece > f->left)
			piece = (size_t)f->left;
		evbuffer_add(wire->out, f->text + f->at, piece);
		f->at = (f->at + piece) % f->len;
		f->left -= piece;
	}
}

static ssize_t
write_some(struct mx_wire *wire, const void *bytes, size_t len)
{
	int wrote;

	if (wire->ssl == NULL)
		return send(wire->fd, bytes, len, MSG_NOSIGNAL);
	ERR_clear_error();
	wrote = SSL_write(wire->ssl, bytes, (int)len);
	if (wrote > 0)
		return wrote;
	errno = SSL_get_error(wire->ssl, wrote) == SSL_ERROR_WANT_WRITE ? EAGAIN : EPIPE;
	return -1;
}

/* Up to limit bytes of what is queued. */
static enum io
write_queue(struct mx_wire *wire, size_t limit)
{
	while (limit > 0) {
		size_t len;
		ssize_t wrote;

		refill_from_flood(wire);
		len = evbuffer_get_length(wire->out);
		if (len == 0)
			return IO_DONE;
		if (len > limit)
			len = limit;
		if (len > BLOCK)
			len = BLOCK;
		wrote =
		    write_some(wire, evbuffer_pullup(wire->out, (ev_ssize_t)len), len);
		if (wrote < 0)
			return errno == EAGAIN || errno == EINTR ? IO_AGAIN : IO_OVER;
		evbuffer_drain(wire->out, (size_t)wrote);
		mx_tempo_moved(wire->tempo);
		limit -= (size_t)wrote;
	}
	return evbuffer_get_length(wire->out) == 0 && wire->flood.left == 0 ? IO_DONE
									    : IO_AGAIN;
}

static void
resume_drip(void *arg)
{
	mx_wire_flush(arg);
}

static void shake_hands(struct mx_wire *wire);

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct mx_wire *wire = arg;
	/* A flood leaves the loop after a block or two, so that others get their turn. */
	size_t limit = wire->drip_bytes > 0 ? wire->drip_bytes : (size_t)4 * BLOCK;

	(void)fd, (void)what;
	if (wire->handshaking) {
		shake_hands(wire);
		return;
	}
	switch (write_queue(wire, limit)) {
	case IO_DONE:
		tell(wire, wire->ops->sent);
		break;
	case IO_AGAIN:
		if (wire->drip_bytes > 0)
			mx_tempo_wait(wire->tempo, &wire->drip_wait,
			    (int64_t)wire->drip_ms * 1000, resume_drip, wire);
		else
			event_add(wire->writable, NULL);
		break;
	case IO_OVER:
		tell(wire, wire->ops->ended);
		break;
	}
}

/* ---- in ---- */

static ssize_t
read_some(struct mx_wire *wire, void *block, size_t room)
{
	int got;

	if (wire->ssl == NULL)
		return recv(wire->fd, block, room, 0);
	ERR_clear_error();
	got = SSL_read(wire->ssl, block, (int)room);
	if (got > 0)
		return got;
	errno = SSL_get_error(wire->ssl, got) == SSL_ERROR_WANT_READ ? EAGAIN : EPIPE;
	return -1;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct mx_wire *wire = arg;
	char block[BLOCK];
	ssize_t got;

	(void)fd, (void)what;
	mx_tempo_moved(wire->tempo);
	if (wire->handshaking) {
		shake_hands(wire);
		return;
	}
	do {
		got = read_some(wire, block, sizeof block);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (got <= 0) {
			tell(wire, wire->ops->ended);
			return;
		}
		enter_callback(wire);
		wire->ops->data(wire->arg, block, (size_t)got);
		if (!leave_callback(wire))
			return;
	} while (wire->ssl != NULL && SSL_pending(wire->ssl) > 0);
}

static void
shake_hands(struct mx_wire *wire)
{
	int result;

	ERR_clear_error();
	result = SSL_accept(wire->ssl);
	if (result == 1) {
		wire->handshaking = false;
		tell(wire, wire->ops->secured);
		return;
	}
	switch (SSL_get_error(wire->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		break;
	case SSL_ERROR_WANT_WRITE:
		event_add(wire->writable, NULL);
		break;
	default:
		tell(wire, wire->ops->ended);
		break;
	}
}

void
mx_wire_start_tls(struct mx_wire *wire, SSL_CTX *ctx)
{
	wire->ssl = SSL_new(ctx);
	SSL_set_fd(wire->ssl, wire->fd);
	wire->handshaking = true;
}

/* ---- the end ---- */

static void
close_socket(struct mx_wire *wire, enum mx_then how)
{
	/* A lingering close of zero seconds sends RST instead of FIN. */
	if (how == MX_THEN_RESET)
		setsockopt(wire->fd, SOL_SOCKET, SO_LINGER,
		    &(struct linger){ .l_onoff = 1, .l_linger = 0 },
		    sizeof(struct linger));
	if (wire->ssl != NULL) {
		if (how != MX_THEN_RESET && how != MX_THEN_CUT && !wire->handshaking)
			SSL_shutdown(wire->ssl);
		ERR_clear_error();
		SSL_free(wire->ssl);
	}
	close(wire->fd);
}

void
mx_wire_close(struct mx_wire *wire, enum mx_then how)
{
	if (wire->closed)
		return;
	wire->closed = true;
	mx_tempo_cancel(wire->tempo, &wire->drip_wait);
	event_free(wire->readable);
	event_free(wire->writable);
	close_socket(wire, how);
	if (wire->depth == 0)
		destroy(wire);
}
