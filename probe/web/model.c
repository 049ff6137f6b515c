/* model.c - pairs read from the store, kept as long as nothing says that they have changed. */
#include "probe/web/model.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/store/history.h"
#include "probe/watch/aging.h"
#include "probe/web/site.h"

/* As mxprobe.yaml(5) has it. */
#define INTERVAL_US (4 * MX_HOUR_US)
/* How often time alone may change what is shown: states grow stale and overdue in hours. */
#define AGE_US MX_SECOND_US
/* Reasons why not sooner count the minutes. */
#define PLAN_US (30 * MX_SECOND_US)

/* ---- strings ---------------------------------------------------------------------------------- */

/* True when it is another one now. */
static bool
set(char **mine, const char *text)
{
	if (*mine == text || (*mine != NULL && text != NULL && strcmp(*mine, text) == 0))
		return false;
	free(*mine);
	*mine = mx_strdup(text);
	return true;
}

static void
clear_reply(struct mx_model_reply *reply)
{
	free(reply->stage);
	free(reply->enhanced);
	free(reply->text);
	free(reply->category);
	free(reply->list);
	free(reply->provider_code);
	free(reply->delist_url);
	free(reply->rule);
	free(reply->remedy);
	free(reply->mx_host);
	free(reply->address);
	free(reply->depth);
	free(reply->reached);
	free(reply->note);
	*reply = (struct mx_model_reply){ .code = 0 };
}

static void
free_pair(struct mx_model_pair *pair)
{
	clear_reply(&pair->reply);
	free(pair->source);
	free(pair->group);
	free(pair->provider);
	free(pair->destination);
	free(pair->last_result);
	free(pair->last_verdict);
	free(pair->why_not);
	free(pair);
}

/* ---- one pair --------------------------------------------------------------------------------- */

static int
by_place(const void *a, const void *b)
{
	const struct mx_model_pair *one = *(struct mx_model_pair *const *)a;
	const struct mx_model_pair *other = *(struct mx_model_pair *const *)b;
	int order = mx_addr_compare(&one->addr, &other->addr);

	if (order == 0)
		order = strcmp(one->source, other->source);
	return order != 0 ? order : strcmp(one->group, other->group);
}

static struct mx_model_pair *
find(const struct mx_model *model, const char *source, const char *group)
{
	struct mx_model_pair key = { 0 }, *wanted = &key, **found;

	key.source = mx_strdup(source);
	key.group = mx_strdup(group);
	(void)mx_addr_parse(source, &key.addr);
	found = model->count > 0 ? bsearch(&wanted, model->pairs, model->count,
				       sizeof *model->pairs, by_place)
				 : NULL;
	free(key.source);
	free(key.group);
	return found != NULL ? *found : NULL;
}

static struct mx_model_pair *
new_pair(const char *source, const char *group)
{
	struct mx_model_pair *pair = mx_calloc(1, sizeof *pair);

	pair->source = mx_strdup(source);
	pair->group = mx_strdup(group);
	(void)mx_addr_parse(source, &pair->addr);
	pair->state = mx_state_name(MX_STATE_UNKNOWN);
	pair->step = -1;
	return pair;
}

/* Where it belongs. */
static size_t
place_of(const struct mx_model *model, struct mx_model_pair *pair)
{
	size_t low = 0, high = model->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_place(&model->pairs[middle], &pair) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct mx_model_pair *
mx_model_pair(struct mx_model *model, const char *source, const char *group)
{
	struct mx_model_pair *pair =
	    model->is_filling ? NULL : find(model, source, group);
	size_t at;

	if (pair != NULL)
		return pair;
	pair = new_pair(source, group);
	at = model->is_filling ? model->count : place_of(model, pair);
	model->pairs = mx_grow(model->pairs, model->count, sizeof *model->pairs);
	memmove(&model->pairs[at + 1], &model->pairs[at],
	    (model->count - at) * sizeof *model->pairs);
	model->pairs[at] = pair;
	model->count++;
	return pair;
}

static bool
take_reply(void *arg, const struct mx_store_result *row)
{
	struct mx_model_reply *reply = arg;

	*reply = (struct mx_model_reply){
		.stage = mx_strdup(row->stage),
		.enhanced = mx_strdup(row->enhanced),
		.text =
		    row->text != NULL ? mx_strndup(row->text, MX_MODEL_TEXT_MAX) : NULL,
		.category = mx_strdup(row->category),
		.list = mx_strdup(row->list),
		.provider_code = mx_strdup(row->provider_code),
		.delist_url = mx_strdup(row->delist_url),
		.rule = mx_strdup(row->rule),
		.remedy = mx_strdup(row->remedy),
		.mx_host = mx_strdup(row->mx_host),
		.address = mx_strdup(row->address),
		.depth = mx_strdup(row->depth),
		.reached = mx_strdup(row->reached),
		.note = mx_strdup(row->note),
		.code = row->code,
	};
	return false;
}

static void
read_reply(const struct mx_model *model, struct mx_model_pair *pair)
{
	struct mx_error err = { 0 };

	clear_reply(&pair->reply);
	if (pair->last_result != NULL &&
	    mx_store_find(model->web->params.store, pair->last_result, take_reply,
		&pair->reply, &err) != MX_OK)
		mx_log(MX_LOG_WARNING, "web: %s", err.text);
}

static int64_t
stale_after(const struct mx_model *model, const struct mx_model_pair *pair)
{
	int64_t interval_us =
	    pair->interval_us > 0 ? pair->interval_us : model->web->params.interval_us;

	return 2 * (interval_us > 0 ? interval_us : INTERVAL_US);
}

static bool
take_pair(void *arg, const struct mx_store_pair *row)
{
	struct mx_model *model = arg;
	struct mx_model_pair *pair = mx_model_pair(model, row->source, row->group);
	int64_t now_us = mx_clock_wall_us();
	struct mx_aged aged = mx_aged_pair(row, model->web->params.state_rules, now_us);

	pair->is_seen = true;
	(void)set(&pair->provider, row->provider);
	(void)set(&pair->destination, row->destination);
	(void)set(&pair->last_verdict, row->last_verdict);
	if (set(&pair->last_result, row->last_result))
		read_reply(model, pair);
	pair->state = aged.state;
	pair->since_us = aged.since_us;
	pair->overdue_us = aged.overdue_us;
	pair->last_us = row->last_us;
	pair->learned_us = row->learned_us;
	pair->hops = row->hops;
	pair->accepting = row->hops_accepting;
	pair->is_stale = mx_aged_is_stale(row, stale_after(model, pair), now_us);
	return true;
}

/* ---- all of them ------------------------------------------------------------------------------ */

/* Pairs that neither the store nor the watch knows any more are gone. */
static void
drop_unseen(struct mx_model *model)
{
	size_t kept = 0;

	for (size_t i = 0; i < model->count; i++) {
		if (model->pairs[i]->is_seen)
			model->pairs[kept++] = model->pairs[i];
		else
			free_pair(model->pairs[i]);
	}
	model->count = kept;
}

static enum mx_err
read_all(struct mx_model *model, struct mx_error *err)
{
	for (size_t i = 0; i < model->count; i++) {
		struct mx_model_pair *pair = model->pairs[i];

		pair->is_seen = pair->is_dirty = pair->is_watched = false;
		pair->is_running = pair->is_late = false;
		pair->next_us = pair->interval_us = 0;
		pair->step = -1;
	}
	/* The first time each row is a new pair: sorted once, at the end. */
	model->is_filling = model->count == 0;
	if (mx_store_pairs(model->web->params.store, NULL, NULL, take_pair, model, err) !=
	    MX_OK)
		return err->code;
	if (model->is_filling && model->count > 0)
		qsort(model->pairs, model->count, sizeof *model->pairs, by_place);
	model->is_filling = false;
	mx_model_plan_all(model);
	drop_unseen(model);
	mx_model_index(model);
	model->dirty = 0;
	model->is_all_dirty = false;
	model->planned_us = model->aged_us = mx_clock_wall_us();
	model->version++;
	return MX_OK;
}

struct mx_model *
mx_model_new(struct mx_web *web, struct mx_error *err)
{
	struct mx_model *model = mx_calloc(1, sizeof *model);

	model->web = web;
	/* Another number in each process, or a client would take old answers for new ones. */
	model->version = (uint64_t)mx_clock_wall_us();
	if (read_all(model, err) == MX_OK)
		return model;
	mx_model_free(model);
	return NULL;
}

void
mx_model_free(struct mx_model *model)
{
	if (model == NULL)
		return;
	mx_model_index_clear(model);
	for (size_t i = 0; i < model->count; i++)
		free_pair(model->pairs[i]);
	free(model->pairs);
	free(model);
}

/* ---- hints ------------------------------------------------------------------------------------ */

void
mx_model_touch(struct mx_model *model, const char *source, const char *group)
{
	struct mx_model_pair *pair =
	    source != NULL && group != NULL ? find(model, source, group) : NULL;

	if (pair == NULL)
		model->is_all_dirty = true;
	else if (!pair->is_dirty) {
		pair->is_dirty = true;
		model->dirty++;
	}
}

void
mx_model_regroup(struct mx_model *model)
{
	mx_model_index(model);
	model->version++;
}

static void
read_dirty(struct mx_model *model, struct mx_error *err)
{
	for (size_t i = 0; i < model->count && err->code == MX_OK; i++) {
		struct mx_model_pair *pair = model->pairs[i];

		if (!pair->is_dirty)
			continue;
		pair->is_dirty = false;
		if (mx_store_pairs(model->web->params.store, pair->source, pair->group,
			take_pair, model, err) == MX_OK)
			mx_model_plan_one(model, pair);
	}
	model->dirty = 0;
	model->version++;
}

/* ---- time ------------------------------------------------------------------------------------- */

static bool
age(const struct mx_model *model, struct mx_model_pair *pair, int64_t now_us)
{
	const char *state = pair->state;
	bool was_stale = pair->is_stale;
	struct mx_store_pair row = { .state = pair->state,
		.learned_us = pair->learned_us };

	if (pair->overdue_us != 0 && now_us > pair->overdue_us &&
	    mx_state_from_name(state) == MX_STATE_DELIST_REQUESTED) {
		pair->state = mx_state_name(MX_STATE_OVERDUE);
		pair->since_us = pair->overdue_us;
	}
	pair->is_stale = mx_aged_is_stale(&row, stale_after(model, pair), now_us);
	return pair->state != state || pair->is_stale != was_stale;
}

static void
age_all(struct mx_model *model, int64_t now_us)
{
	bool has_changed = false;

	for (size_t i = 0; i < model->count; i++)
		has_changed |= age(model, model->pairs[i], now_us);
	model->aged_us = now_us;
	model->version += has_changed;
}

const struct mx_model *
mx_model_look(struct mx_model *model)
{
	int64_t now_us = mx_clock_wall_us();
	struct mx_error err = { 0 };

	if (model->is_all_dirty)
		(void)read_all(model, &err);
	else if (model->dirty > 0)
		read_dirty(model, &err);
	if (err.code != MX_OK)
		mx_log(MX_LOG_WARNING, "web: %s", err.text);
	/* Clocks are set back, too. */
	if (now_us - model->planned_us > PLAN_US || now_us < model->planned_us) {
		mx_model_plan_all(model);
		model->planned_us = now_us;
		model->version++;
	}
	if (now_us - model->aged_us > AGE_US || now_us < model->aged_us)
		age_all(model, now_us);
	return model;
}

/* ---- looking for one -------------------------------------------------------------------------- */

static bool
is_called(const struct mx_model_pair *pair, const char *whom)
{
	return (pair->provider != NULL && strcmp(pair->provider, whom) == 0) ||
	       (pair->destination != NULL && strcasecmp(pair->destination, whom) == 0);
}

const struct mx_model_pair *
mx_model_find(const struct mx_model *model, const char *source, const char *whom)
{
	const struct mx_model_pair *pair;
	char text[MX_ADDR_TEXT];
	struct mx_addr addr;

	if (!mx_addr_parse(source, &addr))
		return NULL;
	(void)mx_addr_text(&addr, text);
	pair = find(model, text, whom);
	for (size_t i = 0; pair == NULL && i < model->source_count; i++) {
		const struct mx_model_source *row = &model->sources[i];

		for (size_t k = 0; k < row->count && strcmp(row->source, text) == 0; k++)
			if (is_called(model->pairs[row->first + k], whom))
				return model->pairs[row->first + k];
	}
	return pair;
}

const struct mx_model_pair *
mx_model_cell(const struct mx_model *model, const struct mx_model_source *source,
    const struct mx_model_column *column)
{
	size_t low = source->first, high = source->first + source->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(column->group, model->pairs[middle]->group);

		if (order == 0)
			return model->pairs[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
