/*
 * matcher.h - which rules and lists are worth asking about a text; private to verdict/.
 * In:   a rule set, then one text after the other.
 * Out:  candidates: whatever is no candidate does not hit.
 * Not:  no evidence: match.c asks the candidates.
 *
 * The candidates of a text stand in the matcher until it reads the next one. A rule set has one
 * matcher, with the sieve's and PCRE2's working memory: one rule set, one thread at a time.
 */
#ifndef MX_VERDICT_MATCHER_H
#define MX_VERDICT_MATCHER_H

#include "probe/verdict/pattern.h"
#include "probe/verdict/ruleset.h"
#include "probe/verdict/sieve.h"

enum mx_matching {
	/* a saved sieve; without one it is woven when so many texts were read that it pays */
	MX_MATCHING_AUTO,
	MX_MATCHING_LOOP, /* try every pattern: the reference that the sieve is held against */
	MX_MATCHING_SIEVE /* woven now, if there can be one */
};

/** saved: what mx_sieve_load gave, may be NULL; owned by the matcher now. Takes part in
 *  mx_rules_load, when rules, needles and delay are there. */
struct mx_matcher *mx_matcher_new(const struct mx_rules *rules, struct mx_sieve *saved);
void mx_matcher_free(struct mx_matcher *matcher);
/** Answers are the same whichever way. False when there can be no sieve. */
bool mx_matcher_choose(const struct mx_rules *rules, enum mx_matching matching);
/** NULL when every pattern is tried. */
const struct mx_sieve *mx_matcher_sieve(const struct mx_rules *rules);

void mx_matcher_read(const struct mx_rules *rules, const struct mx_normal *normal);
/** Rules whose codes don't allow for the reply's are candidates no longer. */
void mx_matcher_admit(
    const struct mx_rules *rules, int code, const struct mx_enhanced *enhanced);
/** The first candidate from this index on; the count of all when there is none left. */
size_t mx_matcher_rule(const struct mx_rules *rules, size_t from);
/** Of a rule's patterns the first from this index on that may hit; the count of all when there is
 *  none left. */
unsigned mx_matcher_pattern(const struct mx_rules *rules, size_t rule, unsigned from);
size_t mx_matcher_needle(const struct mx_rules *rules, size_t from);
/** Does the pattern hit the text that was read? If so the runner tells where. */
bool mx_matcher_hits(const struct mx_rules *rules, struct mx_pattern *pattern,
    const struct mx_normal *normal);
/** Offsets of the last hit. */
struct mx_runner *mx_matcher_runner(const struct mx_rules *rules);

#endif
