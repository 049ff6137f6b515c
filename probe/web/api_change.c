/* api_change.c - what may be changed: a session now, a delisting request; and the secret for it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/watch/request.h"
#include "probe/watch/watch.h"
#include "probe/web/handlers.h"
#include "probe/web/json.h"
#include "probe/web/stream.h"

#define TICKET_MAX 200

void
mx_api_session(struct mx_web_request *request)
{
	struct mx_json_text json;

	mx_web_set_header(request, "Cache-Control", "no-store");
	mx_web_json_begin(&json, "mxprobe.session/1");
	mx_json_string(&json.out, "csrf", request->web->csrf);
	mx_json_string(&json.out, "who", request->who);
	mx_web_json_answer(&json, request, 200);
}

/* Whom: provider, group or destination. NULL: it was refused. */
static const struct mx_model_pair *
find_pair(struct mx_web_request *request)
{
	static const char *const names[] = { "group", "provider", "destination" };
	const char *source = mx_web_field(request, "source"), *whom = NULL;
	const struct mx_model_pair *pair;

	for (size_t i = 0; whom == NULL && i < sizeof names / sizeof *names; i++)
		whom = mx_web_field(request, names[i]);
	if (source == NULL || whom == NULL) {
		mx_web_refuse(request, 400,
		    "source and provider are missing, as a form's fields or a JSON "
		    "object's "
		    "strings");
		return NULL;
	}
	pair = mx_model_find(mx_model_look(request->web->model), source, whom);
	if (pair == NULL)
		mx_web_refuse(request, 404, "nothing is known of that source there");
	return pair;
}

/* Browsers go back to the pair's page, programs get an object. */
static void
tell(struct mx_web_request *request, const struct mx_model_pair *pair, int status,
    const char *told)
{
	struct mx_json_text json;
	char *source, *group, *where;

	if (request->accepts_html) {
		source = evhttp_uriencode(pair->source, -1, 0);
		group = evhttp_uriencode(pair->group, -1, 0);
		if (source == NULL || group == NULL)
			mx_out_of_memory();
		where = mx_asprintf("%s/pair/%s/%s?told=%s", mx_web_root(request->web),
		    source, group, told);
		mx_web_see_other(request, where);
		free(where);
		free(group);
		free(source);
		return;
	}
	mx_web_json_begin(&json, NULL);
	mx_json_string(&json.out, "told", told);
	mx_json_string(&json.out, "source", pair->source);
	mx_json_string(&json.out, "group", pair->group);
	mx_web_json_answer(&json, request, status);
}

/* ---- a session now ---------------------------------------------------------------------------- */

static void
ignore_found(void *arg, const struct mx_watch_found *found)
{
	(void)arg, (void)found;
}

static void
refuse_until(struct mx_web_request *request, const struct mx_watch_refusal *refusal)
{
	int64_t wait_s = (refusal->until_us - mx_clock_wall_us()) / MX_SECOND_US + 1;
	char number[24];

	if (refusal->until_us != 0 && wait_s > 0) {
		snprintf(number, sizeof number, "%lld", (long long)wait_s);
		mx_web_set_header(request, "Retry-After", number);
	}
	mx_web_refuse(request, 429, "%s", refusal->why);
}

void
mx_api_probe(struct mx_web_request *request)
{
	const struct mx_model_pair *pair = find_pair(request);
	struct mx_watch *watch = request->web->params.watch;
	struct mx_watch_refusal refusal = { 0 };
	enum mx_watch_ask came;

	if (pair == NULL)
		return;
	came = watch != NULL ? mx_watch_probe_now(watch, pair->source, pair->group,
				   &refusal, ignore_found, request->web)
			     : MX_WATCH_NOT_WATCHED;
	if (came == MX_WATCH_STARTED)
		tell(request, pair, 202, "started");
	else if (came == MX_WATCH_JOINED)
		tell(request, pair, 202, "joined");
	else if (came == MX_WATCH_NOT_WATCHED)
		mx_web_refuse(request, 404, "that pair is not watched");
	else if (request->accepts_html)
		tell(request, pair, 429, "refused");
	else
		refuse_until(request, &refusal);
}

/* ---- a delisting request ---------------------------------------------------------------------- */

/** On its way to the store. */
struct mx_web_change {
	struct mx_web_change *next;
	struct mx_web *web;             /* NULL: it is gone */
	struct mx_web_request *request; /* NULL: the client has gone */
	char *source, *group;
	const char *told;
};

static void
free_change(struct mx_web_change *change)
{
	struct mx_web_change **at = change->web != NULL ? &change->web->changes : NULL;

	while (at != NULL && *at != change)
		at = &(*at)->next;
	if (at != NULL)
		*at = change->next;
	free(change->source);
	free(change->group);
	free(change);
}

static void
on_gone(void *arg)
{
	struct mx_web_change *change = arg;

	change->request = NULL;
}

void
mx_api_forget_changes(struct mx_web *web)
{
	for (struct mx_web_change *one = web->changes; one != NULL; one = one->next)
		one->web = NULL;
	web->changes = NULL;
}

static void
tell_change(struct mx_web_change *change, const struct mx_error *err)
{
	struct mx_web *web = change->web;
	const struct mx_model_pair *pair;

	mx_model_touch(web->model, change->source, change->group);
	if (web->params.watch != NULL)
		mx_watch_poke(web->params.watch);
	mx_stream_pump(web->stream);
	pair = mx_model_find(mx_model_look(web->model), change->source, change->group);
	if (change->request != NULL) {
		if (err != NULL)
			mx_web_refuse(change->request, 500, "%s", err->text);
		else if (pair != NULL)
			tell(change->request, pair, 200, change->told);
		else
			mx_web_refuse(change->request, 500, "the pair is gone");
	}
}

static void
on_written(void *arg, const struct mx_error *err)
{
	struct mx_web_change *change = arg;

	if (change->web != NULL)
		tell_change(change, err);
	free_change(change);
}

/** The newest case of the pair. Strings own. */
struct newest {
	struct mx_store_case one;
	char *ticket, *note;
};

static bool
take_case(void *arg, const struct mx_store_case *one)
{
	struct newest *newest = arg;

	newest->one = *one;
	newest->one.ticket = newest->ticket = mx_strdup(one->ticket);
	newest->one.note = newest->note = mx_strdup(one->note);
	newest->one.outcome = NULL;
	return false;
}

static bool
is_outcome(const char *word)
{
	static const char *const words[] = { "mitigated", "conditional", "not_qualified",
		"nothing_detected" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/* Empty fields of a form are not there. */
static const char *
field(const struct mx_web_request *request, const char *name)
{
	const char *value = mx_web_field(request, name);

	return value != NULL && *value != '\0' ? value : NULL;
}

static bool
is_printable(const char *text)
{
	for (const char *at = text; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return false;
	return strlen(text) <= TICKET_MAX;
}

static bool
check_fields(struct mx_web_request *request, const char *ticket, const char *outcome)
{
	if (ticket != NULL && !is_printable(ticket))
		mx_web_refuse(
		    request, 400, "ticket is one line of %d bytes at most", TICKET_MAX);
	else if (outcome != NULL && !is_outcome(outcome))
		mx_web_refuse(request, 400,
		    "outcome is one of mitigated, conditional, not_qualified and "
		    "nothing_detected");
	else if (ticket == NULL && outcome == NULL)
		mx_web_refuse(request, 400,
		    "ticket is missing: the number of the request; or outcome, the "
		    "answer to it");
	else
		return true;
	return false;
}

static struct mx_web_change *
hold(struct mx_web_request *request, const struct mx_model_pair *pair, const char *told)
{
	struct mx_web_change *change = mx_calloc(1, sizeof *change);

	*change = (struct mx_web_change){ .web = request->web,
		.request = request,
		.source = mx_strdup(pair->source),
		.group = mx_strdup(pair->group),
		.told = told };
	change->next = request->web->changes;
	request->web->changes = change;
	mx_web_hold(request, on_gone, change);
	return change;
}

/* The same number once more, or only an answer, belong to the case that is open. */
static void
note(struct mx_web_request *request, const struct mx_model_pair *pair,
    struct newest *newest)
{
	const char *ticket = field(request, "ticket");
	const char *outcome = field(request, "outcome");
	bool is_open = newest->one.id != 0 && newest->one.cleared_us == 0 &&
		       newest->one.closed_us == 0;
	bool is_same =
	    is_open && (ticket == NULL || (newest->ticket != NULL &&
					      strcmp(newest->ticket, ticket) == 0));

	if (is_same) {
		newest->one.source = pair->source;
		newest->one.group = pair->group;
		newest->one.outcome = outcome;
		mx_store_put_case(request->web->params.store, &newest->one, on_written,
		    hold(request, pair, "noted"));
	} else if (ticket != NULL) {
		struct mx_request opened = {
			.source = pair->source,
			.group = pair->group,
			.provider = pair->provider,
			.destination = pair->destination,
			.ticket = ticket,
			.outcome = outcome,
			.time_us = mx_clock_wall_us(),
		};

		mx_request_open(request->web->params.store,
		    request->web->params.state_rules, &opened, on_written,
		    hold(request, pair, "opened"));
	} else {
		mx_web_refuse(
		    request, 409, "no request is open there; open it with its ticket");
	}
}

void
mx_api_delist_change(struct mx_web_request *request)
{
	const struct mx_model_pair *pair;
	struct newest newest = { 0 };
	struct mx_error err = { 0 };

	if (!check_fields(request, field(request, "ticket"), field(request, "outcome")))
		return;
	pair = find_pair(request);
	if (pair == NULL)
		return;
	if (mx_store_cases(request->web->params.store, pair->source, pair->group,
		take_case, &newest, &err) != MX_OK)
		mx_web_refuse(request, 500, "%s", err.text);
	else
		note(request, pair, &newest);
	free(newest.ticket);
	free(newest.note);
}
