/*
 * sts_cache.h - MTA-STS policies that were fetched and are still good (RFC 8461 3.3).
 * In:   a policy with its domain and the id of its TXT record.   Out: the same, to whoever asks by both.
 * Not:  no lookup, no fetch: whoever asks has just read the record, so that a new id is seen at once. Nothing on
 *       disk. What could not be fetched is not kept.
 */
#ifndef MX_RUN_STS_CACHE_H
#define MX_RUN_STS_CACHE_H

#include "probe/net/mta_sts.h"

/** Policies kept at once; one more takes the place of the one that would end first. */
#define MX_STS_CACHE_MOST 1024U
/** Longest time, seconds, whatever max_age says: a sender would go on for a year, but somebody who looks
 *  wants to hear within a day that the policy's web server has gone. */
#define MX_STS_CACHE_AGE 86400

struct mx_sts_cache;
struct mx_sts_cache *mx_sts_cache_new(void);
/** NULL is taken, here and below: such a cache remembers nothing. */
void mx_sts_cache_free(struct mx_sts_cache *cache);

/** The policy of that domain under that id into *out (a copy, the caller's to clear). False: none that is
 *  still good. */
bool mx_sts_cache_recall(const struct mx_sts_cache *cache, const char *domain,
    const char *id, struct mx_mta_sts_policy *out);
/** Copied; whatever was known of the domain is forgotten. */
void mx_sts_cache_keep(struct mx_sts_cache *cache, const char *domain, const char *id,
    const struct mx_mta_sts_policy *policy);

#endif
