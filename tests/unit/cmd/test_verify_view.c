/* test_verify_view.c - what a standing looks like: on a terminal, in a log, as JSON. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "probe/base/clock.h"
#include "probe/cmd/verify_view.h"

TestSuite(verify_view, .timeout = 30);

#define OPENED_US (INT64_C(1800000000) * MX_SECOND_US) /* 2027-01-15 08:00 UTC */

static struct mx_standing_hop hops[] = {
	{ .mx_host = (char[]){ "mx1.example.test" },
	    .address = (char[]){ "192.0.2.1" },
	    .verdict = (char[]){ "accepted" },
	    .result = (char[]){ "01A" },
	    .time_us = OPENED_US + 24 * MX_HOUR_US,
	    .is_accepting = true },
	{ .mx_host = (char[]){ "mx2.example.test" },
	    .address = (char[]){ "192.0.2.2" },
	    .verdict = (char[]){ "blocked" },
	    .result = (char[]){ "01B" },
	    .time_us = OPENED_US + 12 * MX_HOUR_US },
};

static char group[] = "example.test", ticket[] = "SRX1";

/* Blocked at four, accepted at the first of them after a day; the next step is twelve hours away. */
static struct mx_vigil_facts
half_way(void)
{
	struct mx_vigil_facts facts = {
		.source = "198.51.100.5",
		.destination = "example.test",
		.group = group,
		.addresses = 4,
		.ladder = &mx_ladder_default,
		.state_rules = &mx_state_rules_default,
		.now_us = OPENED_US + 24 * MX_HOUR_US,
	};

	facts.standing.pair.state = MX_STATE_CLEARING;
	facts.standing.pair.accepts = facts.standing.pair.hosts = 1;
	facts.standing.pair.first_accept_us = facts.now_us;
	facts.standing.pair.holdouts = 1;
	facts.standing.pair.holdout[0].time_us = hops[1].time_us;
	facts.standing.last_us = facts.now_us;
	facts.standing.hops = hops;
	facts.standing.hop_count = 2;
	facts.standing.accepting = 1;
	facts.standing.one = (struct mx_standing_case){
		.id = 1, .ticket = ticket, .opened_us = OPENED_US, .steps = 5
	};
	facts.next =
	    (struct mx_ladder_step){ .index = 5, .due_us = OPENED_US + 36 * MX_HOUR_US };
	return facts;
}

static char *text;
static size_t len;

static struct mx_verify_look
new_look(unsigned width)
{
	setenv("TZ", "UTC", 1);
	tzset();
	return (
	    struct mx_verify_look){ .out = open_memstream(&text, &len), .width = width };
}

Test(verify_view, live_shows_each_address_what_is_missing_and_when_it_goes_on)
{
	struct mx_verify_look look = new_look(80);
	struct mx_vigil_facts facts = half_way();
	unsigned lines = mx_verify_text_live(&look, &facts), seen = 0;

	fclose(look.out);
	cr_expect_str_eq(text,
	    "\n"
	    "clearing; 1 of 4 addresses accepts\n"
	    "  accepted     2027-01-16 08:00  mx1.example.test 192.0.2.1\n"
	    "  blocked      2027-01-15 20:00  mx2.example.test 192.0.2.2\n"
	    "missing for clear: 2 accepts, 1 address, 1 that refused, 24 h\n"
	    "next step 2027-01-16 20:00 (in 12 h)\n");
	for (const char *c = text; *c != '\0'; c++)
		seen += *c == '\n';
	cr_expect_eq(lines, seen, "what is not counted cannot be wiped");
	free(text);
}

static struct mx_verify_step
refusal(const char *said)
{
	struct mx_verify_step step = { .index = 5, .has_session = true };

	step.results = json_pack("[{s:s, s:{s:s, s:s}, s:{s:i, s:s}}]", "verdict",
	    "blocked", "mx", "host", "mx2.example.test", "address", "192.0.2.2",
	    "finding", "code", 550, "text", said);
	cr_assert_not_null(step.results);
	return step;
}

Test(verify_view, a_step_is_a_line_with_the_reply)
{
	struct mx_verify_look look = new_look(0);
	struct mx_vigil_facts facts = half_way();
	struct mx_verify_step step = refusal("no \033[2J");

	mx_verify_text_step(&look, &facts, &step);
	fclose(look.out);
	cr_expect_str_eq(text,
	    "2027-01-16 08:00  step 6   blocked      mx2.example.test 192.0.2.2: 550 no "
	    "\\x1b[2J\n"
	    "                  1 of 4 addresses accepts; missing: 2 accepts, 1 address, 1 "
	    "that refused, 24 h; next step 2027-01-16 20:00 (in 12 h)\n",
	    "%s", text);
	json_decref(step.results);
	free(text);
}

Test(verify_view, a_reply_is_cut_where_the_terminal_ends)
{
	struct mx_verify_look look = new_look(60);
	struct mx_vigil_facts facts = half_way();
	struct mx_verify_step step =
	    refusal("\xE7\xB7\xA9\xE5\x92\x8C\xE5\x87\xA6\xE7\xBD\xAE a very long reply "
		    "that goes on");

	facts.next.is_over = true;
	mx_verify_text_step(&look, &facts, &step);
	fclose(look.out);
	cr_expect_leq(strcspn(text, "\n"), 60);
	cr_expect_not_null(strstr(text, "...\n"));
	json_decref(step.results);
	free(text);
}

Test(verify_view, quiet_shows_the_end_only)
{
	struct mx_verify_look look = new_look(80);
	struct mx_vigil_facts facts = half_way();
	struct mx_verify_step step = refusal("no");

	look.is_quiet = true;
	mx_verify_text_opened(&look, &facts, false);
	mx_verify_text_step(&look, &facts, &step);
	fclose(look.out);
	cr_expect_str_empty(text);
	json_decref(step.results);
	free(text);
}

static char after[] =
    "{\"verdict\":\"accepted\",\"time\":\"2027-01-20T08:00:00.000Z\","
    "\"mx\":{\"host\":\"mx1.example.test\",\"address\":\"192.0.2.1\"},\"transcript\":["
    "{\"from\":\"server\",\"line\":\"220 hi\"},"
    "{\"from\":\"client\",\"line\":\"RCPT TO:<me@example.test>\"}]}";

Test(verify_view, the_end_is_the_proof_and_hides_the_mailbox)
{
	struct mx_verify_look look = new_look(80);
	struct mx_vigil_end end = { .why = MX_VIGIL_CLEARED, .facts = half_way() };
	struct mx_proof proof = { .first_block_us = OPENED_US - 24 * MX_HOUR_US,
		.after = after };

	end.facts.standing.one.cleared_us = OPENED_US + 48 * MX_HOUR_US;
	mx_verify_text_end(&look, &end, &proof);
	fclose(look.out);
	cr_expect_str_eq(text,
	    "clear since 2027-01-17 08:00, 48 h after the request, 72 h after the first "
	    "block; 1 of 4 addresses accepts\n"
	    "\n"
	    "After: accepted at mx1.example.test 192.0.2.1, 2027-01-20T08:00:00.000Z\n"
	    "  S: 220 hi\n"
	    "  C: RCPT TO:<***@example.test>\n",
	    "%s", text);
	cr_expect_eq(mx_vigil_status(&end), 0);
	free(text);
}

Test(verify_view, json_ends_with_an_object_that_says_how)
{
	struct mx_verify_look look = new_look(0);
	struct mx_vigil_end end = { .why = MX_VIGIL_OUT_OF_TIME, .facts = half_way() };
	struct mx_proof proof = { .first_block_us = OPENED_US };
	const char *word, *number;
	json_t *root;
	int status;

	mx_verify_json_end(look.out, &end, &proof);
	fclose(look.out);
	root = json_loads(text, 0, NULL);
	cr_assert_not_null(root);
	cr_assert_eq(json_unpack(root, "{s:s, s:s, s:i}", "end", &word, "ticket", &number,
			 "status", &status),
	    0);
	cr_expect_str_eq(word, "out_of_time");
	cr_expect_str_eq(number, "SRX1");
	cr_expect_eq(status, 1, "an address that refused has not accepted since");
	cr_expect(json_is_null(json_object_get(root, "cleared")));
	json_decref(root);
	free(text);
}

Test(verify_view, status_says_what_is_known)
{
	struct mx_vigil_end end = { .why = MX_VIGIL_OUT_OF_TIME, .facts = half_way() };

	end.facts.standing.pair.holdouts = 0;
	cr_expect_eq(mx_vigil_status(&end), 3);
	end.facts.standing.last_verdict = (char[]){ "throttled" };
	cr_expect_eq(mx_vigil_status(&end), 2);
	end.facts.standing.pair.state = MX_STATE_BLOCKED;
	cr_expect_eq(mx_vigil_status(&end), 1);
	end.why = MX_VIGIL_NO_WAY;
	cr_expect_eq(mx_vigil_status(&end), 3);
	end.is_ours = true;
	cr_expect_eq(mx_vigil_status(&end), 4);
}
