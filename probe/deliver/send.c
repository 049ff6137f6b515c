/*
 * send.c - a mailbox: whose it is, whether it may be written to now, the message, its answer. A relay
 * that failed once is not tried for the next mailbox: it gets its ninety seconds once.
 */
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/deliver/course.h"
#include "probe/deliver/message.h"
#include "probe/plan/group.h"
#include "probe/plan/mailbox.h"
#include "probe/verdict/judge.h"

#define LOOKUP_US (10 * MX_SECOND_US)
/* Not an address of ours: the relay leaves from wherever it does. */
#define LEDGER_SOURCE "deliver"

static struct mx_course *
current(struct mx_deliver *deliver)
{
	return &deliver->courses[deliver->current];
}

static void
send_next(struct mx_deliver *deliver)
{
	deliver->current++;
	mx_deliver_later(deliver, 0, mx_deliver_send);
}

static void
settle_and_go_on(struct mx_deliver *deliver)
{
	mx_deliver_settle(deliver, current(deliver));
	send_next(deliver);
}

/* ---- the answer ---- */

static void
classify(struct mx_deliver *deliver, const struct mx_mail_answer *answer)
{
	struct mx_delivery *delivery = &current(deliver)->delivery;
	struct mx_identity who = {
		.mail_from = delivery->mail_from,
		.rcpt = delivery->mailbox,
		.provider = delivery->provider,
	};
	const char *text = answer->text != NULL ? answer->text : "";
	struct mx_reply_facts facts = {
		.stage = answer->stage,
		.code = answer->code,
		.enhanced = answer->enhanced,
		.text = text,
		.len = strlen(text),
	};

	mx_classify(deliver->params.rules, &who, &facts, &delivery->finding);
	delivery->has_finding = true;
	delivery->verdict = mx_judge_finding(deliver->params.rules, &delivery->finding);
}

/* Before a greeting nobody was there; behind it the conversation broke. */
static enum mx_verdict
without_answer(const struct mx_mail_outcome *outcome)
{
	if (outcome->end == MX_MAIL_FAILED)
		return MX_V_FAILED;
	return outcome->stage <= MX_STAGE_BANNER ? MX_V_UNREACHABLE : MX_V_BROKEN;
}

static void
judge(struct mx_deliver *deliver, const struct mx_mail_outcome *outcome)
{
	struct mx_delivery *delivery = &current(deliver)->delivery;
	const struct mx_mail_answer *answer = &outcome->recipients[0];

	delivery->is_accepted = outcome->accepted;
	delivery->in_doubt = outcome->in_doubt;
	delivery->used_tls = outcome->used_tls;
	if (outcome->end == MX_MAIL_DONE && !outcome->accepted)
		classify(deliver, answer);
	else if (outcome->end == MX_MAIL_REFUSED)
		classify(deliver, &outcome->refusal);
	else if (outcome->end != MX_MAIL_DONE)
		delivery->verdict = without_answer(outcome);
	if (outcome->why != NULL)
		mx_deliver_note(delivery, mx_strdup(outcome->why));
	if (outcome->in_doubt)
		mx_deliver_note(
		    delivery, mx_strdup("the message went out and may have been taken"));
}

static void
end_session(struct mx_deliver *deliver, bool was_sent)
{
	struct mx_course *course = current(deliver);

	/* Where nothing arrived there is nothing to be polite about. */
	if (was_sent)
		mx_ledger_end(deliver->params.store, course->session,
		    mx_verdict_name(course->delivery.verdict), &deliver->params.floors,
		    NULL, NULL);
	else
		mx_ledger_forget(deliver->params.store, course->session);
}

static void
on_outcome(void *arg, const struct mx_mail_outcome *outcome)
{
	struct mx_deliver *deliver = arg;
	struct mx_course *course = current(deliver);

	deliver->submission = NULL;
	course->sent_us = mx_clock_mono_us();
	judge(deliver, outcome);
	end_session(deliver, outcome->end == MX_MAIL_DONE || outcome->in_doubt);
	deliver->relay_failed = outcome->end != MX_MAIL_DONE;
	course->is_waited_for =
	    (outcome->accepted || outcome->in_doubt) &&
	    (course->target->inbox != NULL || deliver->params.bounces != NULL);
	if (!course->is_waited_for) {
		settle_and_go_on(deliver);
		return;
	}
	mx_deliver_keep(deliver, course);
	mx_deliver_progress(deliver, course, "sent; looking for it");
	send_next(deliver);
}

/* ---- the message ---- */

static void
submit(struct mx_deliver *deliver)
{
	struct mx_course *course = current(deliver);
	struct mx_delivery *delivery = &course->delivery;
	const struct mx_message_facts facts = { delivery->mail_from, delivery->mailbox,
		delivery->id, delivery->time_us };
	char *text = mx_message_text(&facts);
	char *envid = mx_asprintf(MX_TOKEN_PREFIX "%s", delivery->id);
	struct mx_error err = { 0 };
	struct mx_mail_message message = {
		.from = delivery->mail_from,
		.to = &delivery->mailbox,
		.to_count = 1,
		.text = text,
		.envid = envid,
		.wants_dsn = true,
	};

	mx_deliver_progress(deliver, course, "sending");
	deliver->submission =
	    mx_mail_submit(deliver->params.loop, deliver->params.resolver,
		deliver->params.route, &message, on_outcome, deliver, &err);
	free(text);
	free(envid);
	if (deliver->submission != NULL)
		return;
	delivery->verdict = MX_V_FAILED;
	mx_deliver_note(delivery, mx_strdup(err.text));
	end_session(deliver, false);
	settle_and_go_on(deliver);
}

/* ---- the ledger's leave ---- */

/* The store answers also when we are gone. */
struct claim {
	struct mx_deliver *deliver;
	bool is_alive;
};

static void
refuse(struct mx_delivery *delivery, const struct mx_ledger_answer *answer)
{
	char text[MX_CLOCK_TEXT];

	delivery->verdict = MX_V_SUPPRESSED;
	if (answer->until_us == 0)
		mx_deliver_note(
		    delivery, mx_strdup("another test of this mailbox is under way"));
	else
		mx_deliver_note(delivery,
		    mx_asprintf("this mailbox had a test lately; not again before %s",
			mx_clock_format(answer->until_us, text)));
}

static void
on_claim(void *arg, const struct mx_ledger_answer *answer, const struct mx_error *err)
{
	struct claim *claim = arg;
	struct mx_deliver *deliver = claim->deliver;
	bool is_alive = claim->is_alive;
	struct mx_delivery *delivery;

	free(claim);
	if (!is_alive)
		return;
	deliver->is_alive = NULL;
	delivery = &current(deliver)->delivery;
	if (err == NULL && answer->why == MX_LEDGER_GRANTED) {
		current(deliver)->session = answer->id;
		submit(deliver);
		return;
	}
	if (err != NULL) {
		delivery->verdict = MX_V_FAILED;
		mx_deliver_note(delivery, mx_strdup(err->text));
	} else {
		refuse(delivery, answer);
	}
	settle_and_go_on(deliver);
}

static void
ask_ledger(struct mx_deliver *deliver)
{
	const struct mx_deliver_target *target = current(deliver)->target;
	struct claim *claim = mx_calloc(1, sizeof *claim);
	struct mx_ledger_key key = {
		.source = LEDGER_SOURCE,
		.network = LEDGER_SOURCE,
		.group = target->mailbox,
		.kind = MX_LEDGER_MESSAGE,
		.is_exempt = target->is_exempt,
	};

	*claim = (struct claim){ deliver, true };
	deliver->is_alive = &claim->is_alive;
	mx_ledger_claim(
	    deliver->params.store, &key, &deliver->params.floors, on_claim, claim);
}

/* ---- whose mailbox it is ---- */

static void
on_route(void *arg, struct mx_route *route)
{
	struct mx_deliver *deliver = arg;
	struct mx_delivery *delivery = &current(deliver)->delivery;
	const char *domain = mx_mailbox_domain(delivery->mailbox);
	const char *host = route->host_count > 0 ? route->hosts[0].name : domain;
	char group[MX_NAME_MAX];

	deliver->search = NULL;
	delivery->provider =
	    mx_catalogue_provider_by_domain(deliver->params.catalogue, domain);
	if (delivery->provider == NULL)
		delivery->provider =
		    mx_catalogue_provider_by_mx(deliver->params.catalogue, host);
	delivery->group = mx_strdup(mx_group_name(delivery->provider, host, group));
	mx_route_free(route);
	ask_ledger(deliver);
}

void
mx_deliver_send(struct mx_deliver *deliver)
{
	struct mx_delivery *delivery;

	if (deliver->current == deliver->params.target_count) {
		deliver->current = 0;
		mx_deliver_find(deliver);
		return;
	}
	delivery = &current(deliver)->delivery;
	if (!deliver->relay_failed) {
		deliver->search = mx_route_find(deliver->params.resolver,
		    mx_mailbox_domain(delivery->mailbox), LOOKUP_US, on_route, deliver);
		return;
	}
	delivery->verdict = MX_V_UNREACHABLE;
	mx_deliver_note(delivery,
	    mx_asprintf("not sent: relay %s has just failed for another mailbox",
		deliver->relay));
	settle_and_go_on(deliver);
}
