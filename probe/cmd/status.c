/* status.c - `mxprobe status`: what is known of each source at each provider now. */
#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/term.h"
#include "probe/cmd/delivered.h"
#include "probe/cmd/options.h"
#include "probe/cmd/remembered.h"
#include "probe/report/states_nagios.h"
#include "probe/store/history.h"
#include "probe/store/pairs.h"
#include "probe/watch/aging.h"

/* Two rounds of the usual schedule of four hours. */
#define STALE_US (8 * MX_HOUR_US)

enum format {
	TABLE,
	JSON,
	NAGIOS
};

#define NAGIOS_UNKNOWN 3
#define DELIVERIES_SHOWN 20

struct status {
	struct mx_cli *cli;
	const char *store, *provider;
	char source[MX_ADDR_TEXT]; /* "": all */
	enum format format;
	struct mx_nagios_range warning, critical; /* of ages, in seconds */
	struct mx_remembered remembered;
	struct mx_states *states;
	struct mx_states_nagios *nagios;
	struct mx_error err; /* met while a row was shown */
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
	static const char *const formats[] = { "table", "json", "nagios" };
	struct status *s = into;
	size_t index = 0;
	enum mx_err code = mx_value_choice("--format", value, formats, 3, &index, err);

	s->format = (enum format)index;
	return code;
}

static enum mx_err
take_warning(void *into, const char *value, struct mx_error *err)
{
	struct status *s = into;

	return mx_nagios_range_parse("--warning", value, &s->warning, err);
}

static enum mx_err
take_critical(void *into, const char *value, struct mx_error *err)
{
	struct status *s = into;

	return mx_nagios_range_parse("--critical", value, &s->critical, err);
}

/* clang-format off */
static const struct mx_option option_rows[] = {
	{ "Which pairs", 's', "source", "IP", "Only this source address.", take_source },
	{ NULL, 'p', "provider", "NAME",
	    "Only this provider: its name, a domain or a mail exchanger of it.", take_provider },
	{ "Where from, and how", 0, "store", "FILE",
	    "Read this store instead of the configured or the usual one.", take_store },
	{ NULL, 'f', "format", "table|json|nagios",
	    "json prints one object a line; nagios a check's status line, and its exit status. Default table.",
	    take_format },
	{ "For nagios", 'w', "warning", "RANGE",
	    "WARNING when a pair's last session is older: 4h, or a range as 10m:4h.", take_warning },
	{ NULL, 'c', "critical", "RANGE", "CRITICAL when it is.", take_critical },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

/** A row on its way, while its last reply is looked up. */
struct checked {
	struct status *s;
	const struct mx_state_row *row;
	bool has_reply;
};

static bool
take_reply(void *arg, const struct mx_store_result *reply)
{
	struct checked *checked = arg;

	mx_states_nagios_add(checked->s->nagios, checked->row, reply);
	checked->has_reply = true;
	return false;
}

static void
add_check(struct status *s, const struct mx_state_row *row)
{
	struct checked checked = { .s = s, .row = row };

	if (row->last_result != NULL &&
	    mx_store_find(s->remembered.store, row->last_result, take_reply, &checked,
		&s->err) != MX_OK)
		return;
	if (!checked.has_reply)
		mx_states_nagios_add(s->nagios, row, NULL);
}

static bool
add_pair(void *arg, const struct mx_store_pair *pair)
{
	struct status *s = arg;
	struct mx_state_row row =
	    mx_aged_row(pair, &s->remembered.rules, STALE_US, s->now_us);
	char *delivery = NULL;

	/* Only a program wants to know it of each pair. */
	if (s->format == JSON)
		delivery = mx_delivered_newest(
		    s->remembered.store, pair->source, pair->group, &s->err);
	row.delivery = delivery;
	if (s->format == NAGIOS)
		add_check(s, &row);
	else
		mx_states_add(s->states, &row);
	free(delivery);
	return s->err.code == MX_OK;
}

/* Below the pairs: they are about mailboxes, and the relay may have left from anywhere. */
static enum mx_err
print_table(struct status *s, const char *group, struct mx_error *err)
{
	const struct mx_delivered what = {
		.out = s->cli->out,
		.store = s->remembered.store,
		.source = *s->source != '\0' ? s->source : NULL,
		.group = group,
		.newest = DELIVERIES_SHOWN,
		.now_us = s->now_us,
	};

	mx_states_print(s->states);
	return mx_delivered_print(&what, err);
}

static enum mx_err
print(struct status *s, const char *group, int *status, struct mx_error *err)
{
	if (s->format == TABLE)
		return print_table(s, group, err);
	if (s->format == NAGIOS)
		*status = mx_states_nagios_finish(s->nagios);
	else
		mx_states_json(s->states);
	return MX_OK;
}

static enum mx_err
show(struct status *s, int *status, struct mx_error *err)
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
	s->nagios =
	    mx_states_nagios_new(s->cli->out, &s->warning, &s->critical, s->now_us);
	if (mx_store_pairs(s->remembered.store, *s->source != '\0' ? s->source : NULL,
		group, add_pair, s, err) == MX_OK) {
		*err = s->err;
		if (err->code == MX_OK && print(s, group, status, err) != MX_OK)
			s->err = *err;
	}
	free(group);
	mx_states_nagios_free(s->nagios);
	mx_states_free(s->states);
	return err->code;
}

/* Nagios shows standard output only, and knows no status above 3. */
static int
fail(const struct status *s, const struct mx_error *err)
{
	if (s->format != NAGIOS)
		return mx_cli_fail(s->cli, err);
	mx_report_nagios_failure(s->cli->out, err->text);
	return NAGIOS_UNKNOWN;
}

static int
status_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct status s = { .cli = cli };
	struct mx_error err = { 0 };
	int status = 0;

	if (mx_options_parse(cli, self, argc, argv, &s, NULL, &err) != MX_OK)
		return fail(&s, &err);
	if (cli->answered)
		return 0;
	if (show(&s, &status, &err) != MX_OK)
		status = fail(&s, &err);
	mx_remembered_close(&s.remembered);
	return status;
}

const struct mx_command mx_cmd_status = {
	.name = "status",
	.summary =
	    "Show what is remembered of each source at each provider: blocked or clear, "
	    "since when.",
	.synopsis = "[OPTION...]",
	.notes =
	    "Nobody is probed: with --format nagios this is a check that may run every "
	    "minute, also by the name check_mxprobe.\n\n"
	    "Exit status: 0 shown, whatever the states are; 4 a failure on our side "
	    "(no store that can be read), 64 wrong usage, 78 wrong configuration. With "
	    "nagios 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN and all failures.",
	.manual = "mxprobe-status(1)",
	.options = option_rows,
	.run = status_run,
};
