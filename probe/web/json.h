/*
 * json.h - answers in JSON, put together in memory.
 * In:   what report/json_out.h writes.   Out: an answer.
 * Not:  no keys are known here but those of a pair.
 */
#ifndef MX_WEB_JSON_H
#define MX_WEB_JSON_H

#include "probe/report/json_text.h"
#include "probe/store/cases.h"
#include "probe/store/pairs.h"
#include "probe/web/model.h"
#include "probe/web/request.h"

/** An object is open (report/json_text.h: drop it, take it, or answer with it). schema may be NULL. */
void mx_web_json_begin(struct mx_json_text *json, const char *schema);
/** The object is closed and given; the request is over. */
void mx_web_json_answer(
    struct mx_json_text *json, struct mx_web_request *request, int status);

/** Members of a pair, into an object that is open. */
void mx_json_pair(struct mx_json_out *out, const struct mx_model_pair *pair);
/** An event of the store. */
void mx_json_event(struct mx_json_out *out, const struct mx_store_event *event);
/** A delisting request. */
void mx_json_case(struct mx_json_out *out, const struct mx_store_case *one);

#endif
