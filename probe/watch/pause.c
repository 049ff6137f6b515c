/* pause.c - a timer that looks at the wall clock now and then. */
#include "probe/watch/pause.h"

#include <signal.h>

#include "probe/base/clock.h"
#include "probe/net/loop.h"

#define TICK_US MX_SECOND_US
/* Somebody sets the clock, or the machine was asleep: so long at most until that is noticed. */
#define LOOK_US (30 * MX_SECOND_US)

struct pausing {
	const struct mx_pause *pause;
	struct mx_loop *loop;
	struct mx_timer *timer;
	bool is_interrupted;
};

static void
on_signal(void *arg, int signo)
{
	struct pausing *pausing = arg;

	(void)signo;
	pausing->is_interrupted = true;
	mx_loop_stop(pausing->loop);
}

static void
go_on(void *arg)
{
	struct pausing *pausing = arg;
	const struct mx_pause *pause = pausing->pause;
	int64_t left_us = pause->until_us - mx_clock_wall_us();
	int64_t look_us = pause->tick != NULL ? TICK_US : LOOK_US;

	if (left_us <= 0) {
		mx_loop_stop(pausing->loop);
		return;
	}
	if (pause->tick != NULL)
		pause->tick(pause->arg);
	mx_clock_idle_until(mx_clock_mono_us() + left_us);
	mx_timer_start(pausing->timer, left_us < look_us ? left_us : look_us);
}

enum mx_err
mx_pause(const struct mx_pause *pause, bool *is_interrupted, struct mx_error *err)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct pausing pausing = { .pause = pause, .loop = mx_loop_new(err) };

	if (pausing.loop == NULL)
		return err->code;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		mx_loop_on_signal(pausing.loop, signals[i], on_signal, &pausing);
	pausing.timer = mx_timer_new(pausing.loop, go_on, &pausing);
	go_on(&pausing);
	mx_loop_run(pausing.loop);
	mx_clock_idle_until(0);
	mx_timer_free(pausing.timer);
	mx_loop_free(pausing.loop);
	*is_interrupted = pausing.is_interrupted;
	return MX_OK;
}
