/*
 * age.h - a pair grows older without a result.
 * In:   a pair of the store, the time.   Out: its state, where time alone changes it.
 * Not:  no schedule: whoever watches decides when to look.
 */
#ifndef MX_WATCH_AGE_H
#define MX_WATCH_AGE_H

#include "probe/store/store.h"
#include "probe/watch/state.h"

/** As mx_state_age() has it, with its event. done (may be NULL) comes once, as store.h says. */
void mx_age_pair(struct mx_store *store, const struct mx_state_rules *rules,
    const char *source, const char *group, int64_t now_us,
    void (*done)(void *arg, const struct mx_error *err), void *arg);

#endif
