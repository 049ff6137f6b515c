/*
 * record.h - one result more: kept, and folded into its pair's state.
 * In:   a result, its evidence, and how a pair's state goes on from it.
 * Out:  rows of result, evidence, hop, pair and event, in one transaction.
 * Not:  no state machine: watch/ gives it as a function.
 */
#ifndef MX_STORE_RECORD_H
#define MX_STORE_RECORD_H

#include "probe/store/result_row.h"
#include "probe/store/store.h"

/** A pair as it is kept. Strings borrowed for the time of the call. */
struct mx_store_state {
	const char *state; /* the word: "clear", "blocked", ... */
	int64_t since_us;
	const char *fold; /* what the state machine remembers; opaque to the store */
};

/** What follows from a result. Strings are static, or owned and freed by the store (fold, why). */
struct mx_store_step {
	const char *state; /* static */
	int64_t since_us;
	char *fold;       /* malloc'd */
	char *why;        /* of an event; malloc'd, may be NULL */
	bool has_learned; /* the session told something about the pair */
};

struct mx_store_record {
	const struct mx_store_result *row;
	/* the whole result as JSON, one line; NULL: none to keep */
	const char *json;
	/* How the pair's state goes on; NULL: it stays. Pure: called on the writer's thread, it may
	 * read nothing but its arguments. before is NULL for a new pair; row is this record's. */
	void (*fold)(const void *arg, const struct mx_store_state *before,
	    const struct mx_store_result *row, struct mx_store_step *out);
	const void *fold_arg; /* must live until done */
	void (*done)(void *arg, const struct mx_error *err);
	void *arg;
};

/** row and json are copied. A result without a session (suppressed, failed) is recorded too, but is no
 *  hop. When the state changes, the evidence of this result and of the one before it is kept for
 *  good. done may be NULL. */
void mx_store_record(struct mx_store *store, const struct mx_store_record *record);

#endif
