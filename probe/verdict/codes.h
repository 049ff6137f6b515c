/*
 * codes.h - patterns over reply and enhanced codes: "421", "5xx", "5.7.606-649", "x.1.1".
 * In:   the text of a rule's codes.   Out: does this reply match?
 * Not:  no meaning of any code.
 */
#ifndef MX_VERDICT_CODES_H
#define MX_VERDICT_CODES_H

#include <stdbool.h>

#include "probe/enhanced.h"

/** Inclusive ranges; a reply code uses low/high, an enhanced code all three pairs. */
struct mx_code_pattern {
	bool enhanced;
	unsigned low[3], high[3];
};

/** False when the text is no such pattern. */
bool mx_code_pattern_parse(const char *text, struct mx_code_pattern *out);
/** enhanced with class 0 matches no enhanced pattern. */
bool mx_code_pattern_matches(
    const struct mx_code_pattern *pattern, int code, const struct mx_enhanced *enhanced);

#endif
