/*
 * delay.h - "try again in 5 minutes".
 * In:   a reply's folded text.   Out: seconds, or -1.
 * Not:  no guess where no time is said.
 */
#ifndef MX_VERDICT_DELAY_H
#define MX_VERDICT_DELAY_H

#include "probe/verdict/ruleset.h"

/** Compiled once per rule set. */
pcre2_code *mx_delay_pattern(void);
long mx_delay_find(const struct mx_rules *rules, const struct mx_normal *normal);

#endif
