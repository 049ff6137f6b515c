/*
 * follow.h - a result goes into the store, and its pair's state goes on from it.
 * In:   results, as a run tells them.   Out: rows in the store.
 * Not:  no session, no words for people.
 */
#ifndef MX_WATCH_FOLLOW_H
#define MX_WATCH_FOLLOW_H

#include "probe/result.h"
#include "probe/store/store.h"
#include "probe/watch/state.h"

/** What the result's session showed of its pair. An accept counts where the session came as deep as
 *  this provider shows its blocks (the catalogue's depth; MAIL FROM where nothing is known), and
 *  nowhere where it shows them only after DATA. Rows
 *  that show another row's session count for nothing, as that one has been counted. */
void mx_observe_result(const struct mx_result *result, struct mx_observation *out);

/** Record it with its evidence and let the pair's state follow. Rows that were never to have a session
 *  (suppressed) are not recorded. done (may be NULL) comes once, as store.h says, except for those. */
void mx_follow_result(struct mx_store *store, const struct mx_state_rules *rules,
    const struct mx_result *result, void (*done)(void *arg, const struct mx_error *err),
    void *arg);

#endif
