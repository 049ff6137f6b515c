/*
 * aging.h - a pair as it was written, and as it stands now that time has passed.
 * In:   a row of the store, a time.   Out: the state to show.
 * Not:  nothing is written: the next session, or the watch, will do that.
 */
#ifndef MX_WATCH_AGING_H
#define MX_WATCH_AGING_H

#include "probe/report/states.h"
#include "probe/store/pairs.h"
#include "probe/watch/state.h"

struct mx_aged {
	const char *state; /* static */
	int64_t since_us;
	int64_t
	    overdue_us; /* when a request that is not answered becomes overdue; 0: none is open */
};

/** Only a request grows overdue by time alone; all else is what was written. */
struct mx_aged mx_aged_pair(
    const struct mx_store_pair *pair, const struct mx_state_rules *rules, int64_t now_us);

/** Nothing has been learned for span_us: the state is what it was then. */
bool mx_aged_is_stale(const struct mx_store_pair *pair, int64_t span_us, int64_t now_us);

/** The pair as report/states.h shows it, stale after stale_us. Borrows from pair. */
struct mx_state_row mx_aged_row(const struct mx_store_pair *pair,
    const struct mx_state_rules *rules, int64_t stale_us, int64_t now_us);

#endif
