/*
 * opening.h - a delist case opened, and its pair's state with it.
 * In:   a case, and how a pair's state goes on from a request.
 * Out:  rows of delist_case, pair and event, in one transaction.
 * Not:  no state machine: watch/ gives it as a function. Later changes of a case: cases.h.
 */
#ifndef MX_STORE_OPENING_H
#define MX_STORE_OPENING_H

#include "probe/store/cases.h"
#include "probe/store/record.h"

struct mx_store_opening {
	/* id is 0; opened_us is the time of the event, too */
	const struct mx_store_case *one;
	/* of the pair, should it be new; NULL: not known */
	const char *provider, *destination;
	/* How the pair's state goes on. Pure: called on the writer's thread, it may read nothing but its
	 * arguments. before is NULL for a new pair. */
	void (*fold)(const void *arg, const struct mx_store_state *before,
	    struct mx_store_step *out);
	const void *fold_arg;                                /* must live until done */
	void (*done)(void *arg, const struct mx_error *err); /* may be NULL */
	void *arg;
};

/** Copied. */
void mx_store_open_case(struct mx_store *store, const struct mx_store_opening *opening);

#endif
