/*
 * events.h - changes of state for tests of alerts.
 * In:   a store, a pair, a state.   Out: an event in the store, with a result that shows it.
 * Not:  no state machine: the state is whatever the test says.
 */
#ifndef MX_TESTS_UNIT_WATCH_ALERT_EVENTS_H
#define MX_TESTS_UNIT_WATCH_ALERT_EVENTS_H

#include "probe/store/store.h"

void events_happen(struct mx_store *store, const char *source, const char *group,
    int64_t time_s, const char *state);

#endif
