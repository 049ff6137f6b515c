/*
 * source.h - which local addresses to leave from.
 * In:   what the user wrote: an address, an interface name, a CIDR block, @FILE of those.
 * Out:  addresses, as a rule those this host owns, sorted as written, without doubles.
 * Not:  no connection; the socket is bound in stream.h.
 */
#ifndef MX_NET_SOURCE_H
#define MX_NET_SOURCE_H

#include <stddef.h>

#include "probe/base/addr.h"
#include "probe/base/err.h"

#define MX_SOURCES_MAX 65536

struct mx_sources {
	struct mx_addr *addrs; /* own */
	size_t count;
};

/** Expand one specification and append. An address this host does not own, a block with none, an
 *  unknown interface or an unreadable file is MX_ERR_USAGE; the text names the addresses the host
 *  does own. Owned means: on an interface, or routed to us as local (127.0.0.0/8, AnyIP); with
 *  net.ipv4.ip_nonlocal_bind=1 only addresses on an interface (and 127.0.0.0/8) count. Blocks
 *  beyond 65,536 addresses are matched against the interfaces only. More than MX_SOURCES_MAX
 *  addresses are MX_ERR_USAGE. After an error sources is as it was. */
enum mx_err mx_sources_add(struct mx_sources *sources, const char *spec,
    struct mx_error *err) __attribute__((warn_unused_result));
/** The same for looking up rather than leaving from: any address will do, owned or not, and a block
 *  stands for all its addresses (65,536 at most). */
enum mx_err mx_sources_add_any(struct mx_sources *sources, const char *spec,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_sources_clear(struct mx_sources *sources);

#endif
