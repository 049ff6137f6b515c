/*
 * duration.h - spans of time as people write them: "30m", "4h", "90d".
 * In:   a whole number and one unit (s, m, h, d).   Out: microseconds.
 * Not:  no fractions, no sums ("1h30m" is "90m"), no months: those have no one length.
 */
#ifndef MX_BASE_DURATION_H
#define MX_BASE_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#define MX_DURATION_TEXT 32

/** False, and *us untouched, for anything else and for more than 100 years. "0s" is a span. */
bool mx_duration_parse(const char *text, int64_t *us);
/** In the largest unit that leaves no fraction of a second: "90m", "4h". us is not negative, and
 *  cut to whole seconds. Returns out. */
const char *mx_duration_text(int64_t us, char out[MX_DURATION_TEXT]);

#endif
