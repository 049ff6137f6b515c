/*
 * reporter.h - the status of what is not clear, told at times of a clock.
 * In:   a receiver's desk, its times, the store.   Out: a notice of schema mxprobe.report/1 at each.
 * Not:  a time that was slept through is not made up for.
 */
#ifndef MX_WATCH_ALERT_REPORTER_H
#define MX_WATCH_ALERT_REPORTER_H

#include "probe/watch/alert/post.h"

struct mx_reporter;

/** office and post must live as long; at as in struct mx_receiver: NULL when that is NULL, or no time
 *  (mx_receivers_make has refused those). */
struct mx_reporter *mx_reporter_new(
    const struct mx_post_office *office, struct mx_post *post, const char *at);
/** NULL is taken. */
void mx_reporter_free(struct mx_reporter *reporter);

/** The report of now. NULL when the store can't be read. Caller frees. */
char *mx_report_text(const struct mx_post_office *office, const char *id, int64_t now_us,
    struct mx_error *err);

#endif
