/*
 * preflights.h - one preflight a source, so many at once that no resolver is flooded.
 * In:   what all of them share; then one source after another.   Out: each result once.
 * Not:  no order among the results, no output.
 */
#ifndef MX_IDENTITY_PREFLIGHTS_H
#define MX_IDENTITY_PREFLIGHTS_H

#include "probe/identity/preflight.h"

struct mx_preflights_params {
	/* For each: source, helo and fcrdns are not read. Copied; what it points to is borrowed. */
	struct mx_preflight_params common;
	/* The timeout is for all together, from now on, rather than for each from its start. */
	bool one_deadline;
	size_t at_once; /* 0: 64, some 500 questions under way */
	/** From the loop, never from inside mx_preflights_add(). The result is handed over. */
	void (*done)(void *arg, size_t index, struct mx_preflight *preflight);
	void *arg;
};

/** One source; fcrdns and helo (both may be NULL) are borrowed until it is done. */
struct mx_preflight_subject {
	struct mx_addr source;
	const char *helo;
	const struct mx_fcrdns *fcrdns;
};

struct mx_preflights;
struct mx_preflights *mx_preflights_new(const struct mx_preflights_params *params);
/** Starts it now, or when another is done. index is handed to done. */
void mx_preflights_add(
    struct mx_preflights *all, size_t index, const struct mx_preflight_subject *subject);
/** What is under way is cancelled. NULL is taken. Not from inside done. */
void mx_preflights_free(struct mx_preflights *all);

#endif
