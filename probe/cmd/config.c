/* config.c - `mxprobe config`: is the file right, and what does it come to? */
#include "probe/cmd/actions.h"
#include "probe/cmd/config_doubts.h"
#include "probe/cmd/config_show.h"
#include "probe/cmd/options.h"
#include "probe/cmd/settings.h"
#include "probe/plan/mailbox.h"
#include "probe/watch/cron.h"

struct config_options {
	const char *action;
	bool is_json;
};

/** One run; everything in it is right by the time an action sees it. */
struct config_run {
	struct mx_cli *cli;
	struct config_options options;
	struct mx_config config;
	struct mx_catalogue *catalogue;
};

static enum mx_err
take_format(void *into, const char *value, struct mx_error *err)
{
	static const char *const formats[] = { "yaml", "json" };
	struct config_options *o = into;
	size_t index = 0;
	enum mx_err code = mx_value_choice("--format", value, formats, 2, &index, err);

	o->is_json = index == 1;
	return code;
}

/* clang-format off */
static const struct mx_option option_rows[] = {
	{ "show", 'f', "format", "yaml|json", "How to show it. Default yaml.", take_format },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

/* ---- is it right? ---- */

static enum mx_err
check_alert_mailboxes(const struct mx_config *config, struct mx_error *err)
{
	for (unsigned i = 0; i < config->values->alert_count; i++) {
		const struct mx_config_mail *mail = config->values->alerts[i].mail;

		for (unsigned k = 0; mail != NULL && k < mail->to_count; k++) {
			struct mx_error why = { 0 };
			char ascii[MX_MAILBOX_MAX], field[64];

			snprintf(field, sizeof field, "alerts[%u].mail.to[%u]", i, k);
			if (mx_mailbox_check(
				"mailbox", mail->to[k], false, ascii, &why) != MX_OK)
				return mx_config_fault(config, field, why.text, err);
		}
	}
	return MX_OK;
}

static enum mx_err
check_report_times(const struct mx_config *config, struct mx_error *err)
{
	for (unsigned i = 0; i < config->values->report_count; i++) {
		struct mx_cron cron;
		const char *why;
		char field[32];

		if (mx_cron_parse(config->values->reports[i].at, &cron, &why))
			continue;
		(void)snprintf(field, sizeof field, "reports[%u].at", i);
		return mx_config_fault(config, field, why, err);
	}
	return MX_OK;
}

static enum mx_err
check_file(struct config_run *run, struct mx_error *err)
{
	struct mx_check_options none;
	struct mx_settings settings = { 0 };
	enum mx_err code;

	mx_check_options_init(&none);
	code = mx_settings_from_file(&settings, &none, &run->config, run->catalogue, err);
	mx_settings_clear(&settings);
	mx_check_options_clear(&none);
	if (code == MX_OK)
		code = check_report_times(&run->config, err);
	return code == MX_OK ? check_alert_mailboxes(&run->config, err) : code;
}

static int
run_check(struct config_run *run)
{
	const char *path = run->config.path;
	unsigned doubts;

	if (path == NULL) {
		if (!run->cli->quiet)
			fprintf(run->cli->out,
			    "there is no configuration file; every key has its default\n");
		return 0;
	}
	doubts = mx_config_doubts(run->cli->out, &run->config, run->catalogue);
	if (run->cli->quiet)
		return 0;
	if (doubts == 0)
		fprintf(run->cli->out, "%s: in order\n", path);
	else
		fprintf(run->cli->out, "%s: in order, with %u warning%s\n", path, doubts,
		    doubts == 1 ? "" : "s");
	return 0;
}

static int
run_show(struct config_run *run)
{
	mx_config_show(run->cli->out, &run->config, run->options.is_json);
	return 0;
}

/* ---- the command ---- */

static const struct action {
	const char *name;
	int (*run)(struct config_run *run);
} action_rows[] = {
	{ "check", run_check },
	{ "show", run_show },
};
static const struct mx_actions actions =
    MX_ACTIONS("config", "the configuration", action_rows);

static enum mx_err
take_action(void *into, const char *word, struct mx_error *err)
{
	struct config_options *o = into;

	return mx_action_take(&actions, &o->action, word, err);
}

static int
run_action(struct config_run *run, const struct action *action, struct mx_error *err)
{
	enum mx_err code = mx_config_load(&run->config, run->cli->config_file, err);

	if (code == MX_OK) {
		run->catalogue = mx_catalogue_load(NULL, err);
		code = run->catalogue != NULL ? check_file(run, err) : err->code;
	}
	if (code != MX_OK)
		return mx_cli_fail(run->cli, err);
	return action->run(run);
}

static int
config_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct config_run run = { .cli = cli };
	struct mx_error err = { 0 };
	const struct action *action;
	int status = 0;

	if (mx_options_parse(cli, self, argc, argv, &run.options, take_action, &err) !=
	    MX_OK)
		return mx_cli_fail(cli, &err);
	if (cli->answered)
		return 0;
	action = mx_action_find(&actions, run.options.action, &err);
	if (action == NULL)
		return mx_cli_fail(cli, &err);
	status = run_action(&run, action, &err);
	mx_catalogue_free(run.catalogue);
	mx_config_clear(&run.config);
	return status;
}

const struct mx_command mx_cmd_config = {
	.name = "config",
	.summary = "Check the configuration file, or show what it comes to.",
	.synopsis = "check|show [OPTION...]",
	.notes =
	    "Exit status: 0 it is in order, 4 a failure on our side, 64 wrong usage, "
	    "78 wrong configuration.",
	.manual = "mxprobe-config(1)",
	.options = option_rows,
	.run = config_run,
};
