/* delivered.c - one delivery, and before it what the probe has to say of the same provider. */
#include "probe/cmd/delivered.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/ages.h"
#include "probe/report/words.h"
#include "probe/store/history.h"

struct printing {
	const struct mx_delivered *what;
	size_t lines;
	struct mx_error *err;
};

/* ---- the probe's own word ---- */

static bool
take_probed(void *arg, const struct mx_store_result *row)
{
	char **words = arg;
	enum mx_stage depth;

	if (row->depth == NULL || !mx_stage_from_name(row->depth, &depth))
		return true;
	*words = strcmp(row->verdict, "accepted") == 0
		     ? mx_asprintf("accepted up to %s; ", mx_words_depth(depth))
		     : mx_asprintf("probe %s; ", row->verdict);
	return false;
}

/* "" where nothing was probed there. Caller frees. */
static char *
probed_words(struct printing *printing, const struct mx_store_delivery *one)
{
	const struct mx_store_span span = {
		.source = one->source, .group = one->group, .newest = 1
	};
	char *words = NULL;

	if (one->group != NULL && mx_store_history(printing->what->store, &span,
				      take_probed, &words, printing->err) != MX_OK)
		return mx_strdup("");
	return words != NULL ? words : mx_strdup("");
}

/* ---- lines ---- */

static bool
print_one(void *arg, const struct mx_store_delivery *one)
{
	struct printing *printing = arg;
	const struct mx_delivered *what = printing->what;
	char age[MX_AGE_TEXT], *probed, *source;

	if (!mx_store_delivery_is_of(one, what->source))
		return true;
	probed = probed_words(printing, one);
	source = mx_escape_terminal(one->source != NULL ? one->source : "",
	    one->source != NULL ? strlen(one->source) : 0);
	(void)mx_age_text(what->now_us - one->time_us, age);
	if (printing->lines++ == 0)
		fprintf(what->out, "\nReal messages (mxprobe deliver):\n");
	fprintf(what->out, "  %s%s%s, %s%s: %s%s\n", one->mailbox,
	    *source != '\0' ? " from " : "", source, age,
	    strcmp(age, "now") == 0 ? "" : " ago", probed,
	    one->summary != NULL ? one->summary : one->verdict);
	free(probed);
	free(source);
	return !ferror(what->out);
}

static bool
print_json(void *arg, const struct mx_store_delivery *one)
{
	struct printing *printing = arg;

	if (mx_store_delivery_is_of(one, printing->what->source))
		fprintf(printing->what->out, "%s\n", one->json);
	return !ferror(printing->what->out);
}

static enum mx_err
walk(const struct mx_delivered *what,
    bool (*each)(void *arg, const struct mx_store_delivery *one), struct mx_error *err)
{
	const struct mx_store_delivery_span span = {
		.group = what->group, .since_us = what->since_us, .newest = what->newest
	};
	struct printing printing = { what, 0, err };

	return mx_store_deliveries(what->store, &span, each, &printing, err);
}

enum mx_err
mx_delivered_print(const struct mx_delivered *what, struct mx_error *err)
{
	return walk(what, print_one, err);
}

enum mx_err
mx_delivered_json(const struct mx_delivered *what, struct mx_error *err)
{
	return walk(what, print_json, err);
}

/* ---- the newest of a pair ---- */

struct newest {
	const char *source;
	char *json;
};

static bool
take_newest(void *arg, const struct mx_store_delivery *one)
{
	struct newest *newest = arg;

	if (!mx_store_delivery_is_of(one, newest->source))
		return true;
	newest->json = mx_strdup(one->json);
	return false;
}

char *
mx_delivered_newest(
    struct mx_store *store, const char *source, const char *group, struct mx_error *err)
{
	const struct mx_store_delivery_span span = { .group = group };
	struct newest newest = { .source = source };

	if (mx_store_deliveries(store, &span, take_newest, &newest, err) != MX_OK)
		return NULL;
	return newest.json;
}
