/* nagios.c - the Monitoring Plugins' form: a status line with performance data, then details. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/enhanced.h"
#include "probe/report/coverage.h"
#include "probe/report/words.h"
#include "probe/report/writer.h"

/* What Nagios keeps of a plugin's output is 8 KiB by default. */
#define COVERAGE_MAX ((size_t)1500)
#define DETAILS_MAX 5000
#define TEXT_MAX 300 /* of one reply */

struct nagios_writer {
	FILE *stream;
	struct mx_exit_tally tally;
	double slowest_s;
	struct mx_coverage coverage;
	struct mx_buf details; /* a line per result that was not accepted */
	size_t left_out;
};

static void *
nagios_open(FILE *stream, const struct mx_report_options *options)
{
	struct nagios_writer *self = mx_calloc(1, sizeof *self);

	(void)options;
	self->stream = stream;
	mx_buf_init(&self->details, DETAILS_MAX);
	return self;
}

/* A bar begins performance data wherever it stands. */
static char *
without_bars(char *text)
{
	for (char *c = text; *c != '\0'; c++)
		if (*c == '|')
			*c = '/';
	return text;
}

static char *
safe_text(const char *text)
{
	size_t len = strlen(text);
	char *safe = mx_escape_terminal(text, len > TEXT_MAX ? TEXT_MAX : len);
	char *marked =
	    mx_asprintf("%s%s", without_bars(safe), len > TEXT_MAX ? "..." : "");

	free(safe);
	return marked;
}

/* The reply, or where there was none our own words with the note: it says whose fault that may be. */
static char *
said(const struct mx_result *r)
{
	const struct mx_finding *f = &r->judgement.finding;
	bool has_text = r->judgement.has_finding && f->text != NULL;
	char *all, *safe;

	if (!has_text || r->note == NULL || f->code != 0)
		return safe_text(has_text ? f->text : r->note != NULL ? r->note : "");
	all = mx_asprintf("%s; %s", f->text, r->note);
	safe = safe_text(all);
	free(all);
	return safe;
}

static void
add_detail(struct nagios_writer *self, const struct mx_result *r)
{
	const struct mx_finding *f = &r->judgement.finding;
	char source[MX_ADDR_TEXT] = "-", code[40] = "", enhanced[MX_ENHANCED_TEXT];
	char *place = without_bars(mx_words_place(r)), *text = said(r);
	char *destination = safe_text(r->destination != NULL ? r->destination : "-");
	char *url = safe_text(f->delist_url != NULL ? f->delist_url : "");

	if (r->source.family != AF_UNSPEC)
		mx_addr_text(&r->source, source);
	if (r->judgement.has_finding && f->code != 0)
		snprintf(code, sizeof code, "%d %s%s", f->code,
		    mx_enhanced_text(&f->enhanced, enhanced),
		    f->enhanced.klass != 0 ? " " : "");
	if (!mx_buf_addf(&self->details, "%s from %s: %s, %s%s%s%s%s%s\n", destination,
		source, mx_verdict_name(r->judgement.verdict), place,
		*code != '\0' || *text != '\0' ? ": " : "", code, text,
		*url != '\0' ? " " : "", url))
		self->left_out++;
	free(place);
	free(text);
	free(destination);
	free(url);
}

static void
nagios_result(void *arg, const struct mx_result *r)
{
	struct nagios_writer *self = arg;
	double seconds =
	    r->transcript != NULL ? (double)r->transcript->ended_us / 1e6 : 0;

	mx_exit_tally_add(&self->tally, r);
	(void)mx_coverage_add(&self->coverage, r);
	if (seconds > self->slowest_s)
		self->slowest_s = seconds;
	if (r->judgement.verdict != MX_V_ACCEPTED)
		add_detail(self, r);
}

/* "blocked at 1 of 3, greylisted at 1 of 3", worst first; only what is not accepted, if any. */
static void
print_summary(const struct nagios_writer *self)
{
	const struct mx_exit_tally *tally = &self->tally;
	const char *comma = "";

	if (tally->results == 0)
		fputs("nothing was probed", self->stream);
	for (size_t v = 0; v < MX_V_COUNT; v++) {
		if (tally->verdicts[v] == 0 ||
		    (v == MX_V_ACCEPTED && tally->verdicts[v] < tally->results))
			continue;
		fprintf(self->stream, "%s%s at %zu of %zu", comma,
		    mx_verdict_name((enum mx_verdict)v), tally->verdicts[v],
		    tally->results);
		comma = ", ";
	}
}

/* label=value;warn;crit;min;max: every verdict every time, or the graphs would have holes. */
static void
print_perfdata(const struct nagios_writer *self)
{
	const struct mx_exit_tally *tally = &self->tally;

	for (size_t v = MX_V_COUNT; v-- > 0;)
		fprintf(self->stream, "%s=%zu;;;0;%zu ",
		    mx_verdict_name((enum mx_verdict)v), tally->verdicts[v],
		    tally->results);
	fprintf(self->stream, "slowest=%.3fs;;;0\n", self->slowest_s);
}

/* "outlook.com from 203.0.113.5: blocked at 2 of 4 addresses", where more than one was probed. */
static void
print_coverage(const struct nagios_writer *self)
{
	size_t left = COVERAGE_MAX;

	for (size_t i = 0; i < self->coverage.count; i++) {
		const struct mx_coverage_row *row = self->coverage.rows[i];
		char *words = row->worst != MX_V_ACCEPTED ? mx_coverage_words(row) : NULL;

		if (words != NULL && strlen(words) < left) {
			fprintf(self->stream, "%s\n", without_bars(words));
			left -= strlen(words) + 1;
		}
		free(words);
	}
}

static void
nagios_finish(void *arg)
{
	static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	struct nagios_writer *self = arg;
	char *details = mx_buf_take(&self->details);

	fprintf(self->stream, "MXPROBE %s - ", words[mx_exit_tally_nagios(&self->tally)]);
	print_summary(self);
	fputs(" | ", self->stream);
	print_perfdata(self);
	print_coverage(self);
	fputs(details, self->stream);
	if (self->left_out > 0)
		fprintf(self->stream, "and %zu more\n", self->left_out);
	free(details);
}

static void
nagios_close(void *arg)
{
	struct nagios_writer *self = arg;

	mx_buf_clear(&self->details);
	mx_coverage_clear(&self->coverage);
	free(self);
}

void
mx_report_nagios_failure(FILE *stream, const char *text)
{
	char *safe = without_bars(mx_strdup(text));

	fprintf(stream, "MXPROBE UNKNOWN - %s\n", safe);
	free(safe);
}

const struct mx_writer mx_writer_nagios = {
	"nagios",
	nagios_open,
	nagios_result,
	nagios_finish,
	nagios_close,
};
