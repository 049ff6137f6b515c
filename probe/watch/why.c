/* why.c - one sentence a pair, for whoever asks why it is not probed right now. */
#include <stdio.h>

#include "probe/report/ages.h"
#include "probe/watch/inside.h"

const char *
mx_watch_group_title(const struct mx_watch_group *group)
{
	if (group->provider == NULL)
		return group->name;
	return group->provider->authority != NULL ? group->provider->authority
						  : group->provider->name;
}

/* ---- its time has come ---- */

static void
say_turn(struct mx_watch *watch, const struct mx_watch_pair_row *pair)
{
	const struct mx_ledger_floors *floors = watch->config->params.probe->floors;

	snprintf(watch->why, sizeof watch->why,
	    "waits for its turn: %s is asked by no more than %u at once and %u a minute "
	    "from this host, by one network every %lld s",
	    mx_watch_group_title(pair->group), floors->group_at_once,
	    floors->group_a_minute, (long long)(floors->network_us / MX_SECOND_US));
}

static void
say_rest(struct mx_watch *watch, const struct mx_watch_pair_row *pair)
{
	char until[MX_AGE_TEXT];

	snprintf(watch->why, sizeof watch->why,
	    "%s has throttled several sources and is left alone until %s",
	    mx_watch_group_title(pair->group),
	    mx_time_local(pair->group->breaker.open_until_us, until));
}

/* ---- its time is to come ---- */

static void
say_hold(struct mx_watch *watch, const struct mx_watch_pair_row *pair, const char *what)
{
	char until[MX_AGE_TEXT];

	snprintf(watch->why, sizeof watch->why, "%s: not before %s", what,
	    mx_time_local(pair->hold_until_us, until));
}

static void
say_failed(struct mx_watch *watch, const struct mx_watch_pair_row *pair)
{
	snprintf(watch->why, sizeof watch->why,
	    "no session came about (%.160s), it is tried again then", pair->failure);
}

static void
say_schedule(struct mx_watch *watch, const struct mx_watch_pair_row *pair)
{
	char every[MX_AGE_TEXT];
	const char *what = pair->state == MX_STATE_FLAPPING      ? "flapping: asked every"
			   : mx_schedule_is_blocked(pair->state) ? "blocked: asked every"
								 : "asked every";

	snprintf(watch->why, sizeof watch->why, "%s %s", what,
	    mx_age_text(pair->interval_us, every));
}

static void
say_planned(struct mx_watch *watch, const struct mx_watch_pair_row *pair)
{
	switch (pair->hold) {
	case MX_HOLD_FAILED:
		say_failed(watch, pair);
		break;
	case MX_HOLD_PAIR:
		say_hold(watch, pair, "asked a short while ago");
		break;
	case MX_HOLD_BLOCKED:
		say_hold(watch, pair, "held after a block");
		break;
	case MX_HOLD_THROTTLE:
		say_hold(watch, pair, "held after a throttle");
		break;
	case MX_HOLD_CAUGHT_UP:
		snprintf(watch->why, sizeof watch->why,
		    "not asked for long: those are spread over some time");
		break;
	case MX_HOLD_NONE:
	case MX_HOLD_TURN:
	case MX_HOLD_BREAKER:
		say_schedule(watch, pair);
		break;
	}
}

const char *
mx_watch_why_not(
    struct mx_watch *watch, const struct mx_watch_pair_row *pair, int64_t now_us)
{
	if (pair->run != NULL)
		snprintf(watch->why, sizeof watch->why, "a session is under way");
	else if (pair->is_waiting && pair->hold == MX_HOLD_BREAKER)
		say_rest(watch, pair);
	else if (pair->is_waiting)
		say_turn(watch, pair);
	else if (pair->step >= 0 && pair->hold_until_us <= now_us)
		snprintf(watch->why, sizeof watch->why,
		    "delisting asked for: step %d is due then", pair->step + 1);
	else
		say_planned(watch, pair);
	return watch->why;
}
