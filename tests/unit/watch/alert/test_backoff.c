/* test_backoff.c - longer and longer, never all at once, never sooner than asked. */
#include <criterion/criterion.h>

#include "probe/base/clock.h"
#include "probe/watch/alert/backoff.h"

TestSuite(backoff, .timeout = 10);

Test(backoff, doubles_up_to_an_hour_give_or_take_a_quarter)
{
	static const struct {
		int64_t failed, middle_s;
	} rows[] = { { 1, 5 }, { 2, 10 }, { 3, 20 }, { 8, 640 }, { 11, 3600 },
		{ 100, 3600 }, { 1000000, 3600 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t middle = rows[i].middle_s * MX_SECOND_US, least = INT64_MAX,
			most = 0;

		for (uint64_t chance = 0; chance < 5000; chance++) {
			int64_t wait = mx_backoff_us(rows[i].failed, 0, chance);

			least = wait < least ? wait : least;
			most = wait > most ? wait : most;
		}
		cr_expect_leq(least, middle * 76 / 100);
		cr_expect_geq(least, middle * 3 / 4 - 1000);
		cr_expect_geq(most, middle * 124 / 100);
		cr_expect_leq(most, middle * 5 / 4 + 1000);
	}
}

Test(backoff, is_never_shorter_than_what_was_asked_for)
{
	cr_expect_eq(mx_backoff_us(1, 7200 * MX_SECOND_US, 0), 7200 * MX_SECOND_US);
	cr_expect_gt(mx_backoff_us(11, MX_MINUTE_US, 0), MX_MINUTE_US);
}
