/*
 * play.h - one play of the watch: its store, its sources and providers, and what was seen of it.
 * In:   how many of each.   Out: a watch that runs by virtual time; what it told, checked against the oracle.
 * Not:  no claims: watch.c makes them.
 */
#ifndef MX_TESTS_SIM_PLAY_H
#define MX_TESTS_SIM_PLAY_H

#include "probe/base/clock.h"
#include "probe/watch/watch.h"
#include "tests/sim/sim.h"

/* Never at a moment at which trouble is made: what is planned anew then is so within half a minute. */
#define LOOK_EVERY_US (9 * MX_MINUTE_US + 37 * MX_SECOND_US)

/** One play. */
struct play {
	char directory[64], *path;
	struct mx_catalogue *catalogue;
	struct mx_rules *rules;
	struct mx_probe_host host;
	struct mx_store *store;
	struct mx_watch *watch;
	struct mx_probe_source *sources;
	size_t source_count, provider_count;
	const char *domains[SIM_PROVIDERS];
	struct mx_probe_params probe;
	struct mx_watch_params params;
	struct mx_timer *look, *trouble;
	int64_t end_us; /* monotonic */
	bool is_stopped;
	/* what was seen */
	size_t looks, late_most, silent_late, too_far;
	char silent[256];
	size_t events, event_faults, false_clears;
	char event_fault[1024];
	size_t troubles;
};

bool play_open(struct play *play, size_t sources, size_t providers, struct mx_error *err);
void play_close(struct play *play);
/** The store and a watch on it. */
bool play_open_watch(struct play *play, struct mx_error *err);
/** Ends sessions with QUIT first. */
void play_close_watch(struct play *play);
void play_close_store(struct play *play);
void play_run_for(struct play *play, int64_t us);
/** Every change of state has its event, from "unknown" to what the pair is now. Returns how many there
 *  are in the store. */
size_t play_check_events(struct play *play);

#endif
