/*
 * wire.h - the bytes of one accepted connection, plain or TLS, as badly as a script wants
 *     them.
 * In:   a connected socket; bytes to send.
 * Out:  bytes received, when output is gone, the end.
 * Not:  no SMTP.
 */
#ifndef MX_FAKEMX_WIRE_H
#define MX_FAKEMX_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "scenarios/fakemx/tempo.h"
#include "scenarios/fakemx/scenario.h"

struct event_base;
struct ssl_ctx_st;
struct mx_wire;

/** Called from the loop, never from inside a mx_wire_ function. The callee may close the wire. */
struct mx_wire_ops {
	void (*data)(void *arg, const char *bytes, size_t len);
	void (*sent)(void *arg);    /* all that was queued is with the kernel */
	void (*secured)(void *arg); /* handshake done */
	void (*ended)(void *arg); /* FIN, RST or a failed handshake; close the wire now */
};

/** Takes the descriptor over. */
struct mx_wire *mx_wire_new(struct event_base *base, struct mx_tempo *tempo, int fd,
    const struct mx_wire_ops *ops, void *arg);
/** Queue bytes (copied). Nothing is sent before mx_wire_flush. */
void mx_wire_send(struct mx_wire *wire, const void *bytes, size_t len);
/** Queue text (copied) again and again until total bytes went out; behind all else. */
void mx_wire_flood(struct mx_wire *wire, const void *text, size_t len, uint64_t total);
/** From now on send so many bytes at once and then wait; 0 bytes: no such limit. */
void mx_wire_drip(struct mx_wire *wire, uint32_t bytes, uint32_t every_ms);
/** Send what is queued; ops->sent follows, also when there is nothing. */
void mx_wire_flush(struct mx_wire *wire);
/** Wait for the client's handshake; ops->secured or ops->ended follows. */
void mx_wire_start_tls(struct mx_wire *wire, struct ssl_ctx_st *ctx);
/** CLOSE, CUT or RESET (anything else counts as CLOSE). What is queued is lost: flush first. No
 *  callback comes any more. */
void mx_wire_close(struct mx_wire *wire, enum mx_then how);

#endif
