/* test_loop.c - deferred calls, signals and timers, mostly on a clock that stands still. */
#include <criterion/criterion.h>

#include <signal.h>
#include <sys/resource.h>

#include <event2/event.h>

#include "probe/base/clock.h"
#include "probe/net/loop.h"

TestSuite(loop, .timeout = 10);

static char said[64]; /* what happened, in order */
static size_t said_len;

static void
say(const char *letter)
{
	cr_assert_lt(said_len, sizeof said - 1);
	said[said_len++] = *letter;
}

static void
on_call(void *arg)
{
	say(arg);
}

static struct mx_loop *
new_loop(void)
{
	struct mx_error err = { 0 };
	struct mx_loop *loop = mx_loop_new(&err);

	cr_assert_not_null(loop, "%s", err.text);
	return loop;
}

Test(loop, with_nothing_to_wait_for_ends_at_once)
{
	struct mx_loop *loop = new_loop();

	mx_loop_run(loop);
	mx_loop_free(loop);
}

Test(loop, freeing_none_is_fine)
{
	mx_loop_free(NULL);
	mx_timer_free(NULL);
}

Test(loop, deferred_calls_come_later_once_and_in_order)
{
	struct mx_loop *loop = new_loop();

	mx_loop_defer(loop, on_call, (char[]){ "a" });
	mx_loop_defer(loop, on_call, (char[]){ "b" });
	mx_loop_defer(loop, on_call, (char[]){ "c" });
	cr_assert_str_empty(said);
	mx_loop_run(loop);
	mx_loop_run(loop);
	cr_assert_str_eq(said, "abc");
	mx_loop_free(loop);
}

struct chain {
	struct mx_loop *loop;
	int left;
};

static void
defer_again(void *arg)
{
	struct chain *chain = arg;

	say("x");
	if (--chain->left > 0)
		mx_loop_defer(chain->loop, defer_again, chain);
}

Test(loop, a_deferred_call_may_defer_another)
{
	struct chain chain = { new_loop(), 5 };

	mx_loop_defer(chain.loop, defer_again, &chain);
	mx_loop_run(chain.loop);
	cr_assert_str_eq(said, "xxxxx");
	mx_loop_free(chain.loop);
}

Test(loop, what_was_deferred_and_never_ran_is_forgotten)
{
	struct mx_loop *loop = new_loop();

	mx_loop_defer(loop, on_call, (char[]){ "a" });
	mx_loop_free(loop);
	cr_assert_str_empty(said);
}

static void
stop(void *arg)
{
	mx_loop_stop(arg);
}

static void
never(void *arg)
{
	(void)arg;
	cr_assert_fail("called");
}

Test(loop, stop_ends_the_run_though_timers_wait)
{
	struct mx_loop *loop = new_loop();
	struct mx_timer *timer = mx_timer_new(loop, never, NULL);

	mx_timer_start(timer, INT64_C(3600) * 1000000);
	mx_loop_defer(loop, stop, loop);
	mx_loop_run(loop);
	mx_timer_free(timer);
	mx_loop_free(loop);
}

/* Else a program whose work ends before the loop begins would wait for ever. */
Test(loop, a_stop_before_the_run_is_not_lost)
{
	struct mx_loop *loop = new_loop();
	struct mx_timer *timer = mx_timer_new(loop, never, NULL);

	mx_timer_start(timer, INT64_C(3600) * 1000000);
	mx_loop_stop(loop);
	mx_loop_run(loop);
	mx_timer_free(timer);
	mx_loop_free(loop);
}

static void
on_signal(void *arg, int signo)
{
	cr_assert_eq(signo, SIGUSR1);
	say("s");
	mx_loop_stop(arg);
}

static void
raise_it(void *arg)
{
	(void)arg;
	raise(SIGUSR1);
}

Test(loop, a_signal_is_told_on_the_loop)
{
	struct mx_loop *loop = new_loop();
	struct mx_timer *timer = mx_timer_new(loop, never, NULL);

	mx_timer_start(timer, INT64_C(3600) * 1000000);
	mx_loop_on_signal(loop, SIGUSR1, on_signal, loop);
	mx_loop_defer(loop, raise_it, NULL);
	mx_loop_run(loop);
	cr_assert_str_eq(said, "s");
	mx_timer_free(timer);
	mx_loop_free(loop);
}

Test(loop, a_signal_that_our_starter_ignores_stays_ignored)
{
	struct mx_loop *loop = mx_loop_new(NULL);
	struct sigaction now;

	signal(SIGUSR1, SIG_IGN);
	mx_loop_on_signal(loop, SIGUSR1, on_signal, loop);
	cr_assert_eq(sigaction(SIGUSR1, NULL, &now), 0);
	cr_expect(now.sa_handler == SIG_IGN);
	mx_loop_free(loop);
}

Test(loop, waiting_for_signals_alone_is_no_reason_to_stay)
{
	struct mx_loop *loop = new_loop();

	mx_loop_on_signal(loop, SIGUSR1, on_signal, loop);
	mx_loop_on_signal(loop, SIGUSR2, on_signal, loop);
	mx_loop_defer(loop, on_call, (char[]){ "a" });
	mx_loop_run(loop);
	cr_assert_str_eq(said, "a");
	mx_loop_free(loop);
}

Test(loop, makes_a_lost_peer_harmless_and_all_descriptors_usable)
{
	struct mx_loop *loop = new_loop();
	struct sigaction action;
	struct rlimit limit;

	cr_assert_eq(sigaction(SIGPIPE, NULL, &action), 0);
	cr_assert_eq(action.sa_handler, SIG_IGN);
	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	cr_assert_eq(limit.rlim_cur, limit.rlim_max);
	mx_loop_free(loop);
}

/* ---- timers ---- */

/* Moves the frozen clock and writes a dot. */
static void
move_clock(void *arg)
{
	const int64_t *us = arg;

	say(".");
	mx_clock_advance(*us);
}

Test(loop, timer_fires_on_a_real_clock)
{
	struct mx_loop *loop = new_loop();
	struct mx_timer *timer = mx_timer_new(loop, on_call, (char[]){ "t" });
	int64_t before = mx_clock_mono_us();

	mx_timer_start(timer, 20000);
	mx_loop_run(loop);
	cr_assert_str_eq(said, "t");
	cr_assert_geq(mx_clock_mono_us() - before, 20000, "it fired early");
	mx_timer_free(timer);
	mx_loop_free(loop);
}

static void
stop_really(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	mx_loop_stop(arg);
}

Test(loop, timer_does_not_fire_while_the_clock_stands_still)
{
	const struct timeval real = { .tv_usec = 30000 };
	struct mx_loop *loop;
	struct mx_timer *timer;

	mx_clock_freeze(0);
	loop = new_loop();
	timer = mx_timer_new(loop, never, NULL);
	mx_timer_start(timer, 1);
	/* libevent's own timer, for which time does pass. */
	event_base_once(mx_loop_base(loop), -1, EV_TIMEOUT, stop_really, loop, &real);
	mx_loop_run(loop);
	mx_timer_free(timer);
	mx_loop_free(loop);
}

Test(loop, timer_sees_72_hours_pass_when_the_clock_says_so)
{
	struct mx_loop *loop;
	struct mx_timer *timer;
	int64_t hours = INT64_C(72) * 3600 * 1000000;

	mx_clock_freeze(0);
	loop = new_loop();
	timer = mx_timer_new(loop, on_call, (char[]){ "t" });
	mx_timer_start(timer, hours);
	mx_loop_defer(loop, move_clock, &hours);
	mx_loop_run(loop);
	cr_assert_str_eq(said, ".t");
	mx_timer_free(timer);
	mx_loop_free(loop);
}

Test(loop, timer_stopped_and_restarted_timers_keep_their_last_word)
{
	struct mx_loop *loop;
	struct mx_timer *stopped, *later;
	int64_t second = 1000000;

	mx_clock_freeze(0);
	loop = new_loop();
	stopped = mx_timer_new(loop, never, NULL);
	later = mx_timer_new(loop, on_call, (char[]){ "t" });
	mx_timer_start(stopped, 1000);
	mx_timer_stop(stopped);
	mx_timer_start(later, INT64_C(3600) * 1000000);
	mx_timer_start(later, 1000000);
	mx_loop_defer(loop, move_clock, &second);
	mx_loop_run(loop);
	cr_assert_str_eq(said, ".t");
	mx_timer_free(stopped);
	mx_timer_free(later);
	mx_loop_free(loop);
}

struct suicide {
	struct mx_timer *timer;
};

static void
free_myself(void *arg)
{
	struct suicide *owner = arg;

	mx_timer_free(owner->timer);
	owner->timer = NULL;
}

Test(loop, timer_may_be_freed_in_its_own_callback)
{
	struct mx_loop *loop = new_loop();
	struct suicide owner;

	owner.timer = mx_timer_new(loop, free_myself, &owner);
	mx_timer_start(owner.timer, 0);
	mx_loop_run(loop);
	cr_assert_null(owner.timer);
	mx_loop_free(loop);
}

Test(loop, timer_may_be_freed_before_it_fires)
{
	struct mx_loop *loop = new_loop();
	struct mx_timer *timer = mx_timer_new(loop, never, NULL);

	mx_timer_start(timer, 1000);
	mx_timer_free(timer);
	mx_loop_run(loop);
	mx_loop_free(loop);
}
