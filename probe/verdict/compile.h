/*
 * compile.h - one row of a rule file made ready to run; private to verdict/.
 * In:   a row, the catalogue it refers to.   Out: a struct mx_rule.
 * Not:  no file is read here.
 */
#ifndef MX_VERDICT_COMPILE_H
#define MX_VERDICT_COMPILE_H

#include "probe/verdict/ruleset.h"

/** On failure MX_ERR_CONFIG with file, line and field; clear *out in either case. */
enum mx_err mx_rule_compile(const struct mx_catalogue *catalogue, const char *path,
    const struct mx_rule_row *row, struct mx_rule *out, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_rule_clear(struct mx_rule *rule);

/** A pattern of our own or of a rule: bytes, any case, only named groups capture. NULL with
 *  PCRE2's words in message (size bytes) when it does not compile or would match nothing at
 *  all. */
pcre2_code *mx_pattern_compile(const char *pattern, char *message, size_t size);

#endif
