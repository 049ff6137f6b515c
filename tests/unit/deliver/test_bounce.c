/* test_bounce.c - a bounce leads back to its test, and says what the server said. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/deliver/bounce.h"
#include "probe/deliver/fields.h"
#include "probe/verdict/rules.h"

#define TOKEN "01J8ZZZZZZZZZZZZZZZZZZZZZZ"

static struct mx_catalogue *catalogue;
static struct mx_rules *rules;

static void
set_up(void)
{
	struct mx_error err = { 0 };

	catalogue = mx_catalogue_load(NULL, &err);
	cr_assert_not_null(catalogue, "%s", err.text);
	rules = mx_rules_load(catalogue, &err);
	cr_assert_not_null(rules, "%s", err.text);
}

static void
tear_down(void)
{
	mx_rules_free(rules);
	mx_catalogue_free(catalogue);
}

TestSuite(bounce, .init = set_up, .fini = tear_down, .timeout = 60);

static const char dsn[] =
    "From: MAILER-DAEMON@relay.example.jp\r\n"
    "Subject: Undelivered Mail\r\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n"
    "MIME-Version: 1.0\r\n\r\n"
    "--x\r\n\r\nSorry.\r\n"
    "--x\r\nContent-Type: message/delivery-status\r\n\r\n"
    "Reporting-MTA: dns; relay.example.jp\r\n\r\n"
    "Final-Recipient: rfc822; me@outlook.com\r\n"
    "Action: failed\r\nStatus: 5.1.1\r\n"
    "Remote-MTA: dns; mx.example.net\r\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <me@outlook.com>: Recipient address rejected: "
    "User unknown\r\n\r\n"
    "--x\r\nContent-Type: text/rfc822-headers\r\n\r\n"
    "Message-ID: <mxprobe-" TOKEN "@example.jp>\r\n\r\n"
    "--x--\r\n";

Test(bounce, its_token_and_its_refusal_are_found)
{
	const struct mx_identity who = { .rcpt = "me@outlook.com" };
	struct mx_bounce bounce;

	mx_bounce_read(dsn, strlen(dsn), rules, &who, &bounce);
	cr_expect_str_eq(bounce.id, TOKEN);
	cr_assert(bounce.has_finding);
	cr_expect_eq(strncmp(bounce.finding.category, "recipient", strlen("recipient")),
	    0, "%s", bounce.finding.category);
	cr_expect_eq(bounce.verdict, MX_V_RECIPIENT);
	mx_bounce_clear(&bounce);
}

Test(bounce, what_is_none_has_neither)
{
	static const char *const texts[] = { "", "Subject: hello\n\nHow are you?\n",
		"mxprobe-01J8ZZZ\n", "\r\n\r\n--x--\r\n" };
	const struct mx_identity who = { .rcpt = "me@outlook.com" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct mx_bounce bounce;

		mx_bounce_read(texts[i], strlen(texts[i]), rules, &who, &bounce);
		cr_expect_str_eq(bounce.id, "", "%s", texts[i]);
		mx_bounce_clear(&bounce);
	}
}

Test(bounce, fields_are_told_one_by_one_until_the_empty_line)
{
	static const char header[] =
	    "From x Mon Nov 22 00:00:00 2026\n"
	    "Subject : one\r\n two\0three\r\n"
	    "\tfour\nnothing of the kind\nX-Last:\n\nBody: no field\n";
	struct mx_fields fields;

	mx_fields_open(&fields, header, sizeof header - 1);
	/* A From_ line has a colon in its time: no field that anybody asks for. */
	cr_assert(mx_fields_next(&fields));
	cr_assert(mx_fields_next(&fields));
	cr_expect_str_eq(fields.field.name, "Subject");
	cr_expect_not_null(strstr(fields.field.body, "one"));
	cr_expect_not_null(strstr(fields.field.body, "two three"));
	cr_expect_not_null(strstr(fields.field.body, "four"));
	cr_assert(mx_fields_next(&fields));
	cr_expect_str_eq(fields.field.name, "X-Last");
	cr_expect_not(mx_fields_next(&fields));
	mx_fields_close(&fields);
}
