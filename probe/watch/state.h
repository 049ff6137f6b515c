/*
 * state.h - whether a source is blocked at a provider, as far as a row of observations can say.
 * In:   what each session showed, in order; a delist request of the operator's.
 * Out:  the state, and why it changed.
 * Not:  no store, no clock, no network: times come with the observations.
 *
 *   unknown   --accept-->            clear        --block-->                blocked
 *   clear     --block-->             blocked      (regressed, within a week of having become clear)
 *   clear     --refusal-->           suspect      --second of three-->      blocked
 *                                                 --two accepts-->          clear
 *   blocked   --request-->           delist_requested    --a day late-->    overdue
 *   any of these three --accept-->   clearing     --block-->                blocked (a relapse)
 *                                                 --enough accepts-->       clear
 *   four changes between clear and blocked within 21 observations are flapping.
 *
 * One refusal that names a list is enough for blocked: asking again to be sure would be impolite. One
 * accept is never enough for clear, as mail exchangers of one provider learn of a delisting hours
 * apart. Sessions that told nothing change nothing: they only make the state older.
 */
#ifndef MX_WATCH_STATE_H
#define MX_WATCH_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"

enum mx_state {
	MX_STATE_UNKNOWN,
	MX_STATE_CLEAR,
	MX_STATE_SUSPECT,
	MX_STATE_BLOCKED,
	MX_STATE_DELIST_REQUESTED,
	MX_STATE_CLEARING,
	MX_STATE_OVERDUE,
	MX_STATE_FLAPPING,
	MX_STATE_COUNT
};
/** "unknown", "clear", ... as the contract has them. */
const char *mx_state_name(enum mx_state state);
/** The state of that name; UNKNOWN when there is none. */
enum mx_state mx_state_from_name(const char *name);

/** What a session showed of the pair. */
enum mx_observation_kind {
	MX_OBSERVED_NOTHING, /* no session, no reply, or not as deep as a block would show */
	MX_OBSERVED_ACCEPT, /* accepted where this provider shows its blocks */
	MX_OBSERVED_BLOCK, /* a refusal that names this address, its network or its name */
	MX_OBSERVED_REFUSAL,  /* refused for another or an unnamed reason */
	MX_OBSERVED_THROTTLE, /* not now: changes no state */
	MX_OBSERVATION_KINDS
};

struct mx_observation {
	enum mx_observation_kind kind;
	int64_t time_us;         /* wall clock */
	char host[MX_ADDR_TEXT]; /* the mail exchanger's address, without its port */
	unsigned
	    known_hosts; /* addresses that the provider is known to have; 0: not known */
};

/** What it takes. mx_state_rules_default() is design and practice; the configuration may change it. */
struct mx_state_rules {
	unsigned clear_accepts; /* for clear after a block: so many accepts, */
	unsigned clear_hosts; /* at so many addresses (or all, where there are fewer), */
	int64_t
	    clear_span_us; /* the first and the last so far apart, or a hundredth less */
	int64_t
	    suspect_gap_us; /* a second refusal counts when it comes this much later */
	int64_t
	    regress_us; /* a block so soon after clear is the old one; and so long may an
			       address that refused hold clear back without being seen again */
	int64_t expected_us; /* a request should be answered within */
	int64_t overdue_us;  /* so long after expected */
};
extern const struct mx_state_rules mx_state_rules_default;

#define MX_STATE_HOSTS 8      /* addresses remembered while clearing */
#define MX_STATE_RECENT 3     /* observations remembered while suspect */
#define MX_STATE_FLAP_SPAN 21 /* observations looked at for flapping */

/** All that is remembered of a pair; plain data, zero is a pair never seen. */
struct mx_pair_state {
	enum mx_state state; /* never FLAPPING: that is is_flapping */
	bool is_flapping;
	int64_t since_us;
	int64_t blocked_us;  /* when this episode's first block was seen; 0: none */
	int64_t cleared_us;  /* when it last became clear after a block; 0: never */
	int64_t expected_us; /* an answer to the request; 0: none asked */
	/* clearing */
	unsigned accepts, hosts;
	char host[MX_STATE_HOSTS][MX_ADDR_TEXT];
	int64_t first_accept_us;
	unsigned relapses;
	/* addresses that refused last: clear has to wait until each has accepted */
	unsigned holdouts;
	struct {
		char host[MX_ADDR_TEXT];
		int64_t time_us;
	} holdout[MX_STATE_HOSTS];
	/* suspect */
	unsigned refusals, reprieves;
	int64_t refused_us;
	char refused_host[MX_ADDR_TEXT];
	/* one bit an observation that told something, newest lowest: it changed between clear and
	 * blocked */
	uint32_t changes;
};

/** The word for it, FLAPPING included. */
enum mx_state mx_pair_state_shown(const struct mx_pair_state *pair);

/** What a step did; why is a sentence, or NULL when nothing changed. Caller frees why. */
struct mx_state_change {
	enum mx_state before, after; /* as shown */
	char *why;
};

/** One observation more. Pure but for *pair and *change. */
void mx_state_observe(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    const struct mx_observation *observation, struct mx_state_change *change);
/** The operator has asked to be taken off the list. From unknown and clear, too: he knows of a block
 *  that no session of ours has seen, and no accept may then be taken for clear at once. */
void mx_state_request(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    int64_t now_us, struct mx_state_change *change);
/** Time passes: a request becomes overdue. */
void mx_state_age(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    int64_t now_us, struct mx_state_change *change);

/** What is still missing for clear; all zero when clearing is over. */
struct mx_state_missing {
	unsigned accepts, hosts;
	unsigned holdouts; /* addresses that refused when they were last asked */
	int64_t span_us;   /* from now on; 0 when the span is over */
};
struct mx_state_missing mx_state_missing(const struct mx_state_rules *rules,
    const struct mx_pair_state *pair, unsigned known_hosts, int64_t now_us);

#endif
