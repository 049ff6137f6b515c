/*
 * preflight_json.h - a preflight as JSON, alone and as a result's "identity".
 * In:   struct mx_preflight.   Out: the object of doc/preflight.schema.json.
 * Not:  no line end: the caller's object may go on.
 */
#ifndef MX_REPORT_PREFLIGHT_JSON_H
#define MX_REPORT_PREFLIGHT_JSON_H

#include "probe/identity/preflight.h"
#include "probe/report/json_out.h"

/** preflight NULL is null. */
void mx_preflight_json(
    struct mx_json_out *out, const char *key, const struct mx_preflight *preflight);

#endif
