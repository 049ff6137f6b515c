/*
 * state_text.h - a pair's state as one line of text, for the store, and back.
 * In:   struct mx_pair_state.   Out: JSON, and the same struct from it.
 * Not:  no store. Text that was not written here gives an unseen pair, never half of one.
 */
#ifndef MX_WATCH_STATE_TEXT_H
#define MX_WATCH_STATE_TEXT_H

#include "probe/watch/state.h"

/** Caller frees. */
char *mx_state_to_text(const struct mx_pair_state *pair);
/** text may be NULL. False when it is not a state; *pair is zero then. */
bool mx_state_from_text(const char *text, struct mx_pair_state *pair);

#endif
