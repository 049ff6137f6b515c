/* test_schedule.c - slots: evenly spread, never doubled, never made up for. */
#include "probe/watch/schedule.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "probe/base/clock.h"

TestSuite(schedule, .timeout = 30);

#define MINUTE MX_MINUTE_US
#define HOUR (60 * MINUTE)
#define NOW (INT64_C(1795305600) * MX_SECOND_US)

static const struct mx_schedule_spans spans = {
	.interval_us = 4 * HOUR,
	.blocked_us = 6 * HOUR,
	.floor_us = 30 * MINUTE,
	.spread_us = HOUR,
};

static uint64_t
key_of(unsigned number)
{
	char source[32];

	snprintf(source, sizeof source, "198.18.%u.%u", number / 250, number % 250);
	return mx_schedule_key(source, "microsoft_consumer", 7);
}

Test(schedule, the_same_names_give_the_same_slots_and_others_give_others)
{
	uint64_t key = mx_schedule_key("192.0.2.1", "gmail", 1);

	cr_expect_eq(key, mx_schedule_key("192.0.2.1", "gmail", 1));
	cr_expect_neq(key, mx_schedule_key("192.0.2.1", "gmail", 2));
	cr_expect_neq(key, mx_schedule_key("192.0.2.2", "gmail", 1));
	cr_expect_neq(key, mx_schedule_key("192.0.2.1", "yahoo", 1));
	cr_expect_neq(mx_schedule_key("ab", "c", 1), mx_schedule_key("a", "bc", 1));
}

Test(schedule, slots_are_an_interval_apart_give_or_take_a_fifth)
{
	for (unsigned i = 0; i < 200; i++) {
		uint64_t key = key_of(i);
		int64_t slot = mx_schedule_slot(key, 4 * HOUR, NOW), next;

		cr_assert_geq(slot, NOW);
		cr_assert_leq(slot, NOW + 4 * HOUR * 12 / 10);
		for (unsigned k = 0; k < 50; k++, slot = next) {
			next = mx_schedule_slot(key, 4 * HOUR, slot + 1);
			cr_assert_geq(next - slot, 4 * HOUR * 8 / 10);
			cr_assert_leq(next - slot, 4 * HOUR * 12 / 10);
			cr_assert_eq(mx_schedule_slot(key, 4 * HOUR, next), next);
		}
	}
}

Test(schedule, jitter_is_not_the_same_each_time)
{
	uint64_t key = key_of(1);
	int64_t first = mx_schedule_slot(key, 4 * HOUR, NOW);
	int64_t second = mx_schedule_slot(key, 4 * HOUR, first + 1);
	int64_t third = mx_schedule_slot(key, 4 * HOUR, second + 1);

	cr_expect_neq(second - first, third - second);
}

Test(schedule, a_thousand_pairs_are_spread_evenly)
{
	unsigned minutes[240] = { 0 }, most = 0;

	for (unsigned i = 0; i < 1000; i++) {
		int64_t slot = mx_schedule_slot(key_of(i), 4 * HOUR, NOW);

		minutes[(slot - NOW) / MINUTE % 240]++;
	}
	for (unsigned i = 0; i < 240; i++)
		most = minutes[i] > most ? minutes[i] : most;
	cr_expect_lt(most, 17, "%u of 1,000 in one minute of 240", most);
}

/* clang-format off */
static const struct {
	enum mx_state state;
	int64_t interval_us;
} intervals[] = {
	{ MX_STATE_UNKNOWN,          4 * HOUR },
	{ MX_STATE_CLEAR,            4 * HOUR },
	{ MX_STATE_SUSPECT,          4 * HOUR },
	{ MX_STATE_CLEARING,         4 * HOUR },
	{ MX_STATE_BLOCKED,          6 * HOUR },
	{ MX_STATE_DELIST_REQUESTED, 6 * HOUR },
	{ MX_STATE_OVERDUE,          6 * HOUR },
	{ MX_STATE_FLAPPING,         8 * HOUR },
};
/* clang-format on */

Test(schedule, how_often_depends_on_the_state)
{
	struct mx_schedule_spans often = spans;

	for (size_t i = 0; i < sizeof intervals / sizeof *intervals; i++)
		cr_expect_eq(mx_schedule_interval(&spans, intervals[i].state),
		    intervals[i].interval_us, "%s", mx_state_name(intervals[i].state));
	often.interval_us = MINUTE;
	cr_expect_eq(mx_schedule_interval(&often, MX_STATE_CLEAR), 30 * MINUTE);
}

Test(schedule, the_next_one_is_a_slot_and_half_an_interval_away_at_least)
{
	for (unsigned i = 0; i < 500; i++) {
		uint64_t key = key_of(i);
		int64_t last = NOW - (int64_t)(i % 100) * MINUTE;
		struct mx_schedule_next next =
		    mx_schedule_next(key, &spans, 4 * HOUR, last, NOW);

		cr_assert_not(next.is_caught_up);
		cr_assert_geq(next.due_us, last + 2 * HOUR);
		cr_assert_leq(next.due_us, last + 2 * HOUR + 4 * HOUR * 12 / 10);
		cr_assert_eq(mx_schedule_slot(key, 4 * HOUR, next.due_us), next.due_us);
	}
}

Test(schedule, a_restart_changes_nothing)
{
	uint64_t key = key_of(3);
	int64_t due = mx_schedule_next(key, &spans, 4 * HOUR, NOW - HOUR, NOW).due_us;

	for (int64_t later = NOW; later <= due; later += 7 * MINUTE)
		cr_expect_eq(
		    mx_schedule_next(key, &spans, 4 * HOUR, NOW - HOUR, later).due_us,
		    due);
}

/* clang-format off */
static const struct {
	const char *claim;
	int64_t last_us, least_us, most_us;
} caught_up[] = {
	{ "asked a week ago",            NOW - 168 * HOUR, NOW,             NOW + HOUR },
	{ "asked one slot too long ago", NOW - 10 * HOUR,  NOW,             NOW + HOUR },
};
/* clang-format on */

Test(schedule, what_was_slept_through_is_one_session_within_the_spread)
{
	for (size_t i = 0; i < sizeof caught_up / sizeof *caught_up; i++)
		for (unsigned k = 0; k < 100; k++) {
			struct mx_schedule_next next = mx_schedule_next(
			    key_of(k), &spans, 4 * HOUR, caught_up[i].last_us, NOW);

			cr_assert(next.is_caught_up, "%s", caught_up[i].claim);
			cr_assert_geq(next.due_us, caught_up[i].least_us);
			cr_assert_leq(next.due_us, caught_up[i].most_us);
		}
}

Test(schedule, who_was_never_asked_is_due_at_once)
{
	for (unsigned k = 0; k < 100; k++) {
		struct mx_schedule_next next =
		    mx_schedule_next(key_of(k), &spans, 4 * HOUR, 0, NOW);

		cr_assert_not(next.is_caught_up);
		cr_assert_geq(next.due_us, NOW);
		cr_assert_lt(next.due_us, NOW + MX_SECOND_US);
	}
}

Test(schedule, pairs_that_catch_up_do_not_leave_together)
{
	unsigned quarters[4] = { 0 };

	for (unsigned i = 0; i < 400; i++)
		quarters[(mx_schedule_next(
			      key_of(i), &spans, 4 * HOUR, NOW - 99 * HOUR, NOW)
				 .due_us -
			     NOW) /
			 (15 * MINUTE)]++;
	for (unsigned i = 0; i < 4; i++)
		cr_expect_gt(quarters[i], 60);
}

Test(schedule, a_session_yet_to_come_is_one_of_now)
{
	struct mx_schedule_next next =
	    mx_schedule_next(key_of(5), &spans, 4 * HOUR, NOW + 900 * HOUR, NOW);

	cr_expect_geq(next.due_us, NOW + 2 * HOUR);
	cr_expect_leq(next.due_us, NOW + 8 * HOUR);
}

Test(schedule, never_sooner_than_the_floor)
{
	struct mx_schedule_spans often = { .interval_us = 30 * MINUTE,
		.blocked_us = 6 * HOUR,
		.floor_us = 30 * MINUTE,
		.spread_us = MINUTE };

	for (unsigned i = 0; i < 500; i++) {
		struct mx_schedule_next next =
		    mx_schedule_next(key_of(i), &often, 30 * MINUTE, NOW - MINUTE, NOW);

		cr_assert_geq(next.due_us, NOW - MINUTE + 30 * MINUTE);
	}
}

/* clang-format off */
static const struct {
	const char *claim;
	int64_t wall_us, mono_us; /* passed between two looks */
	bool has_jumped;
} looks[] = {
	{ "nothing",               30 * MX_SECOND_US,         30 * MX_SECOND_US, false },
	{ "a slow clock",          29700000,                  30 * MX_SECOND_US, false },
	{ "a leap second",         29 * MX_SECOND_US + 600000, 30 * MX_SECOND_US, false },
	{ "back by a second",      29 * MX_SECOND_US,         30 * MX_SECOND_US, true },
	{ "back by hours",         -5 * HOUR,                 30 * MX_SECOND_US, true },
	{ "forward by 59 s",       89 * MX_SECOND_US,         30 * MX_SECOND_US, false },
	{ "forward by 61 s",       91 * MX_SECOND_US,         30 * MX_SECOND_US, true },
	{ "a night of sleep",      9 * HOUR,                  30 * MX_SECOND_US, true },
	{ "a long look",           9 * HOUR,                  9 * HOUR,          false },
};
/* clang-format on */

Test(schedule, a_clock_that_was_set_is_noticed)
{
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		struct mx_schedule_clock before = { NOW, 77 };
		struct mx_schedule_clock now = { NOW + looks[i].wall_us,
			77 + looks[i].mono_us };

		cr_expect_eq(mx_schedule_has_jumped(&before, &now), looks[i].has_jumped,
		    "%s", looks[i].claim);
	}
}
