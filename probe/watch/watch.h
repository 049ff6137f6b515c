/*
 * watch.h - the watch: every source at every provider, probed when its time has come, for as long as it runs.
 * In:   a loop, a store, what to watch; new parameters now and then; wishes ("probe this now").
 * Out:  sessions by the schedule and through the ledger; results and states in the store; hooks that tell.
 * Not:  no signals, no HTTP, no alerts, no words on a terminal: whoever owns the loop joins those.
 *
 * A pair is a source and a provider group (store/ledger.h). Destinations that lead to one group take
 * turns: the provider is asked about the source no oftener for them. Which group a destination
 * belongs to is known from the catalogue or from its last result; until then it is one of its own.
 */
#ifndef MX_WATCH_WATCH_H
#define MX_WATCH_WATCH_H

#include "probe/probe.h"
#include "probe/store/pairs.h"
#include "probe/watch/ladder.h"
#include "probe/watch/state.h"

/** What is watched, and how. All that is pointed to is borrowed until release is called, which may be
 *  long after a reload: runs that were under way go on with what they began with. */
struct mx_watch_params {
	/* These three must be the same at every reload. */
	struct mx_probe_host host;
	struct mx_store *store; /* for writing, attached to the loop */
	uint64_t seed;          /* of the splay; the same seed gives the same times */

	/* Sources, destinations and all that sessions need, as for a run of all of them; store and kind of
	 * session are set here. dnsbl_zones are asked with the checks only, never before a session. */
	const struct mx_probe_params *probe;
	const struct mx_state_rules *state_rules;
	const struct mx_ladder *ladder; /* after a delisting request */
	int64_t
	    interval_us; /* between sessions of a pair; never below the ledger's floor */
	int64_t blocked_us; /* of one that is blocked */
	int64_t checks_us;  /* between two looks at a source's own DNS and blocklists */
	int64_t keep_results_us, keep_transcripts_us;

	void (*release)(void *arg); /* NULL: nothing to do */
	void *release_arg;
};

/** All but arg may be NULL. Called on the loop. */
struct mx_watch_hooks {
	/** A result, on its way to the store. Suppressed ones come, too (nothing is stored of those). */
	void (*result)(void *arg, const struct mx_result *result);
	/** That row, and what follows from it, is in the store by now. Before its event. */
	void (*stored)(
	    void *arg, const char *source, const char *group, const char *result_id);
	/** A pair's state has changed; it is in the store. */
	void (*event)(void *arg, const struct mx_store_event *event);
	/** What mx_watch_pair_of() says of this pair is no longer what it was. */
	void (*schedule)(void *arg, const char *source, const char *group);
	/** Which pairs there are is no longer what it was. */
	void (*pairs)(void *arg);
	/** mx_watch_checks() of this source has been looked up anew. */
	void (*checks)(void *arg, const char *source);
	/** For the log: a HELO that does not match, a store that can't be written, a group that is paused. */
	void (*warning)(void *arg, const char *text);
	void *arg;
};

struct mx_watch;
/** Hooks are copied. The first session leaves from the loop, spread as the schedule has it. NULL with
 *  err when the store can't be read. */
struct mx_watch *mx_watch_new(const struct mx_watch_params *params,
    const struct mx_watch_hooks *hooks, struct mx_error *err);
/** From now on this is watched. Pairs that stay keep their times unless their interval changed; those
 *  that go are finished first if they are under way. When it fails nothing has changed, and params
 *  are not released. */
enum mx_err mx_watch_reload(struct mx_watch *watch, const struct mx_watch_params *params,
    struct mx_error *err) __attribute__((warn_unused_result));
/** No more sessions; those under way end with QUIT. done comes once, from the loop, when all are over and
 *  what they found has been written. */
void mx_watch_stop(struct mx_watch *watch, void (*done)(void *arg), void *arg);
/** After done. NULL is taken. */
void mx_watch_free(struct mx_watch *watch);

/** What keeps it from doing its work, a sentence; NULL: nothing does. It names no file and no host, so that
 *  anybody may hear it. */
const char *mx_watch_waits_for(const struct mx_watch *watch);

/** A delist case was opened or changed by somebody else in this process: look at the store again. (Other
 *  processes' changes are seen within a minute anyway.) */
void mx_watch_poke(struct mx_watch *watch);

/* ---- what is planned ---- */

/** Borrowed for the time of the callback. Times are wall clock; 0: never, or not known. */
struct mx_watch_pair {
	const char *source, *group;
	const char *provider;    /* id in the catalogue, or NULL */
	const char *destination; /* the one that is next */
	const char *state;       /* as shown: "clear", "blocked", ... */
	int64_t since_us;
	int64_t last_us;          /* session */
	int64_t learned_us;       /* when a session last told something */
	const char *last_verdict; /* NULL: none yet */
	int64_t next_us;          /* not before; the pace may make it later */
	int64_t interval_us;      /* 0: on the steps of a delist case */
	int step;                 /* of that case, the one to come; -1: none */
	bool is_running;
	bool is_late;  /* its time has come, and something is in the way */
	bool is_stale; /* two intervals without anything learned: shown, never a state */
	const char *why_not; /* why not sooner, a sentence; never NULL */
};
/** Sorted by source, then group, as mx_store_pairs() is; each returns false to stop. */
void mx_watch_pairs(struct mx_watch *watch,
    bool (*each)(void *arg, const struct mx_watch_pair *pair), void *arg);
/** whom: a destination, a provider's id or a group. False when it is not watched. Strings are borrowed
 *  until the loop goes on. */
bool mx_watch_pair_of(struct mx_watch *watch, const char *source, const char *whom,
    struct mx_watch_pair *pair);

/** What DNS says of a source: rows as preflight has them, blocklists included. NULL: not looked up yet, or
 *  not watched. Borrowed until the loop goes on. */
const struct mx_preflight *mx_watch_checks(
    const struct mx_watch *watch, const char *source, int64_t *time_us);

/* ---- a session now, please ---- */

enum mx_watch_ask {
	MX_WATCH_STARTED, /* done will come */
	MX_WATCH_JOINED,  /* one is under way: done will come with what that finds */
	MX_WATCH_REFUSED, /* not yet: until_us and why say when and why; done never comes */
	MX_WATCH_NOT_WATCHED
};
struct mx_watch_refusal {
	int64_t until_us; /* wall clock; 0: nobody knows */
	char why[1024];   /* a sentence */
};
/** What came of it; borrowed for the call. */
struct mx_watch_found {
	const char *
	    result; /* its id in the store, where it is by now; NULL: no session came about */
	enum mx_verdict verdict;
	const char *why; /* where there is no result, a sentence; else NULL */
};
/** The same pace, ledger and store as for the schedule, which goes on from this session. refusal may be
 *  NULL. */
enum mx_watch_ask mx_watch_probe_now(struct mx_watch *watch, const char *source,
    const char *whom, struct mx_watch_refusal *refusal,
    void (*done)(void *arg, const struct mx_watch_found *found), void *arg);
/** The asker has gone: done with that arg never comes. The session goes on. */
void mx_watch_forget(struct mx_watch *watch, void *arg);

/* ---- counts, since the start ---- */

enum mx_watch_reason {
	MX_WATCH_MIN_INTERVAL, /* the pair's floor */
	MX_WATCH_BLOCKED_HOLD,
	MX_WATCH_THROTTLED_HOLD,
	MX_WATCH_FLEET_RATE, /* others of this host at the same provider */
	MX_WATCH_BREAKER,    /* the group is paused: too many were throttled */
	MX_WATCH_EXPIRED,    /* times that were slept through, and are not made up for */
	MX_WATCH_REASONS
};
/** "min_interval", "blocked_hold", ... */
const char *mx_watch_reason_name(enum mx_watch_reason reason);

struct mx_watch_provider_counts {
	const char *provider; /* id in the catalogue, else the group */
	uint64_t sessions[MX_V_COUNT];
	uint64_t suppressed[MX_WATCH_REASONS];
};
struct mx_watch_counts {
	const struct mx_watch_provider_counts
	    *providers; /* borrowed until the loop goes on */
	size_t provider_count;
	size_t pairs, running, late, stale;
	size_t by_state[MX_STATE_COUNT];
	uint64_t events, store_failures;
	size_t paused; /* groups whose breaker is open */
};
void mx_watch_counts(const struct mx_watch *watch, struct mx_watch_counts *counts);

#endif
