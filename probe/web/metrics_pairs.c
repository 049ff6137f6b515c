/* metrics_pairs.c - a family is one row of a table: what it is called, what it says of a pair. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/web/metrics.h"

#define LABELS_MAX 4096

/** Families with one sample a pair. */
struct family {
	const char *name;
	const char *help;
	/** False: nothing to say of this pair. */
	bool (*value)(const struct mx_model_pair *pair, int64_t now_us, int64_t *value);
	bool is_seconds;
};

/* ---- what they say ---------------------------------------------------------------------------- */

static bool
since(const struct mx_model_pair *pair, int64_t now_us, int64_t *value)
{
	(void)now_us;
	*value = pair->since_us;
	return *value != 0;
}

static bool
last(const struct mx_model_pair *pair, int64_t now_us, int64_t *value)
{
	(void)now_us;
	*value = pair->last_us;
	return *value != 0;
}

static bool
next(const struct mx_model_pair *pair, int64_t now_us, int64_t *value)
{
	(void)now_us;
	*value = pair->next_us;
	return *value != 0;
}

static bool
age(const struct mx_model_pair *pair, int64_t now_us, int64_t *value)
{
	*value = now_us - pair->last_us;
	return pair->last_us != 0;
}

static bool
interval(const struct mx_model_pair *pair, int64_t now_us, int64_t *value)
{
	(void)now_us;
	*value = pair->interval_us;
	return *value != 0;
}

static bool
stale(const struct mx_model_pair *pair, int64_t now_us, int64_t *value)
{
	(void)now_us;
	*value = pair->is_stale;
	return true;
}

static bool
late(const struct mx_model_pair *pair, int64_t now_us, int64_t *value)
{
	(void)now_us;
	*value = pair->is_late;
	return pair->is_watched;
}

static bool
addresses(const struct mx_model_pair *pair, int64_t now_us, int64_t *value)
{
	(void)now_us;
	*value = pair->hops;
	return pair->hops != 0;
}

static bool
accepting(const struct mx_model_pair *pair, int64_t now_us, int64_t *value)
{
	(void)now_us;
	*value = pair->accepting;
	return pair->hops != 0;
}

/* clang-format off */
static const struct family families[] = {
	{ "mxprobe_state_since_timestamp_seconds", "When the pair came into its state.", since, true },
	{ "mxprobe_last_probe_timestamp_seconds", "When the last session of the pair began.", last, true },
	{ "mxprobe_next_probe_timestamp_seconds",
	    "Before this time the watch plans no session of the pair; 30 min after a session none is allowed.",
	    next, true },
	{ "mxprobe_result_age_seconds",
	    "Age of the result shown; sessions follow the schedule, never a scrape of this page.", age, true },
	{ "mxprobe_interval_seconds", "Planned time between two sessions of the pair.", interval, true },
	{ "mxprobe_stale", "1 if nothing was learned of the pair for two intervals.", stale, false },
	{ "mxprobe_late", "1 if the time of the next session has come and something is in the way.", late, false },
	{ "mxprobe_addresses", "Addresses of the provider that the source has visited.", addresses, false },
	{ "mxprobe_addresses_accepting", "Of those, how many accepted when they were last visited.",
	    accepting, false },
};
/* clang-format on */

/* ---- labels ----------------------------------------------------------------------------------- */

char *
mx_metrics_labels(const struct mx_model_pair *pair)
{
	struct mx_buf labels;

	mx_buf_init(&labels, LABELS_MAX);
	mx_exposition_label(&labels, "source", pair->source);
	mx_exposition_label(&labels, "provider", pair->group);
	return mx_buf_take(&labels);
}

char *
mx_metrics_reply_labels(const struct mx_model_reply *reply)
{
	struct mx_buf labels;
	char code[24] = "";

	if (reply->code != 0)
		snprintf(code, sizeof code, "%lld", (long long)reply->code);
	mx_buf_init(&labels, LABELS_MAX);
	mx_exposition_label(&labels, "code", code);
	mx_exposition_label(&labels, "enhanced", reply->enhanced);
	mx_exposition_label(&labels, "signature", reply->rule);
	mx_exposition_label(&labels, "category", reply->category);
	mx_exposition_label(&labels, "stage", reply->stage);
	return mx_buf_take(&labels);
}

static char **
labels_of(const struct mx_model *model)
{
	char **labels = mx_calloc(model->count + 1, sizeof *labels);

	for (size_t i = 0; i < model->count; i++)
		labels[i] = mx_metrics_labels(model->pairs[i]);
	return labels;
}

/* ---- families of several samples -------------------------------------------------------------- */

/* All of a pair's states, one of them 1: so that changes() and averages work. */
static void
put_states(struct mx_exposition *out, const struct mx_model *model, char *const *labels)
{
	char states[MX_STATE_COUNT][64];

	for (int i = 0; i < MX_STATE_COUNT; i++)
		snprintf(states[i], sizeof states[i], "state=\"%s\"",
		    mx_state_name((enum mx_state)i));
	mx_exposition_family(out, "mxprobe_state", MX_METRIC_GAUGE,
	    "1 for the state in which the source is at the provider, 0 for the others.");
	for (size_t i = 0; i < model->count; i++)
		for (int k = 0; k < MX_STATE_COUNT; k++)
			mx_exposition_integer(out, labels[i], states[k],
			    mx_state_from_name(model->pairs[i]->state) ==
				(enum mx_state)k);
}

static void
put_verdicts(struct mx_exposition *out, const struct mx_model *model, char *const *labels)
{
	char verdict[64];

	mx_exposition_family(out, "mxprobe_verdict", MX_METRIC_GAUGE,
	    "1 for the verdict of the pair's last session; others have no sample.");
	for (size_t i = 0; i < model->count; i++) {
		if (model->pairs[i]->last_verdict == NULL)
			continue;
		snprintf(verdict, sizeof verdict, "verdict=\"%s\"",
		    model->pairs[i]->last_verdict);
		mx_exposition_integer(out, labels[i], verdict, 1);
	}
}

static void
put_replies(struct mx_exposition *out, const struct mx_model *model, char *const *labels)
{
	mx_exposition_family(out, "mxprobe_reply_info", MX_METRIC_INFO,
	    "What decided the last session, where it was not accepted; signature is the "
	    "rule "
	    "that knew it.");
	for (size_t i = 0; i < model->count; i++) {
		const struct mx_model_reply *reply = &model->pairs[i]->reply;
		char *more;

		if (reply->stage == NULL)
			continue;
		more = mx_metrics_reply_labels(reply);
		mx_exposition_integer(out, labels[i], more, 1);
		free(more);
	}
}

static void
put_family(struct mx_exposition *out, const struct family *family,
    const struct mx_model *model, char *const *labels, int64_t now_us)
{
	int64_t value;

	mx_exposition_family(out, family->name, MX_METRIC_GAUGE, family->help);
	for (size_t i = 0; i < model->count; i++) {
		if (!family->value(model->pairs[i], now_us, &value))
			continue;
		if (family->is_seconds)
			mx_exposition_seconds(out, labels[i], NULL, value);
		else
			mx_exposition_integer(out, labels[i], NULL, value);
	}
}

/* ---- families of a source --------------------------------------------------------------------- */

static bool
has_void(const struct mx_model *model, const struct mx_model_source *row)
{
	for (size_t i = row->first; i < row->first + row->count; i++)
		if (model->pairs[i]->last_verdict != NULL &&
		    strcmp(model->pairs[i]->last_verdict, "void") == 0)
			return true;
	return false;
}

static void
put_mismatches(struct mx_exposition *out, const struct mx_model *model)
{
	mx_exposition_family(out, "mxprobe_egress_mismatch", MX_METRIC_GAUGE,
	    "1 if a server last saw another address than this source (NAT).");
	for (size_t i = 0; i < model->source_count; i++) {
		struct mx_buf labels;

		mx_buf_init(&labels, LABELS_MAX);
		mx_exposition_label(&labels, "source", model->sources[i].source);
		mx_exposition_integer(
		    out, labels.data, NULL, has_void(model, &model->sources[i]));
		mx_buf_clear(&labels);
	}
}

void
mx_metrics_pairs(struct mx_exposition *out, const struct mx_model *model, int64_t now_us)
{
	char **labels = labels_of(model);

	put_states(out, model, labels);
	put_verdicts(out, model, labels);
	put_replies(out, model, labels);
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		put_family(out, &families[i], model, labels, now_us);
	put_mismatches(out, model);
	for (size_t i = 0; i < model->count; i++)
		free(labels[i]);
	free(labels);
}
