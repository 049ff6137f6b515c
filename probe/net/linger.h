/*
 * linger.h - the polite end of a connection: say the rest, listen a little, close.
 * In:   a connected descriptor, its TLS if any, bytes not sent yet.
 * Out:  nothing; the descriptor is closed when the peer has closed, or enough was read.
 * Not:  nobody is told anything any more.
 */
#ifndef MX_NET_LINGER_H
#define MX_NET_LINGER_H

#include <openssl/ssl.h>

#include "probe/base/buf.h"
#include "probe/net/loop.h"

/** Closing with unread bytes makes the kernel send RST, which can eat our QUIT at the peer; so
 *  read and drop what still comes, but no more than this many received bytes, nor longer. */
#define MX_LINGER_BYTES 65536U
#define MX_LINGER_US 1000000

/** Takes over fd, ssl (NULL when plain) and the bytes in out. Never calls back. */
void mx_linger_start(struct mx_loop *loop, int fd, SSL *ssl, struct mx_buf *out);
/** Connections lingering now, on all loops. */
size_t mx_linger_count(void);

#endif
