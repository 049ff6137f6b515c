/*
 * probe_now.c - /probe, the multi-target pattern of Prometheus: what is known of one pair.
 * A scrape never makes the watch probe oftener than its schedule: where the newest result is younger than the
 * pair's interval it is shown as it is; else a session is asked for, and the ledger decides.
 * The families are not those of /metrics: whoever scrapes both must not be told everything twice.
 */
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>
#include <jansson.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/store/history.h"
#include "probe/watch/watch.h"
#include "probe/web/handlers.h"
#include "probe/web/metrics.h"

/* Of the time that Prometheus waits, so much is for the way back. */
#define WAY_BACK_US (MX_SECOND_US / 2)
#define WAIT_USUAL_S 10.0
#define WAIT_MOST_S 120.0
/* Where no interval is known. */
#define FRESH_US (4 * MX_HOUR_US)

/** A request that waits for a session. */
struct asking {
	struct mx_web_request *request;
	char *source, *group;
	bool has_module;
	enum mx_stage module;
	char *before; /* the pair's last result then; NULL: none */
	struct event *deadline;
};

/* ---- what is shown ---------------------------------------------------------------------------- */

/* As deep as the module asks, and accepted there. */
static bool
is_success(const struct mx_model_pair *pair, const struct asking *asking)
{
	enum mx_stage reached;

	if (pair->last_verdict == NULL || pair->reply.reached == NULL ||
	    !mx_stage_from_name(pair->reply.reached, &reached))
		return false;
	/* Only the recipient was refused: all that stands before was accepted. */
	if (strcmp(pair->last_verdict, "recipient") == 0 && asking->has_module)
		return asking->module < MX_STAGE_RCPT;
	return strcmp(pair->last_verdict, "accepted") == 0 &&
	       (!asking->has_module || reached >= asking->module);
}

static void
put_word(struct mx_exposition *out, const char *name, enum mx_metric kind,
    const char *help, const char *label, const char *word)
{
	struct mx_buf labels;

	mx_buf_init(&labels, 4096);
	mx_exposition_label(&labels, label, word);
	mx_exposition_family(out, name, kind, help);
	mx_exposition_integer(out, labels.data, NULL, 1);
	mx_buf_clear(&labels);
}

/* The session's stages, each stage once; *total_us is their sum. */
static void
put_phases(struct mx_exposition *out, json_t *stages, int64_t *total_us)
{
	double sums[MX_STAGE_QUIT + 1] = { 0 };
	struct mx_buf label;
	json_t *one;
	size_t i;

	json_array_foreach (stages, i, one) {
		enum mx_stage stage;
		const char *name = json_string_value(json_object_get(one, "stage"));

		if (name != NULL && mx_stage_from_name(name, &stage) &&
		    stage <= MX_STAGE_QUIT)
			sums[stage] += json_number_value(json_object_get(one, "ms"));
	}
	mx_exposition_family(out, "mxprobe_phase_duration_seconds", MX_METRIC_GAUGE,
	    "How long each stage of the session took.");
	for (int k = 0; k <= MX_STAGE_QUIT; k++) {
		if (sums[k] <= 0)
			continue;
		mx_buf_init(&label, 256);
		mx_exposition_label(&label, "phase", mx_stage_name((enum mx_stage)k));
		mx_exposition_seconds(out, label.data, NULL, (int64_t)(sums[k] * 1000));
		mx_buf_clear(&label);
		*total_us += (int64_t)(sums[k] * 1000);
	}
}

static int64_t
put_session(struct mx_exposition *out, const struct mx_web *web, const char *result)
{
	struct mx_error err = { 0 };
	char *text =
	    result != NULL ? mx_store_evidence(web->params.store, result, &err) : NULL;
	json_t *root = text != NULL ? json_loads(text, 0, NULL) : NULL;
	int64_t total_us = 0;

	if (root != NULL)
		put_phases(out, json_object_get(root, "stages"), &total_us);
	json_decref(root);
	free(text);
	return total_us;
}

/* There is another result than when it was asked: a session has ended since. */
static bool
has_news(const struct asking *asking, const struct mx_model_pair *pair)
{
	return pair->last_result != NULL &&
	       (asking->before == NULL || strcmp(asking->before, pair->last_result) != 0);
}

static void
put_pair(struct mx_exposition *out, const struct asking *asking,
    const struct mx_model_pair *pair)
{
	int64_t now_us = mx_clock_wall_us();
	int64_t took_us;

	mx_exposition_gauge(out, "probe_success",
	    "1 if the last session was accepted to the depth of the module.",
	    is_success(pair, asking));
	took_us = put_session(out, asking->request->web, pair->last_result);
	mx_exposition_gauge_seconds(
	    out, "probe_duration_seconds", "How long that session took.", took_us);
	mx_exposition_gauge(out, "mxprobe_result_cached",
	    "1 if the session was over before this was asked: sessions follow the "
	    "schedule.",
	    !has_news(asking, pair));
	if (pair->last_us != 0)
		mx_exposition_gauge_seconds(out, "mxprobe_result_age_seconds",
		    "Since it began.", now_us - pair->last_us);
	if (pair->last_verdict != NULL)
		put_word(out, "mxprobe_probe_verdict", MX_METRIC_GAUGE, "Its verdict.",
		    "verdict", pair->last_verdict);
	put_word(out, "mxprobe_probe_state", MX_METRIC_GAUGE, "The state of the pair.",
	    "state", pair->state);
	mx_exposition_gauge(out, "mxprobe_probe_stale",
	    "1 if nothing was learned for two intervals.", pair->is_stale);
	if (pair->reply.stage != NULL) {
		char *labels = mx_metrics_reply_labels(&pair->reply);

		mx_exposition_family(out, "mxprobe_probe_reply_info", MX_METRIC_INFO,
		    "What decided the session.");
		mx_exposition_integer(out, labels, NULL, 1);
		free(labels);
	}
}

static void
answer(const struct asking *asking)
{
	struct mx_web_request *request = asking->request;
	const struct mx_model_pair *pair = mx_model_find(
	    mx_model_look(request->web->model), asking->source, asking->group);
	bool is_openmetrics = mx_exposition_wants_openmetrics(request);
	struct mx_exposition out;

	mx_exposition_begin(&out, is_openmetrics);
	if (pair != NULL)
		put_pair(&out, asking, pair);
	else
		mx_exposition_gauge(
		    &out, "probe_success", "0: the pair is watched no more.", 0);
	mx_web_answer(
	    request, 200, mx_exposition_type(is_openmetrics), mx_exposition_end(&out));
}

/* ---- waiting ---------------------------------------------------------------------------------- */

static void
free_asking(struct asking *asking)
{
	if (asking->deadline != NULL)
		event_free(asking->deadline);
	free(asking->source);
	free(asking->group);
	free(asking->before);
	free(asking);
}

static void
finish(struct asking *asking)
{
	answer(asking);
	free_asking(asking);
}

static void
on_found(void *arg, const struct mx_watch_found *found)
{
	struct asking *asking = arg;

	(void)found;
	mx_model_touch(asking->request->web->model, asking->source, asking->group);
	finish(asking);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct asking *asking = arg;

	(void)fd, (void)what;
	mx_watch_forget(asking->request->web->params.watch, asking);
	finish(asking);
}

static void
on_gone(void *arg)
{
	struct asking *asking = arg;

	mx_watch_forget(asking->request->web->params.watch, asking);
	free_asking(asking);
}

/* The time that Prometheus gives, in its own header. */
static int64_t
wait_us(const struct mx_web_request *request)
{
	const char *text = mx_web_header(request, "X-Prometheus-Scrape-Timeout-Seconds");
	double seconds = text != NULL ? strtod(text, NULL) : WAIT_USUAL_S;
	int64_t us;

	if (!(seconds > 0))
		seconds = WAIT_USUAL_S;
	us = (int64_t)((seconds < WAIT_MOST_S ? seconds : WAIT_MOST_S) *
		       (double)MX_SECOND_US) -
	     WAY_BACK_US;
	return us > WAY_BACK_US ? us : WAY_BACK_US;
}

static void
wait_for_session(struct asking *asking)
{
	struct mx_web *web = asking->request->web;
	int64_t us = wait_us(asking->request);
	struct timeval wait = { .tv_sec = us / MX_SECOND_US,
		.tv_usec = us % MX_SECOND_US };
	enum mx_watch_ask came = mx_watch_probe_now(
	    web->params.watch, asking->source, asking->group, NULL, on_found, asking);

	if (came != MX_WATCH_STARTED && came != MX_WATCH_JOINED) {
		finish(asking);
		return;
	}
	asking->deadline =
	    event_new(mx_loop_base(web->params.loop), -1, 0, on_deadline, asking);
	if (asking->deadline == NULL || event_add(asking->deadline, &wait) != 0)
		mx_out_of_memory();
	mx_web_hold(asking->request, on_gone, asking);
}

/* ---- what was asked --------------------------------------------------------------------------- */

static bool
is_watched(const struct mx_model *model, const char *source)
{
	struct mx_addr addr;

	if (!mx_addr_parse(source, &addr))
		return false;
	for (size_t i = 0; i < model->source_count; i++)
		if (mx_addr_equal(&model->sources[i].addr, &addr))
			for (size_t k = 0; k < model->sources[i].count; k++)
				if (model->pairs[model->sources[i].first + k]->is_watched)
					return true;
	return false;
}

/* False: it was refused. */
static bool
read_module(struct mx_web_request *request, struct asking *asking)
{
	static const enum mx_stage depths[] = { MX_STAGE_BANNER, MX_STAGE_EHLO,
		MX_STAGE_MAIL, MX_STAGE_RCPT };
	const char *module = mx_web_query(request, "module");

	asking->has_module = module != NULL;
	for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
		asking->module = depths[i];
		if (module == NULL || strcmp(module, mx_stage_name(depths[i])) == 0)
			return true;
	}
	mx_web_refuse(request, 400, "module is one of banner, ehlo, mail and rcpt");
	return false;
}

static const struct mx_model_pair *
find_pair(struct mx_web_request *request, const struct mx_model *model)
{
	const char *target = mx_web_query(request, "target");
	const char *source = mx_web_query(request, "source");
	const struct mx_model_pair *pair = NULL;

	if (target == NULL || *target == '\0')
		mx_web_refuse(request, 400,
		    "target= is missing: a provider or a destination that is watched");
	else if (source == NULL || *source == '\0')
		mx_web_refuse(
		    request, 400, "source= is missing: an address of this host");
	else if (!is_watched(model, source))
		mx_web_refuse(request, 403, "that source is not configured here");
	else if ((pair = mx_model_find(model, source, target)) == NULL ||
		 !pair->is_watched)
		mx_web_refuse(request, 404,
		    "that target is not watched; add it to destinations in the "
		    "configuration");
	return pair != NULL && pair->is_watched ? pair : NULL;
}

void
mx_web_probe(struct mx_web_request *request)
{
	const struct mx_model *model = mx_model_look(request->web->model);
	int64_t now_us = mx_clock_wall_us();
	const struct mx_model_pair *pair;
	struct asking *asking = mx_calloc(1, sizeof *asking);

	asking->request = request;
	pair = read_module(request, asking) ? find_pair(request, model) : NULL;
	if (pair == NULL) {
		free_asking(asking);
		return;
	}
	asking->source = mx_strdup(pair->source);
	asking->group = mx_strdup(pair->group);
	asking->before = mx_strdup(pair->last_result);
	if (pair->last_us == 0 ||
	    now_us - pair->last_us >
		(pair->interval_us > 0 ? pair->interval_us : FRESH_US))
		wait_for_session(asking);
	else
		finish(asking);
}
