/*
 * rules.h - the rule set of taxonomy/rules/, compiled.
 * In:   YAML rule files and the catalogue they refer to.   Out: the rules that hit a text.
 * Not:  no decision between hits (classify.h).
 */
#ifndef MX_VERDICT_RULES_H
#define MX_VERDICT_RULES_H

#include "probe/base/err.h"
#include "probe/catalogue/catalogue.h"

struct mx_rules;

/** Load and compile DIR/rules (each .yaml, in name order). On failure NULL and an error naming
 *  file, line and field. Every category, list, provider and remedy a rule names must exist. The
 *  catalogue must outlive the rules. */
struct mx_rules *mx_rules_load(
    const struct mx_catalogue *catalogue, struct mx_error *err);
void mx_rules_free(struct mx_rules *rules);

/** Run each rule's positive and negative samples; failures are described in *report (caller
 *  frees; NULL when all hold). Returns how many samples failed; *ran counts them all. */
size_t mx_rules_test(const struct mx_rules *rules, size_t *ran, char **report);

#endif
