/*
 * finding_json.h - a finding as JSON: the same keys in `check` and in `classify`.
 * In:   one finding.   Out: its members, into an object that is open.
 * Not:  no object around them: classify puts id and text in front.
 */
#ifndef MX_REPORT_FINDING_JSON_H
#define MX_REPORT_FINDING_JSON_H

#include "probe/report/json_out.h"
#include "probe/verdict/finding.h"

/** stage, code and enhanced code: what stands before the text in a result; a stage that nobody
 *  knows is null. */
void mx_finding_json_head(struct mx_json_out *out, const struct mx_finding *finding);
/** All the others, but the text. */
void mx_finding_json_tail(struct mx_json_out *out, const struct mx_finding *finding);

/** A reply code and an enhanced code; null when there is none. */
void mx_code_json(struct mx_json_out *out, const char *key, int code);
void mx_enhanced_json(
    struct mx_json_out *out, const char *key, const struct mx_enhanced *code);

#endif
