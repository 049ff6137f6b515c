/*
 * metrics.h - /metrics: every pair as it stands, and how the daemon itself fares.
 * In:   the model, the counts of the watch and of the alerts.   Out: one text for all who ask in a second.
 * Not:  no session follows from a scrape; /probe is probe_now.c's.
 */
#ifndef MX_WEB_METRICS_H
#define MX_WEB_METRICS_H

#include "probe/web/exposition.h"
#include "probe/web/model.h"

struct mx_metrics;

struct mx_metrics *mx_metrics_new(struct mx_web *web);
/** NULL is taken. */
void mx_metrics_free(struct mx_metrics *metrics);
/** A new configuration was taken, or not. */
void mx_metrics_reloaded(struct mx_metrics *metrics, bool is_taken);
/** A request was answered so. */
void mx_metrics_answered(struct mx_metrics *metrics, int status);

/** metrics_pairs.c: the families that have source and provider as labels. */
void mx_metrics_pairs(
    struct mx_exposition *out, const struct mx_model *model, int64_t now_us);
/** metrics_counts.c: what the watch and the alerts have counted. */
void mx_metrics_counts(struct mx_exposition *out, const struct mx_web *web);
/** source="...",provider="..." of a pair. Caller frees. */
char *mx_metrics_labels(const struct mx_model_pair *pair);
/** code, enhanced, signature, stage of the pair's last deciding reply. Caller frees. */
char *mx_metrics_reply_labels(const struct mx_model_reply *reply);

#endif
