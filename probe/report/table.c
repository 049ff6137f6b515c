/* table.c - verdicts in columns for people; the evidence under each row that needs it. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/advice.h"
#include "probe/report/coverage.h"
#include "probe/report/evidence.h"
#include "probe/report/identities.h"
#include "probe/report/words.h"
#include "probe/report/wrap.h"
#include "probe/report/writer.h"

#define GAP 2
#define NARROWEST 12 /* a column is not squeezed further */

enum column {
	COL_SOURCE,
	COL_DESTINATION,
	COL_PLACE,
	COL_COUNT
};

static const char *const headings[COL_COUNT] = { "SOURCE", "DESTINATION", "MX" };

/** What the table keeps of a result until all are known: text that is safe to print. */
struct table_row {
	size_t order;
	uint16_t preference;
	struct mx_addr source, address;
	enum mx_verdict verdict;
	char *cells[COL_COUNT];
	const struct mx_coverage_row *coverage; /* of its pair */
	char *evidence;                         /* whole lines, or "" */
	const char *remedy;
	char *delist_url;
};

struct table_writer {
	FILE *stream;
	struct mx_report_options options;
	struct mx_exit_tally tally;
	struct mx_coverage coverage;
	struct mx_identities *identities;
	struct table_row *rows;
	size_t count;
};

/* What a verdict looks like on a terminal (SGR parameters). */
static const char *const colors[MX_V_COUNT] = {
	/* clang-format off */
	[MX_V_FAILED]      = "1;31",
	[MX_V_BLOCKED]     = "1;31",
	[MX_V_IDENTITY]    = "31",
	[MX_V_POLICY]      = "31",
	[MX_V_THROTTLED]   = "33",
	[MX_V_GREYLISTED]  = "33",
	[MX_V_RECIPIENT]   = "33",
	[MX_V_VOID]        = "35",
	[MX_V_BROKEN]      = "35",
	[MX_V_UNREACHABLE] = "35",
	[MX_V_SUPPRESSED]  = "36",
	[MX_V_ACCEPTED]    = "32",
	/* clang-format on */
};

static void *
table_open(FILE *stream, const struct mx_report_options *options)
{
	struct table_writer *self = mx_calloc(1, sizeof *self);

	self->stream = stream;
	self->options = *options;
	self->identities = mx_identities_new(options);
	return self;
}

static void
table_result(void *arg, const struct mx_result *r)
{
	struct table_writer *self = arg;
	char source[MX_ADDR_TEXT] = "-";
	const char *destination = r->destination != NULL ? r->destination : "-";
	struct table_row *row;

	if (r->source.family != AF_UNSPEC)
		mx_addr_text(&r->source, source);
	self->rows = mx_grow(self->rows, self->count, sizeof *self->rows);
	row = &self->rows[self->count++];
	*row = (struct table_row){
		.order = r->order,
		.preference = r->preference,
		.source = r->source,
		.address = r->address,
		.verdict = r->judgement.verdict,
		.cells = { mx_strdup(source),
		    mx_escape_terminal(destination, strlen(destination)),
		    mx_words_place(r) },
	};
	row->evidence = mx_evidence_text(r, &self->options);
	if (r->judgement.has_finding) {
		row->remedy = r->judgement.finding.remedy;
		row->delist_url = mx_strdup(r->judgement.finding.delist_url);
	}
	row->coverage = mx_coverage_add(&self->coverage, r);
	mx_exit_tally_add(&self->tally, r);
	mx_identities_add(self->identities, r);
}

/* Sessions end in any order; people look for the order in which they asked. */
static int
compare_rows(const void *left, const void *right)
{
	const struct table_row *a = left, *b = right;
	int diff;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	if ((diff = strcmp(a->cells[COL_DESTINATION], b->cells[COL_DESTINATION])) != 0)
		return diff;
	if ((diff = mx_addr_compare(&a->source, &b->source)) != 0)
		return diff;
	if (a->preference != b->preference)
		return a->preference < b->preference ? -1 : 1;
	if ((diff = strcmp(a->cells[COL_PLACE], b->cells[COL_PLACE])) != 0)
		return diff;
	return mx_addr_compare(&a->address, &b->address);
}

/* As wide as their contents; while that is too much, the widest gives way. */
static void
choose_widths(const struct table_writer *self, unsigned widths[COL_COUNT])
{
	unsigned room = self->options.width - MX_EVIDENCE_INDENT - GAP * (COL_COUNT - 1),
		 sum;

	for (int c = 0; c < COL_COUNT; c++) {
		widths[c] = (unsigned)strlen(headings[c]);
		for (size_t i = 0; i < self->count; i++) {
			unsigned columns =
			    (unsigned)mx_text_columns(self->rows[i].cells[c]);

			if (columns > widths[c])
				widths[c] = columns;
		}
	}
	for (;;) {
		int widest = COL_PLACE;

		sum = 0;
		for (int c = COL_PLACE; c >= 0; c--) {
			sum += widths[c];
			if (widths[c] > widths[widest])
				widest = c;
		}
		if (sum <= room || widths[widest] <= NARROWEST)
			return;
		widths[widest]--;
	}
}

static void
print_padding(FILE *out, unsigned columns)
{
	fprintf(out, "%*s", (int)columns, "");
}

static void
print_verdict(const struct table_writer *self, enum mx_verdict verdict)
{
	const char *name = mx_verdict_name(verdict);

	if (self->options.color)
		fprintf(self->stream, "\033[%sm%s\033[0m", colors[verdict], name);
	else
		fputs(name, self->stream);
	print_padding(self->stream, MX_EVIDENCE_INDENT - (unsigned)strlen(name));
}

/* One line of cells: as much of each as its column holds. What is left stays for the next
 * line. Nothing is printed behind the last cell that has text. */
static bool
print_line(FILE *out, const char *rest[COL_COUNT], const unsigned widths[COL_COUNT])
{
	unsigned owed = 0;
	bool more = false;

	for (int c = 0; c < COL_COUNT; c++) {
		size_t len = mx_wrap_piece(rest[c], widths[c]);
		char *piece = mx_strndup(rest[c], len);

		if (len > 0) {
			print_padding(out, owed);
			fputs(piece, out);
			owed = 0;
		}
		owed += widths[c] - (unsigned)mx_text_columns(piece) + GAP;
		rest[c] = mx_wrap_skip(rest[c] + len);
		more = more || *rest[c] != '\0';
		free(piece);
	}
	fputc('\n', out);
	return more;
}

static void
print_row(const struct table_writer *self, const struct table_row *row,
    const unsigned widths[COL_COUNT])
{
	const char *rest[COL_COUNT];

	for (int c = 0; c < COL_COUNT; c++)
		rest[c] = row->cells[c];
	print_verdict(self, row->verdict);
	while (print_line(self->stream, rest, widths))
		print_padding(self->stream, MX_EVIDENCE_INDENT);
	fputs(row->evidence, self->stream);
}

static void
print_head(const struct table_writer *self, const unsigned widths[COL_COUNT])
{
	const char *rest[COL_COUNT];

	memcpy(rest, headings, sizeof rest);
	fprintf(self->stream, "%-*s", MX_EVIDENCE_INDENT, "VERDICT");
	print_line(self->stream, rest, widths);
}

/* The pair's own line, below the last of its rows. */
static void
print_coverage(const struct table_writer *self, const struct table_row *row)
{
	char *words = mx_coverage_words(row->coverage), *text;

	if (words == NULL)
		return;
	text = mx_asprintf("= %s", words);
	print_padding(self->stream, MX_EVIDENCE_INDENT);
	mx_wrap_print(self->stream, text, MX_EVIDENCE_INDENT, MX_EVIDENCE_INDENT + 2,
	    self->options.width, 0);
	free(text);
	free(words);
}

/* "4 results: 1 blocked, 3 accepted." */
static void
print_summary(const struct table_writer *self)
{
	char *text =
	    mx_asprintf("%zu result%s", self->count, self->count == 1 ? "" : "s");
	const char *comma = ":";

	for (size_t v = 0; v < MX_V_COUNT; v++)
		if (self->tally.verdicts[v] > 0) {
			char *longer = mx_asprintf("%s%s %zu %s", text, comma,
			    self->tally.verdicts[v], mx_verdict_name((enum mx_verdict)v));

			free(text);
			text = longer;
			comma = ",";
		}
	fputc('\n', self->stream);
	mx_wrap_print(self->stream, text, 0, 2, self->options.width, 0);
	free(text);
}

static void
print_advice(const struct table_writer *self)
{
	struct mx_advice *advice = mx_advice_new(self->options.catalogue);

	for (size_t i = 0; i < self->count; i++)
		mx_advice_add(advice, self->rows[i].verdict,
		    self->rows[i].cells[COL_DESTINATION], self->rows[i].remedy,
		    self->rows[i].delist_url);
	mx_advice_print(advice, self->stream, self->options.width);
	mx_advice_free(advice);
}

static void
table_finish(void *arg)
{
	struct table_writer *self = arg;
	unsigned widths[COL_COUNT];

	if (self->count == 0) {
		fputs("Nothing was probed.\n", self->stream);
		return;
	}
	qsort(self->rows, self->count, sizeof *self->rows, compare_rows);
	choose_widths(self, widths);
	print_head(self, widths);
	for (size_t i = 0; i < self->count; i++) {
		print_row(self, &self->rows[i], widths);
		if (i + 1 == self->count ||
		    self->rows[i].coverage != self->rows[i + 1].coverage)
			print_coverage(self, &self->rows[i]);
	}
	if (self->options.quiet)
		return;
	mx_identities_print(self->identities, self->stream);
	print_summary(self);
	print_advice(self);
}

static void
table_close(void *arg)
{
	struct table_writer *self = arg;

	for (size_t i = 0; i < self->count; i++) {
		for (int c = 0; c < COL_COUNT; c++)
			free(self->rows[i].cells[c]);
		free(self->rows[i].evidence);
		free(self->rows[i].delist_url);
	}
	free(self->rows);
	mx_coverage_clear(&self->coverage);
	mx_identities_free(self->identities);
	free(self);
}

const struct mx_writer mx_writer_table = {
	"table",
	table_open,
	table_result,
	table_finish,
	table_close,
};
