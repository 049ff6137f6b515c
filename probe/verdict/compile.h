/*
 * compile.h - one row of a rule file made ready to run; private to verdict/.
 * In:   a row, the catalogue it refers to.   Out: a struct mx_rule.
 * Not:  no file is read here.
 */
#ifndef MX_VERDICT_COMPILE_H
#define MX_VERDICT_COMPILE_H

#include "probe/verdict/ruleset.h"
#include "probe/verdict/sieve.h"

/** On failure MX_ERR_CONFIG with file, line and field; clear *out in either case. A pattern that
 *  the sieve knows has been checked when that was woven and is compiled when first needed; sieve
 *  may be NULL. */
enum mx_err mx_rule_compile(const struct mx_catalogue *catalogue,
    const struct mx_sieve *sieve, const char *path, const struct mx_rule_row *row,
    struct mx_rule *out, struct mx_error *err) __attribute__((warn_unused_result));
void mx_rule_clear(struct mx_rule *rule);

#endif
