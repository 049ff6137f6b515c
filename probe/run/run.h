/*
 * run.h - what one run holds, shared by the conductor's own files and nobody else.
 * In:   probe.c sets it up.   Out: settle.c, flight.c and row.c work on it.
 * Not:  not a contract: everything outside goes through probe/probe.h.
 */
#ifndef MX_RUN_RUN_H
#define MX_RUN_RUN_H

#include "probe/dns/name.h"
#include "probe/identity/helo.h"
#include "probe/plan/ask.h"
#include "probe/plan/pace.h"
#include "probe/plan/plan.h"
#include "probe/probe.h"
#include "probe/run/identity.h"
#include "probe/run/policies.h"
#include "probe/run/reach.h"
#include "probe/run/survey.h"

/** A destination, once the survey is in. */
struct mx_run_destination {
	struct mx_plan_destination plan;
	struct mx_ask ask;
	char group[MX_NAME_MAX];
};

enum mx_flight_state {
	MX_FLIGHT_WAITING,
	MX_FLIGHT_RUNNING,
	MX_FLIGHT_OVER,
	MX_FLIGHT_ASLEEP /* counts as over until somebody wakes it */
};

/** One visit on its way: the hop it is at and the session there. */
struct mx_flight {
	struct mx_run *run;
	const struct mx_visit *visit;
	enum mx_flight_state state;
	size_t hop;
	struct mx_session *session; /* NULL between hops */
	struct mx_timer *gap; /* between two hops of --mx all; NULL when none is due */
	bool any_failed, any_connected; /* its sessions so far (reach.c) */
	int64_t not_before_us;          /* monotonic; the ledger said so */
	int64_t
	    busy_since_us; /* monotonic: others have had the group since; 0: nobody had */
	int64_t ledger_id; /* of its entry, while it is open; else 0 */
	bool claiming;     /* the ledger has not answered yet */
	bool has_verdict;
	enum mx_verdict worst; /* of its rows so far */
	char *tag;             /* for the live view; own */
	char *policy;          /* what MTA-STS says of the hop, or NULL; own */
	char id[MX_ULID_TEXT]; /* of the running session's result */
};

struct mx_run {
	const struct mx_probe_params *params;
	const struct mx_catalogue *catalogue;
	const struct mx_rules *rules;
	const struct mx_probe_hooks *hooks;
	struct mx_error error; /* why the run was refused before any session */
	struct mx_error *err;  /* that one */
	struct mx_loop *loop;  /* the host's, as the next three */
	struct mx_resolver *resolver;
	struct mx_tls *tls;
	struct mx_sts_cache *sts_cache; /* or NULL */
	void (*tell_over)(void *arg, const struct mx_error *err);
	void *over_arg;
	struct mx_pace *pace;
	struct mx_survey *survey;
	struct mx_policies *policies; /* NULL: not asked for */
	struct mx_timer *retry; /* when somebody may leave next, or has all been heard */
	struct mx_run_identities *identities;
	const struct mx_addr **addrs;
	const char **domains;       /* destinations, then the mailboxes' domains */
	char (*helos)[MX_HELO_MAX]; /* one a source */
	struct mx_run_destination *destinations; /* and behind them the control's */
	struct mx_visit *visits;
	struct mx_flight *flights; /* one a visit */
	struct mx_reach *reaches;  /* one a source */
	size_t visit_count;
	size_t running, running_max, over, asleep;
	size_t first_waiting; /* no flight before this one waits */
	bool interrupted;
	bool is_over; /* only the last call of all is to come */
};

/* probe.c */

/** Nothing is left to do: from the loop, soon, the run is freed and its owner told. */
void mx_run_finish(struct mx_run *run);

/* settle.c: the survey's facts become HELO names, depths, recipients and visits. */

/** False, with run->err set, when a HELO must be refused. */
bool mx_run_settle(struct mx_run *run);

/* control.c: the control host's visits. */

/** Append them to the plan. Says so when the control can't be used. */
void mx_run_plan_control(struct mx_run *run);

/* flight.c: visits leave as the pace allows. */

/** Start every visit that may leave now; the run is over when all of them are. */
void mx_run_start_visits(struct mx_run *run);
/** The flight may leave now, too. */
void mx_run_wake(struct mx_run *run, struct mx_flight *flight);
/** End sessions with QUIT, let nobody else leave. */
void mx_run_interrupt(struct mx_run *run);
/** What the ledger's answer leads to: leave, wait until (monotonic), or be over without a session. */
void mx_run_leave(struct mx_flight *flight);
void mx_run_wait(struct mx_flight *flight, int64_t until_us);
void mx_run_give_up(struct mx_flight *flight);

/* claim.c: the ledger, where there is a store. */

/** Ask for leave; mx_run_leave, _wait or _give_up follows. */
void mx_run_claim(struct mx_flight *flight);
/** The visit is over, however it ended. */
void mx_run_release(struct mx_flight *flight);
/** Why it might not leave now, in words; NULL: it might. Caller frees. */
enum mx_err mx_run_look(
    const struct mx_flight *flight, char **words, struct mx_error *err);

/* row.c: what a visit came to, told to the hooks. */

void mx_run_tell_progress(struct mx_run *run);
/** Judge a finished session, tell its row and those of the visits that share it. The transcript
 *  is taken over. */
void mx_run_tell_session(struct mx_flight *flight, struct mx_transcript *transcript);
/** The row of a visit that has no session; SHARED ones wait for the session they share. */
void mx_run_tell_without_session(struct mx_run *run, const struct mx_visit *visit);
/** The rows of a visit that the ledger does not let go, and of those that share it; seconds until it
 *  may, -1 when nobody knows. */
void mx_run_tell_suppressed(struct mx_flight *flight, const char *why, long seconds);
/** The same where the ledger could not be written. */
void mx_run_tell_failed(struct mx_flight *flight, const char *why);
/** The rows of a visit that never left because we were stopped, and of those that share it. */
void mx_run_tell_interrupted(struct mx_run *run, const struct mx_visit *visit);
/** A dry run's visit, and why it may not leave now (or NULL). */
void mx_run_tell_plan(const struct mx_flight *flight, const char *why_not);
/** Append a remark for people. Taken over; NULL is none. */
void mx_run_add_note(struct mx_result *row, char *note);
/** Who we are in this flight's session. Borrowed from run. */
struct mx_identity mx_run_identity(const struct mx_flight *flight);

#endif
