/* exposition.c - prometheus.io/docs/instrumenting/exposition_formats, and OpenMetrics 1.0. */
#include "probe/web/exposition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"

void
mx_exposition_begin(struct mx_exposition *exposition, bool is_openmetrics)
{
	*exposition = (struct mx_exposition){ .is_openmetrics = is_openmetrics };
	mx_buf_init(&exposition->text, MX_EXPOSITION_MAX);
}

/* OpenMetrics names the family, to which samples add their suffix. */
static int
family_len(const struct mx_exposition *exposition, enum mx_metric kind)
{
	static const char *const suffixes[] = { "", "_total", "_info" };
	size_t len = strlen(exposition->name), cut = strlen(suffixes[kind]);

	return (int)(exposition->is_openmetrics && len > cut ? len - cut : len);
}

void
mx_exposition_family(struct mx_exposition *exposition, const char *name,
    enum mx_metric kind, const char *help)
{
	static const char *const types[] = { "gauge", "counter", "info" };
	int len;

	exposition->name = name;
	len = family_len(exposition, kind);
	(void)mx_buf_addf(&exposition->text, "# HELP %.*s %s\n# TYPE %.*s %s\n", len,
	    name, help, len, name,
	    kind == MX_METRIC_INFO && !exposition->is_openmetrics ? "gauge"
								  : types[kind]);
}

static void
put_sample(struct mx_exposition *exposition, const char *labels, const char *more,
    const char *value)
{
	struct mx_buf *text = &exposition->text;
	bool has_labels = *labels != '\0' || more != NULL;

	(void)mx_buf_addstr(text, exposition->name);
	if (has_labels) {
		(void)mx_buf_add(text, "{", 1);
		(void)mx_buf_addstr(text, labels);
		if (more != NULL && *labels != '\0')
			(void)mx_buf_add(text, ",", 1);
		if (more != NULL)
			(void)mx_buf_addstr(text, more);
		(void)mx_buf_add(text, "}", 1);
	}
	(void)mx_buf_add(text, " ", 1);
	(void)mx_buf_addstr(text, value);
	(void)mx_buf_add(text, "\n", 1);
}

void
mx_exposition_integer(
    struct mx_exposition *exposition, const char *labels, const char *more, int64_t value)
{
	char number[24];

	if (value == 0 || value == 1)
		memcpy(number, value == 0 ? "0" : "1", 2);
	else
		snprintf(number, sizeof number, "%lld", (long long)value);
	put_sample(exposition, labels, more, number);
}

void
mx_exposition_seconds(struct mx_exposition *exposition, const char *labels,
    const char *more, int64_t value_us)
{
	char number[32];
	int64_t ms = value_us / 1000;

	snprintf(number, sizeof number, "%s%lld.%03lld", ms < 0 ? "-" : "",
	    llabs(ms) / 1000, llabs(ms) % 1000);
	put_sample(exposition, labels, more, number);
}

void
mx_exposition_gauge(
    struct mx_exposition *exposition, const char *name, const char *help, int64_t value)
{
	mx_exposition_family(exposition, name, MX_METRIC_GAUGE, help);
	mx_exposition_integer(exposition, "", NULL, value);
}

void
mx_exposition_gauge_seconds(struct mx_exposition *exposition, const char *name,
    const char *help, int64_t value_us)
{
	mx_exposition_family(exposition, name, MX_METRIC_GAUGE, help);
	mx_exposition_seconds(exposition, "", NULL, value_us);
}

struct mx_buf *
mx_exposition_end(struct mx_exposition *exposition)
{
	if (exposition->is_openmetrics)
		(void)mx_buf_addstr(&exposition->text, "# EOF\n");
	return &exposition->text;
}

void
mx_exposition_label(struct mx_buf *labels, const char *name, const char *value)
{
	char *clean =
	    mx_escape_utf8(value != NULL ? value : "", value != NULL ? strlen(value) : 0);

	(void)mx_buf_addf(labels, "%s%s=\"", labels->len > 0 ? "," : "", name);
	for (const char *at = clean; *at != '\0'; at++) {
		if (*at == '\\' || *at == '"')
			(void)mx_buf_add(labels, "\\", 1);
		(void)mx_buf_add(labels, *at == '\n' ? "\\n" : at, *at == '\n' ? 2 : 1);
	}
	(void)mx_buf_add(labels, "\"", 1);
	free(clean);
}

bool
mx_exposition_wants_openmetrics(const struct mx_web_request *request)
{
	const char *accept = mx_web_header(request, "Accept");

	/* Prometheus names what it reads best first; whoever names it at all can read it. */
	return accept != NULL && strstr(accept, "application/openmetrics-text") != NULL;
}

const char *
mx_exposition_type(bool is_openmetrics)
{
	return is_openmetrics
		   ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
		   : "text/plain; version=0.0.4; charset=utf-8";
}
