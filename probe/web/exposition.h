/*
 * exposition.h - the text that Prometheus reads: format 0.0.4, or OpenMetrics 1.0 where it asks for it.
 * In:   families, samples, labels.   Out: a text, complete with # EOF where that belongs.
 * Not:  no metric is known here, no clock.
 */
#ifndef MX_WEB_EXPOSITION_H
#define MX_WEB_EXPOSITION_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/base/buf.h"
#include "probe/web/request.h"

#define MX_EXPOSITION_MAX (256U << 20)

enum mx_metric {
	MX_METRIC_GAUGE,
	MX_METRIC_COUNTER, /* its name ends with _total */
	MX_METRIC_INFO     /* its name ends with _info; the value is 1 */
};

struct mx_exposition {
	struct mx_buf text;
	bool is_openmetrics;
	const char *name; /* of the family */
};

void mx_exposition_begin(struct mx_exposition *exposition, bool is_openmetrics);
/** name is borrowed until the next family. All samples of a family stand together. */
void mx_exposition_family(struct mx_exposition *exposition, const char *name,
    enum mx_metric kind, const char *help);
/** labels: as mx_exposition_label wrote them, "" for none; more: others of ours, written out, or NULL. */
void mx_exposition_integer(struct mx_exposition *exposition, const char *labels,
    const char *more, int64_t value);
/** A time or a span, in seconds with milliseconds. */
void mx_exposition_seconds(struct mx_exposition *exposition, const char *labels,
    const char *more, int64_t value_us);
/** A gauge of one sample without labels. */
void mx_exposition_gauge(
    struct mx_exposition *exposition, const char *name, const char *help, int64_t value);
void mx_exposition_gauge_seconds(struct mx_exposition *exposition, const char *name,
    const char *help, int64_t value_us);
/** The text; only mx_buf_clear may follow. */
struct mx_buf *mx_exposition_end(struct mx_exposition *exposition);

/** Append name="value", with a comma where one is needed. Any bytes may stand in value; NULL is "". */
void mx_exposition_label(struct mx_buf *labels, const char *name, const char *value);

/** What this client reads, by its Accept header; and the content type for it. */
bool mx_exposition_wants_openmetrics(const struct mx_web_request *request);
const char *mx_exposition_type(bool is_openmetrics);

#endif
