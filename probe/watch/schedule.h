/*
 * schedule.h - at which times a pair is due.
 * In:   whose times, an interval, when it was probed last.   Out: the next time.
 * Not:  no clock, no store, no pace among pairs: all times are told.
 *
 * Each pair has slots of its own in UTC: one an interval, at a place of the interval that its names
 * decide, and each slot up to a tenth of the interval earlier or later. So a thousand pairs are
 * spread evenly without knowing each other, a restart changes nothing, nobody at the other end sees a
 * clockwork, and neither summer time nor a leap of the clock needs any care. Slots that were
 * slept through are not made up for.
 */
#ifndef MX_WATCH_SCHEDULE_H
#define MX_WATCH_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/watch/state.h"

/** Whose slots. The same names and seed give the same slots, in every process. */
uint64_t mx_schedule_key(const char *source, const char *group, uint64_t seed);
/** The first slot that is not before then. interval_us > 0. */
int64_t mx_schedule_slot(uint64_t key, int64_t interval_us, int64_t then_us);

/** Spans in microseconds. */
struct mx_schedule_spans {
	int64_t interval_us, blocked_us;
	int64_t floor_us;  /* never more often, whatever the others say */
	int64_t spread_us; /* over which pairs that are overdue are spread */
};

/** Is a pair in that state (as shown) asked as seldom as one that is blocked? */
bool mx_schedule_is_blocked(enum mx_state state);
/** Of a pair in that state. */
int64_t mx_schedule_interval(const struct mx_schedule_spans *spans, enum mx_state state);

struct mx_schedule_next {
	int64_t due_us;
	bool is_caught_up; /* slots have passed unused, and this stands for all of them */
};
/** When a pair that was probed last then (0: never, and it is due at once) is due; now is what the clock
 *  says. A last time that
 *  is yet to come (the clock was set back) counts as now. */
struct mx_schedule_next mx_schedule_next(uint64_t key,
    const struct mx_schedule_spans *spans, int64_t interval_us, int64_t last_us,
    int64_t now_us);

/** Both clocks at one moment. */
struct mx_schedule_clock {
	int64_t wall_us, mono_us;
};
/** Was the wall clock set between the two looks (or the machine asleep): back at all, or forward by more than
 *  a minute? Times that were planned before must be planned anew then. */
bool mx_schedule_has_jumped(
    const struct mx_schedule_clock *before, const struct mx_schedule_clock *now);

#endif
