/* json.c - the shapes that several answers share. */
#include "probe/web/json.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/report/finding_json.h"

void
mx_web_json_begin(struct mx_json_text *json, const char *schema)
{
	mx_json_text_begin(json);
	if (schema != NULL)
		mx_json_string(&json->out, "schema", schema);
}

void
mx_web_json_answer(struct mx_json_text *json, struct mx_web_request *request, int status)
{
	mx_json_text_end(json);
	mx_web_answer_taken(request, status, "application/json", json->text, json->len);
}

/* ---- a pair ----------------------------------------------------------------------------------- */

static void
put_reply(struct mx_json_out *out, const struct mx_model_reply *reply)
{
	if (reply->stage == NULL) {
		mx_json_null(out, "reply");
		return;
	}
	mx_json_open(out, "reply", '{');
	mx_json_string(out, "stage", reply->stage);
	mx_code_json(out, "code", (int)reply->code);
	mx_json_string(out, "enhanced", reply->enhanced);
	mx_json_string(out, "text", reply->text);
	mx_json_string(out, "category", reply->category);
	mx_json_string(out, "list", reply->list);
	mx_json_string(out, "provider_code", reply->provider_code);
	mx_json_string(out, "delist_url", reply->delist_url);
	mx_json_string(out, "rule", reply->rule);
	mx_json_string(out, "remedy", reply->remedy);
	mx_json_close(out, '}');
}

static void
put_plan(struct mx_json_out *out, const struct mx_model_pair *pair)
{
	mx_json_boolean(out, "watched", pair->is_watched);
	mx_json_boolean(out, "running", pair->is_running);
	mx_json_boolean(out, "late", pair->is_late);
	mx_json_time(out, "next", pair->next_us);
	mx_json_integer(out, "interval_s", pair->interval_us / MX_SECOND_US);
	if (pair->step >= 0)
		mx_json_integer(out, "step", pair->step);
	else
		mx_json_null(out, "step");
	mx_json_string(out, "why_not", pair->why_not);
}

void
mx_json_pair(struct mx_json_out *out, const struct mx_model_pair *pair)
{
	mx_json_string(out, "source", pair->source);
	mx_json_string(out, "group", pair->group);
	mx_json_string(out, "provider", pair->provider);
	mx_json_string(out, "destination", pair->destination);
	mx_json_string(out, "state", pair->state);
	mx_json_time(out, "since", pair->since_us);
	mx_json_boolean(out, "stale", pair->is_stale);
	mx_json_time(out, "last", pair->last_us);
	mx_json_time(out, "learned", pair->learned_us);
	mx_json_string(out, "verdict", pair->last_verdict);
	mx_json_string(out, "result", pair->last_result);
	mx_json_string(out, "mx_host", pair->reply.mx_host);
	mx_json_string(out, "address", pair->reply.address);
	mx_json_string(out, "depth", pair->reply.depth);
	mx_json_string(out, "reached", pair->reply.reached);
	mx_json_string(out, "note", pair->reply.note);
	put_reply(out, &pair->reply);
	mx_json_integer(out, "addresses", pair->hops);
	mx_json_integer(out, "accepting", pair->accepting);
	put_plan(out, pair);
}

/* ---- what the store has ----------------------------------------------------------------------- */

void
mx_json_event(struct mx_json_out *out, const struct mx_store_event *event)
{
	mx_json_integer(out, "id", event->id);
	mx_json_time(out, "time", event->time_us);
	mx_json_string(out, "source", event->source);
	mx_json_string(out, "group", event->group);
	mx_json_string(out, "provider", event->provider);
	mx_json_string(out, "old", event->old_state);
	mx_json_string(out, "state", event->new_state);
	mx_json_string(out, "why", event->why);
	mx_json_string(out, "result", event->result);
}

void
mx_json_case(struct mx_json_out *out, const struct mx_store_case *one)
{
	mx_json_integer(out, "id", one->id);
	mx_json_string(out, "source", one->source);
	mx_json_string(out, "group", one->group);
	mx_json_string(out, "ticket", one->ticket);
	mx_json_string(out, "outcome", one->outcome);
	mx_json_time(out, "opened", one->opened_us);
	mx_json_time(out, "expected", one->expected_us);
	mx_json_time(out, "cleared", one->cleared_us);
	mx_json_time(out, "closed", one->closed_us);
	mx_json_integer(out, "steps", one->step);
	mx_json_string(out, "note", one->note);
}
