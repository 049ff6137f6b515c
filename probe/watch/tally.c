/* tally.c - what was done and what was not, counted by provider. */
#include <string.h>

#include "probe/base/mem.h"
#include "probe/watch/inside.h"

/* clang-format off */
static const char *const reason_names[] = {
	[MX_WATCH_MIN_INTERVAL]   = "min_interval",
	[MX_WATCH_BLOCKED_HOLD]   = "blocked_hold",
	[MX_WATCH_THROTTLED_HOLD] = "throttled_hold",
	[MX_WATCH_FLEET_RATE]     = "fleet_rate",
	[MX_WATCH_BREAKER]        = "breaker",
	[MX_WATCH_EXPIRED]        = "expired",
};
/* clang-format on */

const char *
mx_watch_reason_name(enum mx_watch_reason reason)
{
	return reason_names[reason];
}

/* Names are never freed before the watch: counters do not go away when a destination does. */
size_t
mx_watch_tally_row(struct mx_watch *watch, const char *name)
{
	for (size_t i = 0; i < watch->count_rows; i++)
		if (strcmp(watch->counts[i].provider, name) == 0)
			return i;
	watch->counts = mx_grow(watch->counts, watch->count_rows, sizeof *watch->counts);
	watch->count_names =
	    mx_grow(watch->count_names, watch->count_rows, sizeof *watch->count_names);
	watch->count_names[watch->count_rows] = mx_strdup(name);
	watch->counts[watch->count_rows].provider = watch->count_names[watch->count_rows];
	return watch->count_rows++;
}

void
mx_watch_count_session(
    struct mx_watch *watch, const struct mx_watch_group *group, enum mx_verdict verdict)
{
	watch->counts[group->counts].sessions[verdict]++;
}

void
mx_watch_count_suppressed(struct mx_watch *watch, const struct mx_watch_group *group,
    enum mx_watch_reason reason)
{
	watch->counts[group->counts].suppressed[reason]++;
}

void
mx_watch_counts(const struct mx_watch *watch, struct mx_watch_counts *counts)
{
	int64_t now_us = mx_watch_now();

	*counts = (struct mx_watch_counts){
		.providers = watch->counts,
		.provider_count = watch->count_rows,
		.pairs = watch->pair_count,
		.running = watch->running,
		.events = watch->events,
		.store_failures = watch->store_failures,
	};
	for (size_t i = 0; i < watch->pair_count; i++) {
		const struct mx_watch_pair_row *pair = watch->pairs[i];

		counts->by_state[pair->state]++;
		counts->late += mx_watch_is_late(pair, now_us);
		counts->stale += mx_watch_is_stale(pair, now_us);
	}
	for (size_t i = 0; i < watch->group_count; i++)
		counts->paused += watch->groups[i]->breaker.open_until_us > now_us;
}
