/*
 * dial.h - a socket on its way to a target from a chosen source.
 * In:   source, target.   Out: a descriptor that connects, or our failure; words for an errno.
 * Not:  no waiting, no event: stream.c sees to those.
 */
#ifndef MX_NET_DIAL_H
#define MX_NET_DIAL_H

#include "probe/base/addr.h"
#include "probe/base/err.h"
#include "probe/transcript.h"

/** What an errno says about a connection. end is MX_END_LOCAL when the fault is ours; text lives
 *  until the next call. */
struct mx_dial_meaning {
	enum mx_end end;
	const char *text;
};
struct mx_dial_meaning mx_dial_meaning(int sys);

/** A non-blocking, close-on-exec socket, bound to source (port ignored; AF_UNSPEC: not bound) and
 *  connecting to target. The caller closes it. What the network answered at once is in *sys, else
 *  0. -1 and err when the failure is ours. */
int mx_dial(const struct mx_addr *source, const struct mx_addr *target, int *sys,
    struct mx_error *err);

#endif
