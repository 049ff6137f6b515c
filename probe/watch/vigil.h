/*
 * vigil.h - one pair followed from the delisting request until it is clear, or time is up.
 * In:   a store, what a session needs, the ladder.   Out: sessions on its steps; hooks tell of each.
 * Not:  no output. All that must not be forgotten is in the store: who is killed goes on from there.
 */
#ifndef MX_WATCH_VIGIL_H
#define MX_WATCH_VIGIL_H

#include "probe/probe.h"
#include "probe/store/pairs.h"
#include "probe/watch/ladder.h"
#include "probe/watch/standing.h"
#include "probe/watch/state.h"

/** Everything is borrowed for the time of the call. */
struct mx_vigil_params {
	struct mx_store *store; /* for writing */
	/* one source, one destination; store and kind of session are set here */
	const struct mx_probe_params *probe;
	const struct mx_catalogue *catalogue;
	const struct mx_rules *rules;
	const struct mx_state_rules *state_rules;
	const struct mx_ladder *ladder;
	const char *ticket, *outcome; /* of the request; NULL: not given */
	bool is_once;                 /* the step that is due now, and no waiting */
	bool
	    wants_ticks; /* the hook `waiting` is called every second, else once a wait */
};

/** Where it stands; valid within a hook and in mx_vigil_end. */
struct mx_vigil_facts {
	char source[MX_ADDR_TEXT];
	const char *destination;
	char *group;
	const struct mx_provider *provider; /* or NULL */
	size_t addresses; /* of the provider, as DNS says; 0: not known */
	struct mx_standing standing;
	const struct mx_ladder *ladder;
	const struct mx_state_rules *state_rules;
	/* the step to come: is_over when there is none; due_us is when it will be tried */
	struct mx_ladder_step next;
	int64_t now_us;
};

enum mx_vigil_why {
	MX_VIGIL_CLEARED,
	MX_VIGIL_OUT_OF_TIME,
	MX_VIGIL_NOT_QUALIFIED, /* the provider has said no: asking on would be of no use */
	MX_VIGIL_INTERRUPTED,   /* by a signal; the store knows how to go on */
	MX_VIGIL_NOT_DUE,       /* once: a step is done, or none is due */
	MX_VIGIL_NO_WAY         /* which provider it is could not be found out */
};
/** "cleared", "out_of_time", ... as JSON has them. */
const char *mx_vigil_why_name(enum mx_vigil_why why);

/** Called on the caller's thread; all but step, event and result may be NULL. */
struct mx_vigil_hooks {
	/** The case is open; is_resumed: it was before. */
	void (*opened)(void *arg, const struct mx_vigil_facts *facts, bool is_resumed);
	/** What a step found, as mx_probe_hooks has it; on its way to the store. */
	void (*result)(void *arg, const struct mx_result *result);
	/** The state has changed; after the results, before the step. */
	void (*event)(void *arg, const struct mx_store_event *event);
	/** A step is over, that of index. has_session false: none came about, and it is still to do. */
	void (*step)(void *arg, const struct mx_vigil_facts *facts, unsigned index,
	    bool has_session);
	void (*waiting)(void *arg, const struct mx_vigil_facts *facts, int64_t until_us);
	void (*line)(void *arg, const char *tag, const struct mx_line *line);
	void (*warning)(void *arg, const char *text);
	void *arg;
};

struct mx_vigil_end {
	enum mx_vigil_why why;
	struct mx_vigil_facts facts;
	char *text;   /* NO_WAY: why, a sentence. Own */
	bool is_ours; /* NO_WAY: the failure is on our side */
};

/** MX_OK however it ended (*end says how); our own failures and refusals as mx_probe_run. Clear end with
 *  mx_vigil_end_clear in any case. */
enum mx_err mx_vigil_run(const struct mx_vigil_params *params,
    const struct mx_vigil_hooks *hooks, struct mx_vigil_end *end, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_vigil_end_clear(struct mx_vigil_end *end);

/** Exit status: 0 cleared, 1 blocked where it was asked last, 2 refused or deferred otherwise, 3 the
 *  rest, 4 ours. */
int mx_vigil_status(const struct mx_vigil_end *end);

#endif
