#include <criterion/criterion.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "scenarios/fakemx/tempo.h"

TestSuite(tempo, .timeout = 20);

#define HOUR_US (INT64_C(3600) * 1000000)

static char order[8];
static size_t fired;

static void
fire(void *arg)
{
	order[fired++] = *(const char *)arg;
}

static void
turn(struct event_base *base)
{
	event_base_loop(base, EVLOOP_ONCE);
}

Test(tempo, waits_come_in_the_order_of_their_time)
{
	struct event_base *base = event_base_new();
	struct mx_tempo *tempo = mx_tempo_new(base);
	struct mx_wait a = { 0 }, b = { 0 }, c = { 0 };

	mx_tempo_wait(tempo, &a, 20000, fire, (char[]){ 'a' });
	mx_tempo_wait(tempo, &b, 5000, fire, (char[]){ 'b' });
	mx_tempo_wait(tempo, &c, 10000, fire, (char[]){ 'c' });
	mx_tempo_wait(tempo, &c, 30000, fire, (char[]){ 'd' }); /* restarted */
	while (fired < 3)
		turn(base);
	cr_expect_str_eq(order, "bad");
	mx_tempo_free(tempo);
	event_base_free(base);
}

Test(tempo, a_cancelled_wait_never_comes)
{
	struct event_base *base = event_base_new();
	struct mx_tempo *tempo = mx_tempo_new(base);
	struct mx_wait a = { 0 }, b = { 0 };

	mx_tempo_wait(tempo, &a, 1000, fire, (char[]){ 'a' });
	mx_tempo_wait(tempo, &b, 5000, fire, (char[]){ 'b' });
	mx_tempo_cancel(tempo, &a);
	mx_tempo_cancel(tempo, &a);
	while (fired < 1)
		turn(base);
	cr_expect_str_eq(order, "b");
	mx_tempo_free(tempo);
	event_base_free(base);
}

/* Each test is a process of its own, so that the clock can be named before it is read. */
static void
share_clock(void)
{
	char path[] = "/tmp/mxprobe-test-clock-XXXXXX";
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	setenv("MXPROBE_TEST_CLOCK", path, 1);
	if (!mx_clock_is_movable() || !mx_clock_is_shared())
		cr_skip("needs --enable-test-clock");
	close(fd);
	unlink(path);
}

Test(tempo, on_a_shared_clock_nobody_sits_out_an_hour)
{
	struct event_base *base = event_base_new();
	struct mx_wait hour = { 0 }, second = { 0 };
	struct mx_tempo *tempo;
	int64_t before;

	share_clock();
	tempo = mx_tempo_new(base);
	before = mx_clock_mono_us();
	mx_tempo_wait(tempo, &hour, HOUR_US, fire, (char[]){ 'h' });
	mx_tempo_wait(tempo, &second, 1000000, fire, (char[]){ 's' });
	while (fired < 2) {
		mx_clock_note_wait(); /* the prober is there and waits */
		turn(base);
	}
	cr_expect_str_eq(order, "sh");
	cr_expect_geq(mx_clock_mono_us() - before, HOUR_US);
	mx_tempo_free(tempo);
	event_base_free(base);
}

Test(tempo, who_says_that_nothing_is_under_way_is_taken_there_at_once)
{
	struct event_base *base = event_base_new();
	struct mx_tempo *tempo;
	int64_t before;

	share_clock();
	tempo = mx_tempo_new(base);
	before = mx_clock_mono_us();
	mx_clock_idle_until(before + 72 * HOUR_US);
	for (unsigned ticks = 0; ticks < 3; ticks++) {
		mx_clock_note_wait();
		turn(base);
	}
	cr_expect_geq(mx_clock_mono_us() - before, 72 * HOUR_US);
	cr_expect_lt(mx_clock_mono_us() - before, 73 * HOUR_US);
	mx_clock_idle_until(0);
	mx_tempo_free(tempo);
	event_base_free(base);
}

Test(tempo, a_session_is_not_left_alone_for_days)
{
	struct event_base *base = event_base_new();
	struct mx_tempo *tempo;
	int64_t before;

	share_clock();
	tempo = mx_tempo_new(base);
	before = mx_clock_mono_us();
	mx_tempo_session(tempo, true);
	mx_clock_idle_until(before + 72 * HOUR_US);
	for (unsigned ticks = 0; ticks < 20; ticks++) {
		mx_clock_note_wait();
		turn(base);
	}
	cr_expect_lt(mx_clock_mono_us() - before, 60000000);
	mx_tempo_session(tempo, false);
	mx_tempo_free(tempo);
	event_base_free(base);
}

Test(tempo, a_prober_that_does_not_look_at_the_clock_is_left_its_time)
{
	struct event_base *base = event_base_new();
	struct mx_wait hour = { 0 };
	struct mx_tempo *tempo;
	int64_t before;

	share_clock();
	tempo = mx_tempo_new(base);
	before = mx_clock_mono_us();
	mx_tempo_wait(tempo, &hour, HOUR_US, fire, (char[]){ 'h' });
	for (unsigned ticks = 0; ticks < 20; ticks++)
		turn(base);
	cr_expect_eq(fired, 0);
	cr_expect_lt(mx_clock_mono_us() - before, 15000000);
	mx_tempo_cancel(tempo, &hour);
	mx_tempo_free(tempo);
	event_base_free(base);
}

Test(tempo, whatever_moves_puts_off_the_push)
{
	struct event_base *base = event_base_new();
	struct mx_wait hour = { 0 };
	struct mx_tempo *tempo;
	int64_t before;

	share_clock();
	tempo = mx_tempo_new(base);
	before = mx_clock_mono_us();
	mx_tempo_wait(tempo, &hour, HOUR_US, fire, (char[]){ 'h' });
	for (unsigned ticks = 0; ticks < 20; ticks++) {
		mx_clock_note_wait();
		mx_tempo_moved(tempo);
		turn(base);
	}
	cr_expect_lt(mx_clock_mono_us() - before, 15000000);
	mx_tempo_cancel(tempo, &hour);
	mx_tempo_free(tempo);
	event_base_free(base);
}
