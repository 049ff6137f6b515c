/*
 * find.c - rounds of looking: each message in its mailbox, and for each that is not there yet a bounce
 * in the sender's. The last round is made when the time is over, and looks everywhere.
 */
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/deliver/bounce.h"
#include "probe/deliver/course.h"

#define LOOK_US (30 * MX_SECOND_US)
/* A mailbox that can't be read will not get better by asking, and logins that fail lock accounts. */
#define ERRORS_MAX 2

static void look(struct mx_deliver *deliver);

static struct mx_course *
current(struct mx_deliver *deliver)
{
	return &deliver->courses[deliver->current];
}

static void
look_next(struct mx_deliver *deliver)
{
	deliver->current++;
	mx_deliver_later(deliver, 0, look);
}

static bool
is_over(const struct mx_deliver *deliver, const struct mx_course *course)
{
	return mx_clock_mono_us() >= course->sent_us + deliver->params.wait_us;
}

/* ---- what was found ---- */

static enum mx_landed
landed_of(enum mx_imap_place place)
{
	switch (place) {
	case MX_IMAP_INBOX:
		return MX_LANDED_INBOX;
	case MX_IMAP_JUNK:
		return MX_LANDED_JUNK;
	case MX_IMAP_ELSEWHERE:
		return MX_LANDED_ELSEWHERE;
	case MX_IMAP_NOWHERE:
		break;
	}
	return MX_LANDED_UNKNOWN;
}

static void
take_message(struct mx_deliver *deliver, const struct mx_imap_found *found)
{
	struct mx_course *course = current(deliver);
	struct mx_delivery *delivery = &course->delivery;

	delivery->verdict = MX_V_ACCEPTED; /* whatever the relay left in doubt */
	delivery->landed = landed_of(found->place);
	delivery->folder = mx_strdup(found->folder);
	delivery->landed_us = mx_clock_mono_us() - course->sent_us;
	delivery->is_removed = found->removed;
	mx_auth_results_read(found->text, found->len, course->target->authserv,
	    deliver->params.route->host, &delivery->auth);
	delivery->has_auth =
	    *delivery->auth.server != '\0' || *delivery->auth.spf != '\0' ||
	    *delivery->auth.dkim != '\0' || *delivery->auth.dmarc != '\0';
	delivery->seen_source = delivery->auth.client.family != AF_UNSPEC
				    ? delivery->auth.client
				    : mx_received_from(found->text, found->len);
}

static void
take_bounce(struct mx_deliver *deliver, const struct mx_imap_found *found)
{
	struct mx_delivery *delivery = &current(deliver)->delivery;
	const struct mx_identity who = {
		.mail_from = delivery->mail_from,
		.rcpt = delivery->mailbox,
		.provider = delivery->provider,
	};
	struct mx_bounce bounce;

	mx_bounce_read(found->text, found->len, deliver->params.rules, &who, &bounce);
	if (!bounce.has_finding || strcmp(bounce.id, delivery->id) != 0) {
		mx_bounce_clear(&bounce);
		return;
	}
	if (delivery->has_finding)
		mx_finding_clear(&delivery->finding);
	delivery->finding = bounce.finding;
	delivery->has_finding = true;
	delivery->verdict = bounce.verdict;
	delivery->bounced_us = mx_clock_wall_us();
}

/* ---- one look ---- */

static void
give_up(struct mx_deliver *deliver, const char *why)
{
	struct mx_course *course = current(deliver);

	mx_deliver_note(
	    &course->delivery, mx_asprintf("where it landed can't be told: %s", why));
	mx_deliver_settle(deliver, course);
	look_next(deliver);
}

static void
start_look(struct mx_deliver *deliver, const struct mx_imap_search *search,
    void (*done)(void *arg, const struct mx_imap_found *found))
{
	struct mx_error err = { 0 };

	deliver->imap = mx_imap_start(deliver->params.loop, search, done, deliver, &err);
	if (deliver->imap == NULL)
		give_up(deliver, err.text);
}

/* Not there (yet), nor has it come back. */
static void
wait_on(struct mx_deliver *deliver)
{
	struct mx_course *course = current(deliver);

	if (is_over(deliver, course) && deliver->is_last_round) {
		if (course->target->inbox != NULL)
			course->delivery.landed = MX_LANDED_NOT_FOUND;
		mx_deliver_settle(deliver, course);
	}
	look_next(deliver);
}

static void
on_bounce(void *arg, const struct mx_imap_found *found)
{
	struct mx_deliver *deliver = arg;
	struct mx_course *course = current(deliver);

	deliver->imap = NULL;
	if (found->text != NULL)
		take_bounce(deliver, found);
	if (found->why != NULL && ++course->errors >= ERRORS_MAX) {
		give_up(deliver, found->why);
	} else if (course->delivery.bounced_us != 0) {
		mx_deliver_settle(deliver, course);
		look_next(deliver);
	} else {
		wait_on(deliver);
	}
}

static void
look_for_bounce(struct mx_deliver *deliver)
{
	char *token = mx_asprintf(MX_TOKEN_PREFIX "%s", current(deliver)->delivery.id);
	struct mx_imap_search search = {
		.account = deliver->params.bounces,
		.value = token,
		.whole = true,
		.everywhere = deliver->is_last_round,
		.timeout_us = LOOK_US,
	};

	start_look(deliver, &search, on_bounce);
	free(token);
}

static void
on_message(void *arg, const struct mx_imap_found *found)
{
	struct mx_deliver *deliver = arg;
	struct mx_course *course = current(deliver);

	deliver->imap = NULL;
	if (found->text != NULL) {
		take_message(deliver, found);
		mx_deliver_settle(deliver, course);
		look_next(deliver);
	} else if (found->why != NULL && ++course->errors >= ERRORS_MAX) {
		give_up(deliver, found->why);
	} else if (deliver->params.bounces != NULL) {
		look_for_bounce(deliver);
	} else {
		wait_on(deliver);
	}
}

static void
look_for_message(struct mx_deliver *deliver)
{
	struct mx_course *course = current(deliver);
	char *token = mx_asprintf(MX_TOKEN_PREFIX "%s", course->delivery.id);
	struct mx_imap_search search = {
		.account = course->target->inbox,
		.field = MX_TOKEN_FIELD,
		.value = token,
		.everywhere = deliver->is_last_round,
		.remove = deliver->params.clean,
		.timeout_us = LOOK_US,
	};

	start_look(deliver, &search, on_message);
	free(token);
}

/* ---- rounds ---- */

static bool
anybody_left(const struct mx_deliver *deliver, bool *all_over)
{
	bool any = false;

	*all_over = true;
	for (size_t i = 0; i < deliver->params.target_count; i++) {
		if (!deliver->courses[i].is_waited_for)
			continue;
		any = true;
		*all_over = *all_over && is_over(deliver, &deliver->courses[i]);
	}
	return any;
}

static void
look(struct mx_deliver *deliver)
{
	if (deliver->current == deliver->params.target_count) {
		deliver->current = 0;
		/* The round that began when time was over has been the last. */
		mx_deliver_later(deliver,
		    deliver->is_last_round ? 0 : deliver->params.poll_us,
		    mx_deliver_find);
		return;
	}
	if (!current(deliver)->is_waited_for)
		look_next(deliver);
	else if (current(deliver)->target->inbox != NULL)
		look_for_message(deliver);
	else
		look_for_bounce(deliver);
}

void
mx_deliver_find(struct mx_deliver *deliver)
{
	bool all_over;

	if (!anybody_left(deliver, &all_over)) {
		deliver->hooks.over(deliver->hooks.arg);
		return;
	}
	deliver->is_last_round = all_over;
	deliver->current = 0;
	look(deliver);
}
