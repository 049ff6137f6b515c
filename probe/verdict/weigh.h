/*
 * weigh.h - many pieces of evidence to one category, and how sure that is; private to
 *           verdict/.
 * In:   an evidence set.
 * Out:  the piece that decides, its confidence, the other candidates.
 * Not:  no text, no identity: those speak before (match.c) and after (classify.c).
 */
#ifndef MX_VERDICT_WEIGH_H
#define MX_VERDICT_WEIGH_H

#include "probe/verdict/ruleset.h"

struct mx_weighed {
	bool is_decided; /* else nothing spoke loud enough, say "unknown" */
	struct mx_evidence winner;
	double confidence; /* 0..1; 0 without a winner */
	bool query_error;
	struct mx_candidate candidates[MX_CANDIDATES];
	size_t candidate_count;
};

void mx_weigh(const struct mx_evidence_set *set, struct mx_weighed *out);

#endif
