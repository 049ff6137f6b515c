/* test_message.c - the message, its token, and the bounce that quotes it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/deliver/bounce.h"
#include "probe/deliver/delivery.h"
#include "probe/deliver/message.h"

static const char id[] = "01M80VXEBF0T5CBN8M977W1AJM";
static const struct mx_message_facts facts = { "probe@example.jp", "me@example.net", id,
	INT64_C(1795322105123456) };

TestSuite(message, .timeout = 20);

Test(message, is_plain_ascii_in_lines_that_end_as_they_must)
{
	char *text = mx_message_text(&facts);
	size_t line = 0;

	for (const char *c = text; *c != '\0'; c++) {
		cr_assert(*c != '\n' || (c > text && c[-1] == '\r'));
		cr_assert((unsigned char)*c < 0x80);
		line = *c == '\n' ? 0 : line + 1;
		cr_assert_leq(line, 79);
	}
	cr_expect_not_null(strstr(text, "Date: Sun, 22 Nov 2026 04:35:05 +0000\r\n"));
	cr_expect_not_null(
	    strstr(text, "From: <probe@example.jp>\r\nTo: <me@example.net>\r\n"));
	cr_expect_not_null(strstr(
	    text, "Message-ID: <mxprobe-01M80VXEBF0T5CBN8M977W1AJM@example.jp>\r\n"));
	cr_expect_not_null(
	    strstr(text, "X-Mxprobe-Token: mxprobe-01M80VXEBF0T5CBN8M977W1AJM\r\n"));
	cr_expect_not_null(strstr(text, "Auto-Submitted: auto-generated\r\n"));
	cr_expect_not_null(strstr(text, "\r\n\r\nThis is a delivery test."));
	free(text);
}

Test(message, is_found_by_its_token)
{
	char *text = mx_message_text(&facts), found[MX_ULID_TEXT];

	cr_expect(mx_token_find(text, strlen(text), found));
	cr_expect_str_eq(found, id);
	cr_expect_not(mx_token_find("mxprobe-", 8, found));
	cr_expect_not(mx_token_find("mxprobe-01M80VXEBF0T5CBN8M977W1AJ", 33, found));
	cr_expect_not(mx_token_find("mxprobe-01M80VXEBF0T5CBN8M977W1AIL", 34, found));
	cr_expect(
	    mx_token_find("mxprobe-x mxprobe-01M80VXEBF0T5CBN8M977W1AJM", 44, found));
	cr_expect_not(mx_token_find("", 0, found));
	free(text);
}

Test(message, a_delivery_in_one_line)
{
	struct mx_delivery one = { .verdict = MX_V_ACCEPTED,
		.landed = MX_LANDED_JUNK,
		.has_auth = true,
		.auth = { .dmarc = "fail" } };
	char *text = mx_delivery_summary(&one);

	cr_expect_str_eq(text, "delivered to junk; dmarc=fail");
	free(text);
	one.landed = MX_LANDED_UNKNOWN;
	one.has_auth = false;
	text = mx_delivery_summary(&one);
	cr_expect_str_eq(text, "accepted by the relay");
	free(text);
	one.verdict = MX_V_UNREACHABLE;
	text = mx_delivery_summary(&one);
	cr_expect_str_eq(text, "unreachable");
	free(text);
}

Test(message, what_a_delivery_weighs)
{
	static const struct {
		enum mx_verdict verdict;
		enum mx_landed landed;
		int status;
	} rows[] = {
		{ MX_V_ACCEPTED, MX_LANDED_INBOX, 0 },
		{ MX_V_ACCEPTED, MX_LANDED_ELSEWHERE, 0 },
		{ MX_V_ACCEPTED, MX_LANDED_UNKNOWN, 0 },
		{ MX_V_ACCEPTED, MX_LANDED_JUNK, 2 },
		{ MX_V_ACCEPTED, MX_LANDED_NOT_FOUND, 3 },
		{ MX_V_BLOCKED, MX_LANDED_UNKNOWN, 1 },
		{ MX_V_IDENTITY, MX_LANDED_UNKNOWN, 2 },
		{ MX_V_SUPPRESSED, MX_LANDED_UNKNOWN, 3 },
		{ MX_V_FAILED, MX_LANDED_UNKNOWN, 4 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_delivery one = { .verdict = rows[i].verdict,
			.landed = rows[i].landed };

		cr_expect_eq(mx_delivery_status(&one), rows[i].status, "%zu", i);
	}
	cr_expect_eq(mx_delivery_worse(3, 2), 2);
	cr_expect_eq(mx_delivery_worse(1, 4), 4);
	cr_expect_eq(mx_delivery_worse(0, 3), 3);
	cr_expect_eq(mx_delivery_worse(0, 0), 0);
}
