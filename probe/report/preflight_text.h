/*
 * preflight_text.h - the rows of a preflight for people.
 * In:   struct mx_preflight.   Out: lines; remote bytes escaped, long records shortened.
 * Not:  no JSON (preflight_json.h), which has everything whole.
 */
#ifndef MX_REPORT_PREFLIGHT_TEXT_H
#define MX_REPORT_PREFLIGHT_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "probe/identity/preflight.h"
#include "probe/report/report.h"

enum mx_preflight_part {
	MX_PREFLIGHT_ALL,     /* each row with what to change */
	MX_PREFLIGHT_TROUBLE, /* those that warn or fail, with what to change */
	MX_PREFLIGHT_BRIEF    /* those that warn or fail, with what was found */
};
/** A headline with who is meant, then a row each. The blocklists that list nothing share one row. */
void mx_preflight_print(FILE *out, const struct mx_preflight *preflight,
    const struct mx_report_options *options, enum mx_preflight_part part);

/** "fail: ptr, spf_mail_from; warn: spf_helo"; NULL when nothing warns or fails. Caller frees. */
char *mx_preflight_summary(const struct mx_preflight *preflight);

#endif
