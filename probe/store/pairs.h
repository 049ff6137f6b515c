/*
 * pairs.h - what is known of each source at each provider now.
 * In:   a store, which pairs.   Out: rows, one callback each.
 * Not:  no result (history.h). On the caller's thread; what the writer still has in hand is not seen.
 */
#ifndef MX_STORE_PAIRS_H
#define MX_STORE_PAIRS_H

#include <stddef.h>

#include "probe/store/store.h"

/** Strings borrowed until the callback returns; NULL where nothing is known. */
struct mx_store_pair {
	int64_t id;
	const char *source, *group, *provider, *destination;
	const char *state;
	int64_t since_us;
	const char *fold;
	const char *last_result, *last_verdict;
	int64_t last_us, learned_us; /* 0: never */
	int64_t hops,
	    hops_accepting; /* addresses of the provider seen; of those, accepting */
};

/** How many sessions this pair has had, as far as is known; 0 as well when the store fails, which
 *  whoever writes to it will be told. */
size_t mx_store_visits(struct mx_store *store, const char *source, const char *group);

/** NULL takes all. Sorted by source, then group. each returns false to stop. */
enum mx_err mx_store_pairs(struct mx_store *store, const char *source, const char *group,
    bool (*each)(void *arg, const struct mx_store_pair *pair), void *arg,
    struct mx_error *err) __attribute__((warn_unused_result));

/** One address of a provider, as this source last found it. */
struct mx_store_hop {
	const char *mx_host, *address, *verdict, *result;
	int64_t time_us;
};

/** The one not visited for longest first. */
enum mx_err mx_store_hops(struct mx_store *store, const char *source, const char *group,
    bool (*each)(void *arg, const struct mx_store_hop *hop), void *arg,
    struct mx_error *err) __attribute__((warn_unused_result));

/** A change of state. */
struct mx_store_event {
	int64_t id, time_us;
	const char *source, *group, *provider;
	const char *old_state, *new_state, *why, *result;
};

/** Oldest first, those after since_us. source and group may be NULL: all. */
enum mx_err mx_store_events(struct mx_store *store, const char *source, const char *group,
    int64_t since_us, bool (*each)(void *arg, const struct mx_store_event *event),
    void *arg, struct mx_error *err) __attribute__((warn_unused_result));
/** Those after the event of that id, in the order in which they were written, at most so many. */
enum mx_err mx_store_events_after(struct mx_store *store, int64_t id, int64_t most,
    bool (*each)(void *arg, const struct mx_store_event *event), void *arg,
    struct mx_error *err) __attribute__((warn_unused_result));
/** The id of the newest event; 0: there is none, or err is set. */
int64_t mx_store_last_event(struct mx_store *store, struct mx_error *err);

#endif
