/* test_ladder.c - each step once, none made up for, and an end. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/watch/ladder.h"

TestSuite(ladder, .timeout = 30);

#define OPENED_US (INT64_C(1800000000) * MX_SECOND_US)

static int64_t
due_h(struct mx_ladder_step step)
{
	return (step.due_us - OPENED_US) / MX_HOUR_US;
}

Test(ladder, is_eight_steps_and_then_one_a_day_for_a_week)
{
	static const int hours[] = { 0, 1, 4, 12, 24, 36, 48, 72, 96, 120, 144, 168 };
	const unsigned count = sizeof hours / sizeof *hours;

	for (unsigned done = 0; done < count; done++) {
		struct mx_ladder_step step =
		    mx_ladder_next(&mx_ladder_default, OPENED_US, done, OPENED_US);

		cr_assert_not(step.is_over);
		cr_expect_eq(step.index, done);
		cr_expect_eq(due_h(step), hours[done], "step %u", done);
		cr_expect_eq(step.is_behind, hours[done] > 72);
	}
	cr_expect(
	    mx_ladder_next(&mx_ladder_default, OPENED_US, count, OPENED_US).is_over);
}

/* clang-format off */
static const struct {
	const char *claim;
	unsigned done;
	int now_h;
	unsigned index;
	int due_h;
} sleeps[] = {
	{ "due now",                                    1,   1, 1,   1 },
	{ "a little late is the same step",             1,   3, 1,   1 },
	{ "two slept through are one session",          1,   5, 2,   4 },
	{ "a day slept through is one session",         2,  30, 4,  24 },
	{ "what is done is not due again",              5,  30, 5,  36 },
	{ "even when the clock was set back",           5,   0, 5,  36 },
	{ "all slept through: the last, once",          0, 999, 11, 168 },
};
/* clang-format on */

Test(ladder, does_not_make_up_for_what_was_slept_through)
{
	for (size_t i = 0; i < sizeof sleeps / sizeof *sleeps; i++) {
		struct mx_ladder_step step = mx_ladder_next(&mx_ladder_default, OPENED_US,
		    sleeps[i].done, OPENED_US + sleeps[i].now_h * MX_HOUR_US);

		cr_expect_eq(
		    step.index, sleeps[i].index, "%s: %u", sleeps[i].claim, step.index);
		cr_expect_eq(due_h(step), sleeps[i].due_h, "%s", sleeps[i].claim);
	}
}

Test(ladder, ends_where_the_time_is_up)
{
	struct mx_ladder ladder = mx_ladder_default;

	ladder.end_us = 24 * MX_HOUR_US;
	cr_expect_not(mx_ladder_next(&ladder, OPENED_US, 4, OPENED_US).is_over);
	cr_expect(mx_ladder_next(&ladder, OPENED_US, 5, OPENED_US).is_over);
	cr_expect_eq(
	    mx_ladder_next(&ladder, OPENED_US, 1, OPENED_US + 99 * MX_HOUR_US).index, 4);
}

/* clang-format off */
static const struct {
	const char *text;
	const char *fault; /* NULL: none */
} written[] = {
	{ "1h,4h,90h", NULL },
	{ "30m", NULL },
	{ "10s,1m,1h,1d", NULL },
	{ "", "such as 1h,4h,12h" },
	{ "1h,", "such as 1h,4h,12h" },
	{ ",1h", "such as 1h,4h,12h" },
	{ "h", "such as 1h,4h,12h" },
	{ "1", "such as 1h,4h,12h" },
	{ "1.5h", "such as 1h,4h,12h" },
	{ "-1h", "such as 1h,4h,12h" },
	{ "99999999999999999999d", "such as 1h,4h,12h" },
	{ "0h,1h", "later than the one before" },
	{ "4h,4h", "later than the one before" },
	{ "4h,1h", "later than the one before" },
	{ "1s,2s,3s,4s,5s,6s,7s,8s,9s,10s,11s,12s,13s,14s,15s,16s,17s,18s,19s,20s,21s,22s,23s,24s,"
	  "25s,26s,27s,28s,29s,30s,31s,32s", "31 steps at most" },
};
/* clang-format on */

Test(ladder, reads_spans_and_nothing_else)
{
	for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
		struct mx_ladder ladder = mx_ladder_default;
		struct mx_error err = { 0 };
		enum mx_err code =
		    mx_ladder_parse("--ladder", written[i].text, &ladder, &err);

		cr_expect_eq(code, written[i].fault == NULL ? MX_OK : MX_ERR_USAGE, "%s",
		    written[i].text);
		if (written[i].fault != NULL) {
			cr_expect_not_null(
			    strstr(err.text, written[i].fault), "%s", err.text);
			cr_expect_eq(ladder.count, mx_ladder_default.count);
		}
	}
}

Test(ladder, of_the_user_begins_at_once_too)
{
	struct mx_ladder ladder = mx_ladder_default;
	struct mx_error err = { 0 };

	cr_assert_eq(mx_ladder_parse("--ladder", "30m,2h", &ladder, &err), MX_OK);
	cr_expect_eq(ladder.count, 3);
	cr_expect_eq(ladder.step_us[0], 0);
	cr_expect_eq(ladder.step_us[1], MX_HOUR_US / 2);
	cr_expect_eq(ladder.step_us[2], 2 * MX_HOUR_US);
	cr_expect_eq(ladder.end_us, mx_ladder_default.end_us);
}

Test(ladder, span_is_a_number_and_a_unit)
{
	struct mx_error err = { 0 };
	int64_t us = 0;

	cr_assert_eq(mx_ladder_parse_span("--for", "3d", &us, &err), MX_OK);
	cr_expect_eq(us, 72 * MX_HOUR_US);
	cr_expect_eq(mx_ladder_parse_span("--for", "0h", &us, &err), MX_ERR_USAGE);
	cr_expect_eq(mx_ladder_parse_span("--for", "3d ", &us, &err), MX_ERR_USAGE);
}
