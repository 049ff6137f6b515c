/* preflight.c - `mxprobe preflight`: is a source in order, before any session? */
#include <string.h>

#include "probe/base/log.h"
#include "probe/base/term.h"
#include "probe/cmd/options.h"
#include "probe/cmd/preflight_options.h"
#include "probe/cmd/preflight_settings.h"
#include "probe/report/preflight_report.h"

#define NAGIOS_UNKNOWN 3

/** Everything one run holds; freed in one place. */
struct preflight {
	struct mx_cli *cli;
	struct mx_preflight_options options;
	struct mx_config config;
	struct mx_catalogue *catalogue;
	struct mx_preflight_settings settings;
	struct mx_preflight_report *report;
	struct mx_progress *progress;
};

static void
on_result(void *arg, const struct mx_preflight *result)
{
	struct preflight *run = arg;

	mx_progress_wipe(run->progress);
	mx_preflight_report_add(run->report, result);
}

static void
on_progress(void *arg, size_t done, size_t running, size_t total)
{
	struct preflight *run = arg;

	mx_progress_show(run->progress, done, running, total);
}

static enum mx_err
open_report(struct preflight *run, struct mx_error *err)
{
	struct mx_cli *cli = run->cli;
	struct mx_report_options look = {
		.color = mx_term_has_color(cli->out),
		.width = mx_term_width(cli->out),
		.quiet = cli->quiet,
		.catalogue = run->catalogue,
	};

	run->report = mx_preflight_report_new(run->options.format, cli->out, &look, err);
	return run->report != NULL ? MX_OK : err->code;
}

static enum mx_err
look_up(struct preflight *run, struct mx_error *err)
{
	struct mx_preflight_hooks hooks = {
		.result = on_result,
		.progress = run->cli->quiet ? NULL : on_progress,
		.arg = run,
	};
	enum mx_err code, written;

	run->progress = mx_progress_new(run->cli->err);
	code = mx_preflight_run(&run->settings.params, run->catalogue, &hooks, err);
	mx_progress_wipe(run->progress);
	written = code == MX_OK ? mx_preflight_report_finish(run->report, err) : MX_OK;
	return code != MX_OK ? code : written;
}

static enum mx_err
run_preflight(struct preflight *run, struct mx_error *err)
{
	enum mx_err code = mx_config_load(&run->config, run->cli->config_file, err);

	if (code == MX_OK && (run->catalogue = mx_catalogue_load(NULL, err)) == NULL)
		code = err->code;
	if (code == MX_OK)
		code = mx_preflight_settings_make(
		    &run->settings, &run->options, &run->config, run->catalogue, err);
	if (code == MX_OK)
		code = open_report(run, err);
	return code == MX_OK ? look_up(run, err) : code;
}

static void
clear(struct preflight *run)
{
	mx_progress_free(run->progress);
	mx_preflight_report_free(run->report);
	mx_preflight_settings_clear(&run->settings);
	mx_catalogue_free(run->catalogue);
	mx_config_clear(&run->config);
	mx_preflight_options_clear(&run->options);
}

/* Nagios shows standard output only, and knows no status above 3. */
static int
fail(struct preflight *run, const struct mx_error *err)
{
	if (strcmp(run->options.format, "nagios") != 0)
		return mx_cli_fail(run->cli, err);
	mx_report_nagios_failure(run->cli->out, err->text);
	if (fflush(run->cli->out) != 0)
		(void)mx_cli_fail(run->cli, err); /* at least there */
	return NAGIOS_UNKNOWN;
}

static int
preflight_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct preflight run = { .cli = cli };
	struct mx_error err = { 0 };
	int status = 0;

	mx_preflight_options_init(&run.options);
	if (mx_options_parse(
		cli, self, argc, argv, &run.options, mx_preflight_operand, &err) != MX_OK)
		status = mx_cli_fail(cli, &err);
	else if (cli->answered)
		status = 0;
	else if (run_preflight(&run, &err) != MX_OK)
		status = fail(&run, &err);
	else
		status = mx_preflight_report_status(run.report);
	clear(&run);
	return status;
}

const struct mx_command mx_cmd_preflight = {
	.name = "preflight",
	.summary =
	    "Look up whether a source, its HELO name and its sender are in order; no "
	    "session.",
	.synopsis = "--source WHERE... [OPTION...]",
	.notes =
	    "Exit status: 0 all pass, 1 something fails, 2 something warns, 3 something "
	    "is unknown, in this order; 4 a failure on our side, 64 wrong usage, 78 "
	    "wrong configuration.",
	.manual = "mxprobe-preflight(1)",
	.options = mx_preflight_option_rows,
	.run = preflight_run,
};
