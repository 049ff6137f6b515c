/* aging.c - what time alone does to a pair. */
#include "probe/watch/aging.h"

#include <stdlib.h>
#include <string.h>

#include "probe/watch/state_text.h"

struct mx_aged
mx_aged_pair(
    const struct mx_store_pair *pair, const struct mx_state_rules *rules, int64_t now_us)
{
	struct mx_aged aged = {
		.state = mx_state_name(mx_state_from_name(pair->state)),
		.since_us = pair->since_us,
	};
	struct mx_pair_state state;
	struct mx_state_change change = { 0 };

	if (strcmp(pair->state, mx_state_name(MX_STATE_DELIST_REQUESTED)) != 0 ||
	    !mx_state_from_text(pair->fold, &state))
		return aged;
	aged.overdue_us = state.expected_us + rules->overdue_us;
	mx_state_age(rules, &state, now_us, &change);
	free(change.why);
	if (change.before != change.after)
		aged.since_us = aged.overdue_us;
	aged.state = mx_state_name(mx_pair_state_shown(&state));
	return aged;
}

bool
mx_aged_is_stale(const struct mx_store_pair *pair, int64_t span_us, int64_t now_us)
{
	return strcmp(pair->state, mx_state_name(MX_STATE_UNKNOWN)) != 0 &&
	       now_us - pair->learned_us > span_us;
}

struct mx_state_row
mx_aged_row(const struct mx_store_pair *pair, const struct mx_state_rules *rules,
    int64_t stale_us, int64_t now_us)
{
	struct mx_aged aged = mx_aged_pair(pair, rules, now_us);

	return (struct mx_state_row){
		.source = pair->source,
		.group = pair->group,
		.provider = pair->provider,
		.destination = pair->destination,
		.last_us = pair->last_us,
		.last_result = pair->last_result,
		.last_verdict = pair->last_verdict,
		.learned_us = pair->learned_us,
		.addresses = pair->hops,
		.accepting = pair->hops_accepting,
		.state = aged.state,
		.since_us = aged.since_us,
		.is_stale = mx_aged_is_stale(pair, stale_us, now_us),
	};
}
