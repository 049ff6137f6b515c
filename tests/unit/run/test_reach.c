#include "probe/run/reach.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/run/run.h"

TestSuite(reach, .timeout = 20);

/* ---- which ends leave it open whose fault they are ---- */

Test(reach, doubts_connections_that_never_came_up_and_resets_without_a_word)
{
	static const struct {
		enum mx_end end;
		int64_t connected_us;
		size_t replies;
		bool doubtful;
	} cases[] = {
		{ MX_END_REFUSED, -1, 0, true },
		{ MX_END_FILTERED, -1, 0, true },
		{ MX_END_UNREACHABLE, -1, 0, true },
		{ MX_END_SESSION_TIMEOUT, -1, 0, true },
		{ MX_END_RESET, -1, 0, true },
		{ MX_END_RESET, 100, 0, true },
		{ MX_END_RESET, 100, 1, false },
		{ MX_END_CLOSED, 100, 0, false },
		{ MX_END_TIMEOUT, 100, 0, false },
		{ MX_END_NOT_SMTP, 100, 0, false },
		{ MX_END_LOCAL, -1, 0, false },
		{ MX_END_CANCELLED, -1, 0, false },
		{ MX_END_QUIT, 100, 3, false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mx_transcript transcript = { .end = cases[i].end,
			.connected_us = cases[i].connected_us,
			.reply_count = cases[i].replies };

		cr_expect_eq(mx_reach_is_doubtful(&transcript), cases[i].doubtful,
		    "%s, connected %d, replies %zu", mx_end_name(cases[i].end),
		    cases[i].connected_us >= 0, cases[i].replies);
	}
}

/* ---- what the other sessions of a source tell ---- */

#define FLIGHTS 3

/* One source; destinations 0 and 1 of group "a" and "b", destination 2 is the control. */
struct world {
	struct mx_probe_source source;
	struct mx_probe_params params;
	struct mx_probe_hooks hooks;
	struct mx_run_destination destinations[FLIGHTS];
	struct mx_visit visits[FLIGHTS];
	struct mx_flight flights[FLIGHTS];
	struct mx_run run;
	char told[8][512];
	size_t told_count;
};

static void
on_result(void *arg, const struct mx_result *result)
{
	struct world *w = arg;

	snprintf(w->told[w->told_count++], sizeof w->told[0], "%s: %s",
	    result->destination, result->note != NULL ? result->note : "");
}

static struct world *
open_world(size_t destinations, bool has_control)
{
	struct world *w = mx_calloc(1, sizeof *w);

	w->params = (struct mx_probe_params){ .sources = &w->source,
		.source_count = 1,
		.control_name = has_control ? "control.test" : NULL,
		.control = { .port = 25 } };
	w->hooks = (struct mx_probe_hooks){ .result = on_result, .arg = w };
	w->run = (struct mx_run){ .params = &w->params,
		.hooks = &w->hooks,
		.destinations = w->destinations,
		.visits = w->visits,
		.flights = w->flights };
	for (size_t i = 0; i < FLIGHTS; i++) {
		snprintf(w->destinations[i].group, sizeof w->destinations[i].group, "%c",
		    (int)('a' + i));
		w->visits[i].destination = i;
		w->visits[i].kind = MX_VISIT_PROBE;
		w->visits[i].control = i == 2;
		w->flights[i].run = &w->run;
		w->flights[i].visit = &w->visits[i];
	}
	/* The control stands last, but is counted only where there is one. */
	w->run.visit_count = destinations;
	mx_reach_open(&w->run);
	if (has_control) {
		w->run.reaches[0].control = MX_CONTROL_AWAKE;
		w->run.reaches[0].open++;
	}
	return w;
}

static void
close_world(struct world *w)
{
	mx_reach_close(&w->run);
	free(w);
}

static void
end_session(struct world *w, size_t flight, enum mx_end end, size_t replies)
{
	struct mx_transcript transcript = {
		.end = end, .connected_us = replies > 0 ? 1 : -1, .reply_count = replies
	};
	struct mx_result *row;

	mx_reach_note(&w->flights[flight], &transcript);
	if (w->visits[flight].control || !mx_reach_is_doubtful(&transcript))
		return;
	row = mx_calloc(1, sizeof *row);
	row->destination = mx_asprintf("%c.test", (int)('a' + flight));
	row->address.port = 25;
	mx_reach_hold(&w->flights[flight], row);
}

static void
expect_told(
    const struct world *w, size_t index, const char *destination, const char *what)
{
	cr_assert_gt(w->told_count, index, "nothing told with \"%s\"", what);
	cr_expect_eq(strncmp(w->told[index], destination, strlen(destination)), 0, "%s",
	    w->told[index]);
	cr_expect_not_null(strstr(w->told[index], what), "%s", w->told[index]);
}

Test(reach, a_row_waits_for_the_sources_other_sessions)
{
	struct world *w = open_world(2, false);

	end_session(w, 0, MX_END_REFUSED, 0);
	mx_reach_over(&w->flights[0]);
	cr_expect_eq(w->told_count, 0);
	end_session(w, 1, MX_END_QUIT, 4);
	mx_reach_over(&w->flights[1]);
	cr_expect_eq(w->told_count, 1);
	expect_told(w, 0, "a.test", "others greeted this source");
	close_world(w);
}

Test(reach, whoever_is_faster_the_rows_say_the_same)
{
	struct world *w = open_world(2, false);

	end_session(w, 1, MX_END_QUIT, 4);
	end_session(w, 0, MX_END_REFUSED, 0);
	mx_reach_over(&w->flights[0]);
	expect_told(w, 0, "a.test", "others greeted this source");
	close_world(w);
}

Test(reach, all_that_fail_alike_speak_against_our_own_side)
{
	struct world *w = open_world(2, false);

	end_session(w, 0, MX_END_FILTERED, 0);
	mx_reach_over(&w->flights[0]);
	end_session(w, 1, MX_END_FILTERED, 0);
	mx_reach_over(&w->flights[1]);
	cr_expect_eq(w->told_count, 2);
	expect_told(w, 0, "a.test", "every destination of this run failed alike");
	expect_told(w, 1, "b.test", "--control");
	close_world(w);
}

Test(reach, failures_of_different_kinds_are_not_alike)
{
	struct world *w = open_world(2, false);

	end_session(w, 0, MX_END_FILTERED, 0);
	mx_reach_over(&w->flights[0]);
	end_session(w, 1, MX_END_REFUSED, 0);
	mx_reach_over(&w->flights[1]);
	expect_told(w, 0, "a.test", "every destination of this run failed;");
	close_world(w);
}

Test(reach, a_connection_that_came_up_clears_our_side_without_a_greeting)
{
	struct world *w = open_world(2, false);
	struct mx_transcript silent = { .end = MX_END_TIMEOUT, .connected_us = 1 };

	end_session(w, 0, MX_END_REFUSED, 0);
	mx_reach_over(&w->flights[0]);
	mx_reach_note(&w->flights[1], &silent);
	mx_reach_over(&w->flights[1]);
	expect_told(w, 0, "a.test", "not closed on our side");
	close_world(w);
}

Test(reach, the_control_is_heard_before_a_row_is_told)
{
	static const struct {
		enum mx_end end;
		size_t replies;
		const char *what;
	} controls[] = {
		{ MX_END_QUIT, 1, "the control control.test greeted this source" },
		{ MX_END_REFUSED, 0,
		    "closed on our side: the control control.test fails" },
		{ MX_END_CANCELLED, 0, "did not greet either" },
	};

	for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
		struct world *w = open_world(1, true);

		end_session(w, 0, MX_END_REFUSED, 0);
		mx_reach_over(&w->flights[0]);
		cr_expect_eq(w->told_count, 0, "%s", controls[i].what);
		end_session(w, 2, controls[i].end, controls[i].replies);
		mx_reach_over(&w->flights[2]);
		expect_told(w, 0, "a.test", controls[i].what);
		close_world(w);
	}
}

Test(reach, a_control_at_another_port_proves_nothing)
{
	struct world *w = open_world(1, true);

	w->params.control.port = 2525;
	end_session(w, 0, MX_END_REFUSED, 0);
	mx_reach_over(&w->flights[0]);
	end_session(w, 2, MX_END_QUIT, 1);
	mx_reach_over(&w->flights[2]);
	expect_told(w, 0, "a.test", "one destination alone can't tell");
	close_world(w);
}
