#include <criterion/criterion.h>

#include "probe/base/clock.h"
#include "probe/cmd/limits.h"

TestSuite(limits, .timeout = 20);

#define HOUR MX_HOUR_US

static struct mx_config_span
span(int64_t us)
{
	static char said[] = "said";

	return (struct mx_config_span){ .text = said, .us = us };
}

Test(limits, nothing_said_is_the_default)
{
	struct mx_config_values values = { 0 };
	struct mx_limits limits = mx_limits_make(&values);

	cr_expect_eq(limits.floors.pair_us, mx_ledger_floors_default.pair_us);
	cr_expect_eq(limits.floors.group_at_once, mx_ledger_floors_default.group_at_once);
	cr_expect_eq(limits.rules.clear_accepts, mx_state_rules_default.clear_accepts);
	cr_expect_eq(limits.rules.regress_us, mx_state_rules_default.regress_us);
	cr_expect_eq(limits.keep_results_us, 90 * 24 * HOUR);
	cr_expect_eq(limits.keep_transcripts_us, 7 * 24 * HOUR);
	cr_expect_eq(limits.schedule_us, 4 * HOUR);
	cr_expect_eq(limits.schedule_blocked_us, 6 * HOUR);
}

Test(limits, what_is_said_holds)
{
	struct mx_config_values values = {
		.politeness = { .interval = span(HOUR),
		    .network = span(HOUR / 60),
		    .all_addresses = span(9 * HOUR),
		    .at_once = 1,
		    .per_minute = 3 },
		.state = { .clear_accepts = 5,
		    .clear_addresses = 4,
		    .clear_span = span(48 * HOUR),
		    .suspect_gap = span(0) },
		.retention = { span(24 * HOUR), span(2 * HOUR) },
		.schedule = { .interval = span(HOUR), .blocked = span(7 * HOUR) },
	};
	struct mx_limits limits = mx_limits_make(&values);

	cr_expect_eq(limits.floors.pair_us, HOUR);
	cr_expect_eq(limits.floors.network_us, HOUR / 60);
	cr_expect_eq(limits.floors.every_us, 9 * HOUR);
	cr_expect_eq(limits.floors.group_at_once, 1);
	cr_expect_eq(limits.floors.group_a_minute, 3);
	cr_expect_eq(limits.rules.clear_accepts, 5);
	cr_expect_eq(limits.rules.clear_hosts, 4);
	cr_expect_eq(limits.rules.clear_span_us, 48 * HOUR);
	cr_expect_eq(limits.rules.suspect_gap_us, 0);
	cr_expect_eq(limits.keep_results_us, 24 * HOUR);
	cr_expect_eq(limits.keep_transcripts_us, 2 * HOUR);
	cr_expect_eq(limits.schedule_us, HOUR);
	cr_expect_eq(limits.schedule_blocked_us, 7 * HOUR);
}

Test(limits, no_hold_is_shorter_than_the_interval)
{
	struct mx_config_values values = { .politeness = {
					       .interval = span(30 * HOUR) } };
	struct mx_limits limits = mx_limits_make(&values);

	cr_expect_eq(limits.floors.blocked_us, 30 * HOUR);
	cr_expect_eq(limits.floors.throttled_us, 30 * HOUR);
	cr_expect_eq(limits.floors.throttled_most_us, 30 * HOUR);
}
