/*
 * about.h - whom a refusal is about: identity beats wording.
 * In:   the reply's words, the evidence that won, and who we were.
 * Out:  about, the listed value, and the category corrected by them.
 * Not:  no weighing.
 */
#ifndef MX_VERDICT_ABOUT_H
#define MX_VERDICT_ABOUT_H

#include "probe/verdict/ruleset.h"

struct mx_subject {
	const char *about;  /* NULL: not known */
	char *listed_value; /* own, NULL when the reply names none */
	const struct mx_category *category;
};

/** The address we bound, or the one it is declared to be seen as. */
bool mx_about_is_ours(const struct mx_identity *identity, const struct mx_addr *addr);

/** winner may be NULL (unknown). Caller frees out->listed_value. */
void mx_about_decide(const struct mx_rules *rules, const struct mx_identity *identity,
    const struct mx_normal *normal, const struct mx_evidence *winner,
    struct mx_subject *out);

#endif
