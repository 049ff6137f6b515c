/*
 * tlsa.h - the TLSA records of a mail exchanger, where DNSSEC lets them count (RFC 7672 2.2).
 * In:   a route, one of its hosts, the port.   Out: struct mx_dane.
 * Not:  no opinion about the records (net/dane.h), no certificate.
 */
#ifndef MX_DNS_TLSA_H
#define MX_DNS_TLSA_H

#include "probe/dns/route.h"
#include "probe/net/dane.h"

/** Borrowed for the call only. */
struct mx_tlsa_question {
	const struct mx_route *route;
	const struct mx_route_host *host; /* one of the route's */
	uint16_t port;
	int64_t timeout_us; /* for at most three questions to DNS, together */
};

struct mx_tlsa_lookup;

/** Fills *dane, which must stay where it is and is the caller's to clear. Returns NULL when there
 *  is nothing to ask, because the MX record or the addresses are not signed: *dane is complete
 *  then. Else done is called once, from the loop; the handle dies before. */
struct mx_tlsa_lookup *mx_tlsa_lookup_start(struct mx_resolver *resolver,
    const struct mx_tlsa_question *question, struct mx_dane *dane,
    void (*done)(void *arg), void *arg);
/** done never comes then; *dane is to be cleared. NULL is taken. */
void mx_tlsa_lookup_cancel(struct mx_tlsa_lookup *lookup);

#endif
