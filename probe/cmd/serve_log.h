/*
 * serve_log.h - what the daemon's log says of sessions and states: one record each.
 * In:   results and events.   Out: records of base/log.
 * Not:  no transcripts: replies and mailboxes stay in the store.
 */
#ifndef MX_CMD_SERVE_LOG_H
#define MX_CMD_SERVE_LOG_H

#include "probe/result.h"
#include "probe/store/pairs.h"

void mx_serve_log_result(const struct mx_result *result);
void mx_serve_log_event(const struct mx_store_event *event);

#endif
