/*
 * json_text.h - an object of JSON written in memory.
 * In:   members (json_out.h).   Out: one line of text.
 * Not:  no stream of the caller's, nothing is parsed.
 */
#ifndef MX_REPORT_JSON_TEXT_H
#define MX_REPORT_JSON_TEXT_H

#include "probe/report/json_out.h"

struct mx_json_text {
	struct mx_json_out out;
	char *text; /* once it has ended: the line with its end; own */
	size_t len;
};

/** The object is open. End it, take it or drop it. */
void mx_json_text_begin(struct mx_json_text *json);
/** It is closed; text and len hold. */
void mx_json_text_end(struct mx_json_text *json);
/** It is closed; the line without its end. Caller frees. */
char *mx_json_text_take(struct mx_json_text *json);
/** Not wanted after all. */
void mx_json_text_drop(struct mx_json_text *json);

#endif
