/* deliver.c - `mxprobe deliver`: one real message to a mailbox of one's own, and where it landed. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/base/term.h"
#include "probe/cmd/deliver_settings.h"
#include "probe/cmd/deliver_view.h"
#include "probe/deliver/rejoin.h"
#include "probe/report/report.h"

#define POLL_US (3 * MX_SECOND_US)
#define BOUNCE_MAX ((size_t)8 * 1024 * 1024)

/** Everything one run holds; freed in one place. */
struct deliver {
	struct mx_cli *cli;
	struct mx_deliver_options options;
	struct mx_config config;
	struct mx_catalogue *catalogue;
	struct mx_rules *rules;
	struct mx_deliver_settings settings;
	struct mx_store *store;
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	struct mx_deliver *run;
	struct mx_deliver_look look;
	int status;
	bool is_interrupted;
};

/* ---- the run ---- */

static void
on_progress(void *arg, const struct mx_delivery *delivery, const char *what)
{
	struct deliver *d = arg;

	mx_deliver_view_progress(&d->look, delivery, what);
}

static void
on_delivery(void *arg, const struct mx_delivery *delivery)
{
	struct deliver *d = arg;

	d->status = mx_delivery_worse(d->status, mx_delivery_status(delivery));
	mx_deliver_view_result(&d->look, delivery);
}

static void
on_over(void *arg)
{
	struct deliver *d = arg;

	mx_loop_stop(d->loop);
}

static void
on_signal(void *arg, int signo)
{
	struct deliver *d = arg;

	(void)signo;
	d->is_interrupted = true;
	mx_loop_stop(d->loop);
}

static enum mx_err
open_network(struct deliver *d, struct mx_error *err)
{
	const struct mx_resolver_params params = {
		.servers = d->options.dns_servers.items,
		.server_count = d->options.dns_servers.count,
	};

	d->loop = mx_loop_new(err);
	if (d->loop == NULL || mx_store_attach(d->store, d->loop, err) != MX_OK)
		return err->code;
	d->resolver = mx_resolver_new(d->loop, &params, err);
	if (d->resolver == NULL)
		return err->code;
	mx_loop_on_signal(d->loop, SIGINT, on_signal, d);
	mx_loop_on_signal(d->loop, SIGTERM, on_signal, d);
	mx_loop_on_signal(d->loop, SIGHUP, on_signal, d);
	return MX_OK;
}

static enum mx_err
run(struct deliver *d, struct mx_error *err)
{
	const struct mx_deliver_settings *s = &d->settings;
	const struct mx_deliver_params params = {
		.loop = d->loop,
		.resolver = d->resolver,
		.store = d->store,
		.catalogue = d->catalogue,
		.rules = d->rules,
		.route = &s->route,
		.mail_from = s->mail_from,
		.targets = s->targets,
		.target_count = s->box_count,
		.bounces = s->bounces.has_account ? &s->bounces.account : NULL,
		.floors = s->floors,
		.wait_us = d->options.wait_us,
		.poll_us = POLL_US,
		.clean = d->options.clean,
	};
	const struct mx_deliver_hooks hooks = { on_progress, on_delivery, on_over, d };

	d->run = mx_deliver_start(&params, &hooks);
	mx_loop_run(d->loop);
	mx_deliver_stop(d->run);
	if (d->is_interrupted)
		return mx_error_set(err, MX_ERR_SYSTEM,
		    "interrupted; what was sent is on its way all the same");
	return mx_store_wait(d->store, err);
}

/* ---- a bounce ---- */

static enum mx_err
read_all(const char *path, struct mx_buf *out, struct mx_error *err)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char block[8192];
	size_t len;

	if (file == NULL)
		return mx_error_set(
		    err, MX_ERR_USAGE, "--bounce: %s can't be read", path);
	while ((len = fread(block, 1, sizeof block, file)) > 0)
		if (!mx_buf_add(out, block, len)) {
			mx_error_set(
			    err, MX_ERR_USAGE, "--bounce: %s is larger than 8 MiB", path);
			break;
		}
	if (file != stdin)
		(void)fclose(file);
	return err->code;
}

static enum mx_err
take_bounce(struct deliver *d, struct mx_error *err)
{
	struct mx_rejoined joined = { 0 };
	struct mx_buf bytes;

	mx_buf_init(&bytes, BOUNCE_MAX);
	if (read_all(d->options.bounce, &bytes, err) == MX_OK &&
	    mx_rejoin_bounce(d->store, d->catalogue, d->rules,
		bytes.data != NULL ? bytes.data : "", bytes.len, &joined, err) == MX_OK) {
		const struct mx_delivery as_is = { .verdict = joined.verdict };

		d->status = mx_delivery_status(&as_is);
		mx_deliver_view_rejoined(&d->look, &joined);
	}
	mx_rejoined_clear(&joined);
	mx_buf_clear(&bytes);
	return err->code == MX_OK ? mx_store_wait(d->store, err) : err->code;
}

/* ---- getting ready ---- */

static enum mx_err
load(struct deliver *d, struct mx_error *err)
{
	const char *given;
	char *path;

	if (mx_config_load(&d->config, d->cli->config_file, err) != MX_OK)
		return err->code;
	d->catalogue = mx_catalogue_load(NULL, err);
	if (d->catalogue == NULL)
		return err->code;
	d->rules = mx_rules_load(d->catalogue, err);
	if (d->rules == NULL)
		return err->code;
	if (d->options.bounce == NULL && mx_deliver_settings_make(&d->settings,
					     &d->options, &d->config, true, err) != MX_OK)
		return err->code;
	given = d->options.store != NULL ? d->options.store : d->config.values->store;
	path = mx_store_path(given, err);
	if (path != NULL)
		d->store = mx_store_open(path, MX_STORE_WRITE, err);
	free(path);
	return err->code;
}

static enum mx_err
work(struct deliver *d, struct mx_error *err)
{
	d->look = (struct mx_deliver_look){
		.out = d->cli->out,
		.err = d->cli->err,
		.width = mx_term_is_tty(d->cli->out) ? mx_term_width(d->cli->out) : 0,
		.is_json = d->options.is_json,
		.is_quiet = d->cli->quiet,
		.is_talkative = d->cli->verbose > 0 || mx_term_is_tty(d->cli->err),
	};
	if (load(d, err) != MX_OK)
		return err->code;
	if (d->options.bounce != NULL)
		return take_bounce(d, err);
	if (open_network(d, err) != MX_OK)
		return err->code;
	return run(d, err);
}

static void
clean_up(struct deliver *d)
{
	if (d->store != NULL)
		mx_store_detach(d->store);
	mx_resolver_free(d->resolver);
	mx_loop_free(d->loop);
	mx_store_close(d->store);
	mx_deliver_settings_clear(&d->settings);
	mx_rules_free(d->rules);
	mx_catalogue_free(d->catalogue);
	mx_config_clear(&d->config);
	mx_deliver_options_clear(&d->options);
}

static int
deliver_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct deliver d = { .cli = cli };
	struct mx_error err = { 0 };

	mx_deliver_options_init(&d.options);
	if (mx_options_parse(
		cli, self, argc, argv, &d.options, mx_deliver_operand, &err) != MX_OK ||
	    cli->answered) {
		mx_deliver_options_clear(&d.options);
		return err.code != MX_OK ? mx_cli_fail(cli, &err) : 0;
	}
	if (work(&d, &err) != MX_OK)
		d.status = mx_cli_fail(cli, &err);
	clean_up(&d);
	return d.status;
}

const struct mx_command mx_cmd_deliver = {
	.name = "deliver",
	.summary =
	    "Send one real test message to a mailbox of your own, and see where it "
	    "lands.",
	.synopsis = "--to MAILBOX... [--via URL] [OPTION...]",
	.notes =
	    "The message leaves through your own relay; nothing is ever sent to an MX "
	    "directly. "
	    "Exit status: 0 delivered (or accepted, where nobody looks), 1 blocked "
	    "somewhere, 2 refused, deferred or in junk, 3 not found or nothing learned, "
	    "4 a failure on our side, 64 wrong usage, 78 wrong configuration.",
	.manual = "mxprobe-deliver(1)",
	.options = mx_deliver_option_rows,
	.run = deliver_run,
};
