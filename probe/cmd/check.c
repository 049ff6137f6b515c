/* check.c - `mxprobe check`: probe now, and say what was found. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/term.h"
#include "probe/cmd/check_options.h"
#include "probe/cmd/options.h"
#include "probe/cmd/settings.h"
#include "probe/report/plan.h"
#include "probe/report/report.h"
#include "probe/store/history.h"
#include "probe/store/store.h"
#include "probe/verdict/rules.h"
#include "probe/watch/follow.h"

#define NAGIOS_UNKNOWN 3

/** Everything one run holds; freed in one place. */
struct check {
	struct mx_cli *cli;
	struct mx_check_options options;
	struct mx_config config;
	struct mx_catalogue *catalogue;
	struct mx_rules *rules;
	struct mx_settings settings;
	struct mx_report_options look;
	struct mx_report *report;
	struct mx_progress *progress;
	struct mx_exit_tally tally;
	struct mx_store
	    *store; /* NULL: a dry run where nothing has been remembered yet */
};

/* base/log asks for no argument, and there is one terminal. */
static struct mx_progress *shown_progress;

static void
wipe_progress(void)
{
	mx_progress_wipe(shown_progress);
}

static void
on_result(void *arg, const struct mx_result *result)
{
	struct check *check = arg;

	wipe_progress();
	mx_exit_tally_add(&check->tally, result);
	mx_report_result(check->report, result);
	if (check->store != NULL && !check->options.is_dry)
		mx_follow_result(
		    check->store, &check->settings.limits.rules, result, NULL, NULL);
}

static void
on_plan(void *arg, const struct mx_result *visit, const char *why_not)
{
	struct check *check = arg;

	if (strcmp(check->options.format, "json") == 0)
		mx_plan_json(check->cli->out, visit, why_not);
	else
		mx_plan_line(check->cli->out, visit, why_not);
}

static void
on_line(void *arg, const char *tag, const struct mx_line *line)
{
	struct check *check = arg;

	wipe_progress();
	mx_report_dialogue(check->cli->err, &check->look, tag, line);
}

static void
on_progress(void *arg, size_t done, size_t running, size_t total)
{
	struct check *check = arg;

	mx_progress_show(check->progress, done, running, total);
}

static void
on_warning(void *arg, const char *text)
{
	(void)arg;
	mx_log(MX_LOG_WARNING, "%s", text);
}

static enum mx_err
load_knowledge(struct check *check, struct mx_error *err)
{
	check->catalogue = mx_catalogue_load(NULL, err);
	if (check->catalogue == NULL)
		return err->code;
	check->rules = mx_rules_load(check->catalogue, err);
	return check->rules != NULL ? MX_OK : err->code;
}

/* No session that could not be remembered; a dry run only looks. */
static enum mx_err
open_store(struct check *check, struct mx_error *err)
{
	const char *given = check->options.store != NULL ? check->options.store
							 : check->config.values->store;
	char *path = mx_store_path(given, err);

	if (path == NULL)
		return err->code;
	if (!check->options.is_dry)
		check->store = mx_store_open(path, MX_STORE_WRITE, err);
	else if (access(path, F_OK) == 0)
		check->store = mx_store_open(path, MX_STORE_READ, err);
	free(path);
	check->settings.params.store = check->store;
	check->settings.params.waits = check->options.waits;
	check->settings.params.is_dry = check->options.is_dry;
	return err->code;
}

static enum mx_err
open_report(struct check *check, struct mx_error *err)
{
	struct mx_cli *cli = check->cli;

	check->look = (struct mx_report_options){
		.color = mx_term_has_color(cli->out),
		.width = mx_term_width(cli->out),
		.quiet = cli->quiet,
		.show_mailbox = cli->verbose >= 2,
		.catalogue = check->catalogue,
	};
	check->report = mx_report_new(check->options.format, cli->out, &check->look, err);
	return check->report != NULL ? MX_OK : err->code;
}

/* By a few thousand rows at a time: whoever probes often forgets often. */
static void
tidy_store(const struct check *check)
{
	const struct mx_limits *limits = &check->settings.limits;
	int64_t now_us = mx_clock_wall_us();

	if (check->store != NULL)
		mx_store_tidy(check->store, now_us - limits->keep_results_us,
		    now_us - limits->keep_transcripts_us, NULL, NULL);
}

/* The dialogue scrolls by itself, a progress line between its lines only flickers. */
static enum mx_err
run_probe(struct check *check, struct mx_error *err)
{
	bool is_verbose = check->cli->verbose > 0;
	bool has_progress = !is_verbose && !check->cli->quiet;
	struct mx_probe_hooks hooks = {
		.result = on_result,
		.line = is_verbose ? on_line : NULL,
		.progress = has_progress ? on_progress : NULL,
		.warning = on_warning,
		.plan = on_plan,
		.arg = check,
	};
	enum mx_err code, written;

	check->progress = mx_progress_new(check->cli->err);
	shown_progress = check->progress;
	mx_log_set_before(wipe_progress);
	code = mx_probe_run(
	    &check->settings.params, check->catalogue, check->rules, &hooks, err);
	wipe_progress();
	/* Should we fail half-way, what was learned until then is still shown. */
	if (check->options.is_dry || (code != MX_OK && check->tally.results == 0))
		return code;
	written = mx_report_finish(check->report, err);
	tidy_store(check);
	if (code == MX_OK && written == MX_OK)
		code = mx_store_wait(check->store, err);
	return code != MX_OK ? code : written;
}

static enum mx_err
run_check(struct check *check, struct mx_error *err)
{
	enum mx_err code = mx_config_load(&check->config, check->cli->config_file, err);

	if (code == MX_OK)
		code = load_knowledge(check, err);
	if (code == MX_OK)
		code = mx_settings_make(&check->settings, &check->options, &check->config,
		    check->catalogue, err);
	if (code == MX_OK)
		code = open_store(check, err);
	if (code == MX_OK)
		code = open_report(check, err);
	return code == MX_OK ? run_probe(check, err) : code;
}

static void
clear_check(struct check *check)
{
	mx_log_set_before(NULL);
	shown_progress = NULL;
	mx_progress_free(check->progress);
	mx_report_free(check->report);
	mx_store_close(check->store);
	mx_settings_clear(&check->settings);
	mx_rules_free(check->rules);
	mx_catalogue_free(check->catalogue);
	mx_config_clear(&check->config);
	mx_check_options_clear(&check->options);
}

/* Nagios shows standard output only, and knows no status above 3. */
static int
fail(struct check *check, const struct mx_error *err)
{
	if (strcmp(check->options.format, "nagios") != 0)
		return mx_cli_fail(check->cli, err);
	mx_report_nagios_failure(check->cli->out, err->text);
	if (fflush(check->cli->out) != 0)
		(void)mx_cli_fail(check->cli, err); /* at least there */
	return NAGIOS_UNKNOWN;
}

static int
status_of(const struct check *check)
{
	return strcmp(check->options.format, "nagios") == 0
		   ? mx_exit_tally_nagios(&check->tally)
		   : mx_exit_tally_status(&check->tally);
}

static int
check_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct check check = { .cli = cli };
	struct mx_error err = { 0 };
	int status = 0;

	mx_check_options_init(&check.options);
	if (mx_options_parse(
		cli, self, argc, argv, &check.options, mx_check_operand, &err) != MX_OK)
		status = mx_cli_fail(cli, &err);
	else if (cli->answered)
		status = 0;
	else if (run_check(&check, &err) != MX_OK)
		status = fail(&check, &err);
	else if (!check.options.is_dry)
		status = status_of(&check);
	clear_check(&check);
	return status;
}

const struct mx_command mx_cmd_check = {
	.name = "check",
	.summary = "Probe now: open SMTP sessions from a chosen address and say what "
		   "the replies mean.",
	.synopsis = "--source WHERE... --to WHAT... [OPTION...] [WHAT...]",
	.notes = "Exit status: 0 accepted everywhere to the depth used, 1 blocked "
		 "somewhere, 2 refused or deferred otherwise, 3 nothing could be "
		 "learned of some, 4 a failure on our side, 64 wrong usage, 78 wrong "
		 "configuration.",
	.manual = "mxprobe-check(1)",
	.options = mx_check_option_rows,
	.run = check_run,
};
