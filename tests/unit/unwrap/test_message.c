#include <criterion/criterion.h>
#include <stdlib.h>

#include "probe/base/buf.h"
#include "tests/unit/unwrap/told.h"

TestSuite(unwrap_message, .timeout = 60);

#define CHECK(cases) told_check(MX_UNWRAP_AUTO, cases, sizeof(cases) / sizeof *(cases))

#define HEAD                                                                        \
	"Return-Path: <>\nFrom: MAILER-DAEMON@mail.example.jp\nTo: me@example.jp\n" \
	"Subject: Undelivered\nMIME-Version: 1.0\n"
#define REPORT                                                                    \
	HEAD "Content-Type: multipart/report; report-type=delivery-status;\n"     \
	     " boundary=\"B\"\n\n--B\nContent-Type: text/plain\n\nNot delivered." \
	     "\n\n--B\nContent-Type: message/delivery-status\n"
#define ORIGINAL                                                                   \
	"\n--B\nContent-Type: message/rfc822\n\nFrom: me@example.jp\n\n550 5.5.5 " \
	"not this\n\n--B--\n"

/* clang-format off */
static const struct told_case reports[] = {
	{ REPORT "\nReporting-MTA: dns; mail.example.jp\nX-Postfix-Sender: rfc822; s@example.jp\n\n"
	  "Final-Recipient: rfc822; user@example.net\nAction: failed\nStatus: 5.7.1\n"
	  "Remote-MTA: dns; mx.example.net\nDiagnostic-Code: smtp; 550-5.7.1 first line of it\n"
	  "    550 5.7.1 blocked using\n    zen.example.org\n\n"
	  "Final-Recipient: rfc822; b@example.net\nAction: delayed\nStatus: 4.4.1\n"
	  "Diagnostic-Code: X-Postfix; connect to mx[192.0.2.1]:25: Connection\n    timed out\n\n"
	  "Final-Recipient: rfc822; c@example.net\nAction: delivered\nStatus: 2.0.0\n" ORIGINAL,
	  "rfc3464 550 5.7.1 - mx.example.net - user@example.net s@example.jp mail.example.jp - | "
	  "550-5.7.1 first line of it / 550 5.7.1 blocked using zen.example.org\n"
	  "rfc3464 0 4.4.1 - - - b@example.net s@example.jp mail.example.jp - ! "
	  "connect to mx[192.0.2.1]:25: Connection timed out" },
	/* base64, as some systems do to the report as well */
	{ REPORT "Content-Transfer-Encoding: base64\n\n"
	  "UmVwb3J0aW5nLU1UQTogZG5zOyBhCgpGaW5hbC1SZWNpcGllbnQ6IHJmYzgyMjsgdUBleGFtcGxl\n"
	  "Lm5ldApBY3Rpb246IGZhaWxlZApTdGF0dXM6IDUuMS4xCkRpYWdub3N0aWMtQ29kZTogc210cDsg\n"
	  "NTUwIDUuMS4xIGdvbmUK\n" ORIGINAL,
	  "rfc3464 550 5.1.1 - - - u@example.net me@example.jp a - | 550 5.1.1 gone" },
	/* a relay's report of what the next server said */
	{ REPORT "\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; u@example.net\nAction: failed\n"
	  "Status: 5.0.350\nDiagnostic-Code: smtp; 550 5.0.350 Remote server returned an error -> 550\n"
	  " 5.7.606 Access denied, banned sending IP [203.0.113.5]\n" ORIGINAL,
	  "rfc3464 550 5.7.606 - - - u@example.net me@example.jp a - | "
	  "550 5.7.606 Access denied, banned sending IP [203.0.113.5]" },
	/* no Diagnostic-Code at all: the status is what there is */
	{ REPORT "\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; u@example.net\nAction: failed\n"
	  "Status: 5.2.2 (mailbox full)\n" ORIGINAL,
	  "rfc3464 0 5.2.2 - - - u@example.net me@example.jp a - ! 5.2.2 (mailbox full)" },
	/* not a report: quoted-printable text for people */
	{ HEAD "X-Failed-Recipients: u@example.net\nContent-Type: text/plain; charset=utf-8\n"
	  "Content-Transfer-Encoding: quoted-printable\n\nThe response was:\n\n550 5.7.1 caf=C3=A9 is =\n"
	  "closed\n",
	  "gmail-bounce 550 5.7.1 - - - u@example.net me@example.jp - - | 550 5.7.1 café is closed" },
	/* ISO-2022-JP in base64: サーバーからの応答 */
	{ HEAD "Content-Type: text/plain; charset=iso-2022-jp\nContent-Transfer-Encoding: base64\n\n"
	  "GyRCJTUhPCVQITwkKyRpJE4xfkV6GyhCOiA1NTAgVW5rbm93biB1c2VyCg==\n",
	  "japanese-bounce 550 - - - - - me@example.jp - - | 550 Unknown user" },
	/* for people with browsers only */
	{ HEAD "Content-Type: text/html\n\n<html><p>Sorry</p><p>The response was:<br>550 5.1.1 gone</p>"
	  "</html>\n",
	  "gmail-bounce 550 5.1.1 - - - - me@example.jp - - | 550 5.1.1 gone" },
	{ HEAD "Content-Type: text/html\n\n<style>p { 550 5.5.5 }</style><!-- 550 5.5.5 no -->\n"
	  "<p><a href=\"mailto:u@example.net\">u@example.net</a><br>\nRemote Server returned\n"
	  "&#39;550 5.1.1 &lt;u@example.net&gt;: <b>User</b>\n unknown &amp; gone&#x27;</p>\n",
	  "exchange-bounce 550 5.1.1 - - - u@example.net me@example.jp - - | "
	  "550 5.1.1 <u@example.net>: User unknown & gone" },
	/* nothing is quoted: the letter is the reply, its header isn't */
	{ HEAD "Content-Type: text/plain\n\nYour mail could not be delivered: mailbox is full.\n",
	  "bare 0 - - - - - me@example.jp - - | Your mail could not be delivered: mailbox is full." },
	{ HEAD "Content-Type: text/html\n\n<p>Your mail could not be delivered:<p>mailbox is full.\n",
	  "bare 0 - - - - - me@example.jp - - | "
	  "Your mail could not be delivered: / mailbox is full." },
};

/* The report says what was said, the text in front of it at which command. */
#define SPOKEN                                                                       \
	HEAD "Content-Type: multipart/report; report-type=delivery-status;\n"        \
	     " boundary=\"B\"\n\n--B\nContent-Type: text/plain\n\n"                     \
	     "<u@example.net>: host mx.example.net[192.0.2.25] said: 550 Unknown\n"  \
	     "    user (in reply to end of DATA command)\n\n"                         \
	     "<v@example.net>: host mx.example.net[192.0.2.25] said: 550 no\n"       \
	     "    (in reply to RCPT TO command)\n\n--B\n"                            \
	     "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n"
static const struct told_case spoken[] = {
	{ SPOKEN "Final-Recipient: rfc822; U@example.net\nAction: failed\n"
	  "Diagnostic-Code: smtp; 550 Unknown user\n" ORIGINAL,
	  "rfc3464 550 - eod mx.example.net 192.0.2.25 U@example.net me@example.jp a - | "
	  "550 Unknown user" },
	/* another recipient's, another code: nobody's stage */
	{ SPOKEN "Final-Recipient: rfc822; w@example.net\nAction: failed\n"
	  "Diagnostic-Code: smtp; 550 Unknown user\n\n"
	  "Final-Recipient: rfc822; v@example.net\nAction: failed\nRemote-MTA: dns; b\n"
	  "Diagnostic-Code: smtp; 554 Unknown user\n" ORIGINAL,
	  "rfc3464 550 - - - - w@example.net me@example.jp a - | 550 Unknown user\n"
	  "rfc3464 554 - - b - v@example.net me@example.jp a - | 554 Unknown user" },
};

#define PLAIN(words) HEAD "\nThe response was:\n\n" words "\n"
#define FROM_LINE "From MAILER-DAEMON Thu Apr 29 11:04:47 2010\n"
static const struct told_case mailboxes[] = {
	{ FROM_LINE PLAIN("550 5.1.1 one") "\n" FROM_LINE PLAIN("550 5.1.1 two") "\n"
	  FROM_LINE PLAIN("550 5.1.1 three"),
	  "gmail-bounce 550 5.1.1 - - - - me@example.jp - - | 550 5.1.1 one\n"
	  "gmail-bounce 550 5.1.1 - - - - me@example.jp - - | 550 5.1.1 two\n"
	  "gmail-bounce 550 5.1.1 - - - - me@example.jp - - | 550 5.1.1 three" },
	/* a paragraph that begins so is none of its own */
	{ FROM_LINE PLAIN("550 5.1.1 one\n\nFrom here on it is text.\n\nFrom 550 5.1.1 as well"),
	  "gmail-bounce 550 5.1.1 - - - - me@example.jp - - | 550 5.1.1 one\n"
	  "pasted 550 5.1.1 - - - - me@example.jp - - | 550 5.1.1 as well" },
	/* and neither is a mailbox in a message */
	{ PLAIN("550 5.1.1 one\n\n" FROM_LINE "\n550 5.1.1 two"),
	  "gmail-bounce 550 5.1.1 - - - - me@example.jp - - | 550 5.1.1 one\n"
	  "pasted 550 5.1.1 - - - - me@example.jp - - | 550 5.1.1 two" },
};
/* clang-format on */

Test(unwrap_message, reports_and_texts_give_each_recipients_reply)
{
	CHECK(reports);
}

Test(unwrap_message, the_text_beside_a_report_tells_the_stage)
{
	CHECK(spoken);
}

Test(unwrap_message, a_mailbox_holds_one_bounce_after_another)
{
	CHECK(mailboxes);
}

static void
add_bounce(struct mx_buf *out, const char *words, size_t padding)
{
	mx_buf_addstr(out, FROM_LINE HEAD "\nThe response was:\n\n");
	mx_buf_addf(out, "%s\n\n", words);
	for (size_t i = 0; i < padding; i++)
		mx_buf_addstr(out, "nothing of interest.\n");
	mx_buf_addstr(out, "\n");
}

Test(unwrap_message, behind_a_message_over_the_limit_the_next_is_read)
{
	struct mx_buf out;
	char *box, *seen;

	mx_buf_init(&out, (size_t)1 << 28);
	add_bounce(&out, "550 5.1.1 first", 0);
	add_bounce(&out, "550 5.1.1 long", 2 * MX_UNWRAP_MESSAGE_LIMIT / 20);
	add_bounce(&out, "550 5.1.1 last", 0);
	box = mx_buf_take(&out);
	seen = told(MX_UNWRAP_AUTO, box);
	cr_assert_str_eq(seen,
	    "gmail-bounce 550 5.1.1 - - - - me@example.jp - - | 550 5.1.1 first\n"
	    "gmail-bounce 550 5.1.1 - - - - me@example.jp - - | 550 5.1.1 long\n"
	    "gmail-bounce 550 5.1.1 - - - - me@example.jp - - | 550 5.1.1 last");
	free(seen);
	free(box);
}

Test(unwrap_message, a_forwarded_bounce_is_found_inside)
{
	char *seen = told(MX_UNWRAP_AUTO,
	    "From: me@example.jp\nTo: postmaster@example.jp\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=F\n\n--F\n\nSee this.\n"
	    "--F\nContent-Type: message/rfc822\n\n" REPORT "\nReporting-MTA: dns; a\n\n"
	    "Final-Recipient: rfc822; u@example.net\nAction: failed\nStatus: 5.1.1\n"
	    "Diagnostic-Code: smtp; 550 5.1.1 gone\n" ORIGINAL "--F--\n");

	cr_assert_str_eq(seen,
	    "rfc3464 550 5.1.1 - - - u@example.net postmaster@example.jp a - | "
	    "550 5.1.1 gone");
	free(seen);
}

/* Each level opens a container in the one before. */
static char *
nested(const char *const type[2], int depth)
{
	struct mx_buf out;

	mx_buf_init(&out, (size_t)1 << 24);
	mx_buf_addstr(&out, HEAD);
	for (int i = 0; i < depth; i++)
		mx_buf_addf(&out, "%s%d%s%d\n", type[0], i, type[1], i);
	mx_buf_addstr(&out, "\n550 5.1.1 innermost\n");
	return mx_buf_take(&out);
}

Test(unwrap_message, nesting_without_end_is_read_as_text)
{
	static const char *const types[][2] = {
		{ "Content-Type: multipart/mixed; boundary=b", "\n\n--b" },
		{ "Content-Type: message/rfc822\nX: ", "\n\nY: " },
		{ "Content-Type:\n multipart/x; boundary=b", "\n\n--b" },
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		for (int depth = 10; depth <= 40000; depth *= 63) {
			char *bomb = nested(types[i], depth);
			char *seen = told(MX_UNWRAP_AUTO, bomb);

			cr_assert(depth < 20 || *seen != '\0');
			free(seen);
			free(bomb);
		}
}
