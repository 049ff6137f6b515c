/*
 * course.h - what one run of deliver holds; private to deliver/.
 * In:   deliver.c sets it up.   Out: send.c and find.c work on it.
 * Not:  not a contract: everything outside goes through deliver.h.
 */
#ifndef MX_DELIVER_COURSE_H
#define MX_DELIVER_COURSE_H

#include "probe/deliver/deliver.h"
#include "probe/dns/route.h"

/** A mailbox on its way. */
struct mx_course {
	struct mx_delivery delivery;
	const struct mx_deliver_target *target;
	int64_t session;    /* the ledger's id */
	int64_t sent_us;    /* monotonic */
	unsigned errors;    /* looks that failed */
	bool is_waited_for; /* somebody looks for it */
};

struct mx_deliver {
	struct mx_deliver_params params;
	struct mx_deliver_hooks hooks;
	struct mx_course *courses;
	size_t current;
	char *relay; /* HOST:PORT */
	struct mx_timer *timer;
	void (*at_timer)(struct mx_deliver *deliver);
	/* sending */
	struct mx_route_search *search;
	struct mx_mail_submission *submission;
	bool relay_failed; /* nobody else is sent to it */
	bool *is_alive;    /* for answers of the store, which can't be cancelled */
	/* finding */
	struct mx_imap *imap;
	bool is_last_round;
};

/** Every mailbox's message, one after another; then mx_deliver_find(). */
void mx_deliver_send(struct mx_deliver *deliver);
/** Looks until each was found or its time is over; then over(). */
void mx_deliver_find(struct mx_deliver *deliver);

/** It is as it is: told, and kept. */
void mx_deliver_settle(struct mx_deliver *deliver, struct mx_course *course);
/** Kept as it is known now. */
void mx_deliver_keep(struct mx_deliver *deliver, const struct mx_course *course);
void mx_deliver_progress(
    struct mx_deliver *deliver, const struct mx_course *course, const char *what);
/** Runs what a turn of the loop, or a span, later. */
void mx_deliver_later(
    struct mx_deliver *deliver, int64_t us, void (*what)(struct mx_deliver *deliver));
/** A sentence to the note; the first stays in front. Takes text. */
void mx_deliver_note(struct mx_delivery *delivery, char *text);

#endif
