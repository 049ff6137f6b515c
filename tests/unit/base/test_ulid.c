/* test_ulid.c - ids that sort by time. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/ulid.h"

TestSuite(ulid, .timeout = 5);

Test(ulid, ids_of_one_millisecond_ascend)
{
	char before[MX_ULID_TEXT] = "", now[MX_ULID_TEXT];

	mx_clock_freeze(INT64_C(1795294800123000));
	for (int i = 0; i < 5000; i++) {
		mx_ulid_new(now);
		cr_assert_lt(strcmp(before, now), 0, "%s then %s", before, now);
		memcpy(before, now, sizeof now);
	}
}

Test(ulid, ids_ascend_with_time_and_when_it_steps_back)
{
	static const int64_t steps_us[] = { 1000, 3600000000, -7200000000, 500, 99 };
	char before[MX_ULID_TEXT], now[MX_ULID_TEXT];

	mx_clock_freeze(INT64_C(1795294800123000));
	mx_ulid_new(before);
	for (size_t i = 0; i < sizeof steps_us / sizeof steps_us[0]; i++) {
		mx_clock_advance(steps_us[i]);
		mx_ulid_new(now);
		cr_assert_lt(strcmp(before, now), 0);
		memcpy(before, now, sizeof now);
	}
}

/* The specification's own example: 1469918176385 ms is 01ARYZ6S41. */
Test(ulid, first_ten_characters_are_the_time)
{
	char id[MX_ULID_TEXT];

	mx_clock_freeze(INT64_C(1469918176385) * 1000);
	mx_ulid_new(id);
	cr_assert_eq(strlen(id), 26);
	cr_assert_eq(strncmp(id, "01ARYZ6S41", 10), 0, "%s", id);
	cr_assert_eq(strspn(id, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 26);
}

Test(ulid, chance_reaches_every_character)
{
	char id[MX_ULID_TEXT];
	unsigned seen[26] = { 0 };

	/* A new millisecond each time: new chance each time. 200 ids leave a character of
	 * 32 equally likely ones the same with a probability of 32^-199. */
	mx_clock_freeze(INT64_C(1795294800123000));
	for (int i = 0; i < 200; i++) {
		mx_clock_advance(1000);
		mx_ulid_new(id);
		for (size_t at = 10; at < 26; at++)
			seen[at] |=
			    1u << (strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", id[at]) -
				   "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
	}
	for (size_t at = 10; at < 26; at++)
		cr_assert_neq(
		    seen[at] & (seen[at] - 1), 0, "character %zu never changes", at);
}
