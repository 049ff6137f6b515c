/*
 * ladder.h - when the sessions after a delisting request are due.
 * In:   a row of spans, the request's time, how many steps are done.   Out: the next one and its time.
 * Not:  no clock, no store: both are told.
 *
 * A list takes hours to let go of an address everywhere, and asking it every minute is what brought
 * many there. So there are few steps, each is taken once, and one that was slept through is not made
 * up for. Behind the last of them the steps go on a day apart, for those who are half-way.
 */
#ifndef MX_WATCH_LADDER_H
#define MX_WATCH_LADDER_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/base/err.h"

#define MX_LADDER_STEPS 32

/** Spans in microseconds from the request; the first step is due with it. */
struct mx_ladder {
	unsigned count; /* of steps, the one at 0 included */
	int64_t step_us[MX_LADDER_STEPS];
	int64_t every_us; /* between the steps behind the last */
	int64_t end_us;   /* no step is later than this */
};
/** At once, then after 1, 4, 12, 24, 36, 48 and 72 h; then daily, for a week in all. */
extern const struct mx_ladder mx_ladder_default;

/** "1h,4h,90m,3d": steps behind the first; each a span of its own, ascending. MX_ERR_USAGE names
 *  option and what is wrong. */
enum mx_err mx_ladder_parse(const char *option, const char *text,
    struct mx_ladder *ladder, struct mx_error *err) __attribute__((warn_unused_result));
/** "72h", "90m", "30s", "3d". */
enum mx_err mx_ladder_parse_span(const char *option, const char *text, int64_t *us,
    struct mx_error *err) __attribute__((warn_unused_result));

struct mx_ladder_step {
	unsigned index; /* counted from 0; behind the last of the table it goes on */
	int64_t due_us; /* wall clock; may be past */
	bool is_behind; /* behind the table's last */
	bool is_over;   /* there is none: out of time */
};

/** The step to take next. done: steps that are over; of several that are due by now only the last
 *  counts. */
struct mx_ladder_step mx_ladder_next(
    const struct mx_ladder *ladder, int64_t opened_us, unsigned done, int64_t now_us);

#endif
