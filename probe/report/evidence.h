/*
 * evidence.h - what stands under a row of the table: the reply that decided, and what it
 *     means.
 * In:   one result.
 * Out:  indented lines.
 * Not:  no columns (table.c), no advice (advice.h).
 */
#ifndef MX_REPORT_EVIDENCE_H
#define MX_REPORT_EVIDENCE_H

#include "probe/report/report.h"

/** The column where evidence begins: behind the verdicts. */
#define MX_EVIDENCE_INDENT 13

/** Whole lines within options->width; "" with options->quiet. Caller frees. */
char *mx_evidence_text(
    const struct mx_result *result, const struct mx_report_options *options);

#endif
