/*
 * post.h - one receiver's desk: takes events in, sends what waits, tries again.
 * In:   a receiver, the store.   Out: its outbox filled and emptied; counts.
 * Not:  no other receiver is known here; how a notice is sent is send.h's business.
 */
#ifndef MX_WATCH_ALERT_POST_H
#define MX_WATCH_ALERT_POST_H

#include <stdbool.h>

#include "probe/store/outbox.h"
#include "probe/watch/alert/alerts.h"
#include "probe/watch/alert/receiver.h"
#include "probe/watch/alert/send.h"
#include "probe/watch/state.h"

struct mx_post;

/** What all desks share; lives as long as they do. */
struct mx_post_office {
	struct mx_store *store;
	const struct mx_catalogue *catalogue;
	char *page;
	/* of reports: how states age, and when a pair is stale */
	struct mx_state_rules rules;
	int64_t stale_us;
	struct mx_send_tools tools;
	bool is_open; /* else nothing is taken in or sent: another process does */
	/** A desk that was told to close is closed, and gone. */
	void (*closed)(void *arg, struct mx_post *post);
	void *arg;
};

/** Takes the receiver over (it is zero then). Enrols it, and goes on with what waits for it. */
struct mx_post *mx_post_open(
    const struct mx_post_office *office, struct mx_receiver *receiver);
/** The entry has changed; its key has not. Takes it over. */
void mx_post_change(struct mx_post *post, struct mx_receiver *receiver);
const struct mx_receiver *mx_post_receiver(const struct mx_post *post);
/** One notice more, that comes of no event. Copied. */
void mx_post_put(struct mx_post *post, const struct mx_outbox_row *row);
/** There may be new events. Receivers of reports don't hear of those. */
void mx_post_poke(struct mx_post *post);
/** The office is open now. */
void mx_post_wake(struct mx_post *post);
/** Begins nothing more; office->closed comes, from the loop, when what is under way is over. */
void mx_post_close(struct mx_post *post);
/** At once; what is under way is broken off. NULL is taken. */
void mx_post_free(struct mx_post *post);
/** Adds to *counts. */
void mx_post_count(const struct mx_post *post, struct mx_alerts_counts *counts);

#endif
