/* history.c - `mxprobe history`: what was seen of a pair along time. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/base/term.h"
#include "probe/cmd/delivered.h"
#include "probe/cmd/options.h"
#include "probe/cmd/remembered.h"
#include "probe/report/history_rows.h"
#include "probe/report/timeline.h"
#include "probe/store/history.h"
#include "probe/watch/ladder.h"

/* As much as a person can look through; programs get all. */
#define TABLE_LIMIT 1000

enum format {
	FORMAT_TABLE,
	FORMAT_JSON,
	FORMAT_CSV
};

struct history {
	struct mx_cli *cli;
	const char *store, *provider;
	char source[MX_ADDR_TEXT]; /* "": all */
	int64_t since_us;          /* 0: all */
	long limit;                /* 0: not said */
	enum format format;
	bool with_transcript;
	struct mx_remembered remembered;
	struct mx_timeline *timeline; /* for people */
	struct mx_error err;
};

static enum mx_err
take_source(void *into, const char *value, struct mx_error *err)
{
	struct history *h = into;

	return mx_remembered_source("--source", value, h->source, err);
}

static enum mx_err
take_provider(void *into, const char *value, struct mx_error *err)
{
	struct history *h = into;

	(void)err;
	h->provider = value;
	return MX_OK;
}

static enum mx_err
take_store(void *into, const char *value, struct mx_error *err)
{
	struct history *h = into;

	(void)err;
	h->store = value;
	return MX_OK;
}

static bool
parse_two_digits(const char *text, int most, int *number)
{
	if (!isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[1]))
		return false;
	*number = (text[0] - '0') * 10 + (text[1] - '0');
	return *number <= most;
}

/* "Z", "+09:00", or "" where a date stands alone: seconds to take off. */
static bool
parse_offset(const char *text, long *seconds)
{
	int hours, minutes;

	*seconds = 0;
	if (strcmp(text, "") == 0 || strcmp(text, "Z") == 0)
		return true;
	if (strlen(text) != 6 || strchr("+-", *text) == NULL || text[3] != ':' ||
	    !parse_two_digits(text + 1, 23, &hours) ||
	    !parse_two_digits(text + 4, 59, &minutes))
		return false;
	*seconds = (hours * 60L + minutes) * 60L * (*text == '-' ? -1 : 1);
	return true;
}

static bool
parse_moment(const char *text, int64_t *us)
{
	struct tm tm = { 0 };
	const char *end = strptime(text, "%Y-%m-%d", &tm);
	long offset;

	if (end != NULL && (*end == 'T' || *end == ' '))
		end = strptime(end + 1, "%H:%M:%S", &tm);
	else if (end != NULL && *end != '\0')
		return false;
	if (end != NULL && *end == '.')
		end += 1 + strspn(end + 1, "0123456789");
	if (end == NULL || !parse_offset(end, &offset))
		return false;
	*us = ((int64_t)timegm(&tm) - offset) * MX_SECOND_US;
	return true;
}

static enum mx_err
take_since(void *into, const char *value, struct mx_error *err)
{
	struct history *h = into;
	struct mx_error ignored = { 0 };
	int64_t span_us;
	char *shown;

	if (mx_ladder_parse_span("--since", value, &span_us, &ignored) == MX_OK) {
		h->since_us = mx_clock_wall_us() - span_us;
		return MX_OK;
	}
	if (parse_moment(value, &h->since_us))
		return MX_OK;
	shown = mx_escape_terminal(value, strlen(value));
	mx_error_set(err, MX_ERR_USAGE,
	    "--since: \"%.60s\" is neither a span (7d, 12h, 30m) nor a time "
	    "(2026-11-01, 2026-11-01T09:00:00+09:00)",
	    shown);
	free(shown);
	return MX_ERR_USAGE;
}

static enum mx_err
take_limit(void *into, const char *value, struct mx_error *err)
{
	struct history *h = into;

	return mx_value_number("--limit", value, 1, 100000000, &h->limit, err);
}

static enum mx_err
take_format(void *into, const char *value, struct mx_error *err)
{
	static const char *const formats[] = { "table", "json", "csv" };
	struct history *h = into;
	size_t index = 0;
	enum mx_err code = mx_value_choice("--format", value, formats, 3, &index, err);

	h->format = (enum format)index;
	return code;
}

static enum mx_err
take_transcript(void *into, const char *value, struct mx_error *err)
{
	struct history *h = into;

	(void)value, (void)err;
	h->with_transcript = true;
	return MX_OK;
}

/* clang-format off */
static const struct mx_option option_rows[] = {
	{ "What", 's', "source", "IP", "Only this source address.", take_source },
	{ NULL, 'p', "provider", "NAME",
	    "Only this provider: its name, a domain or a mail exchanger of it.", take_provider },
	{ NULL, 't', "to", "DOMAIN", "The same as --provider.", take_provider },
	{ NULL, 0, "since", "WHEN",
	    "Only from then on: a span (7d, 12h) or a time (2026-11-01, in UTC unless it says otherwise).",
	    take_since },
	{ NULL, 'n', "limit", "N",
	    "At most so many sessions, the newest. Default 1000 in a table, else all.", take_limit },
	{ "Where from, and how", 0, "store", "FILE",
	    "Read this store instead of the configured or the usual one.", take_store },
	{ NULL, 'f', "format", "table|json|csv",
	    "json prints one object a line, csv one record a session. Default table.", take_format },
	{ NULL, 0, "transcript", NULL,
	    "With json: the whole result with its dialogue, where that is still kept.", take_transcript },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

/* ---- for people ---- */

static bool
draw_result(void *arg, const struct mx_store_result *row)
{
	struct history *h = arg;

	mx_timeline_result(h->timeline, row);
	return true;
}

static bool
draw_event(void *arg, const struct mx_store_event *event)
{
	struct history *h = arg;

	mx_timeline_event(h->timeline, event);
	return true;
}

static struct mx_delivered
delivered_of(const struct history *h, const struct mx_store_span *span)
{
	return (struct mx_delivered){
		.out = h->cli->out,
		.store = h->remembered.store,
		.source = span->source,
		.group = span->group,
		.since_us = span->since_us,
		.newest = span->newest,
		.now_us = mx_clock_wall_us(),
	};
}

static void
draw(struct history *h, const struct mx_store_span *span, struct mx_error *err)
{
	struct mx_report_options look = {
		.color = mx_term_has_color(h->cli->out),
		.width = mx_term_width(h->cli->out),
		.quiet = h->cli->quiet,
	};
	struct mx_store *store = h->remembered.store;
	const struct mx_delivered delivered = delivered_of(h, span);

	h->timeline = mx_timeline_new(h->cli->out, &look, mx_clock_wall_us());
	if (mx_store_history(store, span, draw_result, h, err) == MX_OK &&
	    mx_store_events(store, span->source, span->group, span->since_us - 1,
		draw_event, h, err) == MX_OK)
		mx_timeline_print(h->timeline, span->newest);
	mx_timeline_free(h->timeline);
	if (err->code == MX_OK && mx_delivered_print(&delivered, err) != MX_OK)
		h->err = *err;
}

/* ---- for programs ---- */

static bool
print_result(void *arg, const struct mx_store_result *row)
{
	struct history *h = arg;
	char *evidence = NULL;

	if (h->with_transcript)
		evidence = mx_store_evidence(h->remembered.store, row->id, &h->err);
	if (h->format == FORMAT_CSV)
		mx_history_csv(h->cli->out, row);
	else if (evidence != NULL)
		fprintf(h->cli->out, "%s\n", evidence);
	else
		mx_history_json(h->cli->out, row);
	free(evidence);
	return h->err.code == MX_OK && !ferror(h->cli->out);
}

static bool
print_event(void *arg, const struct mx_store_event *event)
{
	struct history *h = arg;

	mx_history_event_json(h->cli->out, event);
	return !ferror(h->cli->out);
}

static enum mx_err
print_rows(struct history *h, const struct mx_store_span *span, struct mx_error *err)
{
	struct mx_store *store = h->remembered.store;
	const struct mx_delivered delivered = delivered_of(h, span);

	if (h->format == FORMAT_CSV)
		mx_history_csv_head(h->cli->out);
	if (mx_store_history(store, span, print_result, h, err) != MX_OK)
		return err->code;
	if (h->err.code != MX_OK) {
		*err = h->err;
		return err->code;
	}
	if (h->format == FORMAT_CSV ||
	    mx_store_events(store, span->source, span->group, span->since_us - 1,
		print_event, h, err) != MX_OK)
		return err->code;
	return mx_delivered_json(&delivered, err);
}

static enum mx_err
show(struct history *h, struct mx_error *err)
{
	struct mx_store_span span = { .source = *h->source != '\0' ? h->source : NULL,
		.since_us = h->since_us,
		.newest = h->limit };
	char *group = NULL;

	if (h->with_transcript && h->format != FORMAT_JSON)
		return mx_error_set(
		    err, MX_ERR_USAGE, "--transcript goes with --format json only");
	if (mx_remembered_open(&h->remembered, h->cli, h->store, MX_STORE_READ, err) !=
		MX_OK ||
	    mx_remembered_group(&h->remembered, "--provider", h->provider, &group, err) !=
		MX_OK)
		return err->code;
	span.group = group;
	if (h->format == FORMAT_TABLE && h->limit == 0)
		span.newest = TABLE_LIMIT;
	if (h->format == FORMAT_TABLE)
		draw(h, &span, err);
	else if (print_rows(h, &span, err) != MX_OK)
		h->err = *err;
	free(group);
	if (err->code == MX_OK && fflush(h->cli->out) != 0)
		mx_error_set(err, MX_ERR_SYSTEM, "the output can't be written");
	return err->code;
}

static int
history_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct history h = { .cli = cli };
	struct mx_error err = { 0 };
	int status = 0;

	if (mx_options_parse(cli, self, argc, argv, &h, NULL, &err) != MX_OK)
		return mx_cli_fail(cli, &err);
	if (cli->answered)
		return 0;
	if (show(&h, &err) != MX_OK)
		status = mx_cli_fail(cli, &err);
	mx_remembered_close(&h.remembered);
	return status;
}

const struct mx_command mx_cmd_history = {
	.name = "history",
	.summary =
	    "Show what was seen along time: bars, changes of state, the replies that "
	    "decided.",
	.synopsis = "[OPTION...]",
	.notes = "Exit status: 0 shown, whatever was seen; 4 a failure on our side (no "
		 "store that can be read), 64 wrong usage, 78 wrong configuration.",
	.manual = "mxprobe-history(1)",
	.options = option_rows,
	.run = history_run,
};
