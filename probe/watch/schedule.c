/* schedule.c - arithmetic on slots; nothing is remembered. */
#include "probe/watch/schedule.h"

#include "probe/base/clock.h"

/* Up to a tenth earlier or later. */
#define JITTER_PART 10
/* Pairs that were never asked join their queues within a moment, in no order. */
#define FIRST_SPREAD_US MX_SECOND_US
/* Two clocks are never read at quite the same moment. */
#define BACK_US (MX_SECOND_US / 2)
#define FORWARD_US MX_MINUTE_US

/* The finisher of splitmix64: every bit of the answer depends on every bit that goes in. */
static uint64_t
mix(uint64_t bits)
{
	bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
	return bits ^ (bits >> 31);
}

static uint64_t
add_text(uint64_t key, const char *text)
{
	for (; *text != '\0'; text++)
		key = mix(key + (unsigned char)*text + 1);
	return mix(key);
}

uint64_t
mx_schedule_key(const char *source, const char *group, uint64_t seed)
{
	return add_text(add_text(mix(seed), source), group);
}

/* Between 0 and span, by whatever the bits are. */
static int64_t
part_of(uint64_t bits, int64_t span_us)
{
	return span_us > 0 ? (int64_t)(bits % (uint64_t)span_us) : 0;
}

static int64_t
slot_of(uint64_t key, int64_t interval_us, int64_t cycle)
{
	int64_t jitter_us = interval_us / JITTER_PART;

	return cycle * interval_us + part_of(key, interval_us) - jitter_us +
	       part_of(mix(key ^ mix((uint64_t)cycle)), 2 * jitter_us);
}

int64_t
mx_schedule_slot(uint64_t key, int64_t interval_us, int64_t then_us)
{
	/* Jitter may have carried the slot of the cycle before behind then. */
	int64_t cycle = then_us / interval_us - 2;

	while (slot_of(key, interval_us, cycle) < then_us)
		cycle++;
	return slot_of(key, interval_us, cycle);
}

/* ---- how often ---- */

static int64_t
later(int64_t a_us, int64_t b_us)
{
	return a_us > b_us ? a_us : b_us;
}

/* clang-format off */
static const bool blocked_states[MX_STATE_COUNT] = {
	[MX_STATE_BLOCKED]          = true,
	[MX_STATE_DELIST_REQUESTED] = true,
	[MX_STATE_OVERDUE]          = true,
};
/* clang-format on */

bool
mx_schedule_is_blocked(enum mx_state state)
{
	return blocked_states[state];
}

int64_t
mx_schedule_interval(const struct mx_schedule_spans *spans, enum mx_state state)
{
	int64_t interval_us =
	    blocked_states[state] ? spans->blocked_us : spans->interval_us;

	if (state == MX_STATE_FLAPPING)
		interval_us = 2 * spans->interval_us;
	return later(interval_us, spans->floor_us);
}

/* ---- when next ---- */

/* Nothing is known yet, and somebody waits for it: as soon as the pace of all allows. */
static struct mx_schedule_next
first(uint64_t key, int64_t now_us)
{
	return (struct mx_schedule_next){ .due_us = now_us +
						    part_of(mix(key), FIRST_SPREAD_US) };
}

static struct mx_schedule_next
catch_up(uint64_t key, const struct mx_schedule_spans *spans, int64_t not_before_us)
{
	return (struct mx_schedule_next){
		.due_us = not_before_us + part_of(mix(key), spans->spread_us),
		.is_caught_up = true,
	};
}

/* A slot that comes right behind a session that was late is let pass: half an interval is kept. */
struct mx_schedule_next
mx_schedule_next(uint64_t key, const struct mx_schedule_spans *spans, int64_t interval_us,
    int64_t last_us, int64_t now_us)
{
	struct mx_schedule_next next = { 0 };

	if (last_us <= 0)
		return first(key, now_us);
	if (last_us > now_us)
		last_us = now_us;
	next.due_us = later(mx_schedule_slot(key, interval_us, last_us + interval_us / 2),
	    last_us + spans->floor_us);
	return next.due_us >= now_us
		   ? next
		   : catch_up(key, spans, later(now_us, last_us + spans->floor_us));
}

bool
mx_schedule_has_jumped(
    const struct mx_schedule_clock *before, const struct mx_schedule_clock *now)
{
	int64_t set_us =
	    (now->wall_us - before->wall_us) - (now->mono_us - before->mono_us);

	return set_us < -BACK_US || set_us > FORWARD_US;
}
