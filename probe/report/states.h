/*
 * states.h - the source x provider matrix of what is remembered, for people and for programs.
 * In:   one row a pair, aged by whoever adds it.   Out: a matrix, a list or lines of JSON.
 * Not:  no store is read, no state follows from anything here.
 */
#ifndef MX_REPORT_STATES_H
#define MX_REPORT_STATES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "probe/report/report.h"

/** Strings copied; NULL where nothing is known. */
struct mx_state_row {
	const char *source, *group;
	const char *provider, *destination;
	const char *state; /* the word */
	int64_t since_us;
	int64_t last_us; /* the last session; 0: none */
	const char *last_result, *last_verdict;
	int64_t learned_us; /* the last session that told something; 0: none */
	int64_t addresses, accepting;
	const char
	    *delivery; /* the newest test message there, as JSON (mxprobe-deliver(1)) */
	bool is_stale; /* nothing has been learned for long: the state is what it was */
};

struct mx_states;

/** stream and options are borrowed. now_us is what ages are counted to. */
struct mx_states *mx_states_new(
    FILE *stream, const struct mx_report_options *options, int64_t now_us);
void mx_states_add(struct mx_states *states, const struct mx_state_row *row);
/** A matrix where it fits the width, else a line a pair. */
void mx_states_print(const struct mx_states *states);
/** One object a line, "mxprobe.status/1". */
void mx_states_json(const struct mx_states *states);
void mx_states_free(struct mx_states *states);

/** How a state looks on a terminal (SGR parameters); "" for a word that is none. */
const char *mx_state_color(const char *state);

#endif
