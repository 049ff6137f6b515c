/* deliver.c - one run: first everything is sent, then everything is looked for. */
#include "probe/deliver/deliver.h"

#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/deliver/course.h"
#include "probe/store/deliveries.h"

void
mx_deliver_note(struct mx_delivery *delivery, char *text)
{
	char *both;

	if (delivery->note == NULL) {
		delivery->note = text;
		return;
	}
	both = mx_asprintf("%s; %s", delivery->note, text);
	free(delivery->note);
	free(text);
	delivery->note = both;
}

static const char *
filled(const char *text)
{
	return *text != '\0' ? text : NULL;
}

void
mx_deliver_keep(struct mx_deliver *deliver, const struct mx_course *course)
{
	const struct mx_delivery *delivery = &course->delivery;
	char *summary = mx_delivery_summary(delivery), *json = mx_delivery_json(delivery);
	char source[MX_ADDR_TEXT];
	struct mx_store_delivery row = {
		.id = delivery->id,
		.time_us = delivery->time_us,
		.mailbox = delivery->mailbox,
		.group = delivery->group,
		.provider = delivery->provider != NULL ? delivery->provider->id : NULL,
		.source = delivery->seen_source.family != AF_UNSPEC
			      ? mx_addr_text(&delivery->seen_source, source)
			      : NULL,
		.relay = delivery->relay,
		.verdict = mx_verdict_name(delivery->verdict),
		.place = mx_landed_name(delivery->landed),
		.folder = delivery->folder,
		.spf = filled(delivery->auth.spf),
		.dkim = filled(delivery->auth.dkim),
		.dmarc = filled(delivery->auth.dmarc),
		.summary = summary,
		.json = json,
	};

	mx_store_put_delivery(deliver->params.store, &row, NULL, NULL);
	free(summary);
	free(json);
}

void
mx_deliver_settle(struct mx_deliver *deliver, struct mx_course *course)
{
	course->is_waited_for = false;
	/* A message that was never written is nothing to remember. */
	if (course->delivery.verdict != MX_V_SUPPRESSED &&
	    course->delivery.verdict != MX_V_FAILED)
		mx_deliver_keep(deliver, course);
	deliver->hooks.done(deliver->hooks.arg, &course->delivery);
}

void
mx_deliver_progress(
    struct mx_deliver *deliver, const struct mx_course *course, const char *what)
{
	if (deliver->hooks.progress != NULL)
		deliver->hooks.progress(deliver->hooks.arg, &course->delivery, what);
}

static void
on_timer(void *arg)
{
	struct mx_deliver *deliver = arg;

	deliver->at_timer(deliver);
}

void
mx_deliver_later(
    struct mx_deliver *deliver, int64_t us, void (*what)(struct mx_deliver *deliver))
{
	deliver->at_timer = what;
	mx_timer_start(deliver->timer, us);
}

static void
begin(struct mx_deliver *deliver, size_t index)
{
	struct mx_course *course = &deliver->courses[index];
	const struct mx_deliver_params *params = &deliver->params;

	course->target = &params->targets[index];
	(void)mx_ulid_new(course->delivery.id);
	course->delivery.time_us = mx_clock_wall_us();
	course->delivery.mailbox = course->target->mailbox;
	course->delivery.mail_from = params->mail_from;
	course->delivery.relay = deliver->relay;
	course->delivery.verdict = MX_V_ACCEPTED;
}

struct mx_deliver *
mx_deliver_start(
    const struct mx_deliver_params *params, const struct mx_deliver_hooks *hooks)
{
	struct mx_deliver *deliver = mx_calloc(1, sizeof *deliver);

	deliver->params = *params;
	deliver->hooks = *hooks;
	deliver->relay = mx_mail_route_text(params->route);
	deliver->timer = mx_timer_new(params->loop, on_timer, deliver);
	deliver->courses = mx_calloc(params->target_count + 1, sizeof *deliver->courses);
	for (size_t i = 0; i < params->target_count; i++)
		begin(deliver, i);
	mx_deliver_later(deliver, 0, mx_deliver_send);
	return deliver;
}

void
mx_deliver_stop(struct mx_deliver *deliver)
{
	if (deliver == NULL)
		return;
	if (deliver->is_alive != NULL)
		*deliver->is_alive = false;
	mx_route_cancel(deliver->search);
	mx_mail_cancel(deliver->submission);
	mx_imap_cancel(deliver->imap);
	mx_timer_free(deliver->timer);
	for (size_t i = 0; i < deliver->params.target_count; i++)
		mx_delivery_clear(&deliver->courses[i].delivery);
	free(deliver->courses);
	free(deliver->relay);
	free(deliver);
}
