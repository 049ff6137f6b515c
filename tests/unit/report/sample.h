/*
 * sample.h - results made by hand, one for each verdict, and a catalogue-free look at writers.
 * In:   a name from the table in sample.c.   Out: a result that nobody had to probe for.
 * Not:  no file of taxonomy/ is read: golden outputs must not change with the knowledge.
 */
#ifndef MX_TESTS_UNIT_REPORT_SAMPLE_H
#define MX_TESTS_UNIT_REPORT_SAMPLE_H

#include "probe/report/report.h"

/** One result per verdict, worst first, then one full of hostile bytes. */
#define SAMPLE_COUNT (MX_V_COUNT + 1)
#define SAMPLE_HOSTILE MX_V_COUNT

/** Caller frees with mx_result_free. */
struct mx_result *sample_result(size_t index);
/** The accepted one at a provider that decides after DATA. */
struct mx_result *sample_blind(void);

/** What a writer prints for results (borrowed) with these options. Caller frees. */
char *sample_print(const char *format, const struct mx_report_options *options,
    struct mx_result *const *results, size_t count);

#endif
