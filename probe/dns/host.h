/*
 * host.h - every address of one host: A and AAAA, asked at once.
 * In:   a host by name.   Out: the rest of struct mx_route_host.
 * Not:  no MX, no choice among the addresses.
 */
#ifndef MX_DNS_HOST_H
#define MX_DNS_HOST_H

#include "probe/dns/route.h"

struct mx_host_lookup;

/** Fills *host (which must stay where it is) but for name and preference, then calls done once,
 *  from the loop. bogus is the validator's reason where a status is BOGUS and it gave one, else
 *  NULL; borrowed until done returns. The handle dies before done is called. */
struct mx_host_lookup *mx_host_lookup_start(struct mx_resolver *resolver,
    struct mx_route_host *host, int64_t timeout_us,
    void (*done)(void *arg, const char *bogus), void *arg);
/** done never comes then; *host is as it was. NULL is taken. */
void mx_host_lookup_cancel(struct mx_host_lookup *lookup);

/** The one of its two statuses that is to be told when the host has no address: what says more
 *  about our way to the name than about the name goes first. */
enum mx_dns_status mx_route_host_status(const struct mx_route_host *host);

#endif
