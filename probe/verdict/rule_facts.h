/*
 * rule_facts.h - what may be told about a rule, and whether the rules hold together.
 * In:   compiled rules.   Out: plain facts for listing; the faults that samples uncover.
 * Not:  no pattern leaves verdict/.
 */
#ifndef MX_VERDICT_RULE_FACTS_H
#define MX_VERDICT_RULE_FACTS_H

#include "probe/verdict/finding.h"
#include "probe/verdict/rules.h"

/** All borrowed from the rules; NULL where the rule does not say. */
struct mx_rule_facts {
	const char *id, *category, *provider, *list, *provider_code, *remedy, *source;
	const char *path;                              /* of its file */
	const char *const *positive, *const *negative; /* samples */
	size_t positive_count, negative_count;
};

/** Rules are in the order of their ids. */
size_t mx_rules_count(const struct mx_rules *rules);
void mx_rules_facts(
    const struct mx_rules *rules, size_t index, struct mx_rule_facts *out);

/** What is wrong with a rule or a row of lists.yaml. */
enum mx_rule_fault {
	MX_RULE_DEAD,       /* hits none of its own samples, or has none */
	MX_RULE_OVERLAPPED, /* a sample of its is decided by a rule of another category */
	MX_RULE_SHADOWED,   /* other rules decide every one of its samples */
	MX_RULE_LIST_UNTESTED, /* a list that no reply naming it leads to */
	/* Others decide every one of its samples but say all that it says: no fault, a remark. */
	MX_RULE_SECONDED,
	MX_RULE_FAULTS
};
const char *mx_rule_fault_name(enum mx_rule_fault fault);

/** Calls fault for each; id is the rule's or "list.ID". Returns how many there were, remarks not
 *  counted. */
size_t mx_rules_inspect(const struct mx_rules *rules,
    void (*fault)(void *arg, enum mx_rule_fault fault, const char *id, const char *what),
    void *arg);

/** Classify a reply as a person writes it ("rcpt: 550 5.1.1 No such user"), as if the provider with
 *  that id had said it (NULL: nobody in particular). False when it begins with no code. */
bool mx_rules_classify_sample(const struct mx_rules *rules, const char *provider,
    const char *sample, struct mx_finding *out);

#endif
