/* preflight_report.c - three formats over the same rows; each is a function or two. */
#include "probe/report/preflight_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/preflight_json.h"
#include "probe/report/preflight_text.h"

#define DETAILS_MAX 6000 /* Nagios keeps 8 KiB of a plugin's output */
#define FOUND_MAX 300    /* of one row, there */

struct form {
	const char *name; /* --format */
	void (*add)(
	    struct mx_preflight_report *report, const struct mx_preflight *preflight);
	void (*finish)(struct mx_preflight_report *report);
};

struct mx_preflight_report {
	const struct form *form;
	struct mx_report_options options;
	struct mx_json_out out; /* its stream is everybody's */
	size_t rows[MX_CHECK_RESULT_COUNT];
	size_t sources;
	struct mx_buf details; /* for Nagios */
	size_t left_out;
	int sys; /* errno of the first write that failed */
};

/* ---- table ---------------------------------------------------------------------------------- */

static void
add_table(struct mx_preflight_report *report, const struct mx_preflight *preflight)
{
	if (report->sources > 1)
		fputc('\n', report->out.stream);
	mx_preflight_print(report->out.stream, preflight, &report->options,
	    report->options.quiet ? MX_PREFLIGHT_TROUBLE : MX_PREFLIGHT_ALL);
	fflush(report->out.stream);
}

static void
finish_table(struct mx_preflight_report *report)
{
	const size_t *rows = report->rows;

	if (report->options.quiet)
		return;
	fprintf(report->out.stream,
	    "\n%zu source%s: %zu pass, %zu warn, %zu fail, %zu unknown\n",
	    report->sources, report->sources == 1 ? "" : "s", rows[MX_CHECK_PASS],
	    rows[MX_CHECK_WARN], rows[MX_CHECK_FAIL], rows[MX_CHECK_UNKNOWN]);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void
add_json(struct mx_preflight_report *report, const struct mx_preflight *preflight)
{
	mx_preflight_json(&report->out, NULL, preflight);
	mx_json_end_line(&report->out);
	fflush(report->out.stream);
}

static void
finish_json(struct mx_preflight_report *report)
{
	(void)report; /* each line stands for itself */
}

/* ---- Nagios --------------------------------------------------------------------------------- */

/* A bar begins performance data wherever it stands. */
static char *
safe_text(const char *text)
{
	size_t len = strlen(text);
	char *safe = mx_escape_terminal(text, len > FOUND_MAX ? FOUND_MAX : len);

	for (char *c = safe; *c != '\0'; c++)
		if (*c == '|')
			*c = '/';
	return safe;
}

static void
add_nagios(struct mx_preflight_report *report, const struct mx_preflight *preflight)
{
	char source[MX_ADDR_TEXT];

	mx_addr_text(&preflight->source, source);
	for (size_t i = 0; i < preflight->checks.count; i++) {
		const struct mx_check *check = &preflight->checks.items[i];
		char *name, *found;

		if (check->result == MX_CHECK_PASS)
			continue;
		name = safe_text(check->check);
		found = safe_text(check->found != NULL ? check->found : "");
		if (!mx_buf_addf(&report->details, "%s: %s %s%s%s\n", source,
			mx_check_result_name(check->result), name,
			*found != '\0' ? ": " : "", found))
			report->left_out++;
		free(name);
		free(found);
	}
}

static void
finish_nagios(struct mx_preflight_report *report)
{
	static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	const size_t *rows = report->rows;
	FILE *out = report->out.stream;
	char *details = mx_buf_take(&report->details);

	fprintf(out,
	    "MXPROBE %s - %zu fail, %zu warn, %zu unknown, %zu pass of %zu source%s | "
	    "pass=%zu;;;0 warn=%zu;;;0 fail=%zu;;;0 unknown=%zu;;;0\n%s",
	    words[mx_preflight_report_status(report)], rows[MX_CHECK_FAIL],
	    rows[MX_CHECK_WARN], rows[MX_CHECK_UNKNOWN], rows[MX_CHECK_PASS],
	    report->sources, report->sources == 1 ? "" : "s", rows[MX_CHECK_PASS],
	    rows[MX_CHECK_WARN], rows[MX_CHECK_FAIL], rows[MX_CHECK_UNKNOWN], details);
	if (report->left_out > 0)
		fprintf(out, "and %zu more\n", report->left_out);
	free(details);
}

/* ---- all of them ---------------------------------------------------------------------------- */

static const struct form forms[] = {
	{ "table", add_table, finish_table },
	{ "json", add_json, finish_json },
	{ "nagios", add_nagios, finish_nagios },
};

struct mx_preflight_report *
mx_preflight_report_new(const char *format, FILE *stream,
    const struct mx_report_options *options, struct mx_error *err)
{
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct mx_preflight_report *report;

		if (strcmp(forms[i].name, format) != 0)
			continue;
		report = mx_calloc(1, sizeof *report);
		report->form = &forms[i];
		report->options = *options;
		report->out.stream = stream;
		mx_buf_init(&report->details, DETAILS_MAX);
		return report;
	}
	mx_error_set(
	    err, MX_ERR_USAGE, "no such output format: use table, json or nagios");
	return NULL;
}

/* stdio keeps that a write failed, but not why. */
static void
note_failure(struct mx_preflight_report *report)
{
	if (report->sys == 0 && ferror(report->out.stream))
		report->sys = errno != 0 ? errno : EIO;
}

void
mx_preflight_report_add(
    struct mx_preflight_report *report, const struct mx_preflight *preflight)
{
	errno = 0;
	report->sources++;
	for (size_t i = 0; i < preflight->checks.count; i++)
		report->rows[preflight->checks.items[i].result]++;
	report->form->add(report, preflight);
	note_failure(report);
}

enum mx_err
mx_preflight_report_finish(struct mx_preflight_report *report, struct mx_error *err)
{
	errno = 0;
	report->form->finish(report);
	(void)fflush(report->out.stream);
	note_failure(report);
	if (report->sys != 0)
		return mx_error_sys(err, report->sys, "the results could not be written");
	return MX_OK;
}

int
mx_preflight_report_status(const struct mx_preflight_report *report)
{
	bool is_nagios = report->form->add == add_nagios;

	if (report->rows[MX_CHECK_FAIL] > 0)
		return is_nagios ? 2 : 1;
	if (report->rows[MX_CHECK_WARN] > 0)
		return is_nagios ? 1 : 2;
	/* No source at all is nothing learned. */
	return report->rows[MX_CHECK_UNKNOWN] > 0 || report->sources == 0 ? 3 : 0;
}

void
mx_preflight_report_free(struct mx_preflight_report *report)
{
	if (report == NULL)
		return;
	mx_buf_clear(&report->details);
	free(report);
}
