/* metrics.c - /metrics is written once a second at most, however many ask. */
#include "probe/web/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <event2/event.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/web/handlers.h"
#include "probe/web/server.h"

#define TICK_US (MX_SECOND_US / 4)
#define LAG_TICKS 240 /* a minute */
#define STATUS_CLASSES 6

struct mx_metrics {
	struct mx_web *web;
	int64_t started_us, reloaded_us;
	bool is_reloaded;
	uint64_t answers[STATUS_CLASSES]; /* by the status' first digit */
	/* how late the loop comes to what is due */
	struct event *tick;
	int64_t expected_us;
	int64_t lag_us,
	    worst_us; /* last, and the worst of this minute and the one before */
	int64_t worst_before_us, worst_now_us;
	unsigned ticks;
	/* what was written last, text and OpenMetrics */
	struct {
		struct mx_web_shared *text;
		uint64_t version;
		int64_t second;
	} cache[2];
};

/* ---- how late the loop is --------------------------------------------------------------------- */

static void
start_tick(struct mx_metrics *metrics)
{
	struct timeval wait = { .tv_usec = TICK_US };

	metrics->expected_us = mx_clock_mono_us() + TICK_US;
	if (event_add(metrics->tick, &wait) != 0)
		mx_out_of_memory();
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct mx_metrics *metrics = arg;
	int64_t late_us = mx_clock_mono_us() - metrics->expected_us;

	(void)fd, (void)what;
	metrics->lag_us = late_us > 0 ? late_us : 0;
	if (metrics->lag_us > metrics->worst_now_us)
		metrics->worst_now_us = metrics->lag_us;
	if (++metrics->ticks == LAG_TICKS) {
		metrics->ticks = 0;
		metrics->worst_before_us = metrics->worst_now_us;
		metrics->worst_now_us = 0;
	}
	metrics->worst_us = metrics->worst_now_us > metrics->worst_before_us
				? metrics->worst_now_us
				: metrics->worst_before_us;
	start_tick(metrics);
}

/* ---- life ------------------------------------------------------------------------------------- */

struct mx_metrics *
mx_metrics_new(struct mx_web *web)
{
	struct mx_metrics *metrics = mx_calloc(1, sizeof *metrics);

	metrics->web = web;
	metrics->started_us = metrics->reloaded_us = mx_clock_wall_us();
	metrics->is_reloaded = true;
	metrics->tick =
	    event_new(mx_loop_base(web->params.loop), -1, 0, on_tick, metrics);
	if (metrics->tick == NULL)
		mx_out_of_memory();
	start_tick(metrics);
	return metrics;
}

void
mx_metrics_free(struct mx_metrics *metrics)
{
	if (metrics == NULL)
		return;
	event_free(metrics->tick);
	for (int i = 0; i < 2; i++)
		mx_web_shared_release(metrics->cache[i].text);
	free(metrics);
}

void
mx_metrics_reloaded(struct mx_metrics *metrics, bool is_taken)
{
	metrics->is_reloaded = is_taken;
	if (is_taken)
		metrics->reloaded_us = mx_clock_wall_us();
}

void
mx_metrics_answered(struct mx_metrics *metrics, int status)
{
	int class = status / 100;

	if (class > 0 && class < STATUS_CLASSES)
		metrics->answers[class]++;
}

/* ---- the daemon itself ------------------------------------------------------------------------ */

static int64_t
resident_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	char line[128] = "", *behind;
	long long resident;

	if (file == NULL || fgets(line, sizeof line, file) == NULL)
		line[0] = '\0';
	if (file != NULL)
		(void)fclose(file);
	/* Pages: all, then those in memory. */
	(void)strtoll(line, &behind, 10);
	resident = strtoll(behind, NULL, 10);
	return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

static void
put_process(struct mx_exposition *out, const struct mx_metrics *metrics)
{
	struct rusage usage;

	mx_exposition_gauge_seconds(out, "process_start_time_seconds",
	    "Start time of the process since the epoch.", metrics->started_us);
	mx_exposition_gauge(out, "process_resident_memory_bytes", "Resident memory size.",
	    resident_bytes());
	if (getrusage(RUSAGE_SELF, &usage) != 0)
		return;
	mx_exposition_family(out, "process_cpu_seconds_total", MX_METRIC_COUNTER,
	    "User and system CPU time spent.");
	mx_exposition_seconds(out, "", NULL,
	    (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * MX_SECOND_US +
		usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void
put_http(struct mx_exposition *out, const struct mx_metrics *metrics)
{
	char class[32];

	mx_exposition_family(out, "mxprobe_http_requests_total", MX_METRIC_COUNTER,
	    "Requests answered, by the class of their status.");
	for (int i = 2; i < STATUS_CLASSES; i++) {
		snprintf(class, sizeof class, "status=\"%dxx\"", i);
		mx_exposition_integer(out, "", class, (int64_t)metrics->answers[i]);
	}
	mx_exposition_gauge(out, "mxprobe_http_connections",
	    "Open connections of HTTP clients.",
	    (int64_t)mx_visitors_count(mx_web_server_visitors(metrics->web->server)));
}

static void
put_daemon(struct mx_exposition *out, const struct mx_metrics *metrics)
{
	mx_exposition_family(out, "mxprobe_build_info", MX_METRIC_INFO,
	    "Which mxprobe this is; the value is 1.");
	mx_exposition_integer(
	    out, "", "version=\"" PACKAGE_VERSION "\",compiler=\"" __VERSION__ "\"", 1);
	mx_exposition_gauge(out, "mxprobe_config_last_reload_successful",
	    "1 if the configuration was taken when it was last read.",
	    metrics->is_reloaded);
	mx_exposition_gauge_seconds(out,
	    "mxprobe_config_last_reload_success_timestamp_seconds",
	    "When a configuration was last taken.", metrics->reloaded_us);
	mx_exposition_gauge_seconds(out, "mxprobe_loop_lag_seconds",
	    "How late the event loop came to its last quarter of a second.",
	    metrics->lag_us);
	mx_exposition_gauge_seconds(out, "mxprobe_loop_lag_max_seconds",
	    "The worst such lag of the last one to two minutes.", metrics->worst_us);
	put_http(out, metrics);
	put_process(out, metrics);
}

/* ---- the answer ------------------------------------------------------------------------------- */

static struct mx_web_shared *
write_text(
    const struct mx_metrics *metrics, const struct mx_model *model, bool is_openmetrics)
{
	struct mx_exposition out;

	mx_exposition_begin(&out, is_openmetrics);
	put_daemon(&out, metrics);
	mx_metrics_counts(&out, metrics->web);
	mx_metrics_pairs(&out, model, mx_clock_wall_us());
	return mx_web_shared_new(mx_exposition_end(&out));
}

void
mx_web_metrics(struct mx_web_request *request)
{
	struct mx_metrics *metrics = request->web->metrics;
	const struct mx_model *model = mx_model_look(request->web->model);
	bool is_openmetrics = mx_exposition_wants_openmetrics(request);
	int64_t second = mx_clock_wall_us() / MX_SECOND_US;
	int which = is_openmetrics ? 1 : 0;

	if (metrics->cache[which].text == NULL ||
	    metrics->cache[which].second != second ||
	    metrics->cache[which].version != model->version) {
		mx_web_shared_release(metrics->cache[which].text);
		metrics->cache[which].text = write_text(metrics, model, is_openmetrics);
		metrics->cache[which].second = second;
		metrics->cache[which].version = model->version;
	}
	mx_web_answer_shared(
	    request, 200, mx_exposition_type(is_openmetrics), metrics->cache[which].text);
}
