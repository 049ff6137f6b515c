/* test_problem.c - every change of state, and what it is worth. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "probe/watch/alert/problem.h"
#include "probe/watch/state.h"

TestSuite(problem, .timeout = 10);

/* "blocked! suspect." : kinds of what fires (!) and is resolved (.), in their order. */
static const char *
told(const char *before, const char *after, const char *why)
{
	static char text[256];
	struct mx_turn turns[MX_PROBLEM_COUNT];
	struct mx_store_event event = {
		.old_state = before, .new_state = after, .why = why
	};
	size_t count = mx_problem_turns(&event, turns), len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s%s",
		    len > 0 ? " " : "", turns[i].kind, turns[i].is_firing ? "!" : ".");
	return text;
}

Test(problem, is_what_is_worth_a_human)
{
	static const struct {
		const char *before, *after, *told;
	} rows[] = {
		{ "unknown", "clear", "" },
		{ "unknown", "blocked", "blocked!" },
		{ "unknown", "suspect", "suspect!" },
		{ "unknown", "delist_requested", "" },
		{ "clear", "blocked", "blocked!" },
		{ "clear", "suspect", "suspect!" },
		{ "clear", "delist_requested", "" },
		{ "clear", "flapping", "flapping!" },
		{ "suspect", "clear", "settled." },
		{ "suspect", "blocked", "blocked! settled." },
		{ "blocked", "delist_requested", "" },
		{ "blocked", "clearing", "" },
		{ "blocked", "clear", "recovered." },
		{ "blocked", "overdue", "overdue!" },
		{ "blocked", "flapping", "flapping!" },
		{ "delist_requested", "clearing", "" },
		{ "delist_requested", "overdue", "overdue!" },
		{ "delist_requested", "clear", "recovered." },
		{ "overdue", "clearing", "answered." },
		{ "overdue", "clear", "recovered. answered." },
		{ "clearing", "clear", "recovered." },
		{ "clearing", "blocked", "relapsed!" },
		{ "flapping", "clear", "recovered. calm." },
		{ "flapping", "blocked", "blocked! calm." },
		{ "flapping", "clearing", "calm." },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(told(rows[i].before, rows[i].after, NULL), rows[i].told,
		    "%s to %s: %s", rows[i].before, rows[i].after,
		    told(rows[i].before, rows[i].after, NULL));
	cr_expect_str_eq(
	    told("clear", "blocked", "regressed: blocked again within a week"),
	    "regressed!");
}

Test(problem, that_stays_as_it_is_is_not_told_again)
{
	for (int i = 0; i < MX_STATE_COUNT; i++) {
		const char *state = mx_state_name((enum mx_state)i);

		cr_expect_str_eq(told(state, state, NULL), "", "%s", state);
	}
}

Test(problem, of_which_more_is_grave_comes_first)
{
	struct mx_turn turns[MX_PROBLEM_COUNT];
	struct mx_store_event event = { .old_state = "suspect", .new_state = "blocked" };

	cr_assert_eq(mx_problem_turns(&event, turns), 2);
	cr_expect_eq(turns[0].severity, MX_CONFIG_CRITICAL);
	cr_expect_eq(turns[1].severity, MX_CONFIG_INFO);
}

Test(problem, began_with_the_first_block_of_its_episode)
{
	static const struct {
		int64_t time_us;
		const char *state;
		int64_t since_us;
	} rows[] = {
		{ 10, "clear", 0 },
		{ 20, "blocked", 20 },
		{ 30, "delist_requested", 20 },
		{ 40, "clearing", 20 },
		{ 50, "blocked", 20 },
		{ 60, "clearing", 20 },
		{ 70, "clear", 20 },
		{ 80, "suspect", 20 },
		{ 90, "blocked", 90 },
		{ 99, "clear", 90 },
	};
	struct mx_problem_history history = { .problem = MX_PROBLEM_BLOCKED };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		mx_problem_note(&history, &(struct mx_store_event){
					      .time_us = rows[i].time_us,
					      .new_state = rows[i].state,
					  });
		cr_expect_eq(history.since_us, rows[i].since_us, "at %d: %d",
		    (int)rows[i].time_us, (int)history.since_us);
	}
}
