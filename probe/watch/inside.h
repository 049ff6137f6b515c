/*
 * inside.h - what the watch holds, shared by its own files and nobody else.
 * In:   watch.c sets it up.   Out: roster.c, plan.c, start.c, cases.c, checks.c and why.c work on it.
 * Not:  not a contract: everything outside goes through watch.h.
 */
#ifndef MX_WATCH_INSIDE_H
#define MX_WATCH_INSIDE_H

#include <sys/queue.h>

#include "probe/plan/pace.h"
#include "probe/watch/agenda.h"
#include "probe/watch/breaker.h"
#include "probe/watch/schedule.h"
#include "probe/watch/watch.h"

/** Parameters, for as long as somebody works with them: the watch itself, its runs, its checks. */
struct mx_watch_config {
	struct mx_watch_params params;
	size_t users;
};
struct mx_watch_config *mx_watch_config_new(const struct mx_watch_params *params);
struct mx_watch_config *mx_watch_config_use(struct mx_watch_config *config);
void mx_watch_config_drop(struct mx_watch_config *config);

struct mx_watch_source {
	struct mx_probe_source probe; /* helo borrowed from the config */
	char text[MX_ADDR_TEXT];
	size_t index;                 /* in the config's sources */
	bool is_gone;                 /* while the roster is made anew */
	struct mx_agenda_entry check; /* of its own DNS */
	bool is_checking;
	struct mx_preflight *checks; /* own; NULL: none yet */
	int64_t checked_us;
	char *warned; /* what was last warned of; own */
};

TAILQ_HEAD(mx_watch_queue, mx_watch_pair_row);

/** A provider group. */
struct mx_watch_group {
	char *name;
	const struct mx_provider *provider; /* or NULL */
	size_t targets;                     /* destinations that lead there */
	bool is_own;                        /* all of them are our own */
	struct mx_watch_queue waiting;      /* pairs that are due, the first one first */
	struct mx_breaker breaker;
	int64_t
	    retry_us; /* wall clock: somebody who waits may leave then; 0: nobody waits */
	size_t counts; /* its row of the counters */
};

/** A destination. */
struct mx_watch_target {
	char *domain;
	struct mx_watch_group *group;
	bool is_gone;
};

/** What is in the way of a pair. */
enum mx_watch_hold {
	MX_HOLD_NONE,     /* its time has not come */
	MX_HOLD_TURN,     /* others of this host are asked first */
	MX_HOLD_BREAKER,  /* the group rests */
	MX_HOLD_PAIR,     /* the ledger: too soon after the last one */
	MX_HOLD_BLOCKED,  /* the ledger: blocked */
	MX_HOLD_THROTTLE, /* the ledger: throttled */
	MX_HOLD_FAILED,   /* no session came about; tried again then */
	MX_HOLD_CAUGHT_UP /* times have passed unused: spread anew */
};

/** Somebody who wants to know what the pair's next session finds. */
struct mx_watch_asker {
	TAILQ_ENTRY(mx_watch_asker) link;
	void (*done)(void *arg, const struct mx_watch_found *found);
	void *arg;
};

struct mx_watch_pair_row {
	struct mx_agenda_entry due; /* comes first: the agenda's entry is the pair */
	TAILQ_ENTRY(mx_watch_pair_row) link; /* while it waits */
	struct mx_watch_source *source;
	struct mx_watch_group *group;
	uint64_t key; /* of its slots */
	size_t turn;  /* which of the group's destinations is next */
	bool is_gone;
	/* as the store has it */
	enum mx_state state;
	bool has_verdict;
	enum mx_verdict last_verdict;
	unsigned relapses;
	int64_t since_us, last_us, learned_us, expected_us;
	/* its open delist case; id 0: none */
	int64_t case_id, case_opened_us;
	unsigned steps;
	bool is_hopeless; /* the provider has said no */
	bool is_case_seen;
	/* what comes next */
	int step; /* of the case; -1: an ordinary session */
	int64_t interval_us;
	enum mx_watch_hold hold;
	int64_t hold_until_us; /* not before; 0: no such time */
	unsigned failures;     /* in a row, without a session */
	char *failure;         /* what the last of them said; own */
	bool is_waiting, is_counted;
	struct mx_watch_run *run; /* NULL: none */
	TAILQ_HEAD(mx_watch_askers, mx_watch_asker) askers;
};

LIST_HEAD(mx_watch_runs, mx_watch_run);

struct mx_watch {
	struct mx_watch_config *config;
	struct mx_watch_hooks hooks;
	struct mx_loop *loop;
	struct mx_store *store;
	struct mx_timer *timer;
	struct mx_schedule_clock clock; /* at the last look */
	struct mx_watch_source **sources;
	struct mx_watch_group **groups;
	struct mx_watch_target **targets;
	struct mx_watch_pair_row **pairs; /* sorted by source, then group */
	size_t source_count, group_count, target_count, pair_count;
	struct mx_agenda agenda, checking;
	struct mx_pace *pace;
	struct mx_watch_runs runs;
	size_t running;
	int64_t minutely_us, tidy_us; /* wall clock: the next time */
	struct mx_watch_checker *checker;
	bool has_poke;
	bool has_looked; /* at the schedule, for the first time */
	size_t writes;   /* of ours that the store has not answered */
	struct mx_watch_provider_counts *counts;
	char **count_names; /* what those borrow */
	size_t count_rows;
	uint64_t events, store_failures;
	bool is_failing; /* the store: said once, until it works again */
	char why[256];   /* the last sentence of why.c */
	bool is_stopping, is_stopped;
	void (*stopped)(void *arg);
	void *stopped_arg;
};

/* watch.c */

void mx_watch_warn(struct mx_watch *watch, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** Look at everything soon. */
void mx_watch_kick(struct mx_watch *watch);
/** What the store answered; err may be NULL. Warns once. */
void mx_watch_note_write(struct mx_watch *watch, const struct mx_error *err);
/** Somebody is done: is that the last one that mx_watch_stop() waits for? */
void mx_watch_settle(struct mx_watch *watch);
int64_t mx_watch_now(void);

/* roster.c: which sources, groups and pairs there are */

/** As the config has them now; pairs that stay are kept. */
enum mx_err mx_watch_roster_make(struct mx_watch *watch, struct mx_error *err);
void mx_watch_roster_free(struct mx_watch *watch);
/** A result has told which group the destination belongs to. */
void mx_watch_roster_learn(struct mx_watch *watch, const char *domain, const char *group,
    const struct mx_provider *provider);
struct mx_watch_pair_row *mx_watch_roster_find(
    const struct mx_watch *watch, const char *source, const char *group);
/** Read the pair anew from the store. */
void mx_watch_roster_load(struct mx_watch *watch, struct mx_watch_pair_row *pair);
/** The pair's destination whose turn it is. */
const char *mx_watch_roster_destination(
    const struct mx_watch *watch, const struct mx_watch_pair_row *pair);

/* plan.c: when a pair is due */

void mx_watch_plan(struct mx_watch *watch, struct mx_watch_pair_row *pair);
void mx_watch_plan_all(struct mx_watch *watch);
bool mx_watch_is_stale(const struct mx_watch_pair_row *pair, int64_t now_us);
bool mx_watch_is_late(const struct mx_watch_pair_row *pair, int64_t now_us);
/** A wait that begins now is over then; different pairs at different times. */
int64_t mx_watch_spread(const struct mx_watch_pair_row *pair, int64_t span_us);

/* start.c: who is due leaves, as the pace and the ledger allow */

/** The pair has nothing to wait for but others. */
void mx_watch_enqueue(struct mx_watch *watch, struct mx_watch_pair_row *pair);
void mx_watch_dequeue(struct mx_watch_pair_row *pair);
/** Start whoever may leave; when to look again, wall clock. */
int64_t mx_watch_start_waiting(struct mx_watch *watch);
struct mx_ledger_answer mx_watch_look(
    struct mx_watch *watch, const struct mx_watch_pair_row *pair, struct mx_error *err);

/* session.c: one pair's run, from its start until all it found is written */

void mx_watch_run_start(
    struct mx_watch *watch, struct mx_watch_pair_row *pair, bool is_canary);
/** QUIT to all. */
void mx_watch_runs_stop(struct mx_watch *watch);
/** The pair is no longer watched: its run goes on without it. */
void mx_watch_run_orphan(struct mx_watch_pair_row *pair);

/* cases.c: delist cases, and requests that grow old */

/** Look at the store's cases. */
void mx_watch_cases_load(struct mx_watch *watch);
/** The case is over, whatever for: write it down. */
void mx_watch_case_close(struct mx_watch *watch, struct mx_watch_pair_row *pair);
/** Requests nobody answered. */
void mx_watch_age_all(struct mx_watch *watch);
/** Tell what has changed in the pair's state at that time or later: by this result, or NULL: by none. */
void mx_watch_tell_events(struct mx_watch *watch, const char *source, const char *group,
    int64_t since_us, const char *result);

/* checks.c: what DNS says of the sources */

/** With the config as it is now. */
void mx_watch_checks_open(struct mx_watch *watch);
void mx_watch_checks_close(struct mx_watch *watch);
/** Start those that are due; when to look again, wall clock. */
int64_t mx_watch_checks_start(struct mx_watch *watch);

/* tally.c */

size_t mx_watch_tally_row(struct mx_watch *watch, const char *name);
void mx_watch_count_session(
    struct mx_watch *watch, const struct mx_watch_group *group, enum mx_verdict verdict);
void mx_watch_count_suppressed(struct mx_watch *watch, const struct mx_watch_group *group,
    enum mx_watch_reason reason);

/* why.c */

/** Why the pair is not asked sooner; borrowed until it is called again. */
const char *mx_watch_why_not(
    struct mx_watch *watch, const struct mx_watch_pair_row *pair, int64_t now_us);
/** "Microsoft", or the group's own name. */
const char *mx_watch_group_title(const struct mx_watch_group *group);

#endif
