/* api_store.c - /api/v1/history, transcript, events, deliveries: a bounded piece of the store each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/report/history_rows.h"
#include "probe/store/deliveries.h"
#include "probe/store/history.h"
#include "probe/web/handlers.h"
#include "probe/web/json.h"

#define ROWS_MOST 1000L
#define ROWS_USUAL 100L

static void
fail(
    struct mx_json_text *json, struct mx_web_request *request, const struct mx_error *err)
{
	mx_json_text_drop(json);
	mx_web_refuse(request, 500, "%s", err->text);
}

/* The group that the model knows by that word, else the word itself. NULL stays. */
static const char *
group_of(struct mx_web_request *request, const char *source, const char *whom)
{
	const struct mx_model_pair *pair =
	    source != NULL && whom != NULL
		? mx_model_find(mx_model_look(request->web->model), source, whom)
		: NULL;

	return pair != NULL ? pair->group : whom;
}

/* ---- history ---------------------------------------------------------------------------------- */

/* As `mxprobe history --format json` has it, without the end of the line. */
static bool
put_result(void *arg, const struct mx_store_result *row)
{
	struct mx_json_out *out = arg;
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);

	if (stream == NULL)
		mx_out_of_memory();
	mx_history_json(stream, row);
	if (fclose(stream) != 0)
		mx_out_of_memory();
	text[strcspn(text, "\n")] = '\0';
	mx_json_raw(out, NULL, text);
	free(text);
	return true;
}

void
mx_api_history(struct mx_web_request *request)
{
	const char *source = mx_web_query(request, "source");
	struct mx_store_span span = {
		.source = source,
		.group = group_of(request, source, mx_web_query(request, "provider")),
	};
	struct mx_error err = { 0 };
	struct mx_json_text json;
	long limit = ROWS_USUAL;

	if (!mx_web_query_number(request, "limit", 1, ROWS_MOST, &limit) ||
	    !mx_web_query_time(request, "since", &span.since_us) ||
	    !mx_web_query_time(request, "until", &span.until_us)) {
		mx_web_refuse(request, 400,
		    "limit is a number from 1 to %ld; since and until are times such as "
		    "2026-11-21T21:00:00Z, or Unix seconds",
		    ROWS_MOST);
		return;
	}
	span.newest = limit;
	mx_web_json_begin(&json, "mxprobe.results/1");
	mx_json_open(&json.out, "results", '[');
	if (mx_store_history(request->web->params.store, &span, put_result, &json.out,
		&err) != MX_OK) {
		fail(&json, request, &err);
		return;
	}
	mx_json_close(&json.out, ']');
	mx_web_json_answer(&json, request, 200);
}

/* ---- one result ------------------------------------------------------------------------------- */

static bool
note_row(void *arg, const struct mx_store_result *row)
{
	bool *is_there = arg;

	(void)row;
	*is_there = true;
	return false;
}

void
mx_api_transcript(struct mx_web_request *request)
{
	const char *id = mx_web_query(request, "id");
	struct mx_store *store = request->web->params.store;
	struct mx_error err = { 0 };
	bool is_there = false;
	char *text;

	if (id == NULL) {
		mx_web_refuse(request, 400, "id= is missing: that of a result");
		return;
	}
	text = mx_store_evidence(store, id, &err);
	if (text != NULL)
		mx_web_answer_taken(request, 200, "application/json", text, strlen(text));
	else if (err.code != MX_OK ||
		 mx_store_find(store, id, note_row, &is_there, &err) != MX_OK)
		mx_web_refuse(request, 500, "%s", err.text);
	else if (is_there)
		mx_web_refuse(request, 404,
		    "the transcript of that result has been forgotten; see "
		    "retention.transcripts");
	else
		mx_web_refuse(request, 404, "there is no result of that id");
}

/* ---- events ----------------------------------------------------------------------------------- */

/** The first of them, as far as they are behind that id. */
struct event_list {
	struct mx_json_out *out;
	long after, left;
};

static bool
put_event(void *arg, const struct mx_store_event *event)
{
	struct event_list *list = arg;

	if (event->id <= list->after)
		return true;
	mx_json_open(list->out, NULL, '{');
	mx_json_event(list->out, event);
	mx_json_close(list->out, '}');
	return --list->left > 0;
}

/* Of one pair by the store's index of pairs, of all by that of times or of ids. */
static enum mx_err
put_events(struct mx_web_request *request, struct event_list *list, int64_t since_us,
    struct mx_error *err)
{
	struct mx_store *store = request->web->params.store;
	const char *source = mx_web_query(request, "source");
	const char *group = group_of(request, source, mx_web_query(request, "provider"));

	if (source == NULL && group == NULL && since_us == 0)
		return mx_store_events_after(
		    store, list->after, list->left, put_event, list, err);
	return mx_store_events(store, source, group, since_us, put_event, list, err);
}

void
mx_api_events(struct mx_web_request *request)
{
	struct event_list list = { .left = ROWS_USUAL };
	struct mx_error err = { 0 };
	struct mx_json_text json;
	int64_t since_us = 0;

	if (!mx_web_query_number(request, "limit", 1, ROWS_MOST, &list.left) ||
	    !mx_web_query_number(request, "after", 0, INT64_MAX, &list.after) ||
	    !mx_web_query_time(request, "since", &since_us)) {
		mx_web_refuse(request, 400,
		    "limit is a number from 1 to %ld; after is the id of an event, since a "
		    "time such as 2026-11-21T21:00:00Z",
		    ROWS_MOST);
		return;
	}
	mx_web_json_begin(&json, "mxprobe.events/1");
	list.out = &json.out;
	mx_json_open(&json.out, "events", '[');
	if (put_events(request, &list, since_us, &err) != MX_OK) {
		fail(&json, request, &err);
		return;
	}
	mx_json_close(&json.out, ']');
	mx_web_json_answer(&json, request, 200);
}

/* ---- test messages ---------------------------------------------------------------------------- */

/** The newest of that source. */
struct delivery_list {
	struct mx_json_out *out;
	const char *source;
	long left;
};

static bool
put_delivery(void *arg, const struct mx_store_delivery *one)
{
	struct delivery_list *list = arg;

	if (!mx_store_delivery_is_of(one, list->source))
		return true;
	mx_json_raw(list->out, NULL, one->json);
	return --list->left > 0;
}

void
mx_api_deliveries(struct mx_web_request *request)
{
	struct delivery_list list = { .source = mx_web_query(request, "source"),
		.left = ROWS_USUAL };
	struct mx_store_delivery_span span = {
		.group =
		    group_of(request, list.source, mx_web_query(request, "provider")),
		.mailbox = mx_web_query(request, "mailbox"),
	};
	struct mx_error err = { 0 };
	struct mx_json_text json;

	if (!mx_web_query_number(request, "limit", 1, ROWS_MOST, &list.left) ||
	    !mx_web_query_time(request, "since", &span.since_us)) {
		mx_web_refuse(request, 400,
		    "limit is a number from 1 to %ld; since is a time such as "
		    "2026-11-21T21:00:00Z, or Unix seconds",
		    ROWS_MOST);
		return;
	}
	mx_web_json_begin(&json, "mxprobe.deliveries/1");
	list.out = &json.out;
	mx_json_open(&json.out, "deliveries", '[');
	if (mx_store_deliveries(
		request->web->params.store, &span, put_delivery, &list, &err) != MX_OK) {
		fail(&json, request, &err);
		return;
	}
	mx_json_close(&json.out, ']');
	mx_web_json_answer(&json, request, 200);
}
