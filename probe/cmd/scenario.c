/* scenario.c - `mxprobe scenario`: scripted mail exchangers, listed, checked, played, tested. */
#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/cmd/actions.h"
#include "probe/cmd/scenario_actions.h"

/* clang-format off */
static const struct action {
	const char *name;
	int (*run)(struct mx_cli *cli, const struct mx_scenario_options *options,
	    const struct mx_scenario_files *files);
	bool has_default; /* without a FILE: the installed scenarios */
	bool takes_id;    /* the word behind it is no file */
} action_rows[] = {
	{ "list",   mx_scenario_list,        true,  false },
	{ "check",  mx_scenario_check_files, true,  false },
	{ "play",   mx_scenario_play,        false, false },
	{ "test",   mx_scenario_test,        true,  false },
	{ "record", mx_scenario_record,      false, true },
};
/* clang-format on */
static const struct mx_actions actions = MX_ACTIONS("scenario", "scenarios", action_rows);

struct mx_scenario **
mx_scenarios_load(const struct mx_scenario_files *files, struct mx_error *err)
{
	struct mx_scenario **scenarios = mx_calloc(files->count + 1, sizeof *scenarios);

	for (size_t i = 0; i < files->count; i++) {
		scenarios[i] = mx_scenario_load(files->paths[i], err);
		if (scenarios[i] == NULL) {
			mx_scenarios_free(scenarios, i);
			return NULL;
		}
	}
	return scenarios;
}

void
mx_scenarios_free(struct mx_scenario **scenarios, size_t count)
{
	if (scenarios == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		mx_scenario_free(scenarios[i]);
	free(scenarios);
}

int
mx_scenario_list(struct mx_cli *cli, const struct mx_scenario_options *options,
    const struct mx_scenario_files *files)
{
	struct mx_error err = { 0 };
	struct mx_scenario **scenarios = mx_scenarios_load(files, &err);

	(void)options;
	if (scenarios == NULL)
		return mx_cli_fail(cli, &err);
	for (size_t i = 0; i < files->count; i++)
		fprintf(cli->out, "%s\n    %s\n", files->paths[i], scenarios[i]->about);
	mx_scenarios_free(scenarios, files->count);
	return 0;
}

static enum mx_err
find_files(const struct action *action, const struct mx_scenario_options *options,
    struct mx_scenario_files *files, struct mx_error *err)
{
	enum mx_err result = MX_OK;

	if (options->command != NULL && action->run != mx_scenario_play)
		return mx_error_set(err, MX_ERR_USAGE,
		    "a command behind -- only goes with mxprobe scenario play");
	if (action->takes_id)
		return MX_OK;
	if (options->file_count == 0 && !action->has_default)
		return mx_error_set(err, MX_ERR_USAGE,
		    "say which scenario: mxprobe scenario %s FILE...", action->name);
	if (options->file_count == 0)
		return mx_scenario_files_add(files, mx_scenario_files_default_dir(), err);
	for (size_t i = 0; i < options->file_count && result == MX_OK; i++)
		result = mx_scenario_files_add(files, options->files[i], err);
	return result;
}

static int
scenario_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct mx_scenario_files files = { 0 };
	struct mx_scenario_options options;
	const struct action *action = NULL;
	struct mx_error err = { 0 };
	enum mx_err result;
	int status = 0;

	mx_scenario_options_init(&options);
	result = mx_scenario_options_parse(&options, cli, self, argc, argv, &err);
	if (result == MX_OK && !cli->answered) {
		action = mx_action_find(&actions, options.action, &err);
		result = action == NULL ? MX_ERR_USAGE
					: find_files(action, &options, &files, &err);
	}
	if (result != MX_OK)
		status = mx_cli_fail(cli, &err);
	else if (action != NULL)
		status = action->run(cli, &options, &files);
	mx_scenario_files_clear(&files);
	mx_scenario_options_clear(&options);
	return status;
}

const struct mx_command mx_cmd_scenario = {
	.name = "scenario",
	.summary = "Scripted mail exchangers: list, check, play, test and record them.",
	.synopsis =
	    "list|check|play|test|record [OPTION...] [FILE|DIR|ID...] [-- COMMAND...]",
	.notes =
	    "list shows what each file is about; check looks for mistakes in them; play "
	    "runs their servers on loopback until interrupted, or for as long as "
	    "COMMAND runs; test plays each one, probes it with the real program and "
	    "compares; record makes a scenario of the session with that ID in the store, "
	    "names and addresses replaced. Without FILE the installed scenarios are meant. Exit status: 0 "
	    "all is well, 1 a test failed, 4 a failure on our side (a port in use), 64 "
	    "wrong usage, 78 a faulty scenario; play with a COMMAND ends as the command "
	    "does.",
	.manual = "mxprobe-scenario(1)",
	.options = mx_scenario_option_rows,
	.run = scenario_run,
};
