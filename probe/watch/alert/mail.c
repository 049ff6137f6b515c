/* mail.c - a letter to the operator's relay, which takes it from there. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/mail/submit.h"
#include "probe/watch/alert/shape.h"
#include "probe/watch/alert/way.h"

#define SHOWN 160U /* bytes of what the relay says */

struct mail {
	struct mx_send *send;
	struct mx_mail_submission *submission;
};

static void
clear(void *state)
{
	struct mail *mail = state;

	mx_mail_cancel(mail->submission);
	free(mail);
}

/* "550 5.1.1 no such user", safe to show. Caller frees. */
static char *
words_of(const struct mx_mail_answer *answer)
{
	const char *text = answer->text != NULL ? answer->text : "";
	char *safe = mx_escape_terminal(text, strnlen(text, SHOWN));
	char *words = mx_asprintf("%d %s", answer->code, safe);

	free(safe);
	return words;
}

/* A recipient that the relay did not take while it took others: those have the letter, so it is not
 * sent again for this one. */
static void
tell_taken(struct mail *mail, const struct mx_mail_outcome *outcome)
{
	const struct mx_mail_answer *worst = NULL;
	char *words;

	for (size_t i = 0; i < outcome->count; i++)
		if (outcome->recipients[i].code / 100 != 2)
			worst = &outcome->recipients[i];
	if (worst == NULL) {
		mx_way_finish(mail->send, MX_SEND_TAKEN, 0, "the relay has taken it");
		return;
	}
	words = words_of(worst);
	mx_way_finish(mail->send, MX_SEND_TAKEN, 0,
	    "the relay has taken it, but not for everybody: %s", words);
	free(words);
}

/* Refused for good where every recipient was; what a login or a greeting says may be put right. */
static void
tell_refused(struct mail *mail, const struct mx_mail_outcome *outcome)
{
	bool is_for_good = outcome->count > 0;
	char *words;

	for (size_t i = 0; i < outcome->count; i++)
		is_for_good &= outcome->recipients[i].code / 100 == 5;
	if (outcome->count == 0) {
		mx_way_finish(mail->send, MX_SEND_AGAIN, 0, "the relay said nothing");
		return;
	}
	words = words_of(&outcome->recipients[0]);
	mx_way_finish(mail->send, is_for_good ? MX_SEND_REFUSED : MX_SEND_AGAIN, 0,
	    "the relay refused it: %s", words);
	free(words);
}

static void
on_outcome(void *arg, const struct mx_mail_outcome *outcome)
{
	struct mail *mail = arg;
	char *why = mx_escape_terminal(outcome->why != NULL ? outcome->why : "",
	    outcome->why != NULL ? strlen(outcome->why) : 0);

	mail->submission = NULL;
	if (outcome->accepted)
		tell_taken(mail, outcome);
	else if (outcome->end == MX_MAIL_DONE)
		tell_refused(mail, outcome);
	else
		mx_way_finish(mail->send, MX_SEND_AGAIN, 0, "%s", why);
	free(why);
}

static void
submit(struct mail *mail, const struct mx_mail_route *route, const char *text,
    struct mx_error *err)
{
	const struct mx_receiver *receiver = mail->send->receiver;
	const struct mx_send_tools *tools = mail->send->tools;

	mail->submission = mx_mail_submit(tools->loop, tools->resolver, route,
	    &(struct mx_mail_message){
		.from = tools->mail_from,
		.to = (const char *const *)receiver->to,
		.to_count = receiver->to_count,
		.text = text,
	    },
	    on_outcome, mail, err);
}

static void
start(struct mx_send *send, const struct mx_send_notice *notice)
{
	const struct mx_send_tools *tools = send->tools;
	struct mail *mail = mx_calloc(1, sizeof *mail);
	struct mx_mail_route route = { 0 };
	struct mx_error err = { 0 };
	char *text = mx_shape_letter(&(struct mx_letter){
	    .from = tools->mail_from,
	    .to = send->receiver->to,
	    .notice = notice->body,
	    .topic = notice->topic,
	    .time_us = notice->created_us,
	});

	send->state = mail;
	mail->send = send;
	if (mx_mail_route_parse(&route, tools->via, &err) == MX_OK &&
	    (tools->password_file == NULL || mx_mail_route_read_password(&route,
						 tools->password_file, &err) == MX_OK)) {
		route.ca_file = mx_strdup(tools->ca_file);
		submit(mail, &route, text, &err);
	}
	if (mail->submission == NULL)
		mx_way_finish(send, MX_SEND_AGAIN, 0, "%s", err.text);
	mx_mail_route_clear(&route);
	free(text);
}

const struct mx_way mx_way_mail = { .start = start, .clear = clear };
