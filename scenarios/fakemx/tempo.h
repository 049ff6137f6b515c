/*
 * tempo.h - waiting: delays, drips and silences of scripted servers.
 * In:   how long, and what to do then.   Out: it is done then, on the event loop.
 * Not:  no sockets.
 *
 * Where the clock is shared with the prober (a build with --enable-test-clock, MXPROBE_TEST_CLOCK
 * naming the clock's file), nobody sits a delay out. As long as something moves on the network
 * time is left alone. When nothing has moved for 20 ms of real time, and the prober's timers were
 * seen to look at the clock all the while (mx_clock_waits: so it is neither busy nor starved of
 * CPU), all that is left to wait for is time itself, and the clock is pushed: to the next scripted
 * moment, but at most a second at once, so that a deadline of the prober that comes before ours
 * is met first. With no session open (the prober sits out an interval of its own) the pushes grow
 * up to ten minutes; a prober that says until when nothing is under way (mx_clock_idle_until) is
 * taken there at once. A prober that does not share the clock gets real delays.
 */
#ifndef MX_FAKEMX_TEMPO_H
#define MX_FAKEMX_TEMPO_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct event_base;
struct mx_tempo;

/** Embedded in its owner, zero-initialised. */
struct mx_wait {
	TAILQ_ENTRY(mx_wait) link;
	int64_t due_us;
	void (*cb)(void *arg);
	void *arg;
	bool pending;
};

struct mx_tempo *mx_tempo_new(struct event_base *base);
/** Every wait must have fired or been cancelled. NULL is taken. */
void mx_tempo_free(struct mx_tempo *tempo);

/** (Re)start: cb comes once, from the loop, after us microseconds of base/clock. */
void mx_tempo_wait(struct mx_tempo *tempo, struct mx_wait *wait, int64_t us,
    void (*cb)(void *arg), void *arg);
void mx_tempo_cancel(struct mx_tempo *tempo, struct mx_wait *wait);

/** Something moved on the network. */
void mx_tempo_moved(struct mx_tempo *tempo);
/** One session more, or less. */
void mx_tempo_session(struct mx_tempo *tempo, bool opened);

#endif
