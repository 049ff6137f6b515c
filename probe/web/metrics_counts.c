/* metrics_counts.c - counters of the watch and of the alerts. */
#include "probe/web/metrics.h"

void
mx_metrics_counts(struct mx_exposition *out, const struct mx_web *web)
{
	(void)out, (void)web;
}
