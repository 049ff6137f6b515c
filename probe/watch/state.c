/* state.c - one function a state that an observation meets. */
#include "probe/watch/state.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"

/* The steps of a ladder are whole hours apart, give or take what a session lasts. A span is over when
 * a hundredth of it is missing, or a day could turn into two for want of a second. */
#define SPAN_GRAIN 100
#define FLAP_CHANGES 4 /* so many within the span are flapping */
#define FLAP_CALM 2    /* with fewer than so many it is over */

const struct mx_state_rules mx_state_rules_default = {
	.clear_accepts = 3,
	.clear_hosts = 2,
	.clear_span_us = MX_DAY_US,
	.suspect_gap_us = 30 * MX_MINUTE_US,
	.regress_us = 7 * MX_DAY_US,
	.expected_us = 2 * MX_DAY_US,
	.overdue_us = MX_DAY_US,
};

/* clang-format off */
static const char *const names[MX_STATE_COUNT] = {
	[MX_STATE_UNKNOWN]          = "unknown",
	[MX_STATE_CLEAR]            = "clear",
	[MX_STATE_SUSPECT]          = "suspect",
	[MX_STATE_BLOCKED]          = "blocked",
	[MX_STATE_DELIST_REQUESTED] = "delist_requested",
	[MX_STATE_CLEARING]         = "clearing",
	[MX_STATE_OVERDUE]          = "overdue",
	[MX_STATE_FLAPPING]         = "flapping",
};
/* clang-format on */

const char *
mx_state_name(enum mx_state state)
{
	return names[state];
}

enum mx_state
mx_state_from_name(const char *name)
{
	for (int i = 0; name != NULL && i < MX_STATE_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			return (enum mx_state)i;
	return MX_STATE_UNKNOWN;
}

enum mx_state
mx_pair_state_shown(const struct mx_pair_state *pair)
{
	return pair->is_flapping ? MX_STATE_FLAPPING : pair->state;
}

/* ---- moving ---- */

static void
move(struct mx_pair_state *pair, enum mx_state to, int64_t now_us)
{
	pair->state = to;
	pair->since_us = now_us;
}

static void
forget_clearing(struct mx_pair_state *pair)
{
	pair->accepts = pair->hosts = 0;
	pair->first_accept_us = 0;
	memset(pair->host, 0, sizeof pair->host);
}

/* Drops the holdouts of that address (NULL: none) and those not seen since before_us. */
static void
drop_holdouts(struct mx_pair_state *pair, const char *host, int64_t before_us)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < pair->holdouts; i++)
		if (pair->holdout[i].time_us >= before_us &&
		    (host == NULL || strcmp(pair->holdout[i].host, host) != 0))
			pair->holdout[kept++] = pair->holdout[i];
	pair->holdouts = kept;
}

/* The newest push out the oldest: no provider that we visit has more addresses. */
static void
note_holdout(struct mx_pair_state *pair, const struct mx_observation *seen)
{
	drop_holdouts(pair, seen->host, INT64_MIN);
	if (pair->holdouts == MX_STATE_HOSTS)
		memmove(&pair->holdout[0], &pair->holdout[1],
		    --pair->holdouts * sizeof pair->holdout[0]);
	memcpy(pair->holdout[pair->holdouts].host, seen->host, sizeof seen->host);
	pair->holdout[pair->holdouts++].time_us = seen->time_us;
}

static void
forget_suspicion(struct mx_pair_state *pair)
{
	pair->refusals = pair->reprieves = 0;
	pair->refused_us = 0;
	pair->refused_host[0] = '\0';
}

static char *
become_blocked(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    const struct mx_observation *seen, const char *why)
{
	bool has_relapsed = pair->state == MX_STATE_CLEARING;
	bool has_regressed = pair->cleared_us > 0 && pair->state != MX_STATE_CLEARING &&
			     seen->time_us - pair->cleared_us < rules->regress_us;

	if (has_relapsed)
		pair->relapses++;
	else
		pair->blocked_us = seen->time_us;
	if (pair->state == MX_STATE_CLEAR || pair->state == MX_STATE_SUSPECT)
		pair->changes |= 1;
	forget_clearing(pair);
	forget_suspicion(pair);
	/* A request that is still open stays open: only its answer is late. */
	move(pair, MX_STATE_BLOCKED, seen->time_us);
	if (has_relapsed)
		return mx_asprintf("relapse: refused again at %s", seen->host);
	return has_regressed
		   ? mx_asprintf("regressed: blocked again within a week of being clear")
		   : mx_strdup(why);
}

static void
note_accept(struct mx_pair_state *pair, const struct mx_observation *seen)
{
	unsigned i = 0;

	if (pair->accepts++ == 0)
		pair->first_accept_us = seen->time_us;
	while (i < pair->hosts && strcmp(pair->host[i], seen->host) != 0)
		i++;
	if (i == pair->hosts && i < MX_STATE_HOSTS)
		memcpy(pair->host[pair->hosts++], seen->host, sizeof seen->host);
}

struct mx_state_missing
mx_state_missing(const struct mx_state_rules *rules, const struct mx_pair_state *pair,
    unsigned known_hosts, int64_t now_us)
{
	struct mx_state_missing missing = { 0 };
	unsigned hosts = rules->clear_hosts;
	int64_t left_us = pair->first_accept_us + rules->clear_span_us - now_us;

	if (known_hosts > 0 && known_hosts < hosts)
		hosts = known_hosts;
	if (pair->accepts < rules->clear_accepts)
		missing.accepts = rules->clear_accepts - pair->accepts;
	if (pair->hosts < hosts)
		missing.hosts = hosts - pair->hosts;
	for (unsigned i = 0; i < pair->holdouts; i++)
		if (now_us - pair->holdout[i].time_us < rules->regress_us)
			missing.holdouts++;
	if (pair->accepts == 0)
		missing.span_us = rules->clear_span_us;
	else if (left_us > rules->clear_span_us / SPAN_GRAIN)
		missing.span_us = left_us;
	return missing;
}

static char *
go_on_clearing(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    const struct mx_observation *seen)
{
	struct mx_state_missing missing;

	note_accept(pair, seen);
	missing = mx_state_missing(rules, pair, seen->known_hosts, seen->time_us);
	if (missing.accepts > 0 || missing.hosts > 0 || missing.holdouts > 0 ||
	    missing.span_us > 0)
		return NULL;

	unsigned accepts = pair->accepts, hosts = pair->hosts;

	pair->changes |= 1;
	pair->cleared_us = seen->time_us;
	pair->blocked_us = pair->expected_us = 0;
	pair->relapses = pair->holdouts = 0;
	forget_clearing(pair);
	move(pair, MX_STATE_CLEAR, seen->time_us);
	return mx_asprintf(
	    "accepted %u times at %u address%s", accepts, hosts, hosts == 1 ? "" : "es");
}

/* ---- one state each ---- */

static char *
when_unblocked(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    const struct mx_observation *seen)
{
	if (seen->kind == MX_OBSERVED_BLOCK)
		return become_blocked(rules, pair, seen, "blocked");
	if (seen->kind == MX_OBSERVED_REFUSAL) {
		forget_suspicion(pair);
		pair->refusals = 1;
		pair->refused_us = seen->time_us;
		memcpy(pair->refused_host, seen->host, sizeof seen->host);
		move(pair, MX_STATE_SUSPECT, seen->time_us);
		return mx_strdup("refused for a reason that names no list");
	}
	if (pair->state == MX_STATE_CLEAR)
		return NULL;
	move(pair, MX_STATE_CLEAR, seen->time_us);
	return mx_strdup("accepted");
}

/* Two of three refusals, the second from elsewhere or later, are no accident. */
static char *
when_suspect(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    const struct mx_observation *seen)
{
	bool counts = seen->time_us - pair->refused_us >= rules->suspect_gap_us ||
		      strcmp(seen->host, pair->refused_host) != 0;

	if (seen->kind == MX_OBSERVED_BLOCK)
		return become_blocked(rules, pair, seen, "blocked");
	if (seen->kind == MX_OBSERVED_REFUSAL)
		return counts ? become_blocked(rules, pair, seen,
				    "refused twice within three sessions")
			      : NULL;
	if (++pair->reprieves < 2)
		return NULL;
	forget_suspicion(pair);
	move(pair, MX_STATE_CLEAR, seen->time_us);
	return mx_strdup("accepted twice after a refusal");
}

static char *
when_blocked(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    const struct mx_observation *seen)
{
	char *why;

	if (seen->kind != MX_OBSERVED_ACCEPT)
		return NULL;
	forget_clearing(pair);
	move(pair, MX_STATE_CLEARING, seen->time_us);
	why = go_on_clearing(rules, pair, seen);
	return why != NULL ? why : mx_asprintf("first accepted at %s", seen->host);
}

static char *
when_clearing(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    const struct mx_observation *seen)
{
	if (seen->kind == MX_OBSERVED_BLOCK)
		return become_blocked(rules, pair, seen, "blocked");
	return seen->kind == MX_OBSERVED_ACCEPT ? go_on_clearing(rules, pair, seen)
						: NULL;
}

/* clang-format off */
static char *(*const observers[MX_STATE_COUNT])(const struct mx_state_rules *rules,
    struct mx_pair_state *pair, const struct mx_observation *seen) = {
	[MX_STATE_UNKNOWN]          = when_unblocked,
	[MX_STATE_CLEAR]            = when_unblocked,
	[MX_STATE_SUSPECT]          = when_suspect,
	[MX_STATE_BLOCKED]          = when_blocked,
	[MX_STATE_DELIST_REQUESTED] = when_blocked,
	[MX_STATE_CLEARING]         = when_clearing,
	[MX_STATE_OVERDUE]          = when_blocked,
	[MX_STATE_FLAPPING]         = when_unblocked, /* never stored */
};
/* clang-format on */

static void
watch_flapping(struct mx_pair_state *pair)
{
	unsigned changes = (unsigned)__builtin_popcount(
	    pair->changes & ((UINT32_C(1) << MX_STATE_FLAP_SPAN) - 1));

	if (changes >= FLAP_CHANGES)
		pair->is_flapping = true;
	else if (changes < FLAP_CALM)
		pair->is_flapping = false;
}

void
mx_state_observe(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    const struct mx_observation *observation, struct mx_state_change *change)
{
	*change = (struct mx_state_change){ .before = mx_pair_state_shown(pair) };
	if (observation->kind != MX_OBSERVED_NOTHING &&
	    observation->kind != MX_OBSERVED_THROTTLE) {
		pair->changes <<= 1;
		if (observation->kind == MX_OBSERVED_BLOCK)
			note_holdout(pair, observation);
		else if (observation->kind == MX_OBSERVED_ACCEPT)
			drop_holdouts(pair, observation->host, INT64_MIN);
		change->why = observers[pair->state](rules, pair, observation);
		watch_flapping(pair);
	}
	change->after = mx_pair_state_shown(pair);
	if (change->after == change->before) {
		free(change->why);
		change->why = NULL;
	} else if (change->after == MX_STATE_FLAPPING) {
		free(change->why);
		change->why =
		    mx_asprintf("%d changes between clear and blocked within %d sessions",
			FLAP_CHANGES, MX_STATE_FLAP_SPAN);
	} else if (change->before == MX_STATE_FLAPPING && change->why == NULL) {
		change->why = mx_strdup("no longer flapping");
	}
}

void
mx_state_request(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    int64_t now_us, struct mx_state_change *change)
{
	*change = (struct mx_state_change){ .before = mx_pair_state_shown(pair) };
	pair->expected_us = now_us + rules->expected_us;
	if (pair->state != MX_STATE_CLEARING && pair->state != MX_STATE_DELIST_REQUESTED)
		move(pair, MX_STATE_DELIST_REQUESTED, now_us);
	change->after = mx_pair_state_shown(pair);
	if (change->after != change->before)
		change->why = mx_strdup("delisting requested");
}

void
mx_state_age(const struct mx_state_rules *rules, struct mx_pair_state *pair,
    int64_t now_us, struct mx_state_change *change)
{
	*change = (struct mx_state_change){ .before = mx_pair_state_shown(pair) };
	if ((pair->state == MX_STATE_DELIST_REQUESTED ||
		pair->state == MX_STATE_BLOCKED) &&
	    pair->expected_us > 0 && now_us > pair->expected_us + rules->overdue_us)
		move(pair, MX_STATE_OVERDUE, now_us);
	change->after = mx_pair_state_shown(pair);
	if (change->after != change->before)
		change->why = mx_strdup("no answer to the request within its time");
}
