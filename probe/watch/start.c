/* start.c - pairs whose time has come stand in a queue of their group; first come, first served, but for
 * those whose own network or address has to wait. */
#include <string.h>

#include "probe/base/clock.h"
#include "probe/watch/inside.h"

/* So many of a queue are looked at: behind that many of one network others have to wait, too. */
#define LOOK_AHEAD 64
/* More runs at once gain nothing. */
#define RUNS_MOST 512

void
mx_watch_enqueue(struct mx_watch *watch, struct mx_watch_pair_row *pair)
{
	if (pair->is_waiting || pair->run != NULL)
		return;
	mx_agenda_remove(&watch->agenda, &pair->due);
	TAILQ_INSERT_TAIL(&pair->group->waiting, pair, link);
	pair->is_waiting = true;
	pair->is_counted = false;
	pair->hold = MX_HOLD_TURN;
	pair->hold_until_us = 0;
	pair->group->retry_us = 0;
}

void
mx_watch_dequeue(struct mx_watch_pair_row *pair)
{
	if (!pair->is_waiting)
		return;
	TAILQ_REMOVE(&pair->group->waiting, pair, link);
	pair->is_waiting = false;
}

/* ---- the ledger's opinion, before anything is looked up ---- */

struct mx_ledger_answer
mx_watch_look(
    struct mx_watch *watch, const struct mx_watch_pair_row *pair, struct mx_error *err)
{
	struct mx_addr network = mx_addr_network(&pair->source->probe.addr);
	char text[MX_ADDR_TEXT];
	struct mx_ledger_key key = {
		.source = pair->source->text,
		.group = pair->group->name,
		.network = mx_addr_text(&network, text),
		.kind = pair->step >= 0 ? MX_LEDGER_STEP : MX_LEDGER_VISIT,
		.is_exempt =
		    pair->group->is_own || mx_addr_is_loopback(&pair->source->probe.addr),
	};
	struct mx_ledger_answer answer = { 0 };

	(void)!mx_ledger_look(
	    watch->store, &key, watch->config->params.probe->floors, &answer, err);
	return answer;
}

/* What an objection is to us: whose matter, and which reason it counts as. */
struct objection {
	enum mx_watch_hold hold;
	enum mx_watch_reason reason;
};

/* clang-format off */
static const struct objection objections[] = {
	[MX_LEDGER_GRANTED]    = { MX_HOLD_NONE,     MX_WATCH_MIN_INTERVAL },
	[MX_LEDGER_UNDER_WAY]  = { MX_HOLD_NONE,     MX_WATCH_MIN_INTERVAL },
	[MX_LEDGER_PAIR]       = { MX_HOLD_PAIR,     MX_WATCH_MIN_INTERVAL },
	[MX_LEDGER_BLOCKED]    = { MX_HOLD_BLOCKED,  MX_WATCH_BLOCKED_HOLD },
	[MX_LEDGER_THROTTLED]  = { MX_HOLD_THROTTLE, MX_WATCH_THROTTLED_HOLD },
	[MX_LEDGER_EVERY_HOST] = { MX_HOLD_PAIR,     MX_WATCH_MIN_INTERVAL },
	[MX_LEDGER_GROUP_BUSY] = { MX_HOLD_NONE,     MX_WATCH_FLEET_RATE },
	[MX_LEDGER_GROUP_RATE] = { MX_HOLD_TURN,     MX_WATCH_FLEET_RATE },
	[MX_LEDGER_NETWORK]    = { MX_HOLD_TURN,     MX_WATCH_FLEET_RATE },
};
/* clang-format on */

/* Once for each wait, not for each look. */
static void
count_wait(
    struct mx_watch *watch, struct mx_watch_pair_row *pair, enum mx_watch_reason reason)
{
	if (!pair->is_counted)
		mx_watch_count_suppressed(watch, pair->group, reason);
	pair->is_counted = true;
}

/* The pair itself has to wait: it leaves the queue until then. */
static void
put_off(struct mx_watch *watch, struct mx_watch_pair_row *pair, enum mx_watch_hold hold,
    int64_t until_us)
{
	mx_watch_dequeue(pair);
	pair->hold = hold;
	pair->hold_until_us = until_us;
	mx_watch_plan(watch, pair);
	if (watch->hooks.schedule != NULL)
		watch->hooks.schedule(
		    watch->hooks.arg, pair->source->text, pair->group->name);
}

/* True: it may leave. Else it is told in *again_us when to ask again, or is out of the queue. */
static bool
is_granted(struct mx_watch *watch, struct mx_watch_pair_row *pair, int64_t now_us,
    int64_t *again_us)
{
	struct mx_error err = { 0 };
	struct mx_ledger_answer answer = mx_watch_look(watch, pair, &err);
	const struct objection *objection = &objections[answer.why];

	if (err.code != MX_OK) {
		mx_watch_note_write(watch, &err);
		*again_us = now_us + MX_MINUTE_US;
		return false;
	}
	/* Sessions of processes that have died look as if they were under way until the next claim: only a
	 * claim can tell. */
	if (objection->hold == MX_HOLD_NONE)
		return true;
	count_wait(watch, pair, objection->reason);
	if (objection->hold == MX_HOLD_TURN)
		*again_us = answer.until_us;
	else
		put_off(watch, pair, objection->hold, answer.until_us);
	return false;
}

/* ---- the pace of this process ---- */

static struct mx_pace_key
pace_key(const struct mx_watch_pair_row *pair)
{
	return (struct mx_pace_key){
		.source = &pair->source->probe.addr,
		.group = pair->group->name,
		.exempt =
		    pair->group->is_own || mx_addr_is_loopback(&pair->source->probe.addr),
	};
}

/* Wall clock, now_us: at once; INT64_MAX: when a session has ended. */
static int64_t
paced_until(struct mx_watch *watch, const struct mx_watch_pair_row *pair, int64_t now_us)
{
	struct mx_pace_key key = pace_key(pair);
	int64_t mono_us = mx_clock_mono_us();
	int64_t when_us = mx_pace_when(watch->pace, &key, mono_us);

	return when_us == MX_PACE_WAIT_FOR_END ? INT64_MAX : now_us + when_us - mono_us;
}

static int64_t
earlier(int64_t a_us, int64_t b_us)
{
	return a_us < b_us ? a_us : b_us;
}

/* It leaves, or is out of the queue, or *again_us says when it may leave at the earliest. */
static void
try_pair(struct mx_watch *watch, struct mx_watch_pair_row *pair, bool is_canary,
    int64_t now_us, int64_t *again_us)
{
	int64_t until_us = paced_until(watch, pair, now_us);

	if (until_us > now_us) {
		count_wait(watch, pair, MX_WATCH_FLEET_RATE);
		*again_us = earlier(*again_us, until_us);
		return;
	}
	until_us = INT64_MAX;
	if (is_granted(watch, pair, now_us, &until_us)) {
		mx_watch_dequeue(pair);
		mx_watch_run_start(watch, pair, is_canary);
	} else {
		*again_us = earlier(*again_us, until_us);
	}
}

static void
rest_all(struct mx_watch *watch, struct mx_watch_group *group)
{
	struct mx_watch_pair_row *pair;

	TAILQ_FOREACH (pair, &group->waiting, link) {
		pair->hold = MX_HOLD_BREAKER;
		count_wait(watch, pair, MX_WATCH_BREAKER);
	}
}

static int64_t
start_group(struct mx_watch *watch, struct mx_watch_group *group, int64_t now_us)
{
	enum mx_breaker_leave leave = mx_breaker_ask(&group->breaker, now_us);
	struct mx_watch_pair_row *pair, *next;
	int64_t again_us = INT64_MAX;
	size_t looked = 0;

	if (TAILQ_EMPTY(&group->waiting))
		return INT64_MAX;
	if (leave == MX_BREAKER_REST) {
		rest_all(watch, group);
		return group->breaker.open_until_us > now_us
			   ? group->breaker.open_until_us
			   : now_us + MX_MINUTE_US;
	}
	for (pair = TAILQ_FIRST(&group->waiting);
	     pair != NULL && looked < LOOK_AHEAD && watch->running < RUNS_MOST;
	     pair = next, looked++) {
		next = TAILQ_NEXT(pair, link);
		pair->hold = MX_HOLD_TURN;
		try_pair(watch, pair, leave == MX_BREAKER_CANARY, now_us, &again_us);
		if (pair->run != NULL && leave == MX_BREAKER_CANARY)
			return INT64_MAX; /* until it is back */
	}
	return watch->running < RUNS_MOST ? again_us : now_us + MX_SECOND_US;
}

int64_t
mx_watch_start_waiting(struct mx_watch *watch)
{
	int64_t now_us = mx_watch_now(), again_us = INT64_MAX;

	for (size_t i = 0; i < watch->group_count && !watch->is_stopping; i++) {
		struct mx_watch_group *group = watch->groups[i];

		if (group->retry_us <= now_us)
			group->retry_us = start_group(watch, group, now_us);
		again_us = earlier(again_us, group->retry_us);
	}
	return again_us;
}
