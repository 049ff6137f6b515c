/*
 * handshake.h - one TLS client handshake: its SSL object, and what it showed.
 * In:   the shared set-up, a connected descriptor, the name the peer should carry.
 * Out:  facts for the transcript, or the reason of a failure in words.
 * Not:  no waiting: stream.c drives the SSL object. Only net/ may include this (OpenSSL).
 */
#ifndef MX_NET_HANDSHAKE_H
#define MX_NET_HANDSHAKE_H

#include <openssl/ssl.h>

#include "probe/net/dane.h"
#include "probe/net/tls.h"

struct mx_tls {
	SSL_CTX *context;
};

/** Once for a context, before any handshake: every chain passes, and the first thing wrong with it
 *  is kept. */
void mx_handshake_prepare(SSL_CTX *context);

/** A client on fd, ready for SSL_do_handshake(). host and dane as in mx_stream_start_tls. Caller
 *  frees with SSL_free(); fd stays the caller's. */
SSL *mx_handshake_open(
    struct mx_tls *tls, int fd, const char *host, const struct mx_dane *dane);
/** After success: fills *facts (owned by the caller from here on). */
void mx_handshake_facts(SSL *ssl, struct mx_tls_facts *facts);
/** Why the last SSL call on this thread failed, in words. error is SSL_get_error()'s answer, sys
 *  the errno right after the call. Empties OpenSSL's error queue. Caller frees. */
char *mx_handshake_failure(int error, int sys);

#endif
