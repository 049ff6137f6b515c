/*
 * states_nagios.h - what is remembered, as a check of Nagios and its like.
 * In:   rows of states.h, each with its last reply; thresholds for the age of results.
 * Out:  a status line with performance data, a line for each pair that is not well; the exit status.
 * Not:  nobody is probed: a check that is repeated every minute must not be.
 */
#ifndef MX_REPORT_STATES_NAGIOS_H
#define MX_REPORT_STATES_NAGIOS_H

#include "probe/report/nagios_range.h"
#include "probe/report/states.h"
#include "probe/store/result_row.h"

struct mx_states_nagios;

/** Ages are in seconds. */
struct mx_states_nagios *mx_states_nagios_new(FILE *stream,
    const struct mx_nagios_range *warning, const struct mx_nagios_range *critical,
    int64_t now_us);
/** reply: what the last session came to; may be NULL. Borrowed for the call. */
void mx_states_nagios_add(struct mx_states_nagios *nagios, const struct mx_state_row *row,
    const struct mx_store_result *reply);
/** 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
int mx_states_nagios_finish(const struct mx_states_nagios *nagios);
void mx_states_nagios_free(struct mx_states_nagios *nagios);

#endif
