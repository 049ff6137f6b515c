/* api_delist.c - GET /api/v1/delist: the requests there are, and what one of a pair asks for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/web/handlers.h"
#include "probe/web/json.h"
#include "probe/web/kit_of.h"

#define CASES_MOST 1000

/** Cases on their way into an open array. */
struct case_list {
	struct mx_json_out *out;
	size_t left;
};

static bool
put_case(void *arg, const struct mx_store_case *one)
{
	struct case_list *list = arg;

	mx_json_open(list->out, NULL, '{');
	mx_json_case(list->out, one);
	mx_json_close(list->out, '}');
	return --list->left > 0;
}

/* As `mxprobe delist --format json` has it, without the end of the line. */
static void
put_kit(void *arg, const struct mx_kit *kit, const struct mx_standing *standing)
{
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);

	(void)standing;
	if (stream == NULL)
		mx_out_of_memory();
	mx_kit_json(kit, stream);
	if (fclose(stream) != 0)
		mx_out_of_memory();
	text[strcspn(text, "\n")] = '\0';
	mx_json_raw(arg, "kit", text);
	free(text);
}

static void
put_kit_of(struct mx_web_request *request, const struct mx_model_pair *pair,
    struct mx_json_out *out, struct mx_error *err)
{
	const struct mx_web_params *params = &request->web->params;
	struct mx_kit_ask ask = {
		.store = params->store,
		.catalogue = params->catalogue,
		.rules = params->state_rules,
		.source = pair->source,
		.group = pair->group,
		.lang = request->lang,
		.now_us = mx_clock_wall_us(),
		.show = put_kit,
		.arg = out,
	};

	/* Nothing to ask for is an answer, too. */
	if (mx_kit_of(&ask, err) != MX_KIT_SHOWN)
		mx_json_null(out, "kit");
}

static enum mx_err
put_cases(struct mx_web_request *request, const struct mx_model_pair *pair,
    struct mx_json_out *out, struct mx_error *err)
{
	struct case_list list = { .out = out, .left = CASES_MOST };

	mx_json_open(out, "cases", '[');
	if (mx_store_cases(request->web->params.store, pair != NULL ? pair->source : NULL,
		pair != NULL ? pair->group : NULL, put_case, &list, err) == MX_OK)
		mx_json_close(out, ']');
	return err->code;
}

void
mx_api_delist(struct mx_web_request *request)
{
	const char *source = mx_web_query(request, "source");
	const char *whom = mx_web_query(request, "provider");
	const struct mx_model_pair *pair = NULL;
	struct mx_error err = { 0 };
	struct mx_json_text json;

	if ((source == NULL) != (whom == NULL)) {
		mx_web_refuse(request, 400, "source and provider belong together");
		return;
	}
	if (source != NULL) {
		pair = mx_model_find(mx_model_look(request->web->model), source, whom);
		if (pair == NULL) {
			mx_web_refuse(
			    request, 404, "nothing is known of that source there");
			return;
		}
	}
	mx_web_json_begin(&json, "mxprobe.cases/1");
	if (put_cases(request, pair, &json.out, &err) == MX_OK && pair != NULL)
		put_kit_of(request, pair, &json.out, &err);
	if (err.code == MX_OK) {
		mx_web_json_answer(&json, request, 200);
		return;
	}
	mx_json_text_drop(&json);
	mx_web_refuse(request, 500, "%s", err.text);
}
