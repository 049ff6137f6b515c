/* problem.c - one row a problem, one letter a state. */
#include "probe/watch/alert/problem.h"

#include <string.h>

#include "probe/watch/state.h"

/* clang-format off */
/* In the order of enum mx_state: unknown, clear, suspect, blocked, delist_requested, clearing, overdue,
 * flapping. '+' it is there; '-' it is not; '~' it is there, and not worth a call when it is entered;
 * '?' nobody can tell while the pair is in that state. */
static const struct row {
	const char *name;
	const char *states;
	const char *firing, *resolved;
	enum mx_config_severity severity;
} rows[MX_PROBLEM_COUNT] = {
	[MX_PROBLEM_BLOCKED]  = { "MxprobeBlocked",  "---+~~~?", "blocked",  "recovered",
	    MX_CONFIG_CRITICAL },
	[MX_PROBLEM_OVERDUE]  = { "MxprobeOverdue",  "------+-", "overdue",  "answered",
	    MX_CONFIG_WARNING },
	[MX_PROBLEM_FLAPPING] = { "MxprobeFlapping", "-------+", "flapping", "calm",
	    MX_CONFIG_WARNING },
	[MX_PROBLEM_SUSPECT]  = { "MxprobeSuspect",  "--+-----", "suspect",  "settled",
	    MX_CONFIG_INFO },
};
/* clang-format on */

const char *
mx_problem_name(enum mx_problem problem)
{
	return rows[problem].name;
}

static char
letter(const struct row *row, const char *state)
{
	return row->states[mx_state_from_name(state)];
}

/* A block that is not the first one of its kind is told as such. */
static const char *
kind_of(const struct row *row, const struct mx_store_event *event)
{
	if (row != &rows[MX_PROBLEM_BLOCKED])
		return row->firing;
	if (letter(row, event->old_state) == '~')
		return "relapsed";
	if (event->why != NULL && strncmp(event->why, "regressed", 9) == 0)
		return "regressed";
	return row->firing;
}

size_t
mx_problem_turns(
    const struct mx_store_event *event, struct mx_turn turns[MX_PROBLEM_COUNT])
{
	size_t count = 0;

	for (int i = 0; i < MX_PROBLEM_COUNT; i++) {
		char before = letter(&rows[i], event->old_state);
		char after = letter(&rows[i], event->new_state);
		bool is_firing = after == '+';

		if (before == after || after == '~' || after == '?')
			continue;
		turns[count++] = (struct mx_turn){
			.problem = (enum mx_problem)i,
			.is_firing = is_firing,
			.kind = is_firing ? kind_of(&rows[i], event) : rows[i].resolved,
			.severity = rows[i].severity,
		};
	}
	return count;
}

void
mx_problem_note(struct mx_problem_history *history, const struct mx_store_event *event)
{
	bool is_there = letter(&rows[history->problem], event->new_state) != '-';

	if (is_there && (history->since_us == 0 || history->is_over))
		history->since_us = event->time_us;
	history->is_over = !is_there;
}
