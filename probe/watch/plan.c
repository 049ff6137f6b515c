/* plan.c - the next session of a pair: a step of its delist case, else a slot of the schedule; in either
 * case not before what the ledger, or a failure, has said. */
#include "probe/base/clock.h"
#include "probe/watch/inside.h"

/* So long after its time nobody calls a session late. */
#define LATE_US MX_MINUTE_US
/* Pairs that the ledger held until one moment do not all leave at that moment. */
#define HOLD_SPREAD_US (5 * MX_MINUTE_US)

int64_t
mx_watch_spread(const struct mx_watch_pair_row *pair, int64_t span_us)
{
	return span_us > 0 ? (int64_t)((pair->key >> 7) % (uint64_t)span_us) : 0;
}

static int64_t
least(int64_t a_us, int64_t b_us)
{
	return a_us < b_us ? a_us : b_us;
}

/* All pairs of a group over an hour, or over as long as its pace takes for them. */
static int64_t
spread_of(const struct mx_watch *watch, const struct mx_watch_pair_row *pair)
{
	const struct mx_watch_params *params = &watch->config->params;
	int64_t paced_us = (int64_t)watch->source_count * MX_MINUTE_US /
			   (int64_t)params->probe->floors->group_a_minute;
	int64_t spread_us =
	    paced_us > MX_HOUR_US && !pair->group->is_own ? paced_us : MX_HOUR_US;

	return least(params->interval_us, spread_us);
}

static struct mx_schedule_spans
spans_of(const struct mx_watch *watch, const struct mx_watch_pair_row *pair)
{
	const struct mx_watch_params *params = &watch->config->params;

	return (struct mx_schedule_spans){
		.interval_us = params->interval_us,
		.blocked_us = params->blocked_us,
		.floor_us = pair->group->is_own ? 0 : params->probe->floors->pair_us,
		.spread_us = spread_of(watch, pair),
	};
}

/* ---- steps of a case ---- */

static const struct mx_ladder *
ladder_of(const struct mx_watch *watch)
{
	const struct mx_ladder *ladder = watch->config->params.ladder;

	return ladder != NULL ? ladder : &mx_ladder_default;
}

/* Behind the ladder only those go on who are half-way: for all others it is time to ask a person. */
static bool
is_half_way(const struct mx_watch_pair_row *pair)
{
	return pair->state == MX_STATE_CLEARING || pair->relapses > 0;
}

/* False: there is no case, or no step is left; a case that is over is closed. */
static bool
plan_step(struct mx_watch *watch, struct mx_watch_pair_row *pair, int64_t now_us,
    int64_t *due_us)
{
	struct mx_ladder_step next;

	pair->step = -1;
	if (pair->case_id == 0)
		return false;
	next =
	    mx_ladder_next(ladder_of(watch), pair->case_opened_us, pair->steps, now_us);
	if (pair->state == MX_STATE_CLEAR || pair->is_hopeless || next.is_over ||
	    (next.is_behind && !is_half_way(pair))) {
		mx_watch_case_close(watch, pair);
		return false;
	}
	pair->step = (int)next.index;
	pair->interval_us = 0;
	/* The ladder stands in for what is held after a block; so it is where a case is opened late. */
	if (pair->hold == MX_HOLD_BLOCKED) {
		pair->hold = MX_HOLD_NONE;
		pair->hold_until_us = 0;
	}
	*due_us = next.due_us > now_us ? next.due_us : now_us;
	return true;
}

/* ---- slots ---- */

static int64_t
plan_slot(struct mx_watch *watch, struct mx_watch_pair_row *pair, int64_t now_us)
{
	struct mx_schedule_spans spans = spans_of(watch, pair);
	struct mx_schedule_next next;

	pair->interval_us = mx_schedule_interval(&spans, pair->state);
	next =
	    mx_schedule_next(pair->key, &spans, pair->interval_us, pair->last_us, now_us);
	if (next.is_caught_up && pair->hold == MX_HOLD_NONE)
		pair->hold = MX_HOLD_CAUGHT_UP;
	if (next.is_caught_up)
		mx_watch_count_suppressed(watch, pair->group, MX_WATCH_EXPIRED);
	return next.due_us;
}

/* The ledger's word is for a moment that may be past by now, or for a clock that was set since. */
static void
drop_old_hold(struct mx_watch_pair_row *pair, int64_t now_us)
{
	if (pair->hold != MX_HOLD_NONE && pair->hold_until_us > now_us)
		return;
	pair->hold = MX_HOLD_NONE;
	pair->hold_until_us = 0;
}

void
mx_watch_plan(struct mx_watch *watch, struct mx_watch_pair_row *pair)
{
	int64_t now_us = mx_watch_now(), due_us;

	if (pair->run != NULL || pair->is_waiting)
		return;
	drop_old_hold(pair, now_us);
	if (pair->hold == MX_HOLD_FAILED) {
		/* nothing was asked: the try again stands in for slot and step */
		if (!plan_step(watch, pair, now_us, &due_us))
			(void)plan_slot(watch, pair, now_us);
		due_us = pair->hold_until_us;
	} else if (!plan_step(watch, pair, now_us, &due_us)) {
		due_us = plan_slot(watch, pair, now_us);
	}
	if (due_us < pair->hold_until_us)
		due_us = pair->hold_until_us + mx_watch_spread(pair, HOLD_SPREAD_US);
	mx_agenda_put(&watch->agenda, &pair->due, due_us);
}

void
mx_watch_plan_all(struct mx_watch *watch)
{
	for (size_t i = 0; i < watch->pair_count; i++)
		mx_watch_plan(watch, watch->pairs[i]);
}

/* ---- how it stands ---- */

bool
mx_watch_is_stale(const struct mx_watch_pair_row *pair, int64_t now_us)
{
	return pair->state != MX_STATE_UNKNOWN && pair->interval_us > 0 &&
	       now_us - pair->learned_us > 2 * pair->interval_us;
}

bool
mx_watch_is_late(const struct mx_watch_pair_row *pair, int64_t now_us)
{
	return pair->is_waiting && now_us - pair->due.due_us > LATE_US;
}
