/*
 * preflight_report.h - preflights as a table, as JSON lines or for Nagios, and the exit status.
 * In:   one preflight after another.   Out: bytes on a stream.
 * Not:  no lookup; remote bytes are escaped here.
 */
#ifndef MX_REPORT_PREFLIGHT_REPORT_H
#define MX_REPORT_PREFLIGHT_REPORT_H

#include <stddef.h>

#include "probe/identity/preflight.h"
#include "probe/report/report.h"

struct mx_preflight_report;

/** "table", "json" or "nagios"; NULL and MX_ERR_USAGE for any other. stream is borrowed. */
struct mx_preflight_report *mx_preflight_report_new(const char *format, FILE *stream,
    const struct mx_report_options *options, struct mx_error *err);
/** Borrowed. JSON and table print at once. */
void mx_preflight_report_add(
    struct mx_preflight_report *report, const struct mx_preflight *preflight);
/** MX_ERR_SYSTEM when the stream took not everything. */
enum mx_err mx_preflight_report_finish(struct mx_preflight_report *report,
    struct mx_error *err) __attribute__((warn_unused_result));
/** mxprobe-preflight(1): 1 a fail, 2 a warning, 3 something unknown, 0 all pass; for Nagios 2, 1, 3
 *  and 0. */
int mx_preflight_report_status(const struct mx_preflight_report *report);
void mx_preflight_report_free(struct mx_preflight_report *report);

#endif
