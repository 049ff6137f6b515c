/* status.c - `mxprobe status`: what is known of each source at each provider now. */
#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/term.h"
#include "probe/cmd/options.h"
#include "probe/cmd/remembered.h"
#include "probe/report/states.h"
#include "probe/store/pairs.h"
#include "probe/watch/aging.h"

/* Two rounds of the usual schedule of four hours. */
#define STALE_US (8 * 3600 * MX_SECOND_US)

struct status {
	struct mx_cli *cli;
	const char *store, *provider;
	char source[MX_ADDR_TEXT]; /* "": all */
	bool is_json;
	struct mx_remembered remembered;
	struct mx_states *states;
	int64_t now_us;
};

static enum mx_err
take_source(void *into, const char *value, struct mx_error *err)
{
	struct status *s = into;

	return mx_remembered_source("--source", value, s->source, err);
}

static enum mx_err
take_provider(void *into, const char *value, struct mx_error *err)
{
	struct status *s = into;

	(void)err;
	s->provider = value;
	return MX_OK;
}

static enum mx_err
take_store(void *into, const char *value, struct mx_error *err)
{
	struct status *s = into;

	(void)err;
	s->store = value;
	return MX_OK;
}

static enum mx_err
take_format(void *into, const char *value, struct mx_error *err)
{
	static const char *const formats[] = { "table", "json" };
	struct status *s = into;
	size_t index = 0;
	enum mx_err code = mx_value_choice("--format", value, formats, 2, &index, err);

	s->is_json = index == 1;
	return code;
}

/* clang-format off */
static const struct mx_option option_rows[] = {
	{ "Which pairs", 's', "source", "IP", "Only this source address.", take_source },
	{ NULL, 'p', "provider", "NAME",
	    "Only this provider: its name, a domain or a mail exchanger of it.", take_provider },
	{ "Where from, and how", 0, "store", "FILE",
	    "Read this store instead of the configured or the usual one.", take_store },
	{ NULL, 'f', "format", "table|json", "json prints one object a line. Default table.", take_format },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

static bool
add_pair(void *arg, const struct mx_store_pair *pair)
{
	struct status *s = arg;
	struct mx_state_row row =
	    mx_aged_row(pair, &s->remembered.rules, STALE_US, s->now_us);

	mx_states_add(s->states, &row);
	return true;
}

static enum mx_err
show(struct status *s, struct mx_error *err)
{
	struct mx_report_options look = {
		.color = mx_term_has_color(s->cli->out),
		.width = mx_term_width(s->cli->out),
		.quiet = s->cli->quiet,
	};
	char *group;

	if (mx_remembered_open(&s->remembered, s->cli, s->store, MX_STORE_READ, err) !=
		MX_OK ||
	    mx_remembered_group(&s->remembered, "--provider", s->provider, &group, err) !=
		MX_OK)
		return err->code;
	s->now_us = mx_clock_wall_us();
	s->states = mx_states_new(s->cli->out, &look, s->now_us);
	if (mx_store_pairs(s->remembered.store, *s->source != '\0' ? s->source : NULL,
		group, add_pair, s, err) == MX_OK) {
		if (s->is_json)
			mx_states_json(s->states);
		else
			mx_states_print(s->states);
	}
	free(group);
	mx_states_free(s->states);
	return err->code;
}

static int
status_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct status s = { .cli = cli };
	struct mx_error err = { 0 };
	int status = 0;

	if (mx_options_parse(cli, self, argc, argv, &s, NULL, &err) != MX_OK)
		return mx_cli_fail(cli, &err);
	if (cli->answered)
		return 0;
	if (show(&s, &err) != MX_OK)
		status = mx_cli_fail(cli, &err);
	mx_remembered_close(&s.remembered);
	return status;
}

const struct mx_command mx_cmd_status = {
	.name = "status",
	.summary =
	    "Show what is remembered of each source at each provider: blocked or clear, "
	    "since when.",
	.synopsis = "[OPTION...]",
	.notes = "Exit status: 0 shown, whatever the states are; 4 a failure on our side "
		 "(no store that can be read), 64 wrong usage, 78 wrong configuration.",
	.manual = "mxprobe-status(1)",
	.options = option_rows,
	.run = status_run,
};
