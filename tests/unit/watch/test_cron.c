/* test_cron.c - the next time, over leap years and both ends of summer. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "probe/base/clock.h"
#include "probe/watch/cron.h"

TestSuite(cron, .timeout = 20);

static void
use_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* "2026-03-29T00:30Z" */
static int64_t
at(const char *text)
{
	struct tm tm = { 0 };

	cr_assert_not_null(strptime(text, "%Y-%m-%dT%H:%MZ", &tm), "%s", text);
	return (int64_t)timegm(&tm) * MX_SECOND_US;
}

static void
expect_next(const char *text, const char *after, const char *next)
{
	struct mx_cron cron;
	const char *why;
	char got[MX_CLOCK_TEXT];

	cr_assert(mx_cron_parse(text, &cron, &why), "%s: %s", text, why);
	cr_expect_eq(mx_cron_next(&cron, at(after)), at(next), "%s after %s: %s", text,
	    after, mx_clock_format(mx_cron_next(&cron, at(after)), got));
}

Test(cron, names_minutes_hours_and_days)
{
	static const struct {
		const char *text, *after, *next;
	} rows[] = {
		{ "* * * * *", "2026-11-22T04:11Z", "2026-11-22T04:12Z" },
		{ "0 8 * * 1-5", "2026-11-22T04:11Z", "2026-11-23T08:00Z" },
		{ "0 8 * * 1-5", "2026-11-23T08:00Z", "2026-11-24T08:00Z" },
		{ "0 8 * * 1-5", "2026-11-27T09:00Z", "2026-11-30T08:00Z" },
		{ "0 8 * * mon-fri", "2026-11-27T09:00Z", "2026-11-30T08:00Z" },
		{ "*/20 * * * *", "2026-11-22T04:41Z", "2026-11-22T05:00Z" },
		{ "5/20 * * * *", "2026-11-22T04:41Z", "2026-11-22T04:45Z" },
		{ "5/99999999999999999999 * * * *", "2026-11-22T04:41Z",
		    "2026-11-22T05:05Z" },
		{ "0,30 9-17/4 * * *", "2026-11-22T13:30Z", "2026-11-22T17:00Z" },
		{ "0 0 1 jan *", "2026-11-22T04:11Z", "2027-01-01T00:00Z" },
		{ "0 0 1 * sun", "2026-11-23T00:00Z", "2026-11-29T00:00Z" },
		{ "0 0 1 * sun", "2026-11-29T00:00Z", "2026-12-01T00:00Z" },
		{ "0 0 * * 0", "2026-11-23T00:00Z", "2026-11-29T00:00Z" },
		{ "0 0 * * 7", "2026-11-23T00:00Z", "2026-11-29T00:00Z" },
		{ "  59\t23 31 12 *  ", "2026-12-31T23:58Z", "2026-12-31T23:59Z" },
	};

	use_zone("UTC");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect_next(rows[i].text, rows[i].after, rows[i].next);
}

Test(cron, knows_leap_years)
{
	use_zone("UTC");
	expect_next("0 0 29 2 *", "2026-11-22T00:00Z", "2028-02-29T00:00Z");
	expect_next("0 0 29 2 *", "2096-02-29T00:00Z", "2104-02-29T00:00Z");
	expect_next("0 12 28 2 *", "2027-02-28T12:00Z", "2028-02-28T12:00Z");
}

/* Berlin: on 2026-03-29 the clock goes from 02:00 to 03:00 at 01:00 UTC, on 2026-10-25 from 03:00
 * to 02:00 at 01:00 UTC. */
Test(cron, in_spring_takes_what_the_clock_skips_when_it_has_jumped)
{
	use_zone("Europe/Berlin");
	expect_next("30 2 * * *", "2026-03-28T00:00Z", "2026-03-28T01:30Z");
	expect_next("30 2 * * *", "2026-03-28T01:30Z", "2026-03-29T01:00Z");
	expect_next("30 2 * * *", "2026-03-29T01:00Z", "2026-03-30T00:30Z");
	expect_next("0 8 * * *", "2026-03-28T12:00Z", "2026-03-29T06:00Z");
}

Test(cron, in_autumn_takes_the_first_of_two)
{
	use_zone("Europe/Berlin");
	expect_next("30 2 * * *", "2026-10-24T12:00Z", "2026-10-25T00:30Z");
	expect_next("30 2 * * *", "2026-10-25T00:30Z", "2026-10-26T01:30Z");
	expect_next("0 8 * * *", "2026-10-24T12:00Z", "2026-10-25T07:00Z");
}

Test(cron, of_any_hour_is_one_a_day_where_a_day_has_twenty_five)
{
	static const struct {
		const char *zone;
		const char *first, *last;
	} rows[] = {
		{ "Europe/Berlin", "2026-01-01T00:00Z", "2027-01-01T00:00Z" },
		{ "America/New_York", "2026-01-01T00:00Z", "2027-01-01T00:00Z" },
		{ "Australia/Lord_Howe", "2026-01-01T00:00Z", "2027-01-01T00:00Z" },
		{ "Asia/Tokyo", "2026-01-01T00:00Z", "2027-01-01T00:00Z" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_cron cron;
		const char *why;
		size_t count = 0;

		use_zone(rows[i].zone);
		cr_assert(mx_cron_parse("15 2 * * *", &cron, &why));
		for (int64_t now = at(rows[i].first);
		     (now = mx_cron_next(&cron, now)) < at(rows[i].last);)
			count++;
		cr_expect_eq(count, 365, "%s: %zu", rows[i].zone, count);
	}
}

Test(cron, that_is_none_says_why)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "five fields" },
		{ "0 8 * *", "five fields" },
		{ "0 8 * * * *", "more than five" },
		{ "60 8 * * *", "minutes" },
		{ "0 24 * * *", "hours" },
		{ "0 0 0 * *", "days of the month" },
		{ "0 0 1 13 *", "months" },
		{ "0 0 * * 8", "days of the week" },
		{ "0 0 * * foo", "days of the week" },
		{ "5-1 * * * *", "minutes" },
		{ "*/0 * * * *", "minutes" },
		{ "1, * * * *", "minutes" },
		{ "-1 * * * *", "minutes" },
		{ "1- * * * *", "minutes" },
		{ "99999999999999999999 * * * *", "minutes" },
		{ "1x * * * *", "minutes" },
		{ "0 0 31 2 *", "no such day" },
		{ "@daily", "minutes" },
	};

	use_zone("UTC");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_cron cron;
		const char *why = "";

		cr_expect_not(
		    mx_cron_parse(rows[i].text, &cron, &why), "%s", rows[i].text);
		cr_expect_not_null(strstr(why, rows[i].why), "%s: %s", rows[i].text, why);
	}
}
