/* alert.c - `mxprobe alert test`: would they hear of it? */
#include <stdlib.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/ulid.h"
#include "probe/cmd/actions.h"
#include "probe/cmd/options.h"
#include "probe/config/config.h"
#include "probe/watch/alert/notice.h"
#include "probe/watch/alert/send.h"

#define ALL_RECEIVERS (-1)
#define HOST_MOST 256

struct alert_options {
	const char *action;
	long receiver; /* or ALL_RECEIVERS */
	struct mx_addr_list dns_servers;
};

/** One run: receivers one after the other. */
struct trial {
	struct mx_cli *cli;
	struct alert_options options;
	struct mx_config config;
	struct mx_receiver *receivers;
	size_t count, at;
	struct mx_send_tools tools;
	char id[MX_ULID_TEXT];
	char *body;
	bool has_failed;
};

static enum mx_err
take_receiver(void *into, const char *value, struct mx_error *err)
{
	struct alert_options *o = into;

	return mx_value_number("--receiver", value, 0, 9999, &o->receiver, err);
}

static enum mx_err
take_dns_server(void *into, const char *value, struct mx_error *err)
{
	struct alert_options *o = into;

	return mx_value_dns_server(value, &o->dns_servers, err);
}

/* clang-format off */
static const struct mx_option option_rows[] = {
	{ "test", 'r', "receiver", "N",
	    "Only this entry of alerts, the first being 0. Default: all.", take_receiver },
	MX_ROW_DNS_SERVER(take_dns_server),
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

/* ---- one after the other ---- */

static void send_next(void *arg);

static void
on_sent(void *arg, const struct mx_send_outcome *outcome)
{
	struct trial *trial = arg;
	const struct mx_receiver *receiver = &trial->receivers[trial->at++];
	bool is_taken = outcome->end == MX_SEND_TAKEN;

	trial->has_failed |= !is_taken;
	if (!is_taken || !trial->cli->quiet)
		fprintf(trial->cli->out, "%s: %s: %s\n", receiver->name,
		    is_taken ? "taken" : "not taken", outcome->why);
	(void)fflush(trial->cli->out);
	send_next(trial);
}

static void
send_next(void *arg)
{
	struct trial *trial = arg;
	long wanted = trial->options.receiver;

	if (wanted != ALL_RECEIVERS && trial->at <= (size_t)wanted)
		trial->at = (size_t)wanted;
	else if (wanted != ALL_RECEIVERS)
		trial->at = trial->count;
	if (trial->at >= trial->count) {
		mx_loop_stop(trial->tools.loop);
		return;
	}
	mx_send_start(&trial->receivers[trial->at], &trial->tools,
	    &(struct mx_send_notice){
		.id = trial->id,
		.topic = "test",
		.body = trial->body,
		.created_us = mx_clock_wall_us(),
	    },
	    on_sent, trial);
}

static void
write_notice(struct trial *trial)
{
	struct mx_notice *notice =
	    mx_notice_new(mx_ulid_new(trial->id), mx_clock_wall_us(), NULL);
	char host[HOST_MOST] = "";

	if (gethostname(host, sizeof host - 1) != 0)
		host[0] = '\0';
	mx_notice_make_test(notice, *host != '\0' ? host : "this host");
	trial->body = mx_notice_text(notice);
	mx_notice_free(notice);
}

static enum mx_err
send_all(struct trial *trial, struct mx_error *err)
{
	const struct mx_config_values *values = trial->config.values;
	struct mx_resolver_params names = {
		.servers = trial->options.dns_servers.items,
		.server_count = trial->options.dns_servers.count,
	};
	struct mx_loop *loop = mx_loop_new(err);
	struct mx_resolver *resolver = NULL;

	if (loop != NULL)
		resolver = mx_resolver_new(loop, &names, err);
	if (resolver != NULL) {
		trial->tools = (struct mx_send_tools){
			.loop = loop,
			.resolver = resolver,
			.fetcher = mx_fetcher_new(loop, NULL),
			.mail_from = values->mail_from,
			.via = values->deliver.via,
			.password_file = values->deliver.password_file,
			.ca_file = values->deliver.ca_file,
		};
		write_notice(trial);
		mx_loop_defer(loop, send_next, trial);
		mx_loop_run(loop);
		mx_fetcher_free(trial->tools.fetcher);
		mx_resolver_free(resolver);
	}
	mx_loop_free(loop);
	free(trial->body);
	return err->code;
}

/* ---- the command ---- */

static enum mx_err
check_receivers(const struct trial *trial, struct mx_error *err)
{
	if (trial->config.path == NULL)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "there is no configuration file, so there is nobody to tell; name one "
		    "with --config");
	if (trial->count == 0)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "%s: alerts and reports are empty, so there is nobody to tell; see mxprobe.yaml(5)",
		    trial->config.path);
	if (trial->options.receiver >= (long)trial->config.values->alert_count)
		return mx_error_set(err, MX_ERR_USAGE,
		    "--receiver: %ld: %s has %u alerts, the first is 0",
		    trial->options.receiver, trial->config.path,
		    trial->config.values->alert_count);
	return MX_OK;
}

static enum mx_err
run_test(struct trial *trial, struct mx_error *err)
{
	struct mx_config *config = &trial->config;

	if (mx_config_load(config, trial->cli->config_file, err) == MX_OK &&
	    mx_receivers_make(config->values, &trial->receivers, &trial->count, err) ==
		MX_OK &&
	    check_receivers(trial, err) == MX_OK)
		(void)send_all(trial, err);
	mx_receivers_free(trial->receivers, trial->count);
	mx_config_clear(config);
	return err->code;
}

static const struct action {
	const char *name;
	enum mx_err (*run)(struct trial *trial, struct mx_error *err);
} action_rows[] = {
	{ "test", run_test },
};
static const struct mx_actions actions = MX_ACTIONS("alert", "the alerts", action_rows);

static enum mx_err
take_action(void *into, const char *word, struct mx_error *err)
{
	struct alert_options *o = into;

	return mx_action_take(&actions, &o->action, word, err);
}

static int
run_action(struct trial *trial, const struct mx_command *self, int argc, char **argv)
{
	struct mx_error err = { 0 };
	const struct action *action = NULL;

	if (mx_options_parse(trial->cli, self, argc, argv, &trial->options, take_action,
		&err) == MX_OK &&
	    !trial->cli->answered)
		action = mx_action_find(&actions, trial->options.action, &err);
	if (action != NULL)
		(void)!action->run(trial, &err);
	if (err.code != MX_OK)
		return mx_cli_fail(trial->cli, &err);
	return trial->has_failed ? mx_err_exit_status(MX_ERR_SYSTEM) : 0;
}

static int
run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct trial trial = { .cli = cli, .options = { .receiver = ALL_RECEIVERS } };
	int status = run_action(&trial, self, argc, argv);

	free(trial.options.dns_servers.items);
	return status;
}

const struct mx_command mx_cmd_alert = {
	.name = "alert",
	.summary = "send a test alert to those who are told of changes",
	.synopsis = "test [OPTION...]",
	.notes = "Exit status: 0 every receiver took it, 4 one did not, 64 usage, 78 "
		 "configuration.",
	.manual = "mxprobe-alert(1)",
	.options = option_rows,
	.run = run,
};
