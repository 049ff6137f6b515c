/* metrics_counts.c - what the watch has counted since its start. */
#include <stdio.h>

#include "probe/watch/alert/alerts.h"
#include "probe/watch/watch.h"
#include "probe/web/metrics.h"
#include "probe/web/site.h"

/* ---- by provider ------------------------------------------------------------------------------ */

/** The word that stands for a counter, and the counter. */
struct words {
	const char *name, *help, *label;
	int count;
	const char *(*word)(int index);
	uint64_t (*value)(const struct mx_watch_provider_counts *provider, int index);
};

static const char *
verdict_word(int index)
{
	return mx_verdict_name((enum mx_verdict)index);
}

static uint64_t
sessions(const struct mx_watch_provider_counts *provider, int index)
{
	return provider->sessions[index];
}

static const char *
reason_word(int index)
{
	return mx_watch_reason_name((enum mx_watch_reason)index);
}

static uint64_t
suppressed(const struct mx_watch_provider_counts *provider, int index)
{
	return provider->suppressed[index];
}

/* clang-format off */
static const struct words families[] = {
	{ "mxprobe_probes_total", "Sessions of the watch, by provider and verdict.", "verdict",
	    MX_V_COUNT, verdict_word, sessions },
	{ "mxprobe_suppressed_total", "Sessions that were due and not made, by what stood in the way.",
	    "reason", MX_WATCH_REASONS, reason_word, suppressed },
};
/* clang-format on */

static void
put_family(struct mx_exposition *out, const struct words *family,
    const struct mx_watch_counts *counts)
{
	mx_exposition_family(out, family->name, MX_METRIC_COUNTER, family->help);
	for (size_t i = 0; i < counts->provider_count; i++) {
		const struct mx_watch_provider_counts *provider = &counts->providers[i];

		for (int k = 0; k < family->count; k++) {
			uint64_t value = family->value(provider, k);
			struct mx_buf labels;

			/* What never happened has no sample, or each provider had twelve. */
			if (value == 0)
				continue;
			mx_buf_init(&labels, 4096);
			mx_exposition_label(&labels, "provider", provider->provider);
			mx_exposition_label(&labels, family->label, family->word(k));
			mx_exposition_integer(out, labels.data, NULL, (int64_t)value);
			mx_buf_clear(&labels);
		}
	}
}

/* ---- of the whole watch ----------------------------------------------------------------------- */

static void
put_watch(struct mx_exposition *out, const struct mx_watch_counts *counts)
{
	const struct {
		const char *name, *help;
		enum mx_metric kind;
		uint64_t value;
	} rows[] = {
		{ "mxprobe_pairs", "Pairs of a source and a provider that are watched.",
		    MX_METRIC_GAUGE, counts->pairs },
		{ "mxprobe_sessions_running", "Sessions under way.", MX_METRIC_GAUGE,
		    counts->running },
		{ "mxprobe_pairs_late",
		    "Pairs whose time has come while something is in the way.",
		    MX_METRIC_GAUGE, counts->late },
		{ "mxprobe_pairs_stale",
		    "Pairs of which nothing was learned for two intervals.",
		    MX_METRIC_GAUGE, counts->stale },
		{ "mxprobe_providers_paused",
		    "Providers that are left alone, as too many sources were throttled.",
		    MX_METRIC_GAUGE, counts->paused },
		{ "mxprobe_events_total", "Changes of state.", MX_METRIC_COUNTER,
		    counts->events },
		{ "mxprobe_store_failures_total", "Writes to the store that failed.",
		    MX_METRIC_COUNTER, counts->store_failures },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		mx_exposition_family(out, rows[i].name, rows[i].kind, rows[i].help);
		mx_exposition_integer(out, "", NULL, (int64_t)rows[i].value);
	}
}

/* ---- who is told ------------------------------------------------------------------------------ */

static uint64_t
sent(const struct mx_alerts_counts *counts)
{
	return counts->sent;
}

static uint64_t
failed(const struct mx_alerts_counts *counts)
{
	return counts->failed;
}

static uint64_t
dropped(const struct mx_alerts_counts *counts)
{
	return counts->refused + counts->expired;
}

static uint64_t
waiting(const struct mx_alerts_counts *counts)
{
	return counts->waiting;
}

static void
put_alerts(struct mx_exposition *out, const struct mx_alerts *alerts)
{
	static const struct {
		const char *name, *help;
		enum mx_metric kind;
		uint64_t (*value)(const struct mx_alerts_counts *counts);
	} rows[] = {
		{ "mxprobe_alerts_sent_total", "Notices that a receiver took.",
		    MX_METRIC_COUNTER, sent },
		{ "mxprobe_alerts_failed_total",
		    "Tries that failed and will be made again.", MX_METRIC_COUNTER,
		    failed },
		{ "mxprobe_alerts_dropped_total",
		    "Notices given up: refused for good, or too old.", MX_METRIC_COUNTER,
		    dropped },
		{ "mxprobe_alerts_waiting", "Notices that wait to be sent.",
		    MX_METRIC_GAUGE, waiting },
	};
	struct mx_alerts_counts counts[MX_ALERTS_KINDS];

	mx_alerts_counts(alerts, counts);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		mx_exposition_family(out, rows[i].name, rows[i].kind, rows[i].help);
		for (int k = 0; k < MX_ALERTS_KINDS; k++) {
			struct mx_buf labels;

			mx_buf_init(&labels, 256);
			mx_exposition_label(&labels, "receiver",
			    mx_alerts_kind_name((enum mx_alerts_kind)k));
			mx_exposition_integer(
			    out, labels.data, NULL, (int64_t)rows[i].value(&counts[k]));
			mx_buf_clear(&labels);
		}
	}
}

void
mx_metrics_counts(struct mx_exposition *out, const struct mx_web *web)
{
	struct mx_watch_counts counts;

	if (web->params.alerts != NULL)
		put_alerts(out, web->params.alerts);
	if (web->params.watch == NULL)
		return;
	mx_watch_counts(web->params.watch, &counts);
	put_watch(out, &counts);
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		put_family(out, &families[i], &counts);
}
