/* scenario_play.c - `mxprobe scenario play`: the servers of a file, to be met by hand. */
#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/cmd/expect.h"
#include "probe/cmd/pki.h"
#include "probe/cmd/scenario_actions.h"
#include "probe/cmd/scenario_words.h"

#define REPORT_MAX ((size_t)1 << 20)

/** What is played, and where. */
struct playing {
	struct mx_cli *cli;
	const struct mx_scenario_options *options;
	struct mx_scenario **scenarios;
	size_t count;
	struct mx_pki pki;
	struct mx_play *play;
};

static bool
wants_tls(const struct playing *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (mx_scenario_wants_tls(p->scenarios[i]))
			return true;
	return false;
}

static enum mx_err
open_world(struct playing *p, struct mx_error *err)
{
	struct mx_fakemx_params params = {
		.scenarios = (const struct mx_scenario *const *)p->scenarios,
		.count = p->count,
		.smtp_port = p->options->smtp_port,
		.dns_port = p->options->dns_port,
	};

	if (wants_tls(p) && mx_pki_open(&p->pki, p->options->certs, err) != MX_OK)
		return err->code;
	params.certs_dir = p->pki.dir;
	p->play = mx_play_open(&params, err);
	return p->play == NULL ? err->code : MX_OK;
}

static void
show_paste(struct playing *p, const struct mx_scenario *scenario)
{
	struct mx_whereabouts at =
	    mx_whereabouts_of(mx_play_world(p->play), p->pki.ca_file);
	struct mx_argv argv = { 0 };
	char *line;

	mx_argv_add(&argv, "mxprobe");
	mx_argv_add(&argv, "check");
	mx_words_of_world(&argv, &at);
	mx_words_of_probe(&argv, scenario);
	line = mx_argv_quoted(&argv);
	fprintf(p->cli->out, "  %s\n", line);
	free(line);
	mx_argv_clear(&argv);
}

static void
show_world(struct playing *p)
{
	const struct mx_fakemx *world = mx_play_world(p->play);
	struct mx_whereabouts at =
	    mx_whereabouts_of(mx_play_world(p->play), p->pki.ca_file);
	char text[MX_ADDR_TEXT];
	FILE *out = p->cli->out;

	fprintf(out, "name server  %s@%u\n", mx_addr_text(&at.dns, text), at.dns.port);
	for (size_t i = 0; i < mx_fakemx_server_count(world); i++) {
		const struct mx_fake_server *server = mx_fakemx_server(world, i);
		struct mx_addr addr = server->addr;

		addr.port = at.port;
		fprintf(out, "server       %s  %s\n", mx_addr_text_port(&addr, text),
		    server->name);
	}
	fprintf(out, "\nProbe it from another terminal:\n");
	for (size_t i = 0; i < p->count; i++)
		show_paste(p, p->scenarios[i]);
	fprintf(out, "\nCtrl-C ends it.\n");
	fflush(out);
}

/* Returns the number of broken promises. */
static size_t
show_oracle(struct playing *p)
{
	const struct mx_fakemx *world = mx_play_world(p->play);
	size_t count, broken;
	const struct mx_seen_session *s =
	    mx_oracle_sessions(mx_fakemx_oracle(world), &count);
	char text[MX_ADDR_TEXT];
	FILE *out = p->cli->err;
	struct mx_buf report;

	fprintf(out, "The servers saw %zu session%s, the name server %zu question%s.\n",
	    count, count == 1 ? "" : "s", mx_fakemx_questions(world),
	    mx_fakemx_questions(world) == 1 ? "" : "s");
	for (size_t i = 0; i < count; i++)
		fprintf(out, "  %s > %s: %s\n", mx_addr_text(&s[i].client, text),
		    mx_fakemx_server(world, s[i].server)->address,
		    s[i].dialogue.len > 0 ? s[i].dialogue.data : "(nothing)");
	mx_buf_init(&report, REPORT_MAX);
	broken = mx_expect_promises(world, true, false, &report);
	if (broken > 0)
		fputs(report.data, out);
	mx_buf_clear(&report);
	return broken;
}

static void
export_world(const struct playing *p)
{
	struct mx_whereabouts at =
	    mx_whereabouts_of(mx_play_world(p->play), p->pki.ca_file);
	char text[MX_ADDR_TEXT], *dns, *port;

	dns = mx_asprintf("%s@%u", mx_addr_text(&at.dns, text), at.dns.port);
	port = mx_asprintf("%u", at.port);
	setenv("MXPROBE_PLAY_DNS", dns, 1);
	setenv("MXPROBE_PLAY_PORT", port, 1);
	if (at.ca_file != NULL)
		setenv("MXPROBE_PLAY_CA", at.ca_file, 1);
	free(dns);
	free(port);
}

static enum mx_err
run_command(struct playing *p, int *status, struct mx_error *err)
{
	struct mx_play_ran ran;

	export_world(p);
	if (mx_play_run(p->play, p->options->command, -1, -1, &ran, err) != MX_OK)
		return err->code;
	*status = ran.status;
	if (show_oracle(p) > 0 && *status == 0)
		*status = 1;
	return MX_OK;
}

static enum mx_err
play_all(struct playing *p, int *status, struct mx_error *err)
{
	if (p->options->command != NULL && p->options->command[0] == NULL)
		return mx_error_set(err, MX_ERR_USAGE, "there is no command behind --");
	/* With a command beside us delays need not be waited for; a person sees them pass. */
	if (p->options->command != NULL)
		mx_play_own_clock();
	if (open_world(p, err) != MX_OK)
		return err->code;
	if (p->options->command != NULL)
		return run_command(p, status, err);
	show_world(p);
	mx_play_until_signal(p->play);
	show_oracle(p);
	return MX_OK;
}

int
mx_scenario_play(struct mx_cli *cli, const struct mx_scenario_options *options,
    const struct mx_scenario_files *files)
{
	struct playing p = { .cli = cli, .options = options, .count = files->count };
	struct mx_error err = { 0 };
	int status = 0;

	p.scenarios = mx_scenarios_load(files, &err);
	if (p.scenarios == NULL || play_all(&p, &status, &err) != MX_OK)
		status = mx_cli_fail(cli, &err);
	mx_play_close(p.play);
	mx_pki_clear(&p.pki);
	mx_scenarios_free(p.scenarios, p.count);
	return status;
}
