/*
 * problem.h - which changes of state are worth a human, and how much.
 * In:   an event: from which state to which, and why.
 * Out:  problems that begin or end with it, each with a name, a word and a severity.
 * Not:  no text for people, no store.
 *
 * A problem is what Alertmanager calls an alert: it fires, and some day it is resolved. Requests and
 * first accepts are on the page for who follows them; nobody is called for those.
 */
#ifndef MX_WATCH_ALERT_PROBLEM_H
#define MX_WATCH_ALERT_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/config/config.h"
#include "probe/store/pairs.h"

enum mx_problem {
	MX_PROBLEM_BLOCKED,
	MX_PROBLEM_OVERDUE,
	MX_PROBLEM_FLAPPING,
	MX_PROBLEM_SUSPECT,
	MX_PROBLEM_COUNT
};

/** What an event does to one problem. */
struct mx_turn {
	enum mx_problem problem;
	bool is_firing;   /* else resolved */
	const char *kind; /* "blocked", "regressed", "recovered", ... */
	enum mx_config_severity severity;
};

/** "MxprobeBlocked". */
const char *mx_problem_name(enum mx_problem problem);
/** Worst first. How many there are. */
size_t mx_problem_turns(
    const struct mx_store_event *event, struct mx_turn turns[MX_PROBLEM_COUNT]);

/** When the problem began, from the pair's events in their order: feed each of them up to the one that
 *  is told of, then look at since_us. Zero-initialised but for problem. */
struct mx_problem_history {
	enum mx_problem problem;
	int64_t since_us; /* 0: it is not there */
	bool is_over;
};
void mx_problem_note(
    struct mx_problem_history *history, const struct mx_store_event *event);

#endif
