/* api_model.c - /api/v1/matrix and /api/v1/pairs: answers from the model alone. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "probe/base/clock.h"
#include "probe/web/handlers.h"
#include "probe/web/json.h"

#define PAIRS_MOST 100000L
#define PAIRS_USUAL 1000L

/* The same address asked again before anything has changed. */
static bool
is_known(struct mx_web_request *request, const struct mx_model *model)
{
	char version[24];

	snprintf(version, sizeof version, "%llx", (unsigned long long)model->version);
	return mx_web_is_known(request, version);
}

/* ---- the matrix ------------------------------------------------------------------------------- */

static void
put_columns(struct mx_json_out *out, const struct mx_model *model)
{
	mx_json_open(out, "providers", '[');
	for (size_t i = 0; i < model->column_count; i++) {
		const struct mx_model_column *column = &model->columns[i];

		mx_json_open(out, NULL, '{');
		mx_json_string(out, "group", column->group);
		mx_json_string(out, "name", column->name);
		mx_json_close(out, '}');
	}
	mx_json_close(out, ']');
}

static void
put_cell(struct mx_json_out *out, const struct mx_model_pair *pair)
{
	if (pair == NULL) {
		mx_json_null(out, NULL);
		return;
	}
	mx_json_open(out, NULL, '{');
	mx_json_string(out, "state", pair->state);
	mx_json_time(out, "since", pair->since_us);
	mx_json_boolean(out, "stale", pair->is_stale);
	mx_json_string(out, "verdict", pair->last_verdict);
	mx_json_close(out, '}');
}

static void
put_row(struct mx_json_out *out, const struct mx_model *model,
    const struct mx_model_source *row)
{
	mx_json_open(out, NULL, '{');
	mx_json_string(out, "source", row->source);
	mx_json_string(out, "cluster", row->cluster);
	mx_json_open(out, "cells", '[');
	for (size_t i = 0; i < model->column_count; i++)
		put_cell(out, mx_model_cell(model, row, &model->columns[i]));
	mx_json_close(out, ']');
	mx_json_close(out, '}');
}

void
mx_api_matrix(struct mx_web_request *request)
{
	const struct mx_model *model = mx_model_look(request->web->model);
	struct mx_json_text json;

	if (is_known(request, model))
		return;
	mx_web_json_begin(&json, "mxprobe.matrix/1");
	mx_json_time(&json.out, "time", mx_clock_wall_us());
	put_columns(&json.out, model);
	mx_json_open(&json.out, "sources", '[');
	for (size_t i = 0; i < model->source_count; i++)
		put_row(&json.out, model, &model->sources[i]);
	mx_json_close(&json.out, ']');
	mx_web_json_answer(&json, request, 200);
}

/* ---- pairs ------------------------------------------------------------------------------------ */

/** What is asked for; NULL: any. */
struct filter {
	const char *source, *group, *state, *cluster, *verdict, *stale;
	long limit, offset;
};

static bool
is_any(const char *wanted, const char *have)
{
	return wanted == NULL || (have != NULL && strcmp(wanted, have) == 0);
}

static bool
is_wanted(const struct filter *filter, const struct mx_model_source *row,
    const struct mx_model_pair *pair)
{
	return is_any(filter->source, pair->source) &&
	       is_any(filter->cluster, row->cluster) &&
	       (is_any(filter->group, pair->group) ||
		   is_any(filter->group, pair->provider)) &&
	       is_any(filter->state, pair->state) &&
	       is_any(filter->verdict, pair->last_verdict) &&
	       is_any(filter->stale, pair->is_stale ? "true" : "false");
}

static bool
read_filter(struct mx_web_request *request, struct filter *filter)
{
	*filter = (struct filter){
		.source = mx_web_query(request, "source"),
		.group = mx_web_query(request, "provider"),
		.state = mx_web_query(request, "state"),
		.cluster = mx_web_query(request, "cluster"),
		.verdict = mx_web_query(request, "verdict"),
		.stale = mx_web_query(request, "stale"),
		.limit = PAIRS_USUAL,
	};
	if (mx_web_query_number(request, "limit", 1, PAIRS_MOST, &filter->limit) &&
	    mx_web_query_number(request, "offset", 0, INT32_MAX, &filter->offset))
		return true;
	mx_web_refuse(request, 400, "limit is a number from 1 to %ld, offset one from 0",
	    PAIRS_MOST);
	return false;
}

/* How many there are in all. */
static long
put_pairs(
    struct mx_json_out *out, const struct mx_model *model, const struct filter *filter)
{
	long found = 0;

	for (size_t i = 0; i < model->source_count; i++) {
		const struct mx_model_source *row = &model->sources[i];

		for (size_t k = row->first; k < row->first + row->count; k++) {
			const struct mx_model_pair *pair = model->pairs[k];

			if (!is_wanted(filter, row, pair))
				continue;
			found++;
			if (found <= filter->offset ||
			    found > filter->offset + filter->limit)
				continue;
			mx_json_open(out, NULL, '{');
			mx_json_string(out, "cluster", row->cluster);
			mx_json_pair(out, pair);
			mx_json_close(out, '}');
		}
	}
	return found;
}

void
mx_api_pairs(struct mx_web_request *request)
{
	const struct mx_model *model = mx_model_look(request->web->model);
	struct mx_json_text json;
	struct filter filter;
	long total;

	if (!read_filter(request, &filter) || is_known(request, model))
		return;
	mx_web_json_begin(&json, "mxprobe.pairs/1");
	mx_json_time(&json.out, "time", mx_clock_wall_us());
	mx_json_integer(&json.out, "offset", filter.offset);
	mx_json_open(&json.out, "pairs", '[');
	total = put_pairs(&json.out, model, &filter);
	mx_json_close(&json.out, ']');
	mx_json_integer(&json.out, "total", total);
	mx_web_json_answer(&json, request, 200);
}
