/* tempo.c - one libevent timer for all waits; on a shared clock a tick that also pushes time. */
#include "scenarios/fakemx/tempo.h"

#include <event2/event.h>
#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"

#define TICK_US 5000
#define QUIET_TICKS 4 /* 20 ms; each with a look of the prober at the clock */
#define PUSH_START_US (250 * INT64_C(1000))
#define PUSH_SESSION_US MX_SECOND_US
#define PUSH_IDLE_US (600 * MX_SECOND_US)
#define PUSHES_PER_STEP 20 /* pushes of one size before they double */

struct mx_tempo {
	struct event *timer;
	TAILQ_HEAD(wait_list, mx_wait) waits; /* by due time */
	bool is_shared;
	unsigned quiet_ticks;
	int64_t waits_seen; /* mx_clock_waits at the last tick */
	unsigned sessions;
	int64_t push_us; /* size of the next push */
	unsigned pushes;
};

static void
arm(struct mx_tempo *tempo, int64_t us)
{
	struct timeval in = { .tv_sec = us / MX_SECOND_US, .tv_usec = us % MX_SECOND_US };

	event_add(tempo->timer, &in);
}

/* On a shared clock the tick runs anyway. */
static void
arm_for_next(struct mx_tempo *tempo)
{
	const struct mx_wait *next = TAILQ_FIRST(&tempo->waits);
	int64_t now = mx_clock_mono_us();

	if (tempo->is_shared)
		return;
	if (next != NULL)
		arm(tempo, next->due_us > now ? next->due_us - now : 0);
	else
		event_del(tempo->timer);
}

/* All that were due at one moment: a wait of zero that a callback starts comes in the
 * next round, so that it can't starve the network. */
static void
fire_due(struct mx_tempo *tempo)
{
	int64_t now = mx_clock_mono_us();
	struct mx_wait *wait;

	while ((wait = TAILQ_FIRST(&tempo->waits)) != NULL && wait->due_us <= now) {
		TAILQ_REMOVE(&tempo->waits, wait, link);
		wait->pending = false;
		wait->cb(wait->arg);
	}
}

static void
push_time(struct mx_tempo *tempo)
{
	const struct mx_wait *next = TAILQ_FIRST(&tempo->waits);
	int64_t lid = tempo->sessions > 0 ? PUSH_SESSION_US : PUSH_IDLE_US;
	int64_t step = tempo->push_us < lid ? tempo->push_us : lid;

	if (next != NULL && next->due_us - mx_clock_mono_us() < step)
		step = next->due_us - mx_clock_mono_us();
	if (step > 0)
		mx_clock_advance(step);
	if (++tempo->pushes % PUSHES_PER_STEP == 0 && tempo->push_us < PUSH_IDLE_US)
		tempo->push_us *= 2;
}

/* The prober says that nothing is under way, and until when: no need to feel the way there. */
static bool
leap(const struct mx_tempo *tempo)
{
	const struct mx_wait *next = TAILQ_FIRST(&tempo->waits);
	int64_t now = mx_clock_mono_us(), until_us = mx_clock_idle();

	if (tempo->sessions > 0 || until_us <= now)
		return false;
	if (next != NULL && next->due_us < until_us)
		until_us = next->due_us;
	if (until_us > now)
		mx_clock_advance(until_us - now);
	return true;
}

static void
tick(struct mx_tempo *tempo)
{
	int64_t waits = mx_clock_waits();

	if (waits == tempo->waits_seen)
		return;
	tempo->waits_seen = waits;
	if (!leap(tempo) && ++tempo->quiet_ticks > QUIET_TICKS)
		push_time(tempo);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct mx_tempo *tempo = arg;

	(void)fd, (void)what;
	if (tempo->is_shared)
		tick(tempo);
	fire_due(tempo);
	if (tempo->is_shared)
		arm(tempo, TICK_US);
	else
		arm_for_next(tempo);
}

struct mx_tempo *
mx_tempo_new(struct event_base *base)
{
	struct mx_tempo *tempo = mx_calloc(1, sizeof *tempo);

	TAILQ_INIT(&tempo->waits);
	tempo->is_shared = mx_clock_is_shared();
	tempo->push_us = PUSH_START_US;
	tempo->timer = evtimer_new(base, on_timer, tempo);
	if (tempo->is_shared)
		arm(tempo, TICK_US);
	return tempo;
}

void
mx_tempo_free(struct mx_tempo *tempo)
{
	if (tempo == NULL)
		return;
	event_free(tempo->timer);
	free(tempo);
}

void
mx_tempo_wait(struct mx_tempo *tempo, struct mx_wait *wait, int64_t us,
    void (*cb)(void *arg), void *arg)
{
	struct mx_wait *before;

	mx_tempo_cancel(tempo, wait);
	wait->due_us = mx_clock_mono_us() + us;
	wait->cb = cb;
	wait->arg = arg;
	wait->pending = true;
	TAILQ_FOREACH (before, &tempo->waits, link)
		if (before->due_us > wait->due_us)
			break;
	if (before != NULL)
		TAILQ_INSERT_BEFORE(before, wait, link);
	else
		TAILQ_INSERT_TAIL(&tempo->waits, wait, link);
	arm_for_next(tempo);
}

void
mx_tempo_cancel(struct mx_tempo *tempo, struct mx_wait *wait)
{
	if (!wait->pending)
		return;
	TAILQ_REMOVE(&tempo->waits, wait, link);
	wait->pending = false;
	arm_for_next(tempo);
}

void
mx_tempo_moved(struct mx_tempo *tempo)
{
	tempo->quiet_ticks = 0;
	tempo->pushes = 0;
	tempo->push_us = PUSH_START_US;
}

void
mx_tempo_session(struct mx_tempo *tempo, bool opened)
{
	if (opened)
		tempo->sessions++;
	else
		tempo->sessions--;
}
