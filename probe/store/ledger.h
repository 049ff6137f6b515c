/*
 * ledger.h - the politeness ledger: who may start a session where, and when.
 * In:   a source and a provider group, before the connect.   Out: leave, or the time to ask again.
 * Not:  no waiting, no words for people. What a run does with a refusal is run/'s business.
 *
 * A session is written down before its connect, in the same transaction that looked whether it may
 * be; so any number of processes on one store keep the floors together, and a process that is
 * killed has been counted. Spans are measured on the boot's own clock, which nobody can set; across
 * boots on the wall clock, and never longer than the floor itself.
 */
#ifndef MX_STORE_LEDGER_H
#define MX_STORE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/store/store.h"

/** Spans in microseconds. mx_ledger_floors_default are the floors of mxprobe-check(1), "POLITENESS". */
struct mx_ledger_floors {
	int64_t pair_us; /* between the starts of two sessions of a source at a group */
	int64_t blocked_us;   /* after a block, instead */
	int64_t throttled_us; /* after a throttle, instead; doubled each time up to */
	int64_t throttled_most_us;
	int64_t every_us; /* between two visits of every address of a group */
	unsigned group_at_once, group_a_minute;
	int64_t network_us; /* between sessions from one /24 (IPv6: /64) at a group */
};
extern const struct mx_ledger_floors mx_ledger_floors_default;

enum mx_ledger_kind {
	MX_LEDGER_VISIT, /* one session at one address, or its next address after a failed connect */
	MX_LEDGER_EVERY, /* --mx all: several sessions, one after another, are one visit */
	MX_LEDGER_STEP, /* a step of a delist case: the ladder stands in for the hold after a block */
	MX_LEDGER_MESSAGE /* deliver: source is "deliver", the group is the mailbox */
};

/** Strings copied. */
struct mx_ledger_key {
	const char *source, *group;
	const char *network; /* mx_addr_network() of the source, as text */
	enum mx_ledger_kind kind;
	bool is_exempt; /* own destinations and loopback: only one at a time */
};

enum mx_ledger_why {
	MX_LEDGER_GRANTED,
	MX_LEDGER_UNDER_WAY,  /* a session of this pair is not over yet */
	MX_LEDGER_PAIR,       /* too soon after the last one */
	MX_LEDGER_BLOCKED,    /* which was refused as blocked */
	MX_LEDGER_THROTTLED,  /* which was throttled */
	MX_LEDGER_EVERY_HOST, /* too soon for every address again */
	MX_LEDGER_GROUP_BUSY, /* others have sessions there */
	MX_LEDGER_GROUP_RATE,
	MX_LEDGER_NETWORK
};

struct mx_ledger_answer {
	enum mx_ledger_why why;
	int64_t id; /* when granted: for mx_ledger_end */
	int64_t
	    until_us; /* else, wall clock: ask again then; 0: when another session has ended */
	int64_t floor_us; /* the span that stands in the way; 0: none */
};

/** Claim a session. done comes once (store.h): err NULL and an answer, or why the ledger could not be
 *  written, and then there must be no session. */
void mx_ledger_claim(struct mx_store *store, const struct mx_ledger_key *key,
    const struct mx_ledger_floors *floors,
    void (*done)(
	void *arg, const struct mx_ledger_answer *answer, const struct mx_error *err),
    void *arg);
/** As a claim, but nothing is written: what a dry run shows. */
enum mx_err mx_ledger_look(struct mx_store *store, const struct mx_ledger_key *key,
    const struct mx_ledger_floors *floors, struct mx_ledger_answer *answer,
    struct mx_error *err) __attribute__((warn_unused_result));

/** The session is over; outcome is its verdict's word, which decides how long the pair is held.
 *  Without this call (the process died) it counts as aborted. */
void mx_ledger_end(struct mx_store *store, int64_t id, const char *outcome,
    const struct mx_ledger_floors *floors,
    void (*done)(void *arg, const struct mx_error *err), void *arg);
/** Nothing came of it that anybody could have noticed: as if it had never been claimed. */
void mx_ledger_forget(struct mx_store *store, int64_t id);

#endif
