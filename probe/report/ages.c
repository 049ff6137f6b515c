/* ages.c - one unit is enough to know how old something is. */
#include "probe/report/ages.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "probe/base/clock.h"

/* clang-format off */
static const struct {
	int64_t from_us, unit_us;
	struct mx_text name;
} units[] = {
	{ 2 * MX_DAY_US,  MX_DAY_US,    { " d", "日" } },
	{ 2 * MX_HOUR_US, MX_HOUR_US,   { " h", "時間" } },
	{ MX_MINUTE_US,   MX_MINUTE_US, { " min", "分" } },
};
/* clang-format on */

const char *
mx_age_in(int64_t span_us, enum mx_lang lang, char *out)
{
	bool is_ja = lang == MX_LANG_JA;

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (span_us >= units[i].from_us) {
			(void)snprintf(out, MX_AGE_TEXT, "%lld%s",
			    (long long)(span_us / units[i].unit_us),
			    is_ja ? units[i].name.ja : units[i].name.en);
			return out;
		}
	(void)snprintf(out, MX_AGE_TEXT, "%s", is_ja ? "今" : "now");
	return out;
}

const char *
mx_age_text(int64_t span_us, char *out)
{
	return mx_age_in(span_us, MX_LANG_EN, out);
}

const char *
mx_time_utc(int64_t wall_us, char *out)
{
	time_t seconds = (time_t)(wall_us / MX_SECOND_US);
	struct tm tm = { 0 };

	(void)gmtime_r(&seconds, &tm);
	if (strftime(out, MX_AGE_TEXT, "%Y-%m-%d %H:%M UTC", &tm) == 0)
		*out = '\0';
	return out;
}

const char *
mx_time_local(int64_t wall_us, char *out)
{
	time_t seconds = (time_t)(wall_us / MX_SECOND_US);
	struct tm tm = { 0 };

	tzset();
	(void)localtime_r(&seconds, &tm);
	if (strftime(out, MX_AGE_TEXT, "%Y-%m-%d %H:%M %Z", &tm) == 0)
		*out = '\0';
	return out;
}

const char *
mx_time_offset(int64_t wall_us, char *out)
{
	time_t seconds = (time_t)(wall_us / MX_SECOND_US);
	struct tm tm = { 0 };
	long minutes;

	tzset();
	(void)localtime_r(&seconds, &tm);
	minutes = labs(tm.tm_gmtoff) / 60;
	(void)snprintf(out, MX_AGE_TEXT, "%c%02ld:%02ld", tm.tm_gmtoff < 0 ? '-' : '+',
	    minutes / 60, minutes % 60);
	return out;
}
