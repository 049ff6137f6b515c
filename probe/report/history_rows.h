/*
 * history_rows.h - recorded results for programs: JSON lines and CSV.
 * In:   rows and events of the store.   Out: one object or one record each.
 * Not:  no order is made; no transcript (the store has it as it was printed).
 */
#ifndef MX_REPORT_HISTORY_ROWS_H
#define MX_REPORT_HISTORY_ROWS_H

#include <stdio.h>

#include "probe/store/pairs.h"
#include "probe/store/result_row.h"

/** An object with its newline: "mxprobe.history/1", the keys of a result but for the dialogue. */
void mx_history_json(FILE *stream, const struct mx_store_result *row);
/** "mxprobe.event/1". */
void mx_history_event_json(FILE *stream, const struct mx_store_event *event);

/** RFC 4180, lines end with CRLF. A value that a spreadsheet would take for a formula has an
 *  apostrophe in front. */
void mx_history_csv_head(FILE *stream);
void mx_history_csv(FILE *stream, const struct mx_store_result *row);

#endif
