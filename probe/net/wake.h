/*
 * wake.h - a bell that other threads ring and the loop hears.
 * In:   rings, from any thread.   Out: cb on the loop, once for any number of rings.
 * Not:  nothing is handed over: what there is to see lies where both threads know, under their lock.
 */
#ifndef MX_NET_WAKE_H
#define MX_NET_WAKE_H

#include "probe/net/loop.h"

struct mx_wake;

/** NULL with MX_ERR_SYSTEM when there is no descriptor to be had. While it stands, the loop has
 *  something to wait for. */
struct mx_wake *mx_wake_new(
    struct mx_loop *loop, void (*cb)(void *arg), void *arg, struct mx_error *err);
/** Before the loop is freed; nobody may ring any more. NULL is taken. */
void mx_wake_free(struct mx_wake *wake);
/** Any thread. */
void mx_wake_ring(struct mx_wake *wake);

#endif
