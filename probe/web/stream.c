/* stream.c - who listens, what was told last, and a tick for all that can wait. */
#include "probe/web/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <event2/event.h>

#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/web/handlers.h"
#include "probe/web/json.h"

#define LISTENERS_MAX 128
#define MISSED_MAX 1000 /* events told to one who comes back */
#define PLANS_MAX 256   /* more changes than this in a second are told as one */
#define BEAT_TICKS 15   /* seconds */

struct listener {
	LIST_ENTRY(listener) next;
	struct mx_stream *stream;
	struct mx_web_request *request;
};
LIST_HEAD(listener_list, listener);

/** A pair whose plan is another one now. */
struct plan {
	char *source, *group;
};

struct mx_stream {
	struct mx_web *web;
	struct listener_list listeners;
	size_t count;
	int64_t last_id; /* of the newest event that was told */
	struct event *tick;
	unsigned ticks;
	struct plan plans[PLANS_MAX];
	size_t plan_count;
	bool is_all_planned;
};

/* ---- telling ---------------------------------------------------------------------------------- */

/* Cutting one off frees nothing yet: its listener goes when the connection does. */
static void
tell_all(const struct mx_stream *stream, const char *text, size_t len)
{
	struct listener *listener;

	LIST_FOREACH(listener, &stream->listeners, next)
	(void)mx_web_send(listener->request, text, len);
}

/* "event: NAME\nid: ID\ndata: JSON\n\n"; JSON is one line. Caller frees. */
static char *
compose(const char *name, int64_t id, struct mx_json_text *json)
{
	char *data = mx_json_text_take(json);
	char *text = id != 0 ? mx_asprintf("event: %s\nid: %lld\ndata: %s\n\n", name,
				   (long long)id, data)
			     : mx_asprintf("event: %s\ndata: %s\n\n", name, data);

	free(data);
	return text;
}

static void
tell(const struct mx_stream *stream, const char *name, struct mx_json_text *json)
{
	char *text = compose(name, 0, json);

	tell_all(stream, text, strlen(text));
	free(text);
}

static char *
compose_event(const struct mx_store_event *event)
{
	struct mx_json_text json;

	mx_web_json_begin(&json, NULL);
	mx_json_event(&json.out, event);
	return compose("state", event->id, &json);
}

static bool
tell_event(void *arg, const struct mx_store_event *event)
{
	struct mx_stream *stream = arg;
	char *text = compose_event(event);

	stream->last_id = event->id;
	/* Another process may have made it: then this is the first to be heard of it. */
	mx_model_touch(stream->web->model, event->source, event->group);
	tell_all(stream, text, strlen(text));
	free(text);
	return true;
}

void
mx_stream_pump(struct mx_stream *stream)
{
	struct mx_error err = { 0 };

	if (mx_store_events_after(stream->web->params.store, stream->last_id, MISSED_MAX,
		tell_event, stream, &err) != MX_OK)
		mx_log(MX_LOG_WARNING, "web: %s", err.text);
}

void
mx_stream_result(
    struct mx_stream *stream, const char *source, const char *group, const char *result)
{
	struct mx_json_text json;

	if (stream->count == 0)
		return;
	mx_web_json_begin(&json, NULL);
	mx_json_string(&json.out, "source", source);
	mx_json_string(&json.out, "group", group);
	mx_json_string(&json.out, "result", result);
	tell(stream, "result", &json);
}

/* ---- plans ------------------------------------------------------------------------------------ */

static void
forget_plans(struct mx_stream *stream)
{
	for (size_t i = 0; i < stream->plan_count; i++) {
		free(stream->plans[i].source);
		free(stream->plans[i].group);
	}
	stream->plan_count = 0;
	stream->is_all_planned = false;
}

static bool
is_noted(const struct mx_stream *stream, const char *source, const char *group)
{
	for (size_t i = 0; i < stream->plan_count; i++)
		if (strcmp(stream->plans[i].group, group) == 0 &&
		    strcmp(stream->plans[i].source, source) == 0)
			return true;
	return false;
}

void
mx_stream_schedule(struct mx_stream *stream, const char *source, const char *group)
{
	if (stream->count == 0 || stream->is_all_planned)
		return;
	if (source == NULL || group == NULL || stream->plan_count == PLANS_MAX)
		stream->is_all_planned = true;
	else if (!is_noted(stream, source, group))
		stream->plans[stream->plan_count++] =
		    (struct plan){ mx_strdup(source), mx_strdup(group) };
}

static void
tell_plan(struct mx_stream *stream, const struct plan *plan)
{
	const struct mx_model_pair *pair =
	    mx_model_find(mx_model_look(stream->web->model), plan->source, plan->group);
	struct mx_json_text json;

	if (pair == NULL)
		return;
	mx_web_json_begin(&json, NULL);
	mx_json_pair(&json.out, pair);
	tell(stream, "schedule", &json);
}

static void
tell_plans(struct mx_stream *stream)
{
	struct mx_json_text json;

	if (stream->is_all_planned) {
		mx_web_json_begin(&json, NULL);
		mx_json_null(&json.out, "source");
		mx_json_null(&json.out, "group");
		tell(stream, "schedule", &json);
	} else {
		for (size_t i = 0; i < stream->plan_count; i++)
			tell_plan(stream, &stream->plans[i]);
	}
	forget_plans(stream);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	static const char beat[] = ": still here\n\n";
	struct mx_stream *stream = arg;

	(void)fd, (void)what;
	tell_plans(stream);
	if (++stream->ticks % BEAT_TICKS != 0)
		return;
	/* What other processes wrote nobody tells us. */
	mx_stream_pump(stream);
	tell_all(stream, beat, sizeof beat - 1);
}

/* ---- life ------------------------------------------------------------------------------------- */

struct mx_stream *
mx_stream_new(struct mx_web *web, struct mx_error *err)
{
	struct mx_stream *stream = mx_calloc(1, sizeof *stream);
	struct timeval second = { .tv_sec = 1 };

	stream->web = web;
	LIST_INIT(&stream->listeners);
	stream->tick =
	    event_new(mx_loop_base(web->params.loop), -1, EV_PERSIST, on_tick, stream);
	if (stream->tick == NULL || event_add(stream->tick, &second) != 0)
		mx_out_of_memory();
	stream->last_id = mx_store_last_event(web->params.store, err);
	if (err->code == MX_OK)
		return stream;
	mx_stream_free(stream);
	return NULL;
}

void
mx_stream_free(struct mx_stream *stream)
{
	if (stream == NULL)
		return;
	forget_plans(stream);
	event_free(stream->tick);
	free(stream);
}

/* ---- listening -------------------------------------------------------------------------------- */

static void
on_gone(void *arg)
{
	struct listener *listener = arg;

	LIST_REMOVE(listener, next);
	listener->stream->count--;
	free(listener);
}

static bool
tell_missed(void *arg, const struct mx_store_event *event)
{
	struct listener *listener = arg;
	char *text;
	bool is_sent;

	/* The rest comes to all. */
	if (event->id > listener->stream->last_id)
		return false;
	text = compose_event(event);
	is_sent = mx_web_send(listener->request, text, strlen(text));
	free(text);
	return is_sent;
}

/* What it heard last; below 0: nothing, and it wants no past. */
static int64_t
heard_last(const struct mx_web_request *request)
{
	const char *id = mx_web_header(request, "Last-Event-ID");
	long after = -1;

	if (id != NULL)
		return strtoll(id, NULL, 10);
	return mx_web_query_number(request, "after", 0, INT64_MAX, &after) ? after : -1;
}

static void
welcome(struct listener *listener)
{
	int64_t last_id = heard_last(listener->request);
	struct mx_error err = { 0 };
	struct mx_json_text json;
	char *text;

	if (last_id >= 0 &&
	    mx_store_events_after(listener->stream->web->params.store, last_id,
		MISSED_MAX, tell_missed, listener, &err) != MX_OK)
		mx_log(MX_LOG_WARNING, "web: %s", err.text);
	/* The id to come back with even if nothing happens; and a client that missed too much sees
	 * that it has to look at everything. */
	mx_web_json_begin(&json, NULL);
	mx_json_integer(&json.out, "last", listener->stream->last_id);
	mx_json_boolean(&json.out, "complete",
	    last_id < 0 || listener->stream->last_id - last_id <= MISSED_MAX);
	text = compose("hello", listener->stream->last_id, &json);
	(void)mx_web_send(listener->request, text, strlen(text));
	free(text);
}

void
mx_api_stream(struct mx_web_request *request)
{
	struct mx_stream *stream = request->web->stream;
	struct listener *listener;

	if (stream->count >= LISTENERS_MAX) {
		mx_web_set_header(request, "Retry-After", "60");
		mx_web_refuse(request, 503, "too many are listening already");
		return;
	}
	if (mx_web_is_head(request)) {
		mx_web_answer_static(request, 200, "text/event-stream", "", 0);
		return;
	}
	listener = mx_calloc(1, sizeof *listener);
	*listener = (struct listener){ .stream = stream, .request = request };
	LIST_INSERT_HEAD(&stream->listeners, listener, next);
	stream->count++;
	mx_web_hold(request, on_gone, listener);
	mx_web_begin(request, "text/event-stream");
	welcome(listener);
}
