/*
 * outbox.h - alerts on their way: each stays here until its receiver has taken it.
 * In:   notices made of events, one row a notice and receiver.   Out: the next to send.
 * Not:  nothing is sent, no body is understood, no receiver is known but by its key.
 *
 * Each receiver has a position: the last event that it was told of. Notices are put in and the position
 * moves on in one transaction, so that a process that is killed loses no event and takes none twice.
 */
#ifndef MX_STORE_OUTBOX_H
#define MX_STORE_OUTBOX_H

#include <stddef.h>

#include "probe/store/store.h"

/** A receiver that was never seen before is told of what comes from now on. Copied. done may be NULL. */
void mx_outbox_enrol(struct mx_store *store, const char *receiver,
    void (*done)(void *arg, const struct mx_error *err), void *arg);
/** The id of the last event that it was told of; -1 when it is not enrolled. */
enum mx_err mx_outbox_position(struct mx_store *store, const char *receiver,
    int64_t *event, struct mx_error *err) __attribute__((warn_unused_result));

/** Strings borrowed, but for those of mx_outbox_next. */
struct mx_outbox_row {
	int64_t id;   /* 0: not in yet */
	char *notice; /* ULID, the same however often it is sent */
	char *topic;  /* notices of one topic are sent in their order */
	char *body;
	int64_t created_us, due_us; /* wall clock */
	int64_t tries;              /* that have failed */
};

struct mx_outbox_filling {
	const char *receiver;
	int64_t from, to; /* its position as it is, and behind these rows */
	const struct mx_outbox_row *rows;
	size_t count;
	/* is_ours false: another process was first; look up the position again. May be NULL */
	void (*done)(void *arg, bool is_ours, const struct mx_error *err);
	void *arg;
};
/** Rows (copied) put in and the position moved, both or neither. */
void mx_outbox_fill(struct mx_store *store, const struct mx_outbox_filling *filling);

/** One row (copied) that comes of no event. done may be NULL. */
void mx_outbox_put(struct mx_store *store, const char *receiver,
    const struct mx_outbox_row *row, void (*done)(void *arg, const struct mx_error *err),
    void *arg);

/** The one to send next, the one longest due of the first of each topic; due_us may be to come. row->id
 *  is 0 when none is left. Clear with mx_outbox_row_clear in any case. */
enum mx_err mx_outbox_next(struct mx_store *store, const char *receiver,
    struct mx_outbox_row *row, struct mx_error *err) __attribute__((warn_unused_result));
void mx_outbox_row_clear(struct mx_outbox_row *row);
/** How many wait; receiver NULL: in all. */
enum mx_err mx_outbox_count(struct mx_store *store, const char *receiver, int64_t *count,
    struct mx_error *err) __attribute__((warn_unused_result));

/** Taken, or given up: the row goes. done may be NULL. */
void mx_outbox_drop(struct mx_store *store, int64_t id,
    void (*done)(void *arg, const struct mx_error *err), void *arg);
/** One try more has failed; not again before due_us. done may be NULL. */
void mx_outbox_put_off(struct mx_store *store, int64_t id, int64_t due_us,
    void (*done)(void *arg, const struct mx_error *err), void *arg);

#endif
