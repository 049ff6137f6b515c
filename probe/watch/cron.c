/* cron.c - fields to bits; then days are gone through on the calendar, and only their times on the
 * clock, which alone knows of summer. */
#include "probe/watch/cron.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "probe/base/clock.h"

/* The calendar repeats itself after 400 years, the 29th of February after 8 at most. */
#define DAYS_MOST (366 * 9)

/* Leads out of every field; a longer one does no more, and could not be added. */
#define STEP_MOST 60

#define AT(member) offsetof(struct mx_cron, member)

static const char *const month_names[] = { "jan", "feb", "mar", "apr", "may", "jun",
	"jul", "aug", "sep", "oct", "nov", "dec", NULL };
static const char *const day_names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat",
	NULL };

/* clang-format off */
static const struct field {
	size_t at;
	long least, most;
	const char *const *names; /* of least and what follows it */
	const char *why;
} fields[] = {
	{ AT(minutes),  0, 59, NULL,        "minutes are 0 to 59" },
	{ AT(hours),    0, 23, NULL,        "hours are 0 to 23" },
	{ AT(days),     1, 31, NULL,        "days of the month are 1 to 31" },
	{ AT(months),   1, 12, month_names, "months are 1 to 12, or jan to dec" },
	{ AT(weekdays), 0, 7,  day_names,   "days of the week are 0 to 7, or sun to sat" },
};
/* clang-format on */
#define FIELDS (sizeof fields / sizeof *fields)

/* ---- reading ---- */

static bool
read_value(const struct field *field, const char **text, long *value)
{
	char *end;

	for (long i = 0; field->names != NULL && field->names[i] != NULL; i++)
		if (strncasecmp(*text, field->names[i], 3) == 0) {
			*text += 3;
			*value = field->least + i;
			return true;
		}
	if (!isdigit((unsigned char)**text))
		return false;
	*value = strtol(*text, &end, 10);
	*text = end;
	return *value >= field->least && *value <= field->most;
}

static bool
read_step(const char **text, long *step)
{
	char *end;

	*step = 1;
	if (**text != '/')
		return true;
	if (!isdigit((unsigned char)*++*text))
		return false;
	*step = strtol(*text, &end, 10);
	*text = end;
	if (*step > STEP_MOST)
		*step = STEP_MOST;
	return *step > 0;
}

/* "*", "3", "1-5", each with or without "/2". */
static bool
read_range(const struct field *field, const char **text, uint64_t *bits)
{
	long first = field->least, last = field->most, step;
	bool is_one = false;

	if (**text == '*') {
		++*text;
	} else {
		if (!read_value(field, text, &first))
			return false;
		is_one = **text != '-';
		if (is_one)
			last = first;
		else if (++*text, !read_value(field, text, &last) || last < first)
			return false;
	}
	if (is_one && **text == '/')
		last = field->most;
	if (!read_step(text, &step))
		return false;
	for (long i = first; i <= last; i += step)
		*bits |= UINT64_C(1) << i;
	return true;
}

static bool
read_field(const struct field *field, const char **text, uint64_t *bits)
{
	*bits = 0;
	for (;;) {
		if (!read_range(field, text, bits))
			return false;
		if (**text != ',')
			return **text == '\0' || isblank((unsigned char)**text);
		++*text;
	}
}

static void
skip_blanks(const char **text)
{
	while (isblank((unsigned char)**text))
		++*text;
}

bool
mx_cron_parse(const char *text, struct mx_cron *cron, const char **why)
{
	*cron = (struct mx_cron){ 0 };
	for (size_t i = 0; i < FIELDS; i++) {
		bool is_any;

		skip_blanks(&text);
		*why = *text == '\0' ? "five fields are wanted: minute, hour, day of the "
				       "month, month, day of the week"
				     : fields[i].why;
		is_any = *text == '*';
		if (!read_field(
			&fields[i], &text, (uint64_t *)((char *)cron + fields[i].at)))
			return false;
		cron->any_day |= fields[i].at == AT(days) && is_any;
		cron->any_weekday |= fields[i].at == AT(weekdays) && is_any;
	}
	skip_blanks(&text);
	*why = "more than five fields";
	if (*text != '\0')
		return false;
	if ((cron->weekdays & (1U << 7)) != 0)
		cron->weekdays |= 1;
	*why = "no such day ever comes";
	return mx_cron_next(cron, 0) != 0;
}

/* ---- the next one ---- */

static bool
has(uint64_t bits, int value)
{
	return (bits >> value & 1) != 0;
}

static bool
is_day(const struct mx_cron *cron, const struct tm *day)
{
	bool by_date = has(cron->days, day->tm_mday);
	bool by_name = has(cron->weekdays, day->tm_wday);

	if (!has(cron->months, day->tm_mon + 1))
		return false;
	return cron->any_day || cron->any_weekday ? by_date && by_name
						  : by_date || by_name;
}

/* That time of that day, with or without summer; -1 where the clock never shows it. */
static time_t
instant(const struct tm *day, int minute, int is_summer)
{
	struct tm tm = {
		.tm_year = day->tm_year,
		.tm_mon = day->tm_mon,
		.tm_mday = day->tm_mday,
		.tm_hour = minute / 60,
		.tm_min = minute % 60,
		.tm_isdst = is_summer,
	};
	time_t time = mktime(&tm);

	return tm.tm_hour == minute / 60 && tm.tm_min == minute % 60 ? time : -1;
}

/* The first time that the clock shows it; where it jumps over it, the first time behind the jump. */
static time_t
first_instant(const struct tm *day, int minute)
{
	for (; minute < 24 * 60; minute++) {
		time_t winter = instant(day, minute, 0), summer = instant(day, minute, 1);

		if (winter != -1 && summer != -1)
			return winter < summer ? winter : summer;
		if (winter != -1 || summer != -1)
			return winter != -1 ? winter : summer;
	}
	return -1;
}

static time_t
first_of_day(const struct mx_cron *cron, const struct tm *day, time_t after)
{
	time_t best = -1;

	for (int minute = 0; minute < 24 * 60; minute++) {
		time_t time;

		if (!has(cron->hours, minute / 60) || !has(cron->minutes, minute % 60))
			continue;
		time = first_instant(day, minute);
		if (time > after && (best == -1 || time < best))
			best = time;
	}
	return best;
}

int64_t
mx_cron_next(const struct mx_cron *cron, int64_t after_us)
{
	time_t after = (time_t)(after_us / MX_SECOND_US), found;
	struct tm day;

	(void)localtime_r(&after, &day);
	for (int i = 0; i < DAYS_MOST; i++) {
		if (is_day(cron, &day) && (found = first_of_day(cron, &day, after)) != -1)
			return (int64_t)found * MX_SECOND_US;
		/* Noon is on every day, whatever the clock does at night. */
		day.tm_mday++;
		day.tm_hour = 12;
		day.tm_isdst = -1;
		(void)mktime(&day);
	}
	return 0;
}
