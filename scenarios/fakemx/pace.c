/* pace.c - one libevent timer for all waits; on a shared clock a tick that also pushes
 * time. */
#include <event2/event.h>
#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "scenarios/fakemx/pace.h"

#define TICK_US 5000
#define QUIET_TICKS 4 /* 20 ms */
#define SECOND_US INT64_C(1000000)
#define PUSH_START_US (250 * INT64_C(1000))
#define PUSH_SESSION_US SECOND_US
#define PUSH_IDLE_US (600 * SECOND_US)
#define PUSHES_PER_STEP 20 /* pushes of one size before they double */

struct mx_pace {
	struct event *timer;
	TAILQ_HEAD(wait_list, mx_wait) waits; /* by due time */
	bool is_shared;
	unsigned quiet_ticks;
	unsigned prober_acts, sessions;
	int64_t push_us; /* size of the next push */
	unsigned pushes;
};

static void
arm(struct mx_pace *pace, int64_t us)
{
	struct timeval in = { .tv_sec = us / SECOND_US, .tv_usec = us % SECOND_US };

	event_add(pace->timer, &in);
}

/* On a shared clock the tick runs anyway. */
static void
arm_for_next(struct mx_pace *pace)
{
	const struct mx_wait *next = TAILQ_FIRST(&pace->waits);
	int64_t now = mx_clock_mono_us();

	if (pace->is_shared)
		return;
	if (next != NULL)
		arm(pace, next->due_us > now ? next->due_us - now : 0);
	else
		event_del(pace->timer);
}

/* All that were due at one moment: a wait of zero that a callback starts comes in the
 * next round, so that it can't starve the network. */
static void
fire_due(struct mx_pace *pace)
{
	int64_t now = mx_clock_mono_us();
	struct mx_wait *wait;

	while ((wait = TAILQ_FIRST(&pace->waits)) != NULL && wait->due_us <= now) {
		TAILQ_REMOVE(&pace->waits, wait, link);
		wait->pending = false;
		wait->cb(wait->arg);
	}
}

static void
push_time(struct mx_pace *pace)
{
	const struct mx_wait *next = TAILQ_FIRST(&pace->waits);
	int64_t lid = pace->sessions > 0 ? PUSH_SESSION_US : PUSH_IDLE_US;
	int64_t step = pace->push_us < lid ? pace->push_us : lid;

	if (next != NULL && next->due_us - mx_clock_mono_us() < step)
		step = next->due_us - mx_clock_mono_us();
	if (step > 0)
		mx_clock_advance(step);
	if (++pace->pushes % PUSHES_PER_STEP == 0 && pace->push_us < PUSH_IDLE_US)
		pace->push_us *= 2;
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct mx_pace *pace = arg;

	(void)fd, (void)what;
	if (pace->is_shared) {
		if (pace->prober_acts > 0)
			pace->quiet_ticks = 0;
		else if (++pace->quiet_ticks > QUIET_TICKS)
			push_time(pace);
	}
	fire_due(pace);
	if (pace->is_shared)
		arm(pace, TICK_US);
	else
		arm_for_next(pace);
}

struct mx_pace *
mx_pace_new(struct event_base *base)
{
	struct mx_pace *pace = mx_calloc(1, sizeof *pace);

	TAILQ_INIT(&pace->waits);
	pace->is_shared = mx_clock_is_shared();
	pace->push_us = PUSH_START_US;
	pace->timer = evtimer_new(base, on_timer, pace);
	if (pace->is_shared)
		arm(pace, TICK_US);
	return pace;
}

void
mx_pace_free(struct mx_pace *pace)
{
	if (pace == NULL)
		return;
	event_free(pace->timer);
	free(pace);
}

void
mx_pace_wait(struct mx_pace *pace, struct mx_wait *wait, int64_t us,
    void (*cb)(void *arg), void *arg)
{
	struct mx_wait *before;

	mx_pace_cancel(pace, wait);
	wait->due_us = mx_clock_mono_us() + us;
	wait->cb = cb;
	wait->arg = arg;
	wait->pending = true;
	TAILQ_FOREACH (before, &pace->waits, link)
		if (before->due_us > wait->due_us)
			break;
	if (before != NULL)
		TAILQ_INSERT_BEFORE(before, wait, link);
	else
		TAILQ_INSERT_TAIL(&pace->waits, wait, link);
	arm_for_next(pace);
}

void
mx_pace_cancel(struct mx_pace *pace, struct mx_wait *wait)
{
	if (!wait->pending)
		return;
	TAILQ_REMOVE(&pace->waits, wait, link);
	wait->pending = false;
	arm_for_next(pace);
}

void
mx_pace_moved(struct mx_pace *pace)
{
	pace->quiet_ticks = 0;
	pace->pushes = 0;
	pace->push_us = PUSH_START_US;
}

void
mx_pace_prober_acts(struct mx_pace *pace, bool acts)
{
	if (acts)
		pace->prober_acts++;
	else
		pace->prober_acts--;
}

void
mx_pace_session(struct mx_pace *pace, bool opened)
{
	if (opened)
		pace->sessions++;
	else
		pace->sessions--;
}
