/* page_handlers.c - requests for pages: what each shows is gathered here, and put together there. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/store/history.h"
#include "probe/watch/watch.h"
#include "probe/web/assets.h"
#include "probe/web/handlers.h"
#include "probe/web/kit_of.h"
#include "probe/web/model.h"
#include "probe/web/page_events.h"
#include "probe/web/page_kit.h"
#include "probe/web/page_matrix.h"
#include "probe/web/page_pair.h"
#include "probe/web/page_strip.h"
#include "probe/web/page_transcript.h"

#define USUAL_US (4 * MX_HOUR_US) /* between two sessions of a pair */
#define HTML_TYPE "text/html; charset=utf-8"

/** A page on its way. */
struct making {
	struct mx_web_request *request;
	struct mx_buf body;
	struct mx_page page;
};

static const char *
suffix_of(const struct mx_web_request *request)
{
	const char *asked = mx_web_query(request, "lang");

	if (asked == NULL)
		return "";
	return request->lang == MX_LANG_JA ? "?lang=ja" : "?lang=en";
}

/* Where a form has led: one of a few words, so that no address can make the page say what it wants. */
static const char *
told_of(const struct mx_web_request *request)
{
	static const struct {
		const char *word;
		enum mx_saying saying;
	} words[] = {
		{ "started", MX_SAY_TOLD_STARTED },
		{ "joined", MX_SAY_TOLD_STARTED },
		{ "refused", MX_SAY_TOLD_REFUSED },
		{ "opened", MX_SAY_TOLD_NOTED },
		{ "noted", MX_SAY_TOLD_NOTED },
	};
	const char *told = mx_web_query(request, "told");

	for (size_t i = 0; told != NULL && i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].word, told) == 0)
			return mx_say(words[i].saying, request->lang);
	return NULL;
}

static void
begin(struct making *making, struct mx_web_request *request)
{
	*making = (struct making){ .request = request };
	mx_buf_init(&making->body, MX_WEB_BODY_MAX);
	making->page = (struct mx_page){ .html = { .out = &making->body },
		.lang = request->lang,
		.root = mx_web_root(request->web),
		.suffix = suffix_of(request),
		.now_us = mx_clock_wall_us(),
		.csrf = request->web->csrf,
		.told = told_of(request) };
}

static void
answer(struct making *making, int status)
{
	if (making->page.html.is_full)
		mx_web_refuse(making->request, 500,
		    "this page would be larger than %u bytes; ask for fewer rows",
		    MX_WEB_BODY_MAX);
	else
		mx_web_answer(making->request, status, HTML_TYPE, &making->body);
	mx_buf_clear(&making->body);
}

static void
fail(struct making *making, const struct mx_error *err)
{
	mx_web_refuse(making->request, 500, "%s", err->text);
	mx_buf_clear(&making->body);
}

static void
answer_notice(struct making *making, int status, enum mx_saying saying)
{
	mx_page_notice(&making->page, mx_say(saying, making->page.lang));
	answer(making, status);
}

/* ---- the matrix ---- */

static const struct mx_provider *
provider_of(const struct mx_model *model, const char *group)
{
	for (size_t i = 0; i < model->column_count; i++)
		if (strcmp(model->columns[i].group, group) == 0)
			return model->columns[i].provider;
	return NULL;
}

/* Of what was only accepted nothing was learned: its age is that of the session. */
static bool
is_old(const struct mx_cell *cell, int64_t now_us)
{
	int64_t interval_us = cell->interval_us > 0 ? cell->interval_us : USUAL_US;

	return mx_cell_is_blind(cell) && now_us - cell->last_us > 2 * interval_us;
}

static struct mx_cell
cell_of(const struct mx_model *model, const struct mx_model_pair *pair)
{
	struct mx_cell cell = { .source = pair->source,
		.group = pair->group,
		.provider = provider_of(model, pair->group),
		.state = mx_state_from_name(pair->state),
		.is_stale = pair->is_stale,
		.is_running = pair->is_running,
		.is_late = pair->is_late,
		.since_us = pair->since_us,
		.last_us = pair->last_us,
		.interval_us = pair->interval_us,
		.last_verdict = pair->last_verdict,
		.hops = pair->hops,
		.accepting = pair->accepting };

	cell.is_stale |= is_old(&cell, mx_clock_wall_us());
	return cell;
}

/* Caller frees. */
static struct mx_cell *
cells_of(const struct mx_model *model)
{
	struct mx_cell *cells = mx_calloc(model->count + 1, sizeof *cells), *cell = cells;

	for (size_t s = 0; s < model->source_count; s++) {
		const struct mx_model_source *source = &model->sources[s];
		bool has_tag = strchr(source->cluster, '/') == NULL;

		for (size_t i = source->first; i < source->first + source->count; i++) {
			*cell = cell_of(model, model->pairs[i]);
			cell++->tag = has_tag ? source->cluster : NULL;
		}
	}
	return cells;
}

void
mx_page_matrix(struct mx_web_request *request)
{
	const struct mx_model *model = mx_model_look(request->web->model);
	const char *by = mx_web_query(request, "by");
	struct mx_matrix_query query = { .find = mx_web_query(request, "q"),
		.group = mx_web_query(request, "provider"),
		.show = mx_matrix_show(mx_web_query(request, "state")),
		.by_network = by != NULL && strcmp(by, "network") == 0 };
	long page = 1, rows = MX_MATRIX_ROWS;
	struct mx_matrix matrix;
	struct mx_cell *cells;
	struct making making;

	if (!mx_web_query_number(request, "page", 1, 100000, &page) ||
	    !mx_web_query_number(request, "rows", 1, 1000, &rows)) {
		mx_web_refuse(
		    request, 400, "page and rows are numbers; rows 1000 at most");
		return;
	}
	query.page = (size_t)page - 1;
	query.rows = (size_t)rows;
	cells = cells_of(model);
	matrix = mx_matrix_make(cells, model->count, &query);
	begin(&making, request);
	mx_page_put_matrix(&making.page, &matrix, &query);
	mx_matrix_clear(&matrix);
	free(cells);
	answer(&making, 200);
}

/* ---- a pair ---- */

static void
take_model(struct mx_pair_view *view, const struct mx_model *model,
    const struct mx_model_pair *pair)
{
	struct mx_cell cell = cell_of(model, pair);

	view->source = cell.source;
	view->group = cell.group;
	view->destination = pair->destination;
	view->provider = cell.provider;
	view->state = cell.state;
	view->since_us = cell.since_us;
	view->last_us = cell.last_us;
	view->is_stale = cell.is_stale;
	view->is_blind = mx_cell_is_blind(&cell);
	view->is_watched = pair->is_watched;
	view->is_running = pair->is_running;
	view->is_late = pair->is_late;
	view->next_us = pair->next_us;
	view->why_not = pair->why_not;
}

static void
take_checks(struct mx_pair_view *view, const struct mx_watch *watch)
{
	const struct mx_preflight *known =
	    watch != NULL ? mx_watch_checks(watch, view->source, &view->checks_us) : NULL;

	view->checks = known != NULL ? &known->checks : NULL;
}

void
mx_page_pair(struct mx_web_request *request)
{
	const struct mx_web *web = request->web;
	const struct mx_model *model = mx_model_look(web->model);
	const struct mx_model_pair *pair =
	    mx_model_find(model, request->segment[0], request->segment[1]);
	struct mx_pair_view view = { .catalogue = web->params.catalogue };
	struct mx_pair_facts facts = { 0 };
	struct mx_error err = { 0 };
	struct making making;

	begin(&making, request);
	if (pair == NULL) {
		answer_notice(&making, 404, MX_SAY_NO_PAIR);
		return;
	}
	take_model(&view, model, pair);
	take_checks(&view, web->params.watch);
	view.facts = &facts;
	if (mx_pair_facts_load(web->params.store, pair->source, pair->group,
		making.page.now_us - MX_STRIP_MOST_US, &facts, &err) == MX_OK) {
		view.missing =
		    mx_state_missing(web->params.state_rules, &facts.standing.pair,
			(unsigned)facts.standing.hop_count, making.page.now_us);
		mx_page_put_pair(&making.page, &view);
		answer(&making, 200);
	} else {
		fail(&making, &err);
	}
	mx_pair_facts_clear(&facts);
}

/* ---- a session ---- */

/** What the store's callback needs. */
struct reading {
	struct making *making;
	struct mx_error *err;
	bool is_found;
};

static bool
put_result(void *arg, const struct mx_store_result *row)
{
	struct reading *reading = arg;
	struct mx_store *store = reading->making->request->web->params.store;
	char *evidence = mx_store_evidence(store, row->id, reading->err);

	reading->is_found = true;
	if (reading->err->code == MX_OK)
		mx_page_put_transcript(&reading->making->page, row, evidence);
	free(evidence);
	return false;
}

void
mx_page_transcript(struct mx_web_request *request)
{
	struct mx_error err = { 0 };
	struct making making;
	struct reading reading = { .making = &making, .err = &err };

	begin(&making, request);
	if (mx_store_find(request->web->params.store, request->segment[0], put_result,
		&reading, &err) != MX_OK ||
	    err.code != MX_OK)
		fail(&making, &err);
	else if (!reading.is_found)
		answer_notice(&making, 404, MX_SAY_NO_RESULT);
	else
		answer(&making, 200);
}

/* ---- changes ---- */

/* An empty field of the form is no filter. */
static const char *
said(const struct mx_web_request *request, const char *name)
{
	const char *value = mx_web_query(request, name);

	return value != NULL && *value != '\0' ? value : NULL;
}

void
mx_page_events(struct mx_web_request *request)
{
	struct mx_events_query query = { .source = said(request, "source"),
		.group = said(request, "provider") };
	struct mx_error err = { 0 };
	struct making making;
	long days = 30;

	if (!mx_web_query_number(request, "days", 1, 3650, &days)) {
		mx_web_refuse(request, 400, "days is a number, 3650 at most");
		return;
	}
	query.days = (unsigned)days;
	begin(&making, request);
	if (mx_page_put_events(&making.page, request->web->params.store,
		mx_model_look(request->web->model), &query, &err) == MX_OK)
		answer(&making, 200);
	else
		fail(&making, &err);
}

/* ---- the kit ---- */

static void
put_kit(void *arg, const struct mx_kit *kit, const struct mx_standing *standing)
{
	struct making *making = arg;

	(void)standing;
	mx_page_put_kit(&making->page, kit);
}

void
mx_page_delist(struct mx_web_request *request)
{
	const struct mx_web_params *params = &request->web->params;
	struct mx_error err = { 0 };
	struct making making;
	struct mx_kit_ask ask = { .store = params->store,
		.catalogue = params->catalogue,
		.rules = params->state_rules,
		.source = request->segment[0],
		.group = request->segment[1],
		.lang = request->lang,
		.show = put_kit,
		.arg = &making };

	begin(&making, request);
	ask.now_us = making.page.now_us;
	switch (mx_kit_of(&ask, &err)) {
	case MX_KIT_SHOWN:
		answer(&making, 200);
		return;
	case MX_KIT_NOT_BLOCKED:
		answer_notice(&making, 200, MX_SAY_NOT_BLOCKED);
		return;
	case MX_KIT_GONE:
		answer_notice(&making, 200, MX_SAY_GONE);
		return;
	case MX_KIT_NO_PAIR:
		break;
	}
	if (err.code != MX_OK)
		fail(&making, &err);
	else
		answer_notice(&making, 404, MX_SAY_NO_PAIR);
}

/* ---- style, script, icon ---- */

void
mx_page_asset(struct mx_web_request *request)
{
	const struct mx_asset *asset = mx_asset_find(request->path);

	if (asset == NULL) {
		mx_web_refuse(request, 404, "there is nothing at this address");
		return;
	}
	mx_web_set_header(
	    request, "Cache-Control", "public, max-age=31536000, immutable");
	if (!mx_web_is_known(request, asset->etag))
		mx_web_answer_static(request, 200, asset->type, asset->bytes, asset->len);
}
