/*
 * loop.c - the event loop on libevent, its deferred calls, signals and timers.
 * Not: nothing here knows a socket; streams add their own events to the base.
 */
#include "probe/net/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/resource.h>
#include <sys/time.h>

#include <event2/event.h>
#include <event2/event_struct.h>

#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"

struct deferred {
	STAILQ_ENTRY(deferred) next;
	void (*cb)(void *arg);
	void *arg;
};
STAILQ_HEAD(deferred_list, deferred);

struct signal_watch {
	SLIST_ENTRY(signal_watch) next;
	struct event event;
	void (*cb)(void *arg, int signo);
	void *arg;
};

SLIST_HEAD(signal_list, signal_watch);

struct farewell {
	SLIST_ENTRY(farewell) next;
	void (*cb)(const struct mx_loop *loop);
};
SLIST_HEAD(farewell_list, farewell);

struct mx_loop {
	struct event_base *base;
	struct event wake; /* runs the deferred calls */
	struct deferred_list deferred;
	struct signal_list signals;
	struct farewell_list farewells;
	int signal_count;
	bool stopped;
};

struct mx_timer {
	struct event event;
	void (*cb)(void *arg);
	void *arg;
	int64_t deadline_us; /* mx_clock_mono_us */
};

/* How often a timer looks at a clock that somebody else may move. */
#define POLL_US 2000

static void
libevent_says(int severity, const char *text)
{
	enum mx_log_level level = severity == EVENT_LOG_ERR    ? MX_LOG_ERROR
				  : severity == EVENT_LOG_WARN ? MX_LOG_WARNING
							       : MX_LOG_DEBUG;

	mx_log(level, "libevent: %s", text);
}

/* A session is a descriptor; the usual soft limit of 1,024 would be ours to report as a failure
 * long before the machine is full. */
static void
raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static struct event_base *
new_base(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config == NULL)
		return NULL;
	/* One thread, so no locks. One epoll round changes each descriptor at most once. */
	if (event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK) == 0 &&
	    event_config_require_features(config, EV_FEATURE_O1) == 0)
		base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

static void
run_deferred(evutil_socket_t fd, short what, void *arg)
{
	struct mx_loop *loop = arg;
	struct deferred_list batch = STAILQ_HEAD_INITIALIZER(batch);
	struct deferred *call;

	(void)fd, (void)what;
	/* What these calls defer in turn waits for the next round, or sockets would starve. */
	STAILQ_CONCAT(&batch, &loop->deferred);
	while ((call = STAILQ_FIRST(&batch)) != NULL) {
		struct deferred now = *call;
		STAILQ_REMOVE_HEAD(&batch, next);
		free(call);
		now.cb(now.arg);
	}
}

struct mx_loop *
mx_loop_new(struct mx_error *err)
{
	struct mx_loop *loop;
	struct event_base *base;

	event_set_log_callback(libevent_says);
	base = new_base();
	if (base == NULL) {
		mx_error_set(err, MX_ERR_SYSTEM, "the kernel gives no epoll descriptor");
		return NULL;
	}
	/* OpenSSL writes with write(): a peer that has gone must not end the program. */
	(void)signal(SIGPIPE, SIG_IGN);
	raise_descriptor_limit();
	loop = mx_calloc(1, sizeof *loop);
	loop->base = base;
	STAILQ_INIT(&loop->deferred);
	SLIST_INIT(&loop->signals);
	SLIST_INIT(&loop->farewells);
	(void)event_assign(&loop->wake, base, -1, 0, run_deferred, loop);
	return loop;
}

void
mx_loop_on_free(struct mx_loop *loop, void (*cb)(const struct mx_loop *loop))
{
	struct farewell *farewell = SLIST_FIRST(&loop->farewells);

	while (farewell != NULL && farewell->cb != cb)
		farewell = SLIST_NEXT(farewell, next);
	if (farewell != NULL)
		return;
	farewell = mx_calloc(1, sizeof *farewell);
	farewell->cb = cb;
	SLIST_INSERT_HEAD(&loop->farewells, farewell, next);
}

void
mx_loop_free(struct mx_loop *loop)
{
	struct farewell *farewell;
	struct deferred *call;
	struct signal_watch *watch;

	if (loop == NULL)
		return;
	while ((farewell = SLIST_FIRST(&loop->farewells)) != NULL) {
		SLIST_REMOVE_HEAD(&loop->farewells, next);
		farewell->cb(loop);
		free(farewell);
	}
	while ((call = STAILQ_FIRST(&loop->deferred)) != NULL) {
		STAILQ_REMOVE_HEAD(&loop->deferred, next);
		free(call);
	}
	(void)event_del(&loop->wake);
	while ((watch = SLIST_FIRST(&loop->signals)) != NULL) {
		SLIST_REMOVE_HEAD(&loop->signals, next);
		(void)event_del(&watch->event);
		free(watch);
	}
	event_base_free(loop->base);
	free(loop);
}

/* Signals alone are no reason to wait: they may never come. */
static bool
has_work(const struct mx_loop *loop)
{
	int events = event_base_get_num_events(
	    loop->base, EVENT_BASE_COUNT_ADDED | EVENT_BASE_COUNT_ACTIVE);

	return events > loop->signal_count;
}

void
mx_loop_run(struct mx_loop *loop)
{
	while (!loop->stopped && has_work(loop)) {
		if (event_base_loop(loop->base, EVLOOP_ONCE) < 0)
			break;
	}
	loop->stopped = false;
}

void
mx_loop_stop(struct mx_loop *loop)
{
	loop->stopped = true;
	(void)event_base_loopbreak(loop->base);
}

struct event_base *
mx_loop_base(struct mx_loop *loop)
{
	return loop->base;
}

static void
on_signal(evutil_socket_t signo, short what, void *arg)
{
	struct signal_watch *watch = arg;

	(void)what;
	watch->cb(watch->arg, (int)signo);
}

void
mx_loop_on_signal(
    struct mx_loop *loop, int signo, void (*cb)(void *arg, int signo), void *arg)
{
	struct signal_watch *watch;
	struct sigaction before;

	if (sigaction(signo, NULL, &before) == 0 && before.sa_handler == SIG_IGN)
		return;
	watch = mx_calloc(1, sizeof *watch);
	watch->cb = cb;
	watch->arg = arg;
	(void)event_assign(
	    &watch->event, loop->base, signo, EV_SIGNAL | EV_PERSIST, on_signal, watch);
	(void)event_add(&watch->event, NULL);
	SLIST_INSERT_HEAD(&loop->signals, watch, next);
	loop->signal_count++;
}

void
mx_loop_defer(struct mx_loop *loop, void (*cb)(void *arg), void *arg)
{
	struct deferred *call = mx_calloc(1, sizeof *call);

	call->cb = cb;
	call->arg = arg;
	STAILQ_INSERT_TAIL(&loop->deferred, call, next);
	event_active(&loop->wake, EV_TIMEOUT, 0);
}

static void
wait_for(struct mx_timer *timer, int64_t us)
{
	struct timeval wait;

	if (us < 0)
		us = 0;
	if (mx_clock_is_shared() && us > POLL_US)
		us = POLL_US;
	wait.tv_sec = us / 1000000;
	wait.tv_usec = us % 1000000;
	(void)event_add(&timer->event, &wait);
}

/* libevent counts on the kernel's clock (and on its coarse one, a few ms early); what is due is
 * decided by ours. */
static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct mx_timer *timer = arg;
	int64_t left_us = timer->deadline_us - mx_clock_mono_us();

	(void)fd, (void)what;
	if (left_us > 0) {
		mx_clock_note_wait();
		wait_for(timer, left_us);
		return;
	}
	timer->cb(timer->arg);
}

struct mx_timer *
mx_timer_new(struct mx_loop *loop, void (*cb)(void *arg), void *arg)
{
	struct mx_timer *timer = mx_calloc(1, sizeof *timer);

	timer->cb = cb;
	timer->arg = arg;
	(void)event_assign(&timer->event, loop->base, -1, 0, on_timer, timer);
	return timer;
}

void
mx_timer_free(struct mx_timer *timer)
{
	if (timer == NULL)
		return;
	(void)event_del(&timer->event);
	free(timer);
}

void
mx_timer_start(struct mx_timer *timer, int64_t us)
{
	timer->deadline_us = mx_clock_mono_us() + us;
	wait_for(timer, us);
}

void
mx_timer_stop(struct mx_timer *timer)
{
	(void)event_del(&timer->event);
}
