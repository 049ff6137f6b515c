/* limits.c - what the file says, else the default. */
#include "probe/cmd/limits.h"

#include "probe/base/clock.h"

static void
set_span(int64_t *to, const struct mx_config_span *span)
{
	if (span->text != NULL)
		*to = span->us;
}

static void
set_count(unsigned *to, unsigned count)
{
	if (count > 0)
		*to = count;
}

static void
set_floors(struct mx_ledger_floors *to, const struct mx_config_politeness *from)
{
	*to = mx_ledger_floors_default;
	set_span(&to->pair_us, &from->interval);
	set_span(&to->blocked_us, &from->blocked);
	set_span(&to->throttled_us, &from->throttled);
	set_span(&to->throttled_most_us, &from->throttled_most);
	set_span(&to->every_us, &from->all_addresses);
	set_span(&to->network_us, &from->network);
	set_count(&to->group_at_once, from->at_once);
	set_count(&to->group_a_minute, from->per_minute);
	/* A hold is never shorter than the plain interval. */
	if (to->blocked_us < to->pair_us)
		to->blocked_us = to->pair_us;
	if (to->throttled_us < to->pair_us)
		to->throttled_us = to->pair_us;
	if (to->throttled_most_us < to->throttled_us)
		to->throttled_most_us = to->throttled_us;
}

static void
set_rules(struct mx_state_rules *to, const struct mx_config_state *from)
{
	*to = mx_state_rules_default;
	set_count(&to->clear_accepts, from->clear_accepts);
	set_count(&to->clear_hosts, from->clear_addresses);
	set_span(&to->clear_span_us, &from->clear_span);
	set_span(&to->suspect_gap_us, &from->suspect_gap);
	set_span(&to->regress_us, &from->regress);
	set_span(&to->expected_us, &from->expected);
	set_span(&to->overdue_us, &from->overdue);
}

struct mx_limits
mx_limits_make(const struct mx_config_values *values)
{
	struct mx_limits limits = {
		.keep_results_us = 90 * MX_DAY_US,
		.keep_transcripts_us = 7 * MX_DAY_US,
		.schedule_us = 4 * MX_HOUR_US,
		.schedule_blocked_us = 6 * MX_HOUR_US,
		.schedule_checks_us = 6 * MX_HOUR_US,
	};

	set_floors(&limits.floors, &values->politeness);
	set_rules(&limits.rules, &values->state);
	set_span(&limits.keep_results_us, &values->retention.results);
	set_span(&limits.keep_transcripts_us, &values->retention.transcripts);
	set_span(&limits.schedule_us, &values->schedule.interval);
	set_span(&limits.schedule_blocked_us, &values->schedule.blocked);
	set_span(&limits.schedule_checks_us, &values->schedule.checks);
	/* Oftener than the ledger allows would only be refused. */
	if (limits.schedule_us < limits.floors.pair_us)
		limits.schedule_us = limits.floors.pair_us;
	if (limits.schedule_blocked_us < limits.floors.blocked_us)
		limits.schedule_blocked_us = limits.floors.blocked_us;
	return limits;
}
