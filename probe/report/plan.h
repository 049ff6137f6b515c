/*
 * plan.h - what a dry run says.
 * In:   a visit that was not made, and why it might not have been.   Out: a line.
 * Not:  no verdict: nobody was asked.
 */
#ifndef MX_REPORT_PLAN_H
#define MX_REPORT_PLAN_H

#include <stdio.h>

#include "probe/result.h"

/** "192.0.2.1 > mx.example.org [198.51.100.7]:25 up to RCPT TO: now". */
void mx_plan_line(FILE *out, const struct mx_result *visit, const char *why_not);
/** An object a line: schema mxprobe.plan/1. */
void mx_plan_json(FILE *out, const struct mx_result *visit, const char *why_not);

#endif
