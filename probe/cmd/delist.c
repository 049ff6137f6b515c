/* delist.c - `mxprobe delist`: what a request to be taken off a list asks for; and its case. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/base/term.h"
#include "probe/cmd/lang.h"
#include "probe/cmd/options.h"
#include "probe/cmd/remembered.h"
#include "probe/report/ages.h"
#include "probe/report/kit.h"
#include "probe/store/history.h"
#include "probe/store/pairs.h"
#include "probe/watch/request.h"
#include "probe/watch/state_text.h"

#define EXIT_NOT_BLOCKED 1

enum format {
	FORMAT_TEXT,
	FORMAT_MARKDOWN,
	FORMAT_JSON
};

static const char *const outcomes[] = { "mitigated", "conditional", "not_qualified",
	"nothing_detected" };
#define OUTCOMES (sizeof outcomes / sizeof *outcomes)

/** The pair as it was found. Strings are own; state NULL: never probed. */
struct pair {
	char *state, *provider, *destination;
	int64_t blocked_us; /* when this block was first seen */
};

/** Its newest case. Strings are own; id 0: none. */
struct request {
	struct mx_store_case one;
	char *ticket, *outcome, *note;
};

struct delist {
	struct mx_cli *cli;
	const char *store, *to, *ticket, *outcome;
	char source[MX_ADDR_TEXT];
	enum mx_lang lang;
	enum format format;
	struct mx_remembered remembered;
	char *group;
	struct pair pair;
	struct request request;
	struct mx_error err; /* from inside callbacks */
	bool is_shown;
};

/* ---- options ---- */

static enum mx_err
take_source(void *into, const char *value, struct mx_error *err)
{
	struct delist *d = into;

	return mx_remembered_source("--source", value, d->source, err);
}

static enum mx_err
take_to(void *into, const char *value, struct mx_error *err)
{
	struct delist *d = into;

	(void)err;
	d->to = value;
	return MX_OK;
}

static enum mx_err
take_ticket(void *into, const char *value, struct mx_error *err)
{
	struct delist *d = into;

	if (*value == '\0')
		return mx_error_set(err, MX_ERR_USAGE, "--ticket: the number is empty");
	d->ticket = value;
	return MX_OK;
}

static enum mx_err
take_outcome(void *into, const char *value, struct mx_error *err)
{
	struct delist *d = into;
	size_t index = 0;
	enum mx_err code =
	    mx_value_choice("--outcome", value, outcomes, OUTCOMES, &index, err);

	d->outcome = value;
	return code;
}

static enum mx_err
take_lang(void *into, const char *value, struct mx_error *err)
{
	struct delist *d = into;

	return mx_value_lang(value, &d->lang, err);
}

static enum mx_err
take_format(void *into, const char *value, struct mx_error *err)
{
	static const char *const formats[] = { "text", "markdown", "json" };
	struct delist *d = into;
	size_t index = 0;
	enum mx_err code = mx_value_choice("--format", value, formats, 3, &index, err);

	d->format = (enum format)index;
	return code;
}

static enum mx_err
take_store(void *into, const char *value, struct mx_error *err)
{
	struct delist *d = into;

	(void)err;
	d->store = value;
	return MX_OK;
}

/* clang-format off */
static const struct mx_option option_rows[] = {
	{ "Which block", 's', "source", "IP", "The source address that is blocked.", take_source },
	{ NULL, 't', "to", "PROVIDER",
	    "Where: the provider's name, a domain or a mail exchanger of it.", take_to },
	{ "The case", 0, "ticket", "N",
	    "The request is sent and has this number: from now on an answer is waited for.", take_ticket },
	{ NULL, 0, "outcome", "mitigated|conditional|not_qualified|nothing_detected",
	    "What the provider has answered; shows what that means and what to write back.", take_outcome },
	{ "Output", 'l', "lang", "en|ja", "Default: what LC_ALL, LC_MESSAGES or LANG say.", take_lang },
	{ NULL, 'f', "format", "text|markdown|json", "Default text.", take_format },
	{ NULL, 0, "store", "FILE",
	    "Use this store instead of the configured or the usual one.", take_store },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

/* ---- what is remembered ---- */

static bool
take_pair(void *arg, const struct mx_store_pair *pair)
{
	struct delist *d = arg;
	struct mx_pair_state state;
	struct mx_state_change change = { 0 };

	(void)mx_state_from_text(pair->fold, &state);
	mx_state_age(&d->remembered.rules, &state, mx_clock_wall_us(), &change);
	free(change.why);
	d->pair.state = mx_strdup(mx_state_name(mx_pair_state_shown(&state)));
	d->pair.provider = mx_strdup(pair->provider);
	d->pair.destination = mx_strdup(pair->destination);
	d->pair.blocked_us = state.blocked_us;
	return false;
}

static void
clear_pair(struct pair *pair)
{
	free(pair->state);
	free(pair->provider);
	free(pair->destination);
	*pair = (struct pair){ .state = NULL };
}

static bool
take_case(void *arg, const struct mx_store_case *one)
{
	struct request *request = arg;

	request->ticket = mx_strdup(one->ticket);
	request->outcome = mx_strdup(one->outcome);
	request->note = mx_strdup(one->note);
	request->one = *one;
	request->one.ticket = request->ticket;
	request->one.outcome = request->outcome;
	request->one.note = request->note;
	return false;
}

static void
clear_request(struct request *request)
{
	free(request->ticket);
	free(request->outcome);
	free(request->note);
	*request = (struct request){ .ticket = NULL };
}

static enum mx_err
recall(struct delist *d, struct mx_error *err)
{
	struct mx_store *store = d->remembered.store;

	clear_pair(&d->pair);
	clear_request(&d->request);
	if (mx_store_pairs(store, d->source, d->group, take_pair, d, err) != MX_OK ||
	    mx_store_cases(store, d->source, d->group, take_case, &d->request, err) !=
		MX_OK)
		return err->code;
	d->request.one.source = d->source;
	d->request.one.group = d->group;
	return MX_OK;
}

/* ---- the case ---- */

static bool
is_open(const struct request *request)
{
	return request->one.id != 0 && request->one.cleared_us == 0 &&
	       request->one.closed_us == 0;
}

static void
open_case(struct delist *d)
{
	const struct mx_provider *provider =
	    mx_catalogue_provider(d->remembered.catalogue, d->group);
	struct mx_request request = {
		.source = d->source,
		.group = d->group,
		.provider = provider != NULL ? provider->id : d->pair.provider,
		.destination = d->pair.destination != NULL ? d->pair.destination : d->to,
		.ticket = d->ticket,
		.outcome = d->outcome,
		.time_us = mx_clock_wall_us(),
	};

	mx_request_open(d->remembered.store, &d->remembered.rules, &request, NULL, NULL);
}

/* The same number once more is the same request. */
static enum mx_err
note_case(struct delist *d, struct mx_error *err)
{
	struct request *request = &d->request;
	bool is_same =
	    is_open(request) &&
	    (d->ticket == NULL ||
		(request->ticket != NULL && strcmp(request->ticket, d->ticket) == 0));

	if (d->ticket == NULL && !is_same)
		return mx_error_set(err, MX_ERR_USAGE,
		    "delist: no request is open for %s at %s; open it with --ticket N",
		    d->source, d->group);
	if (!is_same) {
		open_case(d);
	} else if (d->outcome != NULL) {
		request->one.outcome = d->outcome;
		mx_store_put_case(d->remembered.store, &request->one, NULL, NULL);
	}
	if (mx_store_wait(d->remembered.store, err) != MX_OK)
		return err->code;
	return recall(d, err);
}

static void
tell_case(const struct delist *d)
{
	char opened[MX_AGE_TEXT], expected[MX_AGE_TEXT];
	const struct mx_store_case *one = &d->request.one;

	fprintf(d->cli->out,
	    "Request %s for %s at %s, opened %s: %s.\nAn answer is expected by %s.\n",
	    one->ticket != NULL ? one->ticket : "-", d->source, d->group,
	    mx_time_utc(one->opened_us, opened),
	    one->outcome != NULL ? one->outcome : d->pair.state,
	    mx_time_utc(one->expected_us, expected));
}

/* ---- the kit ---- */

static bool
is_blocked(const struct delist *d)
{
	static const char *const free_states[] = { "unknown", "clear", "suspect" };

	for (size_t i = 0; i < sizeof free_states / sizeof *free_states; i++)
		if (d->pair.state == NULL || strcmp(d->pair.state, free_states[i]) == 0)
			return false;
	return true;
}

static void
print_kit(const struct delist *d, const struct mx_kit *kit)
{
	FILE *out = d->cli->out;

	if (d->format == FORMAT_MARKDOWN)
		mx_kit_markdown(kit, out);
	else if (d->format == FORMAT_JSON)
		mx_kit_json(kit, out);
	else if (d->ticket == NULL && d->outcome == NULL)
		mx_kit_text(kit, out, mx_term_width(out));
	else if (d->outcome != NULL)
		(void)mx_kit_outcome_text(kit, d->outcome, out, mx_term_width(out));
}

/* While the row is there: the kit borrows from it. */
static bool
show_row(void *arg, const struct mx_store_result *row)
{
	struct delist *d = arg;
	char *evidence = mx_store_evidence(d->remembered.store, row->id, &d->err);
	struct mx_kit_facts facts = {
		.catalogue = d->remembered.catalogue,
		.row = row,
		.evidence = evidence,
		.state = d->pair.state,
		.first_us = d->pair.blocked_us,
		.last_us = row->time_us,
		.request = d->request.one.id != 0 ? &d->request.one : NULL,
	};
	struct mx_kit *kit;

	if (d->err.code == MX_OK) {
		kit = mx_kit_new(&facts, d->lang);
		print_kit(d, kit);
		mx_kit_free(kit);
		d->is_shown = true;
	}
	free(evidence);
	return false;
}

static enum mx_err
show_kit(struct delist *d, struct mx_error *err)
{
	char *id =
	    mx_store_newest(d->remembered.store, d->source, d->group, "blocked", err);

	if (id != NULL &&
	    mx_store_find(d->remembered.store, id, show_row, d, err) == MX_OK &&
	    d->err.code != MX_OK)
		*err = d->err;
	free(id);
	return err->code;
}

static void
tell_not_blocked(const struct delist *d)
{
	fflush(d->cli->out);
	if (d->pair.state == NULL)
		fprintf(d->cli->err,
		    "mxprobe: nothing is recorded of %s at %s; probe it first: mxprobe "
		    "check --source %s --to %s\n",
		    d->source, d->group, d->source, d->to);
	else if (is_blocked(d))
		fprintf(d->cli->err,
		    "mxprobe: %s is %s at %s, but the refusal is kept no longer; probe "
		    "again: mxprobe check --source %s --to %s\n",
		    d->source, d->pair.state, d->group, d->source, d->to);
	else
		fprintf(d->cli->err,
		    "mxprobe: %s is not blocked at %s: its state is %s\n", d->source,
		    d->group, d->pair.state);
}

static enum mx_err
run_delist(struct delist *d, struct mx_error *err)
{
	bool has_news = d->ticket != NULL || d->outcome != NULL;

	if (*d->source == '\0' || d->to == NULL)
		return mx_error_set(err, MX_ERR_USAGE,
		    "delist: say which address is blocked where: --source IP --to PROVIDER");
	if (mx_remembered_open(&d->remembered, d->cli, d->store,
		has_news ? MX_STORE_WRITE : MX_STORE_READ, err) != MX_OK ||
	    mx_remembered_group(&d->remembered, "--to", d->to, &d->group, err) != MX_OK ||
	    recall(d, err) != MX_OK)
		return err->code;
	if (has_news && note_case(d, err) != MX_OK)
		return err->code;
	if (has_news && d->format == FORMAT_TEXT)
		tell_case(d);
	return is_blocked(d) ? show_kit(d, err) : MX_OK;
}

static int
delist_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct delist d = { .cli = cli, .lang = mx_lang_of_environment() };
	struct mx_error err = { 0 };
	int status = 0;

	if (mx_options_parse(cli, self, argc, argv, &d, NULL, &err) != MX_OK)
		return mx_cli_fail(cli, &err);
	if (cli->answered)
		return 0;
	if (run_delist(&d, &err) != MX_OK) {
		status = mx_cli_fail(cli, &err);
	} else if (!d.is_shown && d.ticket == NULL && d.outcome == NULL) {
		tell_not_blocked(&d);
		status = EXIT_NOT_BLOCKED;
	}
	clear_pair(&d.pair);
	clear_request(&d.request);
	free(d.group);
	mx_remembered_close(&d.remembered);
	return status;
}

const struct mx_command mx_cmd_delist = {
	.name = "delist",
	.summary =
	    "Fill in the request to be taken off a block list: form, fields, evidence.",
	.synopsis = "--source IP --to PROVIDER [OPTION...]",
	.notes =
	    "Exit status: 0 shown or noted, 1 not blocked there (or nothing is known), 4 "
	    "a failure on our side, 64 wrong usage, 78 wrong configuration.",
	.manual = "mxprobe-delist(1)",
	.options = option_rows,
	.run = delist_run,
};
