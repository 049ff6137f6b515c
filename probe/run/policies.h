/*
 * policies.h - what destinations publish about the TLS of their mail exchangers: TLSA, MTA-STS.
 * In:   the plan: only what will be visited is asked for.
 * Out:  DANE records a host, an MTA-STS policy a destination.
 * Not:  no session waits for one destination; all wait for all, and no longer than the timeout.
 */
#ifndef MX_RUN_POLICIES_H
#define MX_RUN_POLICIES_H

#include "probe/net/dane.h"
#include "probe/net/fetch.h"
#include "probe/net/mta_sts.h"
#include "probe/plan/plan.h"
#include "probe/run/sts_cache.h"

/** All borrowed until the policies are freed. */
struct mx_policies_params {
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	const char
	    *ca_file; /* for the policy hosts' certificates, or NULL: the system's */
	struct mx_sts_cache *sts_cache; /* NULL: none */
	const struct mx_visit *visits;
	size_t visit_count;
	const char *const *domains; /* the destinations, as visits count them */
	const struct mx_route *const *routes;
	size_t destination_count;
	const struct mx_addr *source; /* fetches leave from here where they can */
	int64_t timeout_us;           /* for all of it */
	void (*done)(void *arg);      /* once, from the loop */
	void *arg;
};

struct mx_policies;
struct mx_policies *mx_policies_start(const struct mx_policies_params *params);
/** Before the resolver goes. Before done: then done never comes. NULL is taken. */
void mx_policies_free(struct mx_policies *policies);

/** What was found for a hop of a visit to that destination. NULL when nobody asked (policies may be
 *  NULL, too). */
const struct mx_dane *mx_policies_dane(const struct mx_policies *policies,
    size_t destination, const struct mx_route_host *host);
const struct mx_mta_sts *mx_policies_mta_sts(
    const struct mx_policies *policies, size_t destination);

#endif
