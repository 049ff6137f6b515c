/*
 * mx.h - MX records to hosts in the order they are to be tried (RFC 5321 5.1, RFC 7505).
 * In:   the answer to an MX question, records of any kind of nonsense among them.
 * Out:  kind, hosts and remark of a route; no addresses yet.
 * Not:  no lookup.
 */
#ifndef MX_DNS_MX_H
#define MX_DNS_MX_H

#include "probe/dns/route.h"

/** Fills kind (MX or NULL), hosts and remark of an empty route from an answer with records:
 *  sorted by preference then name, doubles merged, the first MX_ROUTE_HOSTS_MAX kept. */
void mx_route_read_mx(struct mx_route *route, const struct mx_dns_answer *answer);

/** Append a host (name is copied) that has to be looked up. */
struct mx_route_host *mx_route_add_host(
    struct mx_route *route, const char *name, uint16_t preference);

/** Is a host of that name among them? */
bool mx_route_has_host(const struct mx_route *route, const char *name);

/** Could name be a host's? False for an address and for bytes that no host name has. */
bool mx_route_names_host(const char *name);

/** Append a remark to those there are. */
void mx_route_add_remark(struct mx_route *route, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
