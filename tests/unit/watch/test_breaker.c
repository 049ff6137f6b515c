/* test_breaker.c - three throttled sources are enough, one is not; and one looks whether it is over. */
#include "probe/watch/breaker.h"

#include <criterion/criterion.h>

#include "probe/base/clock.h"

TestSuite(breaker, .timeout = 30);

#define MINUTE MX_MINUTE_US
#define NOW (INT64_C(1795305600) * MX_SECOND_US)

static bool
throttle(struct mx_breaker *breaker, uint64_t source, int64_t at_us)
{
	return mx_breaker_note(breaker, source, false, true, true, NOW + at_us);
}

static bool
canary(struct mx_breaker *breaker, bool has_told, bool is_throttled, int64_t at_us)
{
	cr_assert_eq(mx_breaker_ask(breaker, NOW + at_us), MX_BREAKER_CANARY);
	mx_breaker_send(breaker);
	cr_assert_eq(mx_breaker_ask(breaker, NOW + at_us), MX_BREAKER_REST);
	return mx_breaker_note(breaker, 9, true, has_told, is_throttled, NOW + at_us);
}

Test(breaker, three_sources_within_ten_minutes_open_it)
{
	struct mx_breaker breaker = { 0 };

	cr_expect_not(throttle(&breaker, 1, 0));
	cr_expect_not(throttle(&breaker, 2, 4 * MINUTE));
	cr_expect_eq(mx_breaker_ask(&breaker, NOW + 4 * MINUTE), MX_BREAKER_GO);
	cr_expect(throttle(&breaker, 3, 9 * MINUTE));
	cr_expect_eq(mx_breaker_ask(&breaker, NOW + 10 * MINUTE), MX_BREAKER_REST);
	cr_expect_eq(mx_breaker_ask(&breaker, NOW + 38 * MINUTE), MX_BREAKER_REST);
	cr_expect_eq(mx_breaker_ask(&breaker, NOW + 39 * MINUTE), MX_BREAKER_CANARY);
}

Test(breaker, one_source_that_is_throttled_again_and_again_does_not)
{
	struct mx_breaker breaker = { 0 };

	for (int64_t i = 0; i < 20; i++)
		cr_expect_not(throttle(&breaker, 1 + (uint64_t)i % 2, i * MINUTE / 4));
	cr_expect_eq(mx_breaker_ask(&breaker, NOW + 5 * MINUTE), MX_BREAKER_GO);
}

Test(breaker, three_that_are_far_apart_do_not)
{
	struct mx_breaker breaker = { 0 };

	for (int64_t i = 0; i < 20; i++)
		cr_expect_not(throttle(&breaker, 1 + (uint64_t)i, i * 6 * MINUTE));
}

Test(breaker, accepts_do_not)
{
	struct mx_breaker breaker = { 0 };

	for (uint64_t i = 1; i < 9; i++)
		cr_expect_not(mx_breaker_note(&breaker, i, false, true, false, NOW));
}

Test(breaker, rests_are_doubled_up_to_six_hours)
{
	static const int64_t rests[] = { 60, 120, 240, 360, 360 };
	struct mx_breaker breaker = { 0 };
	int64_t at_us = 30 * MINUTE;

	for (uint64_t i = 1; i <= 3; i++)
		(void)throttle(&breaker, i, 0);
	for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
		cr_expect(canary(&breaker, true, true, at_us));
		cr_expect_eq(breaker.rest_us, rests[i] * MINUTE);
		at_us += rests[i] * MINUTE;
	}
}

Test(breaker, a_canary_that_is_not_throttled_closes_it)
{
	struct mx_breaker breaker = { 0 };

	for (uint64_t i = 1; i <= 3; i++)
		(void)throttle(&breaker, i, 0);
	cr_expect_not(canary(&breaker, false, false, 30 * MINUTE));
	cr_expect_eq(mx_breaker_ask(&breaker, NOW + 31 * MINUTE), MX_BREAKER_CANARY,
	    "one that told nothing does not");
	cr_expect_not(canary(&breaker, true, false, 32 * MINUTE));
	cr_expect_eq(mx_breaker_ask(&breaker, NOW + 32 * MINUTE), MX_BREAKER_GO);
	cr_expect_not(throttle(&breaker, 1, 33 * MINUTE));
}
