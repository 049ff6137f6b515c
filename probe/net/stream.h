/*
 * stream.h - bytes to and from one peer, plain or TLS, from a chosen source address.
 * In:   source, target; bytes to send.   Out: bytes received; exactly one end.
 * Not:  no lines, no SMTP, no deadlines (the session's timers), no retry.
 */
#ifndef MX_NET_STREAM_H
#define MX_NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/net/dane.h"
#include "probe/net/loop.h"
#include "probe/net/tls.h"

struct mx_stream;

/** Called on the loop, never from inside a mx_stream_ function. Each may close the stream. A
 *  reset right behind the connection's handshake is connected(), data() if any came, ended(). */
struct mx_stream_ops {
	void (*connected)(void *arg);
	/** Some bytes; borrowed until return. */
	void (*data)(void *arg, const uint8_t *bytes, size_t len);
	/** Handshake done; facts are handed over (clear them). Bad certificates arrive here too. */
	void (*secured)(void *arg, struct mx_tls_facts *facts);
	/** The stream is over: MX_END_CLOSED, _CLOSED_UNCLEAN, _RESET, _REFUSED, _UNREACHABLE,
	 *  _FILTERED (kernel's own ETIMEDOUT), _TLS_FAILED or _LOCAL. text: details, borrowed.
	 *  facts: handed over when the handshake failed (reason set), else NULL; also NULL when
	 *  TLS broke down after the facts had gone to secured(). Bytes that came before have been
	 *  delivered. Called at most once; mx_stream_close must still be called. */
	void (*ended)(
	    void *arg, enum mx_end end, const char *text, struct mx_tls_facts *facts);
};

/** Socket, IP_BIND_ADDRESS_NO_PORT, bind to source (port ignored), connect to target. source
 *  AF_UNSPEC leaves the choice to the kernel. Our own failures (socket, bind) give NULL and err. */
struct mx_stream *mx_stream_dial(struct mx_loop *loop, const struct mx_addr *source,
    const struct mx_addr *target, const struct mx_stream_ops *ops, void *arg,
    struct mx_error *err);
/** A connection that somebody else made (listen.h): plain, and connected() never comes. Owns fd. */
struct mx_stream *mx_stream_adopt(
    struct mx_loop *loop, int fd, const struct mx_stream_ops *ops, void *arg);
/** Queue bytes; sent in order when the socket takes them. At most 64 KiB may wait. */
void mx_stream_write(struct mx_stream *stream, const void *bytes, size_t len);
/** Go on in TLS on the same descriptor. host: SNI and the name to verify (an address literal or
 *  NULL sends no SNI). dane: what DNS says of the peer, borrowed until secured() or ended(); NULL
 *  when nobody looked. The session has made sure that no plaintext is left behind. */
void mx_stream_start_tls(struct mx_stream *stream, struct mx_tls *tls, const char *host,
    const struct mx_dane *dane);
/** The end for the owner: no callback comes any more. What was queued is sent, the write side is
 *  shut (close_notify under TLS), what still arrives is read and dropped (at most 64 KiB and 1 s,
 *  so that a RST does not eat our QUIT), then the descriptor is closed. NULL is taken. */
void mx_stream_close(struct mx_stream *stream);
/** Streams being drained by mx_stream_close on any loop: the conductor waits for zero. */
size_t mx_stream_lingering(void);

#endif
