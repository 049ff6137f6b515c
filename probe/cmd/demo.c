/* demo.c - `mxprobe demo`: a dozen scripted mail exchangers, probed for show. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/cmd/pki.h"
#include "probe/cmd/play.h"
#include "probe/cmd/scenario_actions.h"
#include "probe/cmd/scenario_words.h"

static const char before[] =
    "Scripted mail exchangers on loopback, found through a name server of their own, "
    "probed\n"
    "with the real `mxprobe check` from 127.0.0.2. What they say is what real providers "
    "say.\n\n";

static const char after[] =
    "\n"
    "Nothing left this machine. To probe real ones from an address of this host:\n\n"
    "  mxprobe check --source YOUR-IP --mail-from YOU@YOUR-DOMAIN --to outlook.com --to "
    "gmail.com\n\n"
    "YOUR-IP is an address or an interface (ip -br address shows them). No message is "
    "ever sent.\n"
    "mxprobe check --help shows more, mxprobe scenario list the scripted servers.\n";

/** What is shown. */
struct demo {
	struct mx_cli *cli;
	struct mx_scenario **scenarios; /* those marked demo: true */
	size_t count;
	struct mx_pki pki;
	struct mx_play *play;
};

/* Where there is no openssl tool, servers with TLS stay at home. */
static bool
is_shown(const struct demo *demo, const struct mx_scenario *scenario)
{
	return scenario->demo &&
	       (demo->pki.dir != NULL || !mx_scenario_wants_tls(scenario));
}

static enum mx_err
choose(struct demo *demo, const struct mx_scenario_files *files, struct mx_error *err)
{
	demo->scenarios = mx_calloc(files->count, sizeof *demo->scenarios);
	for (size_t i = 0; i < files->count; i++) {
		struct mx_scenario *scenario = mx_scenario_load(files->paths[i], err);

		if (scenario == NULL)
			return err->code;
		if (is_shown(demo, scenario))
			demo->scenarios[demo->count++] = scenario;
		else
			mx_scenario_free(scenario);
	}
	if (demo->count > 0)
		return MX_OK;
	return mx_error_set(err, MX_ERR_CONFIG, "%s: no scenario says demo: true",
	    mx_scenario_files_default_dir());
}

/* Returns the descriptor of the configuration: the user's own is for real probes. */
static int
make_words(const struct demo *demo, char *self, struct mx_argv *argv)
{
	struct mx_whereabouts at =
	    mx_whereabouts_of(mx_play_world(demo->play), demo->pki.ca_file);
	int config_fd;

	mx_argv_add(argv, self);
	mx_argv_add(argv, "check");
	for (unsigned i = 0; i < demo->cli->verbose; i++)
		mx_argv_add(argv, "-v");
	config_fd = mx_words_of_config(argv, NULL);
	mx_words_of_world(argv, &at);
	mx_words_of_probe(argv, demo->scenarios[0]);
	for (size_t i = 1; i < demo->count; i++)
		for (unsigned t = 0; t < demo->scenarios[i]->probe.to_count; t++) {
			mx_argv_add(argv, "--to");
			mx_argv_add(argv, demo->scenarios[i]->probe.to[t]);
		}
	return config_fd;
}

/* `check` answers 0 to 3 for what servers say, and that is what the demo is for; anything else is
 * a failure. */
static enum mx_err
show(struct demo *demo, struct mx_error *err)
{
	char *self = realpath("/proc/self/exe", NULL);
	struct mx_argv argv = { 0 };
	struct mx_play_ran ran = { 0 };
	int config_fd;

	if (self == NULL)
		return mx_error_sys(err, errno, "can't find this program");
	fputs(before, demo->cli->out);
	fflush(demo->cli->out);
	config_fd = make_words(demo, self, &argv);
	if (mx_play_run(demo->play, argv.words, -1, -1, &ran, err) == MX_OK &&
	    ran.status > 3)
		mx_error_set(err, MX_ERR_SYSTEM, "the probe failed with exit status %d",
		    ran.status);
	if (err->code == MX_OK)
		fputs(after, demo->cli->out);
	close(config_fd);
	mx_argv_clear(&argv);
	free(self);
	return err->code;
}

static enum mx_err
open_world(struct demo *demo, struct mx_error *err)
{
	struct mx_fakemx_params params = {
		.scenarios = (const struct mx_scenario *const *)demo->scenarios,
		.count = demo->count,
		.certs_dir = demo->pki.dir,
	};

	demo->play = mx_play_open(&params, err);
	return demo->play == NULL ? err->code : MX_OK;
}

static enum mx_err
run_demo(struct demo *demo, struct mx_error *err)
{
	struct mx_scenario_files files = { 0 };
	struct mx_error why = { 0 };
	enum mx_err result;

	if (mx_pki_open(&demo->pki, NULL, &why) != MX_OK) {
		mx_log(MX_LOG_WARNING, "no server shows TLS: %s", why.text);
		mx_pki_clear(&demo->pki);
	}
	result = mx_scenario_files_add(&files, mx_scenario_files_default_dir(), err);
	if (result == MX_OK)
		result = choose(demo, &files, err);
	mx_scenario_files_clear(&files);
	if (result == MX_OK)
		result = open_world(demo, err);
	return result == MX_OK ? show(demo, err) : result;
}

static int
demo_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct demo demo = { .cli = cli };
	struct mx_error err = { 0 };
	int status = 0;

	if (mx_options_parse(cli, self, argc, argv, &demo, NULL, &err) != MX_OK ||
	    (!cli->answered && run_demo(&demo, &err) != MX_OK))
		status = mx_cli_fail(cli, &err);
	mx_play_close(demo.play);
	mx_pki_clear(&demo.pki);
	mx_scenarios_free(demo.scenarios, demo.count);
	return status;
}

const struct mx_command mx_cmd_demo = {
	.name = "demo",
	.summary =
	    "Probe a dozen scripted mail exchangers on loopback: no root, no network, no "
	    "configuration.",
	.synopsis = "[-v]",
	.notes =
	    "The servers are the installed scenarios that say demo: true. Exit status: 0 "
	    "shown, 4 a failure on our side.",
	.manual = "mxprobe(1)",
	.options = NULL,
	.run = demo_run,
};
