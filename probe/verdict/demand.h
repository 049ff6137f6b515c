/*
 * demand.h - what a text must hold for a pattern to hit; private to verdict/.
 * In:   a pattern's text.
 * Out:  words, some of which stand in every text that the pattern hits.
 * Not:  no matching, no choice among the words: sieve.c asks for the rarest.
 *
 * "\b(?:ip|host) .{0,9}(?:blocked|banned)" asks for "ip " or "host ", and for "blocked" or
 * "banned". Words are in lower case, and say where a \b stood at their ends.
 */
#ifndef MX_VERDICT_DEMAND_H
#define MX_VERDICT_DEMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/verdict/words.h"

/** One way to hit: of each set one word, in this order. */
struct mx_way {
	struct mx_words *sets;
	size_t count;
	bool starts; /* a hit begins where a word of the first set begins */
	bool begins; /* a hit begins where the text does */
};

/** The ways of a pattern: what stands between its outermost bars. */
struct mx_demand {
	struct mx_way *ways;
	size_t count;
};

/** False, and nothing to clear, when some way asks for no word, or when the pattern has syntax
 *  that is not known here. */
bool mx_demand_read(const char *pattern, struct mx_demand *out);
void mx_demand_clear(struct mx_demand *demand);

#endif
