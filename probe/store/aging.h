/*
 * aging.h - a pair's state goes on because time has passed, not because of a result.
 * In:   a pair, and how its state goes on.
 * Out:  rows of pair and event, in one transaction; nothing where the state stays.
 * Not:  no state machine: watch/ gives it as a function.
 */
#ifndef MX_STORE_AGING_H
#define MX_STORE_AGING_H

#include "probe/store/record.h"

struct mx_store_aging {
	const char *source, *group;
	int64_t time_us; /* of the event */
	/* Pure, as that of record.h; before is never NULL: a pair that is not known stays so. */
	void (*fold)(const void *arg, const struct mx_store_state *before,
	    struct mx_store_step *out);
	const void *fold_arg;                                /* must live until done */
	void (*done)(void *arg, const struct mx_error *err); /* may be NULL */
	void *arg;
};

/** Copied. */
void mx_store_age(struct mx_store *store, const struct mx_store_aging *aging);

#endif
