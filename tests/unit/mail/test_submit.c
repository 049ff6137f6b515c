/* test_submit.c - whole submissions to scripted relays: what is said, and what is believed. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/mail/submit.h"
#include "tests/unit/net/peer.h"

static const char *const mailboxes[] = { "me@example.test", "you@example.test" };
static const char text[] = "From: <probe@example.test>\r\n"
			   "To: <me@example.test>\r\n"
			   "Subject: a test\r\n"
			   "\r\n"
			   ".a line that begins with a dot\r\n";

static struct mx_loop *loop;
static struct mx_mail_route route;
static struct mx_mail_message message;
static struct peer peer;

static struct {
	int calls;
	enum mx_mail_end end;
	bool accepted, in_doubt, used_tls, dsn;
	enum mx_stage stage;
	char why[1024];
	struct mx_mail_answer answers[2];
	char texts[2][1024];
	int refusal;
} told;

static void
setup(void)
{
	struct mx_error err;

	loop = mx_loop_new(&err);
	message = (struct mx_mail_message){
		.from = "probe@example.test", .to = mailboxes, .to_count = 1, .text = text
	};
	memset(&told, 0, sizeof told);
}

static void
teardown(void)
{
	mx_mail_route_clear(&route);
	mx_loop_free(loop);
}

TestSuite(submit, .timeout = 30, .init = setup, .fini = teardown);

static void
on_done(void *arg, const struct mx_mail_outcome *outcome)
{
	(void)arg;
	told.calls++;
	told.end = outcome->end;
	told.accepted = outcome->accepted;
	told.in_doubt = outcome->in_doubt;
	told.used_tls = outcome->used_tls;
	told.dsn = outcome->dsn_offered;
	told.stage = outcome->stage;
	told.refusal = outcome->refusal.code;
	strncpy(told.why, outcome->why != NULL ? outcome->why : "", sizeof told.why - 1);
	for (size_t i = 0; i < outcome->count; i++) {
		told.answers[i] = outcome->recipients[i];
		strncpy(told.texts[i],
		    outcome->recipients[i].text != NULL ? outcome->recipients[i].text
							: "",
		    sizeof told.texts[i] - 1);
	}
	mx_loop_stop(loop);
}

static void
run(void)
{
	struct mx_error err = { 0 };

	cr_assert_not_null(
	    mx_mail_submit(loop, NULL, &route, &message, on_done, NULL, &err), "%s",
	    err.text);
	mx_loop_run(loop);
	peer_join(&peer);
	cr_assert_eq(told.calls, 1);
}

/* A relay at loopback that follows the script; --tls may, unless the test says else. */
static void
relay(void (*script)(struct peer *peer), const char *scheme)
{
	struct mx_error err = { 0 };
	char *url;

	peer_start(&peer, "127.0.0.1", script);
	url = mx_asprintf("%s127.0.0.1:%u", scheme, (unsigned)peer.addr.port);
	cr_assert_eq(mx_mail_route_parse(&route, url, &err), MX_OK, "%s", err.text);
	free(url);
	route.tls_optional = true;
	route.helo = mx_strdup("client.example.test");
}

static void
answer(struct peer *one, const char *wanted, const char *reply)
{
	peer_hear(one, wanted);
	peer_say(one, reply);
}

static void
greet(struct peer *one, const char *offers)
{
	peer_say(one, "220 relay.example.test\r\n");
	answer(one, "EHLO client.example.test\r\n", offers);
	answer(one, "EHLO client.example.test\r\n", offers);
}

/* ---- what goes well ---- */

static void
takes_it(struct peer *one)
{
	greet(one, "250-relay\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-BINARYMIME\r\n"
		   "250-SIZE 1000000\r\n250-8BITMIME\r\n250 DSN\r\n");
	answer(one, "MAIL FROM:<probe@example.test>", "250 2.1.0 Ok\r\n");
	answer(one, "RCPT TO:<me@example.test>", "250 2.1.5 Ok\r\n");
	answer(one, "DATA\r\n", "354 go ahead\r\n");
	answer(one, "\r\n.\r\n", "250-2.0.0 Ok:\r\n250 2.0.0 queued as 12345\r\n");
	answer(one, "QUIT\r\n", "221 bye\r\n");
	peer_hear_all(one);
}

Test(submit, a_message_that_is_taken)
{
	relay(takes_it, "smtp://");
	run();
	cr_assert_eq(told.end, MX_MAIL_DONE, "%s", told.why);
	cr_assert(told.accepted);
	cr_assert_eq(told.answers[0].code, 250);
	cr_assert_eq(told.answers[0].stage, MX_STAGE_EOD);
	cr_assert_eq(told.answers[0].enhanced.klass, 2);
	cr_assert_str_eq(told.texts[0], "Ok: queued as 12345");
	cr_assert_not_null(
	    strstr(peer.heard, "\r\n..a line that begins with a dot\r\n.\r\n"));
	cr_assert_null(strstr(peer.heard, "BDAT"));
}

/* ---- several recipients, and refusals ---- */

static void
takes_one_of_two(struct peer *one)
{
	greet(one, "250 relay\r\n");
	answer(one, "MAIL FROM:<probe@example.test>", "250 Ok\r\n");
	answer(one, "RCPT TO:<me@example.test>", "250 2.1.5 Ok\r\n");
	answer(
	    one, "RCPT TO:<you@example.test>", "550-5.1.1 no such\r\n550 5.1.1 user\r\n");
	answer(one, "DATA\r\n", "354 go ahead\r\n");
	answer(one, "\r\n.\r\n", "250 2.0.0 queued\r\n");
	answer(one, "QUIT\r\n", "221 bye\r\n");
	peer_hear_all(one);
}

Test(submit, each_recipient_has_an_answer_of_its_own)
{
	relay(takes_one_of_two, "smtp://");
	message.to_count = 2;
	run();
	cr_assert_eq(told.end, MX_MAIL_DONE, "%s", told.why);
	cr_expect(told.accepted);
	cr_expect_eq(told.answers[0].code, 250);
	cr_expect_eq(told.answers[1].code, 550);
	cr_expect_eq(told.answers[1].stage, MX_STAGE_RCPT);
	cr_expect_eq(told.answers[1].enhanced.subject, 1);
	cr_expect_str_eq(told.texts[1], "no such user");
}

static void
refuses_sender(struct peer *one)
{
	greet(one, "250 relay\r\n");
	answer(one, "MAIL FROM:<probe@example.test>", "550 5.7.1 not from you\r\n");
	peer_hear(one, "QUIT\r\n");
	peer_say(one, "221 bye\r\n");
	peer_hear_all(one);
}

Test(submit, a_sender_that_is_refused_is_the_answer_to_each)
{
	relay(refuses_sender, "smtp://");
	run();
	cr_expect_eq(told.end, MX_MAIL_DONE, "%s", told.why);
	cr_expect_not(told.accepted);
	cr_expect_eq(told.answers[0].code, 550);
	cr_expect_eq(told.answers[0].stage, MX_STAGE_MAIL);
}

static void
refuses_data(struct peer *one)
{
	greet(one, "250 relay\r\n");
	answer(one, "MAIL FROM:", "250 Ok\r\n");
	answer(one, "RCPT TO:", "250 Ok\r\n");
	answer(one, "DATA\r\n", "554 5.5.1 no\r\n");
	peer_hear_all(one);
}

Test(submit, a_refusal_before_the_message_is_no_refusal_of_the_message)
{
	relay(refuses_data, "smtp://");
	run();
	cr_expect_not(told.accepted);
	cr_expect_not(told.in_doubt);
	cr_expect_eq(told.answers[0].code, 554);
	cr_expect_eq(told.answers[0].stage, MX_STAGE_DATA);
}

static void
is_silent_behind_the_dot(struct peer *one)
{
	greet(one, "250 relay\r\n");
	answer(one, "MAIL FROM:", "250 Ok\r\n");
	answer(one, "RCPT TO:", "250 Ok\r\n");
	answer(one, "DATA\r\n", "354 go ahead\r\n");
	peer_hear(one, "\r\n.\r\n");
}

Test(submit, without_an_answer_to_the_dot_it_is_in_doubt_and_not_accepted)
{
	relay(is_silent_behind_the_dot, "smtp://");
	run();
	cr_expect_eq(told.end, MX_MAIL_BROKEN);
	cr_expect_not(told.accepted);
	cr_expect(told.in_doubt);
	cr_expect_eq(told.stage, MX_STAGE_EOD);
	cr_expect_not_null(strstr(told.why, "no reply to the message"));
}

static void
never_greets(struct peer *one)
{
	peer_hear_all(one);
}

Test(submit, a_relay_gets_so_long_and_no_longer)
{
	relay(never_greets, "smtp://");
	route.timeouts.total_us = MX_SECOND_US / 5;
	run();
	cr_expect_eq(told.end, MX_MAIL_BROKEN);
	cr_expect_not_null(strstr(told.why, "no greeting"), "%s", told.why);
}

static void
stop(void *arg)
{
	(void)arg;
	mx_loop_stop(loop);
}

Test(submit, one_that_is_cancelled_says_nothing)
{
	struct mx_error err = { 0 };
	struct mx_timer *stopper;
	struct mx_mail_submission *one;

	relay(never_greets, "smtp://");
	one = mx_mail_submit(loop, NULL, &route, &message, on_done, NULL, &err);
	cr_assert_not_null(one);
	stopper = mx_timer_new(loop, stop, NULL);
	mx_timer_start(stopper, MX_SECOND_US / 20); /* it is on its way by then */
	mx_loop_run(loop);
	mx_timer_free(stopper);
	mx_mail_cancel(one);
	peer_join(&peer);
	cr_expect_eq(told.calls, 0);
}

Test(submit, refuses_what_would_come_out_wrong)
{
	static const struct {
		const char *text, *from, *to, *why;
	} rows[] = {
		{ "Subject: x\n\nbare\n", "a@b", "c@d", "no empty line" },
		{ "Subject: x\r\n\r\nbare\n", "a@b", "c@d", "other than CRLF" },
		{ "Subject: x\r\n\r\n\xc3\xa4\r\n", "a@b", "c@d", "not 7-bit" },
		{ "Subject: x\r\n\r\nno end", "a@b", "c@d", "does not end" },
		{ "Subject: x\r\n\r\n", "a@b>\r\nRCPT TO:<x@y", "c@d", "sender" },
		{ "Subject: x\r\n\r\n", "a@b", "c@d> NOTIFY=NEVER", "recipient 1" },
		{ "Subject: x\r\n\r\n", "a@b", "", "recipient 1" },
	};
	struct mx_error err;

	cr_assert_eq(mx_mail_route_parse(&route, "smtp://127.0.0.1:1", &err), MX_OK);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *to[] = { rows[i].to };

		err = (struct mx_error){ 0 };
		message = (struct mx_mail_message){ .from = rows[i].from,
			.to = to,
			.to_count = 1,
			.text = rows[i].text };
		cr_expect_null(
		    mx_mail_submit(loop, NULL, &route, &message, on_done, NULL, &err));
		cr_expect_not_null(strstr(err.text, rows[i].why), "%zu: %s", i, err.text);
	}
}

Test(submit, a_login_needs_a_password_before_anything_is_said)
{
	struct mx_error err = { 0 };

	cr_assert_eq(mx_mail_route_parse(&route, "smtp://me@127.0.0.1:1", &err), MX_OK);
	cr_expect_null(mx_mail_submit(loop, NULL, &route, &message, on_done, NULL, &err));
	cr_expect_not_null(strstr(err.text, "there is no password"));
}
