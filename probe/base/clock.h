/*
 * clock.h - the only source of time.
 * In:   the kernel's clocks; in a test-clock build also a shared offset.
 * Out:  monotonic and wall-clock time in microseconds.
 * Not:  no sleeping, no timers (net/loop.h).
 *
 * Unit tests move time with mx_clock_freeze() and mx_clock_advance(), in every build, inside
 * one process. A build made with --enable-test-clock also reads an offset from the file that
 * MXPROBE_TEST_CLOCK names (mapped shared), so that the real binary and fakemx agree on a time
 * that passes as fast as the scenario wants. A release build ignores that variable: if time
 * could be told from outside, the politeness ledger would be worthless.
 */
#ifndef MX_BASE_CLOCK_H
#define MX_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/** Spans are written in these and kept in microseconds: 20 * MX_SECOND_US. */
#define MX_SECOND_US INT64_C(1000000)
#define MX_MINUTE_US (60 * MX_SECOND_US)
#define MX_HOUR_US (60 * MX_MINUTE_US)
#define MX_DAY_US (24 * MX_HOUR_US)

/** Microseconds on a clock that never jumps back; origin unspecified. */
int64_t mx_clock_mono_us(void);
/** Microseconds since 1970-01-01 UTC. */
int64_t mx_clock_wall_us(void);

/** Unit tests: stop both clocks at wall_us (mono starts at 1 hour). Not in the real program. */
void mx_clock_freeze(int64_t wall_us);
/** The frozen wall clock alone, as if somebody had set it; nothing on a clock that runs. */
void mx_clock_set_wall(int64_t wall_us);
/** Moves a frozen clock, or in a test-clock build the shared one, forward. Else does nothing. */
void mx_clock_advance(int64_t us);
/** True when built with --enable-test-clock (said by --version). */
bool mx_clock_is_movable(void);
/** True when timers must poll the clock because somebody else may move it: another process, or
 *  the test that froze it. */
bool mx_clock_is_shared(void);

/** A timer looked at the shared clock and found that it is not due yet. Nothing elsewhere. */
void mx_clock_note_wait(void);
/** How often timers of all processes did so. Who moves the shared clock sees this grow first: a
 *  process that is busy, or not scheduled at all, must not have its deadlines pushed past it. */
int64_t mx_clock_waits(void);

/** Nothing at all is under way here until mono_us; 0: something is again. Nothing elsewhere. */
void mx_clock_idle_until(int64_t mono_us);
/** What was said last: whoever moves the shared clock may go there at once, be it days away. */
int64_t mx_clock_idle(void);

/** "2026-11-21T21:00:00.123Z" (RFC 3339, UTC, milliseconds). out holds MX_CLOCK_TEXT bytes. */
#define MX_CLOCK_TEXT 32
const char *mx_clock_format(int64_t wall_us, char *out);

#endif
