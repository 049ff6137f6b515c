/*
 * cases.h - requests to be taken off a list: opened, answered, cleared.
 * In:   a pair and what became of its request.   Out: the same, later.
 * Not:  no ladder (watch/ knows when the next step is due; its number is kept here).
 */
#ifndef MX_STORE_CASES_H
#define MX_STORE_CASES_H

#include "probe/store/store.h"

/** Strings borrowed; NULL and 0 where nothing is known. */
struct mx_store_case {
	int64_t id; /* 0: new */
	const char *source, *group;
	const char *ticket; /* the provider's number for it */
	const char *
	    outcome; /* "mitigated", "conditional", "not_qualified", "nothing_detected" */
	int64_t opened_us, expected_us, cleared_us, closed_us;
	int64_t step; /* steps of the ladder that are done */
	const char *note;
};

/** Open a new case (id 0), or change the one of that id: all its columns. The pair must exist. done
 *  may be NULL. Copied. */
void mx_store_put_case(struct mx_store *store, const struct mx_store_case *one,
    void (*done)(void *arg, const struct mx_error *err), void *arg);
/** Of several processes that find so many steps done, one is answered true, and from then on there is
 *  one more: done steps are next. */
void mx_store_take_step(struct mx_store *store, int64_t id, int64_t done_steps,
    int64_t next, void (*done)(void *arg, bool is_ours, const struct mx_error *err),
    void *arg);
/** Newest first; source and group may be NULL: all. each returns false to stop. */
enum mx_err mx_store_cases(struct mx_store *store, const char *source, const char *group,
    bool (*each)(void *arg, const struct mx_store_case *one), void *arg,
    struct mx_error *err) __attribute__((warn_unused_result));

#endif
