/* test_answers.c - what a relay said last of each recipient is its answer. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "probe/mail/answers.h"

TestSuite(answers, .timeout = 10);

static void
expect(struct mx_mail_answer *answer, int code, enum mx_stage stage, const char *text)
{
	cr_expect_eq(answer->code, code);
	cr_expect_eq(answer->stage, stage);
	if (text == NULL)
		cr_expect_null(answer->text);
	else
		cr_expect_str_eq(answer->text, text);
	free(answer->text);
	answer->text = NULL;
}

Test(answers, a_reply_s_lines_are_joined_behind_their_codes)
{
	struct mx_mail_answer answer;

	mx_mail_answer_read(
	    "550-5.7.1 You are\r\n550 5.7.1 listed\r\n", MX_STAGE_MAIL, &answer);
	cr_expect_eq(answer.enhanced.klass, 5);
	cr_expect_eq(answer.enhanced.subject, 7);
	cr_expect_eq(answer.enhanced.detail, 1);
	expect(&answer, 550, MX_STAGE_MAIL, "You are listed");
	mx_mail_answer_read("no reply at all", MX_STAGE_RCPT, &answer);
	expect(&answer, 0, MX_STAGE_RCPT, "no reply at all");
}

Test(answers, a_refused_recipient_is_not_asked_about_the_message)
{
	struct mx_worker_status recipients[] = { { 250, (char[]){ "ok" } },
		{ 550, (char[]){ "5.1.1 unknown" } } };
	struct mx_worker_report report = { .sender = { 250, NULL },
		.message = { 250, (char[]){ "2.0.0 queued" } },
		.recipients = recipients };
	struct mx_mail_answer answers[2];

	cr_expect(mx_mail_answers_fill(&report, 2, answers));
	cr_expect(mx_mail_answers_accept(answers, 2));
	cr_expect_not(mx_mail_answers_accept(answers + 1, 1));
	expect(&answers[0], 250, MX_STAGE_EOD, "queued");
	expect(&answers[1], 550, MX_STAGE_RCPT, "unknown");
}

Test(answers, a_refused_sender_is_everybody_s_answer)
{
	struct mx_worker_status recipients[] = { { 0, NULL }, { 0, NULL } };
	struct mx_worker_report report = { .sender = { 553, (char[]){ "5.1.8 whose" } },
		.recipients = recipients };
	struct mx_mail_answer answers[2];

	cr_expect(mx_mail_answers_fill(&report, 2, answers));
	cr_expect_not(mx_mail_answers_accept(answers, 2));
	expect(&answers[0], 553, MX_STAGE_MAIL, "whose");
	expect(&answers[1], 553, MX_STAGE_MAIL, "whose");
}

Test(answers, without_an_answer_to_the_message_nothing_is_settled)
{
	struct mx_worker_status recipients[] = { { 250, NULL } };
	struct mx_worker_report report = { .sender = { 250, NULL },
		.recipients = recipients };
	struct mx_mail_answer answer;

	cr_expect_not(mx_mail_answers_fill(&report, 1, &answer));
	expect(&answer, 0, MX_STAGE_EOD, NULL);
	report.message = (struct mx_worker_status){ 354, (char[]){ "go on" } };
	cr_expect(mx_mail_answers_fill(&report, 1, &answer));
	cr_expect_not(mx_mail_answers_accept(&answer, 1));
	mx_mail_answers_before_text(&answer, 1);
	expect(&answer, 354, MX_STAGE_DATA, "go on");
}
