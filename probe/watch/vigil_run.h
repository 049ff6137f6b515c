/*
 * vigil_run.h - the runs of a vigil: a dry one that tells who is asked, and the session of a step.
 * In:   what the vigil holds.   Out: facts of the pair; results in the store and to the hooks.
 * Not:  only for vigil.c, which decides when there is a session.
 */
#ifndef MX_WATCH_VIGIL_RUN_H
#define MX_WATCH_VIGIL_RUN_H

#include "probe/watch/vigil.h"

struct mx_vigil {
	const struct mx_vigil_params *params;
	const struct mx_vigil_hooks *hooks;
	struct mx_vigil_facts *facts;
	struct mx_vigil_end *end;
	struct mx_error *err;
	int64_t
	    not_before_us; /* wall clock: the ledger, or a failure, put the step off */
	int64_t last_event;
	bool is_interrupted, is_over, has_stepped;
	bool is_ours; /* the step: nobody else has taken it */
	/* the run that is on */
	bool has_session;
	int64_t put_off_us;
};

/** Nothing is left to do, for this reason. */
void mx_vigil_end_with(struct mx_vigil *vigil, enum mx_vigil_why why);
/** Whom the user means: group and provider into the facts, by DNS or by what the store knows. */
enum mx_err mx_vigil_learn_pair(struct mx_vigil *vigil);
/** One session; has_session and put_off_us say what came of it. */
enum mx_err mx_vigil_run_session(struct mx_vigil *vigil);

#endif
