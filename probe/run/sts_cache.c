/* sts_cache.c - an array: a daemon watches some dozens of domains. */
#include "probe/run/sts_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"

struct entry {
	char *domain;
	char id[MX_MTA_STS_ID];
	struct mx_mta_sts_policy policy;
	int64_t ends_us; /* mx_clock_mono_us */
};

struct mx_sts_cache {
	struct entry *entries;
	size_t count;
};

struct mx_sts_cache *
mx_sts_cache_new(void)
{
	return mx_calloc(1, sizeof(struct mx_sts_cache));
}

static void
clear_entry(struct entry *entry)
{
	free(entry->domain);
	mx_mta_sts_policy_clear(&entry->policy);
}

void
mx_sts_cache_free(struct mx_sts_cache *cache)
{
	for (size_t i = 0; cache != NULL && i < cache->count; i++)
		clear_entry(&cache->entries[i]);
	if (cache != NULL)
		free(cache->entries);
	free(cache);
}

static struct entry *
find(const struct mx_sts_cache *cache, const char *domain)
{
	for (size_t i = 0; i < cache->count; i++)
		if (strcasecmp(cache->entries[i].domain, domain) == 0)
			return &cache->entries[i];
	return NULL;
}

bool
mx_sts_cache_recall(const struct mx_sts_cache *cache, const char *domain, const char *id,
    struct mx_mta_sts_policy *out)
{
	const struct entry *entry = cache != NULL ? find(cache, domain) : NULL;

	if (entry == NULL || strcmp(entry->id, id) != 0 ||
	    mx_clock_mono_us() >= entry->ends_us)
		return false;
	mx_mta_sts_policy_copy(out, &entry->policy);
	return true;
}

static struct entry *
first_to_end(const struct mx_sts_cache *cache)
{
	struct entry *first = &cache->entries[0];

	for (size_t i = 1; i < cache->count; i++)
		if (cache->entries[i].ends_us < first->ends_us)
			first = &cache->entries[i];
	return first;
}

/* Where the domain's policy goes; what stood there is gone. */
static struct entry *
make_room(struct mx_sts_cache *cache, const char *domain)
{
	struct entry *entry = find(cache, domain);

	if (entry == NULL && cache->count < MX_STS_CACHE_MOST) {
		cache->entries =
		    mx_grow(cache->entries, cache->count, sizeof *cache->entries);
		return &cache->entries[cache->count++];
	}
	if (entry == NULL)
		entry = first_to_end(cache);
	clear_entry(entry);
	return entry;
}

void
mx_sts_cache_keep(struct mx_sts_cache *cache, const char *domain, const char *id,
    const struct mx_mta_sts_policy *policy)
{
	int64_t age_s = policy->max_age_s;
	struct entry *entry;

	if (cache == NULL)
		return;
	if (age_s > MX_STS_CACHE_AGE)
		age_s = MX_STS_CACHE_AGE;
	entry = make_room(cache, domain);
	*entry = (struct entry){
		.domain = mx_strdup(domain),
		.ends_us = mx_clock_mono_us() + age_s * MX_SECOND_US,
	};
	(void)snprintf(entry->id, sizeof entry->id, "%s", id);
	mx_mta_sts_policy_copy(&entry->policy, policy);
}
