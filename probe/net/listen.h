/*
 * listen.h - a listening socket on the loop.
 * In:   an address.   Out: connected descriptors, non-blocking.
 * Not:  no bytes are read (stream.h: mx_stream_adopt), nobody is checked.
 */
#ifndef MX_NET_LISTEN_H
#define MX_NET_LISTEN_H

#include "probe/base/addr.h"
#include "probe/base/err.h"
#include "probe/net/loop.h"

struct mx_listener;

/** addr's port 0: any that is free. accepted is called from the loop and owns the descriptor; it may
 *  free the listener. NULL and MX_ERR_SYSTEM when the address can't be had. */
struct mx_listener *mx_listener_new(struct mx_loop *loop, const struct mx_addr *addr,
    void (*accepted)(void *arg, int fd, const struct mx_addr *peer), void *arg,
    struct mx_error *err);
/** Where it listens, with its port. */
const struct mx_addr *mx_listener_addr(const struct mx_listener *listener);
/** NULL is taken. */
void mx_listener_free(struct mx_listener *listener);

#endif
