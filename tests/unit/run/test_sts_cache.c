/* test_sts_cache.c - what is remembered of a policy, for whom, and how long. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/run/sts_cache.h"

TestSuite(sts_cache, .timeout = 20);

#define DAY_US (86400 * MX_SECOND_US)

static char pattern[] = "*.example.test";
static char *patterns[] = { pattern };

static struct mx_mta_sts_policy
policy(uint32_t max_age_s)
{
	return (
	    struct mx_mta_sts_policy){ MX_MTA_STS_MODE_ENFORCE, max_age_s, patterns, 1 };
}

/* max_age of what is known, or 0. */
static uint32_t
recall(const struct mx_sts_cache *cache, const char *domain, const char *id)
{
	struct mx_mta_sts_policy found = { 0 };
	uint32_t age = 0;

	if (mx_sts_cache_recall(cache, domain, id, &found)) {
		age = found.max_age_s;
		cr_expect_eq(found.mode, MX_MTA_STS_MODE_ENFORCE);
		cr_expect(mx_mta_sts_lists(&found, "mx.example.test"));
	}
	mx_mta_sts_policy_clear(&found);
	return age;
}

Test(sts_cache, a_policy_comes_back_by_domain_and_id)
{
	struct mx_sts_cache *cache = mx_sts_cache_new();
	struct mx_mta_sts_policy first = policy(600), second = policy(700);

	mx_sts_cache_keep(cache, "one.test", "1", &first);
	mx_sts_cache_keep(cache, "two.test", "1", &second);
	cr_expect_eq(recall(cache, "one.test", "1"), 600);
	cr_expect_eq(recall(cache, "TWO.test", "1"), 700, "names have no case");
	cr_expect_eq(recall(cache, "one.test", "2"), 0, "there is a new one");
	cr_expect_eq(recall(cache, "three.test", "1"), 0);
	mx_sts_cache_keep(cache, "one.test", "2", &second);
	cr_expect_eq(recall(cache, "one.test", "2"), 700);
	cr_expect_eq(recall(cache, "one.test", "1"), 0, "the old one is forgotten");
	mx_sts_cache_free(cache);
}

Test(sts_cache, it_ends_with_max_age_and_after_a_day_at_the_latest)
{
	static const struct {
		uint32_t max_age_s;
		int64_t good_us, over_us;
	} cases[] = {
		{ 600, 599 * MX_SECOND_US, 600 * MX_SECOND_US },
		{ 86400, DAY_US - 1, DAY_US },
		{ MX_MTA_STS_AGE, DAY_US - 1, DAY_US },
		{ UINT32_MAX, DAY_US - 1, DAY_US },
	};

	mx_clock_freeze(0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mx_sts_cache *cache = mx_sts_cache_new();
		struct mx_mta_sts_policy one = policy(cases[i].max_age_s);

		mx_sts_cache_keep(cache, "one.test", "1", &one);
		mx_clock_advance(cases[i].good_us);
		cr_expect_eq(recall(cache, "one.test", "1"), cases[i].max_age_s);
		mx_clock_advance(cases[i].over_us - cases[i].good_us);
		cr_expect_eq(recall(cache, "one.test", "1"), 0);
		mx_sts_cache_free(cache);
	}
}

Test(sts_cache, a_policy_of_no_age_is_not_used_again)
{
	struct mx_sts_cache *cache = mx_sts_cache_new();
	struct mx_mta_sts_policy none = policy(0);

	mx_sts_cache_keep(cache, "one.test", "1", &none);
	cr_expect_eq(recall(cache, "one.test", "1"), 0);
	mx_sts_cache_free(cache);
}

Test(sts_cache, it_holds_so_many_and_gives_up_what_would_end_first)
{
	struct mx_sts_cache *cache = mx_sts_cache_new();
	char domain[32];

	mx_clock_freeze(0);
	for (unsigned i = 0; i <= MX_STS_CACHE_MOST; i++) {
		struct mx_mta_sts_policy one = policy(i == 7 ? 60 : 1000 + i);

		(void)snprintf(domain, sizeof domain, "d%u.test", i);
		mx_sts_cache_keep(cache, domain, "1", &one);
	}
	cr_expect_eq(recall(cache, "d7.test", "1"), 0);
	cr_expect_eq(recall(cache, "d6.test", "1"), 1006);
	cr_expect_eq(recall(cache, domain, "1"), 1000 + MX_STS_CACHE_MOST);
	mx_sts_cache_free(cache);
}

Test(sts_cache, none_remembers_nothing)
{
	struct mx_mta_sts_policy one = policy(600);

	mx_sts_cache_keep(NULL, "one.test", "1", &one);
	cr_expect_eq(recall(NULL, "one.test", "1"), 0);
	mx_sts_cache_free(NULL);
}
