/* test_transcript.c - what was said stays as it was said. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/transcript.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

TestSuite(transcript, .timeout = 5);

Test(transcript, every_stage_has_a_name_that_leads_back_and_every_end_its_own)
{
	enum mx_stage stage;

	for (int i = 0; i < MX_STAGE_COUNT; i++) {
		cr_assert(mx_stage_from_name(mx_stage_name((enum mx_stage)i), &stage));
		cr_assert_eq((int)stage, i);
	}
	for (int i = 0; i < MX_END_COUNT; i++)
		for (int k = 0; k < i; k++)
			cr_assert_str_neq(
			    mx_end_name((enum mx_end)i), mx_end_name((enum mx_end)k));
	cr_assert_not(mx_stage_from_name("post-data", &stage));
	cr_assert_not(mx_stage_from_name("", &stage));
	cr_assert_str_eq(mx_stage_name(MX_STAGE_EOD), "eod");
	cr_assert_str_eq(mx_end_name(MX_END_CLOSED_UNCLEAN), "closed_unclean");
}

Test(transcript, starts_now_and_empty)
{
	struct mx_transcript *transcript;

	mx_clock_freeze(4242);
	transcript = mx_transcript_new();
	cr_assert_eq(transcript->started_wall_us, 4242);
	cr_assert_eq(transcript->connected_us, -1);
	cr_assert_eq(transcript->tls_done_us, -1);
	cr_assert_eq(transcript->end, MX_END_NONE);
	cr_assert_null(mx_transcript_reply(transcript, MX_STAGE_BANNER));
	mx_transcript_free(transcript);
	mx_transcript_free(NULL);
}

Test(transcript, first_end_wins)
{
	struct mx_transcript *transcript = mx_transcript_new();

	mx_transcript_end(transcript, 5, MX_END_NONE, MX_STAGE_MAIL, "nothing");
	cr_assert_null(transcript->end_text);
	mx_transcript_end(
	    transcript, 10, MX_END_RESET, MX_STAGE_MAIL, "Connection reset by peer");
	mx_transcript_end(transcript, 20, MX_END_CLOSED, MX_STAGE_QUIT, "later");
	cr_assert_eq(transcript->end, MX_END_RESET);
	cr_assert_eq(transcript->end_stage, MX_STAGE_MAIL);
	cr_assert_eq(transcript->ended_us, 10);
	cr_assert_str_eq(transcript->end_text, "Connection reset by peer");
	mx_transcript_free(transcript);
}

Test(transcript, lines_keep_their_bytes)
{
	struct mx_transcript *transcript = mx_transcript_new();

	cr_assert_eq(mx_transcript_add(
			 transcript, 7, MX_STAGE_EHLO, MX_FROM_SERVER, "25\0\xff", 4),
	    0);
	cr_assert_eq(
	    mx_transcript_add(transcript, 8, MX_STAGE_EHLO, MX_FROM_CLIENT, "", 0), 1);
	cr_assert_eq(transcript->lines[0].len, 4);
	cr_assert_eq(memcmp(transcript->lines[0].text, "25\0\xff", 5), 0);
	cr_assert_str_eq(transcript->lines[1].text, "");
	cr_assert_eq(transcript->lines[1].at_us, 8);
	mx_transcript_free(transcript);
}

Test(transcript, lines_past_the_limit_are_counted_not_kept)
{
	struct mx_transcript *transcript = mx_transcript_new();
	struct mx_reply_record reply = { .code = 250, .lines = MX_TRANSCRIPT_LINES + 10 };
	char *text;

	for (size_t i = 0; i < MX_TRANSCRIPT_LINES; i++)
		cr_assert_eq(mx_transcript_add(transcript, 0, MX_STAGE_BANNER,
				 MX_FROM_SERVER, "220-x", 5),
		    i);
	for (size_t i = 0; i < 10; i++)
		cr_assert_eq(mx_transcript_add(transcript, 0, MX_STAGE_BANNER,
				 MX_FROM_SERVER, "220-x", 5),
		    MX_TRANSCRIPT_LINES);
	cr_assert_eq(transcript->line_count, MX_TRANSCRIPT_LINES);
	cr_assert_eq(transcript->lines_dropped, 10);
	text = mx_reply_text(transcript, &reply, false);
	cr_assert_eq(strlen(text), 2 * MX_TRANSCRIPT_LINES - 1);
	free(text);
	mx_transcript_free(transcript);
}

/* Adds a reply of these lines (NULL ends them) and returns its text. */
static char *
text_of(const char *const lines[], struct mx_enhanced enhanced, bool newlines)
{
	struct mx_transcript *transcript = mx_transcript_new();
	struct mx_reply_record reply = { .stage = MX_STAGE_RCPT, .enhanced = enhanced };
	char *text;

	/* A line in front: indexes must not be taken for granted. */
	mx_transcript_add(
	    transcript, 0, MX_STAGE_RCPT, MX_FROM_CLIENT, "RCPT TO:<x@y>", 13);
	reply.first_line = 1;
	for (; lines[reply.lines] != NULL; reply.lines++)
		mx_transcript_add(transcript, 0, MX_STAGE_RCPT, MX_FROM_SERVER,
		    lines[reply.lines], strlen(lines[reply.lines]));
	mx_transcript_add_reply(transcript, &reply);
	text = mx_reply_text(
	    transcript, mx_transcript_reply(transcript, MX_STAGE_RCPT), newlines);
	mx_transcript_free(transcript);
	return text;
}

Test(transcript, reply_text_drops_codes_and_joins_lines)
{
	static const struct {
		const char *lines[6];
		struct mx_enhanced enhanced;
		const char *joined, *lined;
	} table[] = {
		{ { "250 OK" }, { 0, 0, 0 }, "OK", "OK" },
		{ { "250" }, { 0, 0, 0 }, "", "" },
		{ { "250 " }, { 0, 0, 0 }, "", "" },
		{ { "550 5.7.1 Blocked (S3140)." }, { 7, 1, 5 }, "Blocked (S3140).",
		    "Blocked (S3140)." },
		{ { "550-5.1.1 The account does not", "550-5.1.1 exist. Try",
		      "550 5.1.1 again" },
		    { 1, 1, 5 }, "The account does not exist. Try again",
		    "The account does not\nexist. Try\nagain" },
		/* Without a code in the record nothing is taken for one. */
		{ { "220 5.7.1 is our version" }, { 0, 0, 0 }, "5.7.1 is our version",
		    "5.7.1 is our version" },
		/* Only the record's own code is repetition. */
		{ { "550-4.7.0 first", "550 5.7.1 second" }, { 7, 1, 5 },
		    "4.7.0 first second", "4.7.0 first\nsecond" },
		{ { "550 5.7.1" }, { 7, 1, 5 }, "", "" },
		{ { "550 5.7.10 other" }, { 7, 1, 5 }, "5.7.10 other", "5.7.10 other" },
		{ { "550 5.7.1x other" }, { 7, 1, 5 }, "5.7.1x other", "5.7.1x other" },
		/* Teaser, then refusal; empty lines in between. */
		{ { "220-wait", "", "521 5.7.1 blocked" }, { 7, 1, 5 }, "wait blocked",
		    "wait\n\nblocked" },
		{ { "250-a", "250-", "250 b" }, { 0, 0, 0 }, "a b", "a\n\nb" },
		{ { "no code at all" }, { 0, 0, 0 }, "no code at all", "no code at all" },
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		char *joined = text_of(table[i].lines, table[i].enhanced, false);
		char *lined = text_of(table[i].lines, table[i].enhanced, true);

		cr_assert_str_eq(joined, table[i].joined, "row %zu: %s", i, joined);
		cr_assert_str_eq(lined, table[i].lined, "row %zu: %s", i, lined);
		free(joined);
		free(lined);
	}
}

Test(transcript, a_nul_hides_nothing_behind_it)
{
	struct mx_transcript *transcript = mx_transcript_new();
	struct mx_reply_record reply = { .lines = 1 };
	char *text;

	mx_transcript_add(
	    transcript, 0, MX_STAGE_MAIL, MX_FROM_SERVER, "550 a\0\0b S3140\0", 15);
	text = mx_reply_text(transcript, &reply, false);
	cr_assert_str_eq(text, "a\xe2\x90\x80\xe2\x90\x80"
			       "b S3140\xe2\x90\x80");
	free(text);
	mx_transcript_free(transcript);
}

static void
add_reply(struct mx_transcript *transcript, enum mx_stage stage, int code)
{
	mx_transcript_add_reply(
	    transcript, &(struct mx_reply_record){ .stage = stage, .code = code });
}

Test(transcript, last_reply_of_a_stage_is_the_one)
{
	struct mx_transcript *transcript = mx_transcript_new();

	add_reply(transcript, MX_STAGE_EHLO, 502);
	add_reply(transcript, MX_STAGE_EHLO, 250);
	add_reply(transcript, MX_STAGE_MAIL, 550);
	cr_assert_eq(mx_transcript_reply(transcript, MX_STAGE_EHLO)->code, 250);
	cr_assert_null(mx_transcript_reply(transcript, MX_STAGE_RCPT));
	mx_transcript_free(transcript);
}

Test(transcript, reached_is_the_deepest_answer)
{
	struct mx_transcript *transcript = mx_transcript_new();

	cr_assert_eq(mx_transcript_reached(transcript), MX_STAGE_CONNECT);
	add_reply(transcript, MX_STAGE_BANNER, 220);
	cr_assert_eq(mx_transcript_reached(transcript), MX_STAGE_BANNER);
	add_reply(transcript, MX_STAGE_EHLO, 250);
	add_reply(transcript, MX_STAGE_STARTTLS, 220);
	transcript->tls_done_us = 5;
	cr_assert_eq(mx_transcript_reached(transcript), MX_STAGE_EHLO);
	add_reply(transcript, MX_STAGE_EHLO, 250);
	add_reply(transcript, MX_STAGE_MAIL, 550);
	add_reply(transcript, MX_STAGE_QUIT, 221);
	cr_assert_eq(mx_transcript_reached(transcript), MX_STAGE_MAIL);
	mx_transcript_free(transcript);
}

Test(transcript, tls_facts_are_freed_and_forgotten)
{
	struct mx_transcript *transcript = mx_transcript_new();

	transcript->tls.reason = mx_strdup("expired");
	transcript->tls.names[0] = mx_strdup("mx.example.test");
	transcript->tls.name_count = 1;
	transcript->tls.verified = true;
	mx_tls_facts_clear(&transcript->tls);
	cr_assert_null(transcript->tls.reason);
	cr_assert_eq(transcript->tls.name_count, 0);
	cr_assert_not(transcript->tls.verified);
	transcript->tls.version = mx_strdup("TLSv1.3");
	mx_transcript_free(transcript);
}
