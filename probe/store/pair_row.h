/*
 * pair_row.h - the row of a pair, found or made, for whoever changes it.
 * In:   an open transaction, whose pair.   Out: the row as it was; an event of its change.
 * Not:  no state machine, no thread. Only store/ may include this.
 */
#ifndef MX_STORE_PAIR_ROW_H
#define MX_STORE_PAIR_ROW_H

#include "probe/store/db.h"
#include "probe/store/record.h"

/** Whose row, and what a new one begins with. Borrowed. */
struct mx_pair_key {
	const char *source, *group;
	const char *provider, *destination;
	int64_t time_us;
};

/** As it was found. Own. */
struct mx_pair_row {
	int64_t id, since_us;
	char *state, *fold, *last_result;
	bool is_new;
};

/** Zero-initialised before; clear in any case. look: id stays 0 when there is none. */
enum mx_err mx_pair_row_look(struct mx_db *db, const struct mx_pair_key *key,
    struct mx_pair_row *pair, struct mx_error *err) __attribute__((warn_unused_result));
enum mx_err mx_pair_row_find(struct mx_db *db, const struct mx_pair_key *key,
    struct mx_pair_row *pair, struct mx_error *err) __attribute__((warn_unused_result));
void mx_pair_row_clear(struct mx_pair_row *pair);

/** The pair as the state machine wants it. Borrows from pair. */
struct mx_store_state mx_pair_row_state(const struct mx_pair_row *pair);
/** Write the state that this step leads to. */
enum mx_err mx_pair_row_put(struct mx_db *db, const struct mx_pair_row *pair,
    const struct mx_store_step *step, struct mx_error *err)
    __attribute__((warn_unused_result));
/** Write the event of this step; nothing when the state stays. result may be NULL. */
enum mx_err mx_pair_row_event(struct mx_db *db, const struct mx_pair_row *pair,
    const struct mx_store_step *step, int64_t time_us, const char *result,
    struct mx_error *err) __attribute__((warn_unused_result));

#endif
