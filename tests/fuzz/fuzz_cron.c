/*
 * fuzz_cron.c - properties of any text taken as a time of crontab(5), on clocks that jump and on one that
 * doesn't: the next time is later, a full minute, the same wherever one asks before it; what it shows is
 * what the fields name, or the clock has just jumped over that; and no minute before it would have done.
 * The first byte chooses the zone, four more the time to begin at, the rest is the text.
 */
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/watch/cron.h"
#include "tests/fuzz/fuzz.h"

#define HEAD 5
#define MINUTE 60
#define LOOK_BACK (2 * 24 * 60) /* minutes */

/* One without summer, two with it on either half of the world, one that jumps by half an hour. */
static const char *const zones[] = { "UTC", "Europe/Berlin", "America/St_Johns",
	"Australia/Lord_Howe" };
#define ZONES (sizeof zones / sizeof *zones)

static bool
has(uint64_t bits, int value)
{
	return (bits & UINT64_C(1) << value) != 0;
}

static bool
names(const struct mx_cron *cron, time_t time)
{
	struct tm tm;
	bool date, day;

	FUZZ_REQUIRE(localtime_r(&time, &tm) != NULL);
	date = has(cron->days, tm.tm_mday);
	day = has(cron->weekdays, tm.tm_wday) ||
	      (tm.tm_wday == 0 && has(cron->weekdays, 7));
	return has(cron->minutes, tm.tm_min) && has(cron->hours, tm.tm_hour) &&
	       has(cron->months, tm.tm_mon + 1) &&
	       (cron->any_day || cron->any_weekday ? date && day : date || day);
}

static long
offset_at(time_t time)
{
	struct tm tm;

	FUZZ_REQUIRE(localtime_r(&time, &tm) != NULL);
	return tm.tm_gmtoff;
}

/* Not where the clock changes: what comes twice or never has rules of its own. */
static void
check_nothing_before(const struct mx_cron *cron, time_t after, time_t next)
{
	long offset = offset_at(next);

	for (int i = 1; i <= LOOK_BACK && next - i * MINUTE > after; i++) {
		if (offset_at(next - i * MINUTE) != offset)
			return;
		FUZZ_REQUIRE(!names(cron, next - i * MINUTE));
	}
}

static time_t
next_after(const struct mx_cron *cron, time_t after)
{
	int64_t us = mx_cron_next(cron, (int64_t)after * MX_SECOND_US);

	FUZZ_REQUIRE(us > 0 && us % (MINUTE * MX_SECOND_US) == 0);
	return (time_t)(us / MX_SECOND_US);
}

static void
check(const struct mx_cron *cron, time_t after)
{
	time_t next = next_after(cron, after);

	FUZZ_REQUIRE(next > after);
	FUZZ_REQUIRE(next_after(cron, next - 1) == next);
	FUZZ_REQUIRE(names(cron, next) || offset_at(next - MINUTE) < offset_at(next));
	check_nothing_before(cron, after, next);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mx_cron cron;
	const char *why = NULL;
	uint32_t after;
	char *text;

	if (size < HEAD)
		return 0;
	(void)setenv("TZ", zones[data[0] % ZONES], 1);
	tzset();
	memcpy(&after, data + 1, sizeof after);
	text = mx_strndup((const char *)data + HEAD, size - HEAD);
	if (mx_cron_parse(text, &cron, &why))
		check(&cron, (time_t)after);
	else
		FUZZ_REQUIRE(why != NULL && *why != '\0');
	free(text);
	return 0;
}
