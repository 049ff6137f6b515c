/*
 * sts.h - the MTA-STS policy of one domain (RFC 8461): TXT record, addresses, one fetch.
 * In:   a mail domain.   Out: struct mx_mta_sts.
 * Not:  no matching against hosts (net/mta_sts.h). A domain without a record costs one question, and so does one
 *       whose policy of that id is still good: fetching it again is RFC 8461's business, not each run's.
 */
#ifndef MX_RUN_STS_H
#define MX_RUN_STS_H

#include "probe/dns/resolver.h"
#include "probe/net/fetch.h"
#include "probe/net/mta_sts.h"
#include "probe/run/sts_cache.h"

/** Borrowed until done, domain and source copied by nobody. */
struct mx_sts_params {
	struct mx_resolver *resolver;
	struct mx_fetcher *fetcher;
	struct mx_sts_cache *cache; /* NULL: none */
	const char *domain;
	const struct mx_addr *source; /* the fetch leaves from here if it can, or NULL */
	int64_t timeout_us;           /* for everything */
	void (*done)(void *arg);      /* once, from the loop */
	void *arg;
};

struct mx_sts_search;
/** Fills *sts, which must stay where it is and is the caller's to clear. The handle dies before
 *  done. */
struct mx_sts_search *mx_sts_find(
    const struct mx_sts_params *params, struct mx_mta_sts *sts);
/** done never comes then. NULL is taken. */
void mx_sts_cancel(struct mx_sts_search *search);

#endif
