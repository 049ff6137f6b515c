/* serve.c - `mxprobe serve`: the watch with a loop, signals, a log and a service manager around it. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/notify.h"
#include "probe/cmd/options.h"
#include "probe/cmd/serve_log.h"
#include "probe/cmd/serve_parts.h"
#include "probe/cmd/serve_setup.h"
#include "probe/net/stream.h"
#include "probe/run/sts_cache.h"
#include "probe/verdict/rules.h"

/* A service manager counts ten seconds as long; we are gone by then. */
#define STOP_US (9 * MX_SECOND_US)
#define LINGER_POLL_US (MX_SECOND_US / 100)
/* A loop that is so late keeps sessions waiting. */
#define SLOW_US MX_SECOND_US

/** The command line. The options of a check come first, so that their functions can be used. */
struct serve_options {
	struct mx_check_options session;
	const char *log;    /* "text", "logfmt", "json"; NULL: by where stderr leads */
	const char *listen; /* NULL: as configured */
};

struct serve {
	struct mx_cli *cli;
	struct serve_options options;
	struct mx_catalogue *catalogue;
	struct mx_rules *rules;
	struct mx_probe_host host;
	struct mx_store *store;
	struct mx_watch *watch;
	const struct mx_serve_setup *setup; /* the watch's */
	struct mx_serve_parts parts;
	struct mx_timer *minute, *watchdog, *end;
	int64_t beat_us;       /* of the watchdog, the last one */
	char reload_why[1024]; /* why the last reload was refused; "" */
	bool is_stopping;
	unsigned running; /* the watch and the parts, while they stop */
	bool is_late;     /* and did not stop in time */
};

/* ---- what others are told ---- */

static void
tell_status(struct serve *serve)
{
	struct mx_watch_counts counts;
	char text[1280];

	mx_watch_counts(serve->watch, &counts);
	if (*serve->reload_why == '\0')
		snprintf(text, sizeof text, "STATUS=%zu pairs, %zu blocked", counts.pairs,
		    counts.by_state[MX_STATE_BLOCKED]);
	else
		snprintf(text, sizeof text,
		    "STATUS=%zu pairs, %zu blocked; not reloaded: %s", counts.pairs,
		    counts.by_state[MX_STATE_BLOCKED], serve->reload_why);
	mx_notify(text);
}

static void
on_result(void *arg, const struct mx_result *result)
{
	(void)arg;
	mx_serve_log_result(result);
}

static void
on_event(void *arg, const struct mx_store_event *event)
{
	struct serve *serve = arg;

	mx_serve_log_event(event);
	mx_alerts_poke(serve->parts.alerts);
	mx_web_tell_event(serve->parts.web, event);
	tell_status(serve);
}

static void
on_stored(void *arg, const char *source, const char *group, const char *result)
{
	struct serve *serve = arg;

	mx_web_tell_result(serve->parts.web, source, group, result);
}

static void
on_schedule(void *arg, const char *source, const char *group)
{
	struct serve *serve = arg;

	mx_web_tell_schedule(serve->parts.web, source, group);
}

static void
on_pairs(void *arg)
{
	struct serve *serve = arg;

	mx_web_tell_pairs(serve->parts.web);
}

static void
on_checks(void *arg, const char *source)
{
	struct serve *serve = arg;

	mx_web_tell_checks(serve->parts.web, source);
}

static void
on_warning(void *arg, const char *text)
{
	(void)arg;
	mx_log(MX_LOG_WARNING, "%s", text);
}

/* ---- the loop's own health ---- */

static void
on_minute(void *arg)
{
	struct serve *serve = arg;

	tell_status(serve);
	mx_timer_start(serve->minute, MX_MINUTE_US);
}

/* Sent from the loop, so that a loop that hangs is missed; one that is slow is told of. */
static void
on_watchdog(void *arg)
{
	struct serve *serve = arg;
	int64_t now_us = mx_clock_mono_us(), every_us = mx_notify_watchdog_us() / 2;
	int64_t late_us = now_us - serve->beat_us - every_us;

	if (late_us > SLOW_US && serve->beat_us > 0)
		mx_log(MX_LOG_WARNING, "the event loop was busy for %lld ms",
		    (long long)(late_us / 1000));
	serve->beat_us = now_us;
	mx_notify("WATCHDOG=1");
	mx_timer_start(serve->watchdog, every_us);
}

/* ---- the configuration ---- */

static struct mx_serve_setup *
load_setup(struct serve *serve, struct mx_error *err)
{
	struct mx_serve_setup *setup = mx_serve_setup_load(
	    serve->cli, &serve->options.session, serve->catalogue, err);

	if (setup == NULL)
		return NULL;
	setup->watch.host = serve->host;
	setup->watch.store = serve->store;
	setup->watch.host.catalogue = serve->catalogue;
	setup->watch.host.rules = serve->rules;
	return setup;
}

static enum mx_err
take_setup(struct serve *serve, struct mx_error *err)
{
	struct mx_serve_setup *setup = load_setup(serve, err);

	if (setup == NULL)
		return err->code;
	if (mx_serve_parts_reload(&serve->parts, setup, serve->setup, err) != MX_OK) {
		mx_serve_setup_free(setup);
		return err->code;
	}
	if (mx_watch_reload(serve->watch, &setup->watch, err) != MX_OK) {
		struct mx_error ignored = { 0 };

		(void)!mx_serve_parts_reload(
		    &serve->parts, serve->setup, serve->setup, &ignored);
		mx_serve_setup_free(setup);
		return err->code;
	}
	serve->setup = setup;
	return MX_OK;
}

static enum mx_err
reload(struct serve *serve, struct mx_error *err)
{
	mx_notify_reloading();
	serve->reload_why[0] = '\0';
	if (take_setup(serve, err) == MX_OK) {
		mx_log(MX_LOG_INFO, "the configuration was read again");
	} else {
		snprintf(serve->reload_why, sizeof serve->reload_why, "%s", err->text);
		mx_log(MX_LOG_ERROR, "not reloaded, everything stays as it was: %s",
		    err->text);
	}
	mx_web_tell_reload(serve->parts.web, err->code == MX_OK);
	mx_notify("READY=1");
	tell_status(serve);
	return err->code;
}

static void
on_hangup(void *arg, int signo)
{
	struct serve *serve = arg;
	struct mx_error err = { 0 };

	(void)signo;
	if (!serve->is_stopping)
		(void)!reload(serve, &err);
}

static bool
on_web_reload(void *arg, struct mx_error *err)
{
	return reload(arg, err) == MX_OK;
}

/* ---- the end ---- */

/* Sockets may still wait for the last bytes, so that our QUIT is not lost to a reset. */
static void
on_end(void *arg)
{
	struct serve *serve = arg;

	if (serve->running > 0) {
		serve->is_late = true;
		mx_log(MX_LOG_WARNING, "sessions did not end in time: left as they are");
	}
	if (serve->is_late || mx_stream_lingering() == 0)
		mx_loop_stop(serve->host.loop);
	else
		mx_timer_start(serve->end, LINGER_POLL_US);
}

static void
on_part_stopped(void *arg)
{
	struct serve *serve = arg;

	if (--serve->running == 0)
		on_end(serve);
}

static void
on_stop(void *arg, int signo)
{
	struct serve *serve = arg;

	if (serve->is_stopping) { /* asked twice: no waiting */
		serve->is_late = true;
		mx_loop_stop(serve->host.loop);
		return;
	}
	serve->is_stopping = true;
	mx_notify("STOPPING=1\nSTATUS=stopping");
	mx_log(MX_LOG_INFO, "stopping: %s", signo == SIGTERM ? "SIGTERM" : "SIGINT");
	mx_timer_start(serve->end, STOP_US);
	serve->running = 2;
	mx_serve_parts_stop(&serve->parts, on_part_stopped, serve);
	mx_watch_stop(serve->watch, on_part_stopped, serve);
}

/* ---- the beginning ---- */

static enum mx_err
set_log(struct serve *serve, struct mx_error *err)
{
	static const char *const words[] = { "text", "logfmt", "json" };
	static const enum mx_log_style styles[] = { MX_LOG_PLAIN, MX_LOG_LOGFMT,
		MX_LOG_JSON };
	bool is_journal = mx_log_is_journal();
	size_t index = is_journal ? 1 : 0;

	if (serve->options.log != NULL &&
	    mx_value_choice("--log", serve->options.log, words, 3, &index, err) != MX_OK)
		return err->code;
	mx_log_set_style(styles[index], is_journal);
	mx_log_set_level(serve->cli->quiet         ? MX_LOG_WARNING
			 : serve->cli->verbose > 0 ? MX_LOG_DEBUG
						   : MX_LOG_INFO);
	return MX_OK;
}

static enum mx_err
load_knowledge(struct serve *serve, struct mx_error *err)
{
	serve->catalogue = mx_catalogue_load(NULL, err);
	if (serve->catalogue != NULL)
		serve->rules = mx_rules_load(serve->catalogue, err);
	return err->code;
}

static enum mx_err
open_host(struct serve *serve, struct mx_error *err)
{
	const struct mx_check_options *options = &serve->options.session;
	struct mx_resolver_params resolver = {
		.servers = options->dns_servers.items,
		.server_count = options->dns_servers.count,
		.trust_anchor = options->trust_anchor,
	};
	struct mx_probe_host *host = &serve->host;

	if ((host->loop = mx_loop_new(err)) == NULL ||
	    (host->tls = mx_tls_new(options->ca_file, err)) == NULL ||
	    (host->resolver = mx_resolver_new(host->loop, &resolver, err)) == NULL)
		return err->code;
	host->sts_cache = mx_sts_cache_new();
	serve->minute = mx_timer_new(host->loop, on_minute, serve);
	serve->watchdog = mx_timer_new(host->loop, on_watchdog, serve);
	serve->end = mx_timer_new(host->loop, on_end, serve);
	mx_loop_on_signal(host->loop, SIGHUP, on_hangup, serve);
	mx_loop_on_signal(host->loop, SIGTERM, on_stop, serve);
	mx_loop_on_signal(host->loop, SIGINT, on_stop, serve);
	return MX_OK;
}

static enum mx_err
open_store(struct serve *serve, const char *configured, struct mx_error *err)
{
	const char *given = serve->options.session.store;
	char *path = mx_store_path(given != NULL ? given : configured, err);

	if (path == NULL)
		return err->code;
	serve->store = mx_store_open(path, MX_STORE_WRITE, err);
	free(path);
	return serve->store != NULL ? mx_store_attach(serve->store, serve->host.loop, err)
				    : err->code;
}

static enum mx_err
open_watch(struct serve *serve, struct mx_serve_setup *setup, struct mx_error *err)
{
	struct mx_watch_hooks hooks = {
		.result = on_result,
		.stored = on_stored,
		.event = on_event,
		.schedule = on_schedule,
		.pairs = on_pairs,
		.checks = on_checks,
		.warning = on_warning,
		.arg = serve,
	};

	setup->watch.store = serve->store;
	serve->watch = mx_watch_new(&setup->watch, &hooks, err);
	if (serve->watch == NULL)
		return err->code;
	serve->setup = setup;
	serve->parts = (struct mx_serve_parts){
		.watch = serve->watch,
		.listen = serve->options.listen,
		.reload = on_web_reload,
		.reload_arg = serve,
	};
	return MX_OK;
}

/* The store's place is in the configuration, what the watch is told names the store. */
static enum mx_err
open_all(struct serve *serve, struct mx_error *err)
{
	struct mx_serve_setup *setup;

	if (set_log(serve, err) != MX_OK || load_knowledge(serve, err) != MX_OK ||
	    open_host(serve, err) != MX_OK || (setup = load_setup(serve, err)) == NULL)
		return err->code;
	if (open_store(serve, setup->config.values->store, err) != MX_OK ||
	    open_watch(serve, setup, err) != MX_OK) {
		mx_serve_setup_free(setup);
		return err->code;
	}
	return mx_serve_parts_open(&serve->parts, setup, err);
}

/* Port 0 was chosen by the kernel, and systemd's socket by somebody else. */
static void
tell_where(const struct serve *serve)
{
	char text[MX_ADDR_TEXT];

	if (serve->parts.web != NULL)
		mx_log(MX_LOG_INFO, "the page is at http%s://%s/",
		    mx_web_has_tls(serve->parts.web) ? "s" : "",
		    mx_addr_text_port(mx_web_addr(serve->parts.web), text));
}

static void
work(struct serve *serve)
{
	struct mx_watch_counts counts;

	tell_where(serve);
	mx_watch_counts(serve->watch, &counts);
	mx_log(MX_LOG_INFO, "watching %zu %s, remembered in %s", counts.pairs,
	    counts.pairs == 1 ? "pair" : "pairs", mx_store_file(serve->store));
	mx_notify("READY=1");
	tell_status(serve);
	mx_timer_start(serve->minute, MX_MINUTE_US);
	if (mx_notify_watchdog_us() > 0)
		on_watchdog(serve);
	mx_loop_run(serve->host.loop);
}

static void
clear(struct serve *serve)
{
	mx_serve_parts_close(&serve->parts);
	if (!serve->is_late)
		mx_watch_free(serve->watch);
	mx_timer_free(serve->minute);
	mx_timer_free(serve->watchdog);
	mx_timer_free(serve->end);
	mx_resolver_free(serve->host.resolver);
	mx_sts_cache_free(serve->host.sts_cache);
	if (serve->store != NULL)
		mx_store_detach(serve->store);
	mx_store_close(serve->store);
	mx_loop_free(serve->host.loop);
	mx_tls_free(serve->host.tls);
	mx_rules_free(serve->rules);
	mx_catalogue_free(serve->catalogue);
	mx_check_options_clear(&serve->options.session);
	mx_log_set_style(MX_LOG_PLAIN, false);
}

static int
serve_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct serve serve = { .cli = cli };
	struct mx_error err = { 0 };
	int status = 0;

	mx_check_options_init(&serve.options.session);
	if (mx_options_parse(
		cli, self, argc, argv, &serve.options, mx_check_operand, &err) == MX_OK &&
	    !cli->answered && open_all(&serve, &err) == MX_OK)
		work(&serve);
	clear(&serve);
	if (err.code != MX_OK)
		status = mx_cli_fail(cli, &err);
	return status;
}

/* ---- the command line ---- */

static enum mx_err
take_log(void *into, const char *value, struct mx_error *err)
{
	struct serve_options *o = into;

	(void)err; /* checked where it is used */
	o->log = value;
	return MX_OK;
}

static enum mx_err
take_listen(void *into, const char *value, struct mx_error *err)
{
	struct serve_options *o = into;

	(void)err; /* checked where it is used */
	o->listen = value;
	return MX_OK;
}

/* clang-format off */
static const struct mx_option option_rows[] = {
	{ "What to watch, instead of what the configuration says", 's', "source", "WHERE",
	    "Leave from this address of this host: an IP address, a CIDR block, an interface, or "
	    "@FILE. Repeatable.", mx_take_source },
	{ NULL, 't', "to", "WHAT", "A domain, a provider of the catalogue, or @FILE. Repeatable.",
	    mx_check_operand },
	{ NULL, 'f', "mail-from", "MAILBOX", "The sender, a mailbox of your own.", mx_take_mail_from },
	MX_ROW_STORE(NULL, "everything", mx_take_store),

	{ "How", 0, "listen", "ADDRESS:PORT|none",
	    "Where the page, the metrics and the API are. Default: 127.0.0.1:9925.", take_listen },
	{ NULL, 0, "log", "text|logfmt|json",
	    "One record a line on standard error. Default: logfmt where that is systemd's journal, "
	    "else text.", take_log },
	MX_ROWS_CONNECT,
	MX_ROWS_TLS,
	MX_ROWS_PATIENCE,
	MX_ROWS_DNS,
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

const struct mx_command mx_cmd_serve = {
	.name = "serve",
	.summary =
	    "Watch every source at every provider: a schedule, states, a log; until "
	    "it is stopped.",
	.synopsis = "[OPTION...]",
	.notes =
	    "SIGHUP reads the configuration again, SIGTERM stops. Exit status: 0 stopped, "
	    "4 a failure on our side, 64 wrong usage, 78 wrong configuration.",
	.manual = "mxprobe-serve(1)",
	.options = option_rows,
	.run = serve_run,
};
