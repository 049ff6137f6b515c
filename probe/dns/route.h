/*
 * route.h - a destination domain to the hosts and addresses that take its mail (RFC 5321 5.1).
 * In:   domain (A-labels), resolver.   Out: MX hosts in preference order with every address.
 * Not:  no choice which of them is probed (plan/).
 */
#ifndef MX_DNS_ROUTE_H
#define MX_DNS_ROUTE_H

#include "probe/dns/resolver.h"

enum mx_route_kind {
	MX_ROUTE_NONE,     /* nothing usable: status and why say it */
	MX_ROUTE_MX,       /* MX records */
	MX_ROUTE_IMPLICIT, /* no MX, but an address: the domain itself (RFC 5321 5.1) */
	MX_ROUTE_NULL,     /* null MX: takes no mail (RFC 7505) */
	MX_ROUTE_FIXED     /* the user named the server (--server) */
};

#define MX_ROUTE_HOSTS_MAX 64 /* more are left out, and remark says so */
#define MX_ROUTE_ADDRS_MAX 32 /* of one host */

struct mx_route_host {
	char *name; /* as in the MX record, no trailing dot */
	/* the name is a CNAME to this (RFC 2181 10.3 forbids it), or NULL */
	char *canonical;
	uint16_t preference;
	/* MALFORMED without a lookup when the MX record names no host: an address, junk */
	enum mx_dns_status status_a, status_aaaa;
	enum mx_dnssec dnssec; /* of the addresses */
	struct mx_addr *addrs; /* v4 first, in the order of the answer; port 0 */
	size_t addr_count;
	bool more_addrs; /* there were more than MX_ROUTE_ADDRS_MAX */
};

struct mx_route {
	char *domain;
	enum mx_route_kind kind;
	enum mx_dns_status status;   /* of the deciding lookup */
	enum mx_dnssec dnssec;       /* of the MX answer */
	char *why;                   /* sentence when no host has an address, else NULL */
	char *remark;                /* what was odd or left out, else NULL */
	char *canonical;             /* the domain itself is a CNAME to this, or NULL */
	struct mx_route_host *hosts; /* by preference, equal ones by name */
	size_t host_count;
};
/** NULL is taken. */
void mx_route_free(struct mx_route *route);
/** Does any of its hosts have an address? */
bool mx_route_has_address(const struct mx_route *route);
/** Has it no address because a lookup failed, rather than said no? Then the fault may be ours. */
bool mx_route_lookup_failed(const struct mx_route *route);

struct mx_route_search;
/** Find the route. done is called once, from the loop; the route is handed over. timeout_us bounds
 *  the whole search. */
struct mx_route_search *mx_route_find(struct mx_resolver *resolver, const char *domain,
    int64_t timeout_us, void (*done)(void *arg, struct mx_route *route), void *arg);
/** The addresses of one named server (--server HOST): kind FIXED, one host. */
struct mx_route_search *mx_route_find_host(struct mx_resolver *resolver, const char *host,
    int64_t timeout_us, void (*done)(void *arg, struct mx_route *route), void *arg);
/** A route to an address without any lookup: kind FIXED, one host whose name is name. */
struct mx_route *mx_route_fixed(const char *name, const struct mx_addr *addr);
/** done never comes then. NULL is taken. */
void mx_route_cancel(struct mx_route_search *search);

#endif
