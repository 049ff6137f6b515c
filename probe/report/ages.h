/*
 * ages.h - points of time and spans as people say them.
 * In:   microseconds of the wall clock.   Out: "3 d", "2026-11-21 06:00 UTC".
 * Not:  no clock is read; RFC 3339 for programs is base/clock.h's.
 */
#ifndef MX_REPORT_AGES_H
#define MX_REPORT_AGES_H

#include <stdint.h>

#include "probe/catalogue/catalogue.h"

#define MX_AGE_TEXT 48

/** "now", "45 min", "7 h", "3 d": one number, rounded down; what lies ahead is "now". out holds
 *  MX_AGE_TEXT bytes, as below. */
const char *mx_age_text(int64_t span_us, char *out);
/** The same in that language: "3日". */
const char *mx_age_in(int64_t span_us, enum mx_lang lang, char *out);
/** "2026-11-21 06:00 UTC". */
const char *mx_time_utc(int64_t wall_us, char *out);
/** "2026-11-21 15:00 JST": as TZ has it. */
const char *mx_time_local(int64_t wall_us, char *out);
/** Of that moment here: "+09:00". */
const char *mx_time_offset(int64_t wall_us, char *out);

#endif
