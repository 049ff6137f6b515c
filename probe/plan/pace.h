/*
 * pace.h - how fast one run may go: the politeness floors that need no disk.
 * In:   who wants to start a session at which provider group, and what the time is.
 * Out:  now, or the earliest time to ask again.
 * Not:  no memory beyond the process.
 */
#ifndef MX_PLAN_PACE_H
#define MX_PLAN_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/base/clock.h"

#define MX_PACE_GROUP_AT_ONCE 2
#define MX_PACE_GROUP_A_MINUTE 6
#define MX_PACE_NETWORK_GAP_US (20 * MX_SECOND_US)
#define MX_PACE_WAIT_FOR_END INT64_MAX

/** Who wants to go where. Borrowed. */
struct mx_pace_key {
	const struct mx_addr *source;
	const char *group; /* provider group: mx_group_name() */
	/* loopback or own: only "one at a time per source and group" holds */
	bool exempt;
};

/** Never below the ones above: more at once, or more a minute, counts as those. */
struct mx_pace_floors {
	unsigned group_at_once, group_a_minute;
	int64_t network_us;
};

struct mx_pace;
struct mx_pace *mx_pace_new(void);
/** With floors that were raised. Copied. */
struct mx_pace *mx_pace_new_raised(const struct mx_pace_floors *floors);
void mx_pace_free(struct mx_pace *pace);

/** now_us (monotonic) when a session may start; a later time when a floor says so;
 *  MX_PACE_WAIT_FOR_END when another session has to end first. */
int64_t mx_pace_when(struct mx_pace *pace, const struct mx_pace_key *key, int64_t now_us);
/** A session starts now / is over. Every begin is followed by one end. */
void mx_pace_begin(struct mx_pace *pace, const struct mx_pace_key *key, int64_t now_us);
void mx_pace_end(struct mx_pace *pace, const struct mx_pace_key *key);

#endif
