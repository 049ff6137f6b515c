/*
 * request.h - the operator has asked a provider to take an address off its list.
 * In:   the pair, the provider's ticket.   Out: a delist case, and the pair's state.
 * Not:  no session follows from it here (vigil.h).
 */
#ifndef MX_WATCH_REQUEST_H
#define MX_WATCH_REQUEST_H

#include "probe/store/store.h"
#include "probe/watch/state.h"

/** Strings borrowed; NULL where nothing is known, but for source and group. */
struct mx_request {
	const char *source, *group;
	const char *provider, *destination; /* of the pair, should it be new */
	const char *ticket;
	const char *outcome; /* the provider's answer so far (cases.h) */
	int64_t time_us;     /* wall clock */
};

/** Opens a case; the pair is delist_requested with it. done (may be NULL) comes once, as store.h
 *  says. */
void mx_request_open(struct mx_store *store, const struct mx_state_rules *rules,
    const struct mx_request *request, void (*done)(void *arg, const struct mx_error *err),
    void *arg);

#endif
