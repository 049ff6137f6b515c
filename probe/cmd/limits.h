/*
 * limits.h - the configuration's floors, rules and spans, with the defaults of what it doesn't say.
 * In:   the values as loaded (and checked: config/spans.c).   Out: what the run, the states and the
 *       store are told.
 * Not:  no option of the command line changes these.
 */
#ifndef MX_CMD_LIMITS_H
#define MX_CMD_LIMITS_H

#include "probe/config/config.h"
#include "probe/store/ledger.h"
#include "probe/watch/state.h"

struct mx_limits {
	struct mx_ledger_floors floors;
	struct mx_state_rules rules;
	int64_t keep_results_us, keep_transcripts_us;
	/* for the daemon */
	int64_t schedule_us, schedule_blocked_us, schedule_checks_us;
};

struct mx_limits mx_limits_make(const struct mx_config_values *values);

#endif
