#include "probe/unwrap/unwrap.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "tests/unit/unwrap/told.h"

TestSuite(unwrap, .timeout = 60);

#define CHECK(guess, cases) told_check(guess, cases, sizeof(cases) / sizeof *(cases))

/* clang-format off */
static const struct told_case bare[] = {
	{ "550 5.7.1 one\n550-5.7.1 two\n550 5.7.1 lines\r\n421\n",
	  "bare 550 5.7.1 - - - - - - - | 550 5.7.1 one\n"
	  "bare 550 5.7.1 - - - - - - - | 550-5.7.1 two / 550 5.7.1 lines\n"
	  "bare 421 - - - - - - - - | 421" },
	{ "rcpt: 550 No such user\nMailbox full\n",
	  "bare 550 - rcpt - - - - - - | 550 No such user\n"
	  "bare 0 - - - - - - - - | Mailbox full" },
	{ "550 5.7.1 wrapped\n    over lines\n550 next\n",
	  "bare 550 5.7.1 - - - - - - - | 550 5.7.1 wrapped / over lines\n"
	  "bare 550 - - - - - - - - | 550 next" },
	{ "550-5.7.1 unfinished\n\n550 next",
	  "bare 550 5.7.1 - - - - - - - | 550-5.7.1 unfinished\n"
	  "bare 550 - - - - - - - - | 550 next" },
	{ "550 first\nhost mx.example.net[192.0.2.25] said: 451 4.7.1 later (in reply to MAIL FROM "
	  "command)\n",
	  "bare 550 - - - - - - - - | 550 first\n"
	  "postfix-bounce 451 4.7.1 mail mx.example.net 192.0.2.25 - - - - | 451 4.7.1 later" },
	/* a server that quotes its own call-back is still the one that speaks */
	{ "550-Called: 192.0.2.1\n550-Response: 550 5.1.1 nope\n550 Sender verify failed\n",
	  "bare 550 - - - - - - - - | "
	  "550-Called: 192.0.2.1 / 550-Response: 550 5.1.1 nope / 550 Sender verify failed" },
	/* a relay that passes on what it was told is not */
	{ "550 5.4.0 [{LED=550 5.7.606 Banned [203.0.113.5]};{MSG=};{FQDN=mx.example.net};"
	  "{IP=192.0.2.25};{LRT=1}]\n",
	  "bare 550 5.7.606 - mx.example.net 192.0.2.25 - - - - | 550 5.7.606 Banned [203.0.113.5]" },
	/* as qmail logs it, cut out of the log */
	{ "550 first\nCNAME_lookup_failed_temporarily._(#4.4.3)\n550_5.1.1_no_such_user_here\n",
	  "bare 550 - - - - - - - - | 550 first\n"
	  "bare 0 - - - - - - - - | CNAME lookup failed temporarily. (#4.4.3)\n"
	  "bare 550 5.1.1 - - - - - - - | 550 5.1.1 no such user here" },
	{ "", "" },
	{ "\n \n\t\r\n", "" },
};
/* clang-format on */

Test(unwrap, bare_replies_are_told_as_they_stand)
{
	CHECK(MX_UNWRAP_AUTO, bare);
	CHECK(MX_UNWRAP_BARE, bare);
}

Test(unwrap, guesses_have_names)
{
	for (int i = 0; i < MX_UNWRAP_GUESSES; i++) {
		enum mx_unwrap_guess guess = MX_UNWRAP_GUESSES;

		cr_assert(mx_unwrap_guess_from_name(
		    mx_unwrap_guess_name((enum mx_unwrap_guess)i), &guess));
		cr_assert_eq((int)guess, i);
	}
	cr_assert_not(mx_unwrap_guess_from_name("ndjson", &(enum mx_unwrap_guess){ 0 }));
}

static const struct {
	const char *input;
	enum mx_unwrap_guess taken_for;
} inputs[] = {
	{ "550 no\n", MX_UNWRAP_BARE },
	{ "Nov 21 10:00:00 mail postfix/smtp[1]: x\n", MX_UNWRAP_LOG },
	{ "postfix/smtp[1]: x\n", MX_UNWRAP_LOG },
	{ "Return-Path: <>\nSubject: x\n\nx\n", MX_UNWRAP_BOUNCE },
	{ "Dear all,\n\nit came back:\n550 no\n", MX_UNWRAP_BOUNCE },
	{ "Mailbox full\nNo such user\n", MX_UNWRAP_BARE },
	{ "Mailbox full", MX_UNWRAP_BARE },
};

Test(unwrap, the_first_lines_say_what_it_is)
{
	for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
		char *seen = told(inputs[i].taken_for, inputs[i].input);
		char *guessed = told(MX_UNWRAP_AUTO, inputs[i].input);

		cr_expect_str_eq(guessed, seen, "%s", inputs[i].input);
		free(seen);
		free(guessed);
	}
}

static void
count_told(void *arg, const struct mx_said *said)
{
	size_t *count = arg;

	cr_assert_leq(strlen(said->text), (size_t)4 * MX_UNWRAP_REPLY_LIMIT);
	++*count;
}

Test(unwrap, a_line_of_ten_megabytes_is_cut_and_the_next_one_read)
{
	static const char fill[] = "x550 5.1.1 \0\xff\x1b$B<\"'(";
	size_t count = 0;
	struct mx_unwrap_sink sink = { count_told, &count };

	for (int guess = 0; guess < MX_UNWRAP_GUESSES; guess++) {
		struct mx_unwrap *unwrap =
		    mx_unwrap_new((enum mx_unwrap_guess)guess, &sink);

		count = 0;
		for (size_t len = 0; len < 10000000; len += sizeof fill)
			mx_unwrap_feed(unwrap, fill, sizeof fill);
		mx_unwrap_feed(unwrap, "\n550 next\n", 10);
		mx_unwrap_finish(unwrap);
		cr_expect_gt(mx_unwrap_skipped(unwrap), 1000000);
		cr_expect(guess == MX_UNWRAP_BOUNCE || count > 0, "%d", guess);
		mx_unwrap_free(unwrap);
	}
}

/* Each makes a reader that looks too far ahead or back do so once per repetition. */
Test(unwrap, repetition_takes_time_in_proportion)
{
	static const char *const repeated[] = { "smtp;", "550-a\n" };
	size_t count = 0;
	struct mx_unwrap_sink sink = { count_told, &count };

	for (size_t i = 0; i < sizeof repeated / sizeof *repeated; i++) {
		struct mx_unwrap *unwrap =
		    mx_unwrap_new(i == 0 ? MX_UNWRAP_BOUNCE : MX_UNWRAP_BARE, &sink);

		for (size_t len = 0; len < 1000000; len += strlen(repeated[i]))
			mx_unwrap_feed(unwrap, repeated[i], strlen(repeated[i]));
		mx_unwrap_finish(unwrap);
		mx_unwrap_free(unwrap);
	}
	cr_assert(count > 0 && count < 100, "%zu", count);
}

Test(unwrap, a_stream_begins_anew_after_finish)
{
	size_t count = 0;
	struct mx_unwrap_sink sink = { count_told, &count };
	struct mx_unwrap *unwrap = mx_unwrap_new(MX_UNWRAP_AUTO, &sink);

	mx_unwrap_feed(unwrap, "550 no\n", 7);
	mx_unwrap_finish(unwrap);
	cr_expect_eq(mx_unwrap_decided(unwrap), MX_UNWRAP_BARE);
	mx_unwrap_feed(unwrap, "From: x\n\n550 no\n", 16);
	mx_unwrap_finish(unwrap);
	cr_expect_eq(mx_unwrap_decided(unwrap), MX_UNWRAP_BOUNCE);
	cr_expect_eq(count, 2);
	mx_unwrap_free(unwrap);
}

Test(unwrap, nul_bytes_hide_nothing)
{
	static const char input[] = "550 a\0b\n";
	char *seen = told_cut(MX_UNWRAP_BARE, input, sizeof input - 1, 4);

	cr_assert_str_eq(seen, "bare 550 - - - - - - - - | 550 a\xe2\x90\x80"
			       "b");
	free(seen);
}

/* clang-format off */
static const struct told_case values[] = {
	{ "550 5.7.1 Blocked", "bare 550 5.7.1 - - - - - - - | 550 5.7.1 Blocked" },
	{ "550-a\n550 b", "bare 550 - - - - - - - - | 550-a / 550 b" },
	{ "host mx[192.0.2.1] said: 550-a 550 b (in reply to end of DATA command)",
	  "postfix-bounce 550 - eod mx 192.0.2.1 - - - - | 550-a / 550 b" },
	{ "SMTP error from remote mail server after MAIL FROM:<a@example.jp> SIZE=1: 550 no",
	  "exim-bounce 550 - mail - - a@example.jp - - - | 550 no" },
	{ "smtp; 550 5.1.1 gone", "diagnostic-code 550 5.1.1 - - - - - - - | 550 5.1.1 gone" },
	{ "550 5.7.1 No (see x) (in reply to RCPT TO command)",
	  "bare 550 5.7.1 rcpt - - - - - - | 550 5.7.1 No (see x)" },
	{ "mx.example.net[192.0.2.1] said: 550 no (in reply to RCPT TO command)",
	  "postfix-bounce 550 - rcpt mx.example.net 192.0.2.1 - - - - | 550 no" },
	{ "192.0.2.1_does_not_like_recipient./Remote_host_said:_550_no/Giving_up_on_192.0.2.1./",
	  "qmail-bounce 550 - rcpt - 192.0.2.1 - - - - | 550 no" },
	{ "192.0.2.1 does not like recipient. Remote host said: 550 no Giving up on 192.0.2.1.",
	  "qmail-bounce 550 - rcpt - 192.0.2.1 - - - - | 550 no" },
	{ "Last error: 550 no", "pasted 550 - - - - - - - - | 550 no" },
	{ "(reason: 550 5.1.1 <u@example.net>... gone)",
	  "sendmail-bounce 550 5.1.1 - - - - - - - | 550 5.1.1 <u@example.net>... gone" },
	{ "Remote Server returned '550 5.7.1 You can't'",
	  "exchange-bounce 550 5.7.1 - - - - - - - | 550 5.7.1 You can't" },
	{ "Blocked for abuse", "bare 0 - - - - - - - - | Blocked for abuse" },
	{ "Refused: 550 5.7.1 you", "bare 550 5.7.1 - - - - - - - | Refused: 550 5.7.1 you" },
	{ "554 5.4.0 ... REMOTE SERVER RETURNED 550 5.1.1 No", "bare 550 5.1.1 - - - - - - - | 550 5.1.1 No" },
	{ "550 x rEMOTE sERVER  rETURNED AN ERROR -> 554 5.7.1 No",
	  "bare 554 5.7.1 - - - - - - - | 554 5.7.1 No" },
	{ "550 remote servers returned nothing", "bare 550 - - - - - - - - | 550 remote servers returned nothing" },
	{ "550 a\\n550 b", "bare 550 - - - - - - - - | 550 a / 550 b" },
	{ "550 a\\b \\n55 \\n550", "bare 550 - - - - - - - - | 550 a\\b \\n55 \\n550" },
	{ "550 ends in \\", "bare 550 - - - - - - - - | 550 ends in \\" },
	{ "  \n", "" },
};
/* clang-format on */

Test(unwrap, one_value_gives_one_reply)
{
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		char *seen = told_of_reply(values[i].input);

		cr_expect_str_eq(seen, values[i].told, "%s: %s", values[i].input, seen);
		free(seen);
	}
}
