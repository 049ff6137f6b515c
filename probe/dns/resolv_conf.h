/*
 * resolv_conf.h - the name servers this host uses (resolv.conf(5)).
 * In:   a file in that form.   Out: its nameserver lines, in order.
 * Not:  no search list, no options: we ask whole names, and libunbound has its own timers.
 */
#ifndef MX_DNS_RESOLV_CONF_H
#define MX_DNS_RESOLV_CONF_H

#include <stddef.h>

#include "probe/base/addr.h"

#define MX_RESOLV_CONF_MAX 8

/** Writes up to MX_RESOLV_CONF_MAX addresses (port 0) to out and returns how many. Lines that
 *  hold no address are passed over, as the C library does. An unreadable file has none. */
size_t mx_resolv_conf_read(const char *path, struct mx_addr out[MX_RESOLV_CONF_MAX]);

#endif
