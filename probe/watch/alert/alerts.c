/* alerts.c - one desk a receiver; the desks don't know each other. */
#include "probe/watch/alert/alerts.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/net/fetch.h"
#include "probe/watch/alert/post.h"
#include "probe/watch/alert/reporter.h"
#include "probe/watch/alert/turn.h"

/* Other processes (verify, check) write events too, and nobody pokes us then. */
#define LOOK_US MX_MINUTE_US
/* Of a schedule that says nothing. */
#define INTERVAL_US (4 * MX_HOUR_US)
/* Whatever is under way has so long to end when we are told to stop. */
#define STOP_US (8 * MX_SECOND_US)

/** A desk; leaving: its entry is gone from the configuration. */
struct desk {
	struct mx_post *post;
	struct mx_reporter *reporter; /* NULL: is told of events */
	bool is_leaving;
};

struct mx_alerts {
	struct mx_post_office office;
	struct desk *desks;
	size_t count;
	struct mx_alert_turn *turn;
	struct mx_alerts_counts past[MX_ALERTS_KINDS]; /* of desks that are gone */
	char *mail_from, *via, *password_file, *ca_file;
	struct mx_timer *look, *stopping;
	void (*stopped)(void *arg); /* NULL: not told to stop, or over */
	void *arg;
};

/* ---- stopping ---- */

static void
tell_stopped(void *arg)
{
	struct mx_alerts *alerts = arg;
	void (*stopped)(void *arg) = alerts->stopped;

	alerts->stopped = NULL;
	if (stopped != NULL)
		stopped(alerts->arg);
}

static void
on_closed(void *arg, struct mx_post *post)
{
	struct mx_alerts *alerts = arg;
	struct mx_alerts_counts *past = &alerts->past[mx_post_receiver(post)->kind];
	size_t i = 0;

	while (alerts->desks[i].post != post)
		i++;
	alerts->desks[i] = alerts->desks[--alerts->count];
	mx_post_count(post, past);
	past->waiting = 0; /* who is told of it no more waits for nothing */
	mx_post_free(post);
	if (alerts->stopped != NULL && alerts->count == 0)
		mx_timer_start(alerts->stopping, 0);
}

static void
close_desk(struct desk *desk)
{
	mx_reporter_free(desk->reporter);
	desk->reporter = NULL;
	mx_post_close(desk->post);
}

void
mx_alerts_stop(struct mx_alerts *alerts, void (*done)(void *arg), void *arg)
{
	alerts->stopped = done;
	alerts->arg = arg;
	mx_timer_stop(alerts->look);
	mx_timer_start(alerts->stopping, alerts->count > 0 ? STOP_US : 0);
	for (size_t i = 0; i < alerts->count; i++)
		close_desk(&alerts->desks[i]);
}

void
mx_alerts_free(struct mx_alerts *alerts)
{
	if (alerts == NULL)
		return;
	for (size_t i = 0; i < alerts->count; i++) {
		mx_reporter_free(alerts->desks[i].reporter);
		mx_post_free(alerts->desks[i].post);
	}
	free(alerts->desks);
	mx_alert_turn_free(alerts->turn);
	mx_timer_free(alerts->look);
	mx_timer_free(alerts->stopping);
	mx_fetcher_free(alerts->office.tools.fetcher);
	free(alerts->office.page);
	free(alerts->mail_from);
	free(alerts->via);
	free(alerts->password_file);
	free(alerts->ca_file);
	free(alerts);
}

/* ---- receivers ---- */

static struct desk *
find_desk(struct mx_alerts *alerts, const char *key)
{
	for (size_t i = 0; i < alerts->count; i++)
		if (!alerts->desks[i].is_leaving &&
		    strcmp(mx_post_receiver(alerts->desks[i].post)->key, key) == 0)
			return &alerts->desks[i];
	return NULL;
}

static bool
has_key(const struct mx_receiver *receivers, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(receivers[i].key, key) == 0)
			return true;
	return false;
}

/* Closed from the loop, so none goes while they are counted here. */
static void
close_others(struct mx_alerts *alerts, const struct mx_receiver *receivers, size_t count)
{
	for (size_t i = 0; i < alerts->count; i++) {
		struct desk *desk = &alerts->desks[i];

		if (desk->is_leaving ||
		    has_key(receivers, count, mx_post_receiver(desk->post)->key))
			continue;
		desk->is_leaving = true;
		close_desk(desk);
	}
}

static struct desk *
open_desk(struct mx_alerts *alerts, struct mx_receiver *receiver)
{
	struct desk *desk;

	alerts->desks = mx_grow(alerts->desks, alerts->count, sizeof *alerts->desks);
	desk = &alerts->desks[alerts->count++];
	*desk = (struct desk){ .post = mx_post_open(&alerts->office, receiver) };
	return desk;
}

/* A desk of that key goes on with its new entry. */
static void
take_receiver(struct mx_alerts *alerts, struct mx_receiver *receiver)
{
	struct desk *desk = find_desk(alerts, receiver->key);
	char *at = mx_strdup(receiver->at);

	if (desk == NULL)
		desk = open_desk(alerts, receiver);
	else
		mx_post_change(desk->post, receiver);
	mx_reporter_free(desk->reporter);
	desk->reporter = mx_reporter_new(&alerts->office, desk->post, at);
	free(at);
}

static void
take_receivers(struct mx_alerts *alerts, struct mx_receiver *receivers, size_t count)
{
	close_others(alerts, receivers, count);
	for (size_t i = 0; i < count; i++)
		take_receiver(alerts, &receivers[i]);
}

/* ---- settings ---- */

static const char *
replace(char **kept, const char *text)
{
	free(*kept);
	*kept = mx_strdup(text);
	return *kept;
}

static void
take_settings(struct mx_alerts *alerts, const struct mx_alerts_params *params)
{
	struct mx_send_tools *tools = &alerts->office.tools;
	const struct mx_config_values *config = params->config;

	alerts->office.catalogue = params->catalogue;
	alerts->office.rules =
	    params->state_rules != NULL ? *params->state_rules : mx_state_rules_default;
	alerts->office.stale_us =
	    2 * (config->schedule.interval.us > 0 ? config->schedule.interval.us
						  : INTERVAL_US);
	(void)replace(&alerts->office.page, params->page);
	tools->mail_from = replace(&alerts->mail_from, config->mail_from);
	tools->via = replace(&alerts->via, config->deliver.via);
	tools->password_file =
	    replace(&alerts->password_file, config->deliver.password_file);
	tools->ca_file = replace(&alerts->ca_file, config->deliver.ca_file);
}

enum mx_err
mx_alerts_reload(
    struct mx_alerts *alerts, const struct mx_alerts_params *params, struct mx_error *err)
{
	struct mx_receiver *receivers;
	size_t count;

	if (mx_receivers_make(params->config, &receivers, &count, err) == MX_OK) {
		take_settings(alerts, params);
		take_receivers(alerts, receivers, count);
		if (count > 0)
			mx_timer_start(
			    alerts->look, alerts->office.is_open ? LOOK_US : 0);
	}
	mx_receivers_free(receivers, count);
	return err->code;
}

/* ---- the rest ---- */

void
mx_alerts_poke(struct mx_alerts *alerts)
{
	for (size_t i = 0; i < alerts->count; i++)
		mx_post_poke(alerts->desks[i].post);
}

/* Who restarts the daemon before the old one has ended has two of them. */
static void
open_office(struct mx_alerts *alerts)
{
	alerts->office.is_open = mx_alert_turn_take(alerts->turn);
	for (size_t i = 0; alerts->office.is_open && i < alerts->count; i++)
		mx_post_wake(alerts->desks[i].post);
}

static void
on_look(void *arg)
{
	struct mx_alerts *alerts = arg;

	if (!alerts->office.is_open)
		open_office(alerts);
	mx_alerts_poke(alerts);
	mx_timer_start(alerts->look, LOOK_US);
}

struct mx_alerts *
mx_alerts_new(const struct mx_alerts_params *params, struct mx_error *err)
{
	struct mx_alerts *alerts = mx_calloc(1, sizeof *alerts);

	alerts->office = (struct mx_post_office){
		.store = params->store,
		.tools = { .loop = params->loop,
		    .resolver = params->resolver,
		    .fetcher = mx_fetcher_new(params->loop, NULL) },
		.closed = on_closed,
		.arg = alerts,
	};
	alerts->turn = mx_alert_turn_new(mx_store_file(params->store));
	alerts->look = mx_timer_new(params->loop, on_look, alerts);
	alerts->stopping = mx_timer_new(params->loop, tell_stopped, alerts);
	if (mx_alerts_reload(alerts, params, err) != MX_OK) {
		mx_alerts_free(alerts);
		return NULL;
	}
	return alerts;
}

void
mx_alerts_counts(
    const struct mx_alerts *alerts, struct mx_alerts_counts counts[MX_ALERTS_KINDS])
{
	memset(counts, 0, MX_ALERTS_KINDS * sizeof *counts);
	if (alerts != NULL)
		memcpy(counts, alerts->past, sizeof alerts->past);
	for (size_t i = 0; alerts != NULL && i < alerts->count; i++) {
		const struct mx_post *post = alerts->desks[i].post;

		mx_post_count(post, &counts[mx_post_receiver(post)->kind]);
	}
}
