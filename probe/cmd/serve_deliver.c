/* serve_deliver.c - one run of deliver an interval, counted from the last message in the store. */
#include "probe/cmd/serve_deliver.h"

#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/cmd/deliver_settings.h"
#include "probe/store/deliveries.h"

#define WAIT_US (15 * MX_MINUTE_US)
#define POLL_US (30 * MX_SECOND_US)

struct mx_serve_deliver {
	const struct mx_serve_setup *setup;
	struct mx_deliver_options options;
	struct mx_deliver_settings settings;
	struct mx_deliver_params params;
	struct mx_timer *timer;
	struct mx_deliver *run; /* NULL: none is on */
	int64_t began_us;       /* the last run, wall clock; 0: none yet */
};

/* ---- when ---- */

static bool
take_time(void *arg, const struct mx_store_delivery *one)
{
	int64_t *last_us = arg;

	if (one->time_us > *last_us)
		*last_us = one->time_us;
	return false;
}

/* A minute at least: a daemon that is started again and again must not send each time. What a run has just
 * sent may still be on its way to the store. */
static void
schedule(struct mx_serve_deliver *deliver)
{
	const struct mx_store_delivery_span span = { .newest = 1 };
	int64_t interval_us = deliver->setup->config.values->deliver.interval.us;
	int64_t last_us = deliver->began_us, wait_us = MX_MINUTE_US;
	struct mx_error err = { 0 };

	if (mx_store_deliveries(
		deliver->params.store, &span, take_time, &last_us, &err) != MX_OK)
		mx_log(MX_LOG_WARNING, "%s", err.text);
	if (last_us > 0 && last_us + interval_us - mx_clock_wall_us() > wait_us)
		wait_us = last_us + interval_us - mx_clock_wall_us();
	/* Whatever the clock or the store say, no longer than it is configured. */
	mx_timer_start(deliver->timer, wait_us < interval_us ? wait_us : interval_us);
}

/* ---- a run ---- */

static void
on_delivery(void *arg, const struct mx_delivery *delivery)
{
	char *summary = mx_delivery_summary(delivery);

	(void)arg;
	mx_log(MX_LOG_INFO, "test message %s to %s: %s", delivery->id,
	    delivery->group != NULL ? delivery->group : "a mailbox", summary);
	free(summary);
}

/* The run may not be freed inside its own callback. */
static void
on_over(void *arg)
{
	struct mx_serve_deliver *deliver = arg;

	mx_timer_start(deliver->timer, 0);
}

static void
on_timer(void *arg)
{
	struct mx_serve_deliver *deliver = arg;
	const struct mx_deliver_hooks hooks = {
		.done = on_delivery, .over = on_over, .arg = deliver
	};

	if (deliver->run != NULL) {
		mx_deliver_stop(deliver->run);
		deliver->run = NULL;
		schedule(deliver);
		return;
	}
	deliver->began_us = mx_clock_wall_us();
	deliver->run = mx_deliver_start(&deliver->params, &hooks);
}

/* ---- the set-up ---- */

static void
set_params(struct mx_serve_deliver *deliver)
{
	const struct mx_watch_params *watch = &deliver->setup->watch;
	const struct mx_deliver_settings *settings = &deliver->settings;

	deliver->params = (struct mx_deliver_params){
		.loop = watch->host.loop,
		.resolver = watch->host.resolver,
		.store = watch->store,
		.catalogue = watch->host.catalogue,
		.rules = watch->host.rules,
		.route = &settings->route,
		.mail_from = settings->mail_from,
		.targets = settings->targets,
		.target_count = settings->box_count,
		.bounces =
		    settings->bounces.has_account ? &settings->bounces.account : NULL,
		.floors = settings->floors,
		.wait_us = WAIT_US,
		.poll_us = POLL_US,
	};
}

struct mx_serve_deliver *
mx_serve_deliver_new(const struct mx_serve_setup *setup, struct mx_error *err)
{
	const struct mx_config_values *values = setup->config.values;
	struct mx_serve_deliver *deliver;

	if (values->deliver.interval.us == 0)
		return NULL;
	deliver = mx_calloc(1, sizeof *deliver);
	deliver->setup = setup;
	mx_deliver_options_init(&deliver->options);
	for (unsigned i = 0; err->code == MX_OK && i < values->mailbox_count; i++)
		(void)!mx_deliver_operand(&deliver->options, values->mailboxes[i], err);
	if (err->code != MX_OK ||
	    mx_deliver_settings_make(&deliver->settings, &deliver->options,
		&setup->config, false, err) != MX_OK) {
		mx_serve_deliver_free(deliver);
		return NULL;
	}
	set_params(deliver);
	deliver->timer = mx_timer_new(deliver->params.loop, on_timer, deliver);
	schedule(deliver);
	return deliver;
}

void
mx_serve_deliver_free(struct mx_serve_deliver *deliver)
{
	if (deliver == NULL)
		return;
	mx_deliver_stop(deliver->run);
	mx_timer_free(deliver->timer);
	mx_deliver_settings_clear(&deliver->settings);
	mx_deliver_options_clear(&deliver->options);
	free(deliver);
}
