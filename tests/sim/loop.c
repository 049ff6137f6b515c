/* loop.c - virtual time: when nothing is left to do now, the clock goes to the next timer. */
#include "probe/net/loop.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/net/wake.h"
#include "probe/watch/agenda.h"
#include "tests/sim/sim.h"

struct deferred {
	STAILQ_ENTRY(deferred) next;
	void (*cb)(void *arg);
	void *arg;
};
STAILQ_HEAD(deferred_list, deferred);

struct mx_timer {
	struct mx_agenda_entry entry; /* first: the agenda's entry is the timer */
	struct mx_loop *loop;
	void (*cb)(void *arg);
	void *arg;
};

struct mx_loop {
	struct deferred_list deferred;
	struct mx_agenda timers;
	bool is_stopped;
};

static struct mx_store *writer;

void
sim_loop_use(struct mx_store *store)
{
	writer = store;
}

struct mx_loop *
mx_loop_new(struct mx_error *err)
{
	struct mx_loop *loop = mx_calloc(1, sizeof *loop);

	(void)err;
	STAILQ_INIT(&loop->deferred);
	return loop;
}

void
mx_loop_free(struct mx_loop *loop)
{
	struct deferred *call;

	if (loop == NULL)
		return;
	while ((call = STAILQ_FIRST(&loop->deferred)) != NULL) {
		STAILQ_REMOVE_HEAD(&loop->deferred, next);
		free(call);
	}
	mx_agenda_clear(&loop->timers);
	free(loop);
}

static bool
run_deferred(struct mx_loop *loop)
{
	struct deferred_list batch = STAILQ_HEAD_INITIALIZER(batch);
	struct deferred *call;

	if (STAILQ_EMPTY(&loop->deferred))
		return false;
	STAILQ_CONCAT(&batch, &loop->deferred);
	while ((call = STAILQ_FIRST(&batch)) != NULL) {
		struct deferred now = *call;

		STAILQ_REMOVE_HEAD(&batch, next);
		free(call);
		now.cb(now.arg);
	}
	return true;
}

static bool
run_timer(struct mx_loop *loop)
{
	struct mx_agenda_entry *first = mx_agenda_first(&loop->timers);
	struct mx_timer *timer = (struct mx_timer *)first;

	if (first == NULL)
		return false;
	if (first->due_us > mx_clock_mono_us())
		mx_clock_advance(first->due_us - mx_clock_mono_us());
	mx_agenda_remove(&loop->timers, first);
	timer->cb(timer->arg);
	return true;
}

void
mx_loop_run(struct mx_loop *loop)
{
	while (!loop->is_stopped) {
		struct mx_error ignored = { 0 };

		if (run_deferred(loop))
			continue;
		if (writer != NULL)
			(void)!mx_store_wait(writer, &ignored);
		if (!loop->is_stopped && STAILQ_EMPTY(&loop->deferred) &&
		    !run_timer(loop))
			break;
	}
	loop->is_stopped = false;
}

void
mx_loop_stop(struct mx_loop *loop)
{
	loop->is_stopped = true;
}

struct event_base *
mx_loop_base(struct mx_loop *loop)
{
	(void)loop;
	return NULL;
}

void
mx_loop_on_signal(
    struct mx_loop *loop, int signo, void (*cb)(void *arg, int signo), void *arg)
{
	(void)loop, (void)signo, (void)cb, (void)arg;
}

void
mx_loop_on_free(struct mx_loop *loop, void (*cb)(const struct mx_loop *loop))
{
	(void)loop, (void)cb;
}

void
mx_loop_defer(struct mx_loop *loop, void (*cb)(void *arg), void *arg)
{
	struct deferred *call = mx_calloc(1, sizeof *call);

	call->cb = cb;
	call->arg = arg;
	STAILQ_INSERT_TAIL(&loop->deferred, call, next);
}

struct mx_timer *
mx_timer_new(struct mx_loop *loop, void (*cb)(void *arg), void *arg)
{
	struct mx_timer *timer = mx_calloc(1, sizeof *timer);

	timer->loop = loop;
	timer->cb = cb;
	timer->arg = arg;
	return timer;
}

void
mx_timer_free(struct mx_timer *timer)
{
	if (timer == NULL)
		return;
	mx_timer_stop(timer);
	free(timer);
}

void
mx_timer_start(struct mx_timer *timer, int64_t us)
{
	mx_agenda_put(
	    &timer->loop->timers, &timer->entry, mx_clock_mono_us() + (us > 0 ? us : 0));
}

void
mx_timer_stop(struct mx_timer *timer)
{
	mx_agenda_remove(&timer->loop->timers, &timer->entry);
}

/* ---- the writer's answers come from mx_store_wait() above ---- */

struct mx_wake {
	char nothing;
};

struct mx_wake *
mx_wake_new(struct mx_loop *loop, void (*cb)(void *arg), void *arg, struct mx_error *err)
{
	(void)loop, (void)cb, (void)arg, (void)err;
	return mx_calloc(1, sizeof(struct mx_wake));
}

void
mx_wake_free(struct mx_wake *wake)
{
	free(wake);
}

void
mx_wake_ring(struct mx_wake *wake)
{
	(void)wake;
}
