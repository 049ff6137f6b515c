/*
 * delay.h - "try again in 5 minutes".
 * In:   a reply's folded text.   Out: seconds, or -1.
 * Not:  no guess where no time is said.
 */
#ifndef MX_VERDICT_DELAY_H
#define MX_VERDICT_DELAY_H

#include "probe/verdict/ruleset.h"

/** The rule set's own pattern; free it with mx_pattern_clear and free. */
struct mx_pattern *mx_delay_pattern(void);
/** In the text that the matcher has read. */
long mx_delay_find(const struct mx_rules *rules, const struct mx_normal *normal);

#endif
