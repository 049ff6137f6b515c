/*
 * cron.h - times as crontab(5) writes them: "0 8 * * 1-5".
 * In:   five fields; a point of time.   Out: the next one that they name, on the clock of TZ.
 * Not:  no clock is read, no timer. For reports only: sessions have a schedule of their own, or all
 *       pairs would be probed at full hours.
 *
 * Minute, hour, day of the month, month, day of the week (0 and 7 are Sunday): "*", numbers, ranges,
 * lists, steps ("0-30/10"), names of months and days ("mon-fri"). Where both days are given, either
 * will do. A time that the clock skips in spring is taken when the clock has jumped; of one that
 * comes twice in autumn, the first.
 */
#ifndef MX_WATCH_CRON_H
#define MX_WATCH_CRON_H

#include <stdbool.h>
#include <stdint.h>

/** One bit a value. */
struct mx_cron {
	uint64_t minutes, hours, days, months, weekdays;
	bool any_day, any_weekday; /* the field was "*" */
};

/** False where text is none; *why (static) says why then. */
bool mx_cron_parse(const char *text, struct mx_cron *cron, const char **why);
/** The first time after that one; wall clock. 0: never ("0 0 31 2 *"). */
int64_t mx_cron_next(const struct mx_cron *cron, int64_t after_us);

#endif
