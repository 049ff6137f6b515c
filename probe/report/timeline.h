/*
 * timeline.h - the sessions and states of pairs along time, as bars and sentences.
 * In:   results and events of the store, each oldest first.   Out: a paragraph a pair, for people.
 * Not:  no store is read; programs get history_rows.h.
 */
#ifndef MX_REPORT_TIMELINE_H
#define MX_REPORT_TIMELINE_H

#include "probe/report/report.h"
#include "probe/store/pairs.h"
#include "probe/store/result_row.h"

struct mx_timeline;

/** stream and options are borrowed. */
struct mx_timeline *mx_timeline_new(
    FILE *stream, const struct mx_report_options *options, int64_t now_us);
/** What is needed of them is copied. */
void mx_timeline_result(struct mx_timeline *timeline, const struct mx_store_result *row);
void mx_timeline_event(struct mx_timeline *timeline, const struct mx_store_event *event);
/** cut: how many results were asked for at most; it is told when that many came. 0: all. */
void mx_timeline_print(struct mx_timeline *timeline, int64_t cut);
void mx_timeline_free(struct mx_timeline *timeline);

#endif
