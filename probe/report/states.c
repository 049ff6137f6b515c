/* states.c - rows are kept until all are known: widths and columns depend on each. */
#include "probe/report/states.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/addr.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/ages.h"
#include "probe/report/json_out.h"

#define SCHEMA "mxprobe.status/1"
#define GAP 2
#define COLUMNS 6 /* of the list */
#define STATE_COLUMN 2

struct kept {
	struct mx_state_row row; /* its strings are own */
	struct mx_addr address;  /* the source, to sort by */
};

struct mx_states {
	FILE *stream;
	const struct mx_report_options *options;
	int64_t now_us;
	struct kept *kept;
	size_t count;
};

/* clang-format off */
static const struct {
	const char *state, *color;
} colors[] = {
	{ "clear",            "32" },
	{ "clearing",         "36" },
	{ "suspect",          "33" },
	{ "delist_requested", "33" },
	{ "overdue",          "1;33" },
	{ "flapping",         "1;33" },
	{ "blocked",          "1;31" },
	{ "unknown",          "35" },
};
/* clang-format on */
#define STALE_COLOR "35"

const char *
mx_state_color(const char *state)
{
	for (size_t i = 0; i < sizeof colors / sizeof *colors; i++)
		if (strcmp(colors[i].state, state) == 0)
			return colors[i].color;
	return "";
}

struct mx_states *
mx_states_new(FILE *stream, const struct mx_report_options *options, int64_t now_us)
{
	struct mx_states *states = mx_calloc(1, sizeof *states);

	states->stream = stream;
	states->options = options;
	states->now_us = now_us;
	return states;
}

void
mx_states_add(struct mx_states *states, const struct mx_state_row *row)
{
	struct kept *kept;

	states->kept = mx_grow(states->kept, states->count, sizeof *states->kept);
	kept = &states->kept[states->count++];
	kept->row = *row;
	kept->row.source = mx_strdup(row->source);
	kept->row.group = mx_strdup(row->group);
	kept->row.provider = mx_strdup(row->provider);
	kept->row.destination = mx_strdup(row->destination);
	kept->row.state = mx_strdup(row->state);
	kept->row.last_result = mx_strdup(row->last_result);
	kept->row.last_verdict = mx_strdup(row->last_verdict);
	kept->row.delivery = mx_strdup(row->delivery);
	(void)mx_addr_parse(row->source, &kept->address);
}

/* free() takes no const. */
static void
drop(const char *text)
{
	union {
		const char *borrowed;
		char *own;
	} both = { .borrowed = text };

	free(both.own);
}

void
mx_states_free(struct mx_states *states)
{
	if (states == NULL)
		return;
	for (size_t i = 0; i < states->count; i++) {
		const struct mx_state_row *row = &states->kept[i].row;

		drop(row->source);
		drop(row->group);
		drop(row->provider);
		drop(row->destination);
		drop(row->state);
		drop(row->last_result);
		drop(row->last_verdict);
		drop(row->delivery);
	}
	free(states->kept);
	free(states);
}

/* ---- words ---- */

/* A state that nobody has looked at for long is told as what it was, never as what it is. */
static char *
state_words(const struct mx_state_row *row)
{
	return row->is_stale ? mx_asprintf("stale (%s)", row->state)
			     : mx_strdup(row->state);
}

static char *
age_words(const struct mx_states *states, int64_t time_us, const char *behind)
{
	char age[MX_AGE_TEXT];

	if (time_us == 0)
		return mx_strdup("never");
	(void)mx_age_text(states->now_us - time_us, age);
	return strcmp(age, "now") == 0 ? mx_strdup("now")
				       : mx_asprintf("%s%s", age, behind);
}

static char *
coverage_words(const struct mx_state_row *row)
{
	return row->addresses == 0 ? mx_strdup("-")
				   : mx_asprintf("%lld/%lld", (long long)row->accepting,
					 (long long)row->addresses);
}

/* ---- the matrix ---- */

static int
compare_kept(const void *left, const void *right)
{
	const struct kept *a = left, *b = right;
	int diff = mx_addr_compare(&a->address, &b->address);

	return diff != 0 ? diff : strcmp(a->row.group, b->row.group);
}

static int
compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Every group once, sorted. Borrowed names; caller frees the array. */
static const char **
groups_of(const struct mx_states *states, size_t *count)
{
	const char **names = mx_calloc(states->count + 1, sizeof *names);
	size_t kept = 0;

	for (size_t i = 0; i < states->count; i++)
		names[i] = states->kept[i].row.group;
	qsort(names, states->count, sizeof *names, compare_names);
	for (size_t i = 0; i < states->count; i++)
		if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
			names[kept++] = names[i];
	*count = kept;
	return names;
}

/* "blocked 2 d, 3 h ago, 0/4" */
static char *
cell_words(const struct mx_states *states, const struct mx_state_row *row)
{
	char *state = state_words(row);
	char *since = age_words(states, row->since_us, "");
	char *last = age_words(states, row->last_us, " ago");
	char *coverage = coverage_words(row);
	char *cell = mx_asprintf("%s %s, %s, %s", state, since, last, coverage);

	free(state);
	free(since);
	free(last);
	free(coverage);
	return cell;
}

/** A matrix as text: the sources' rows by the groups' columns. */
struct matrix {
	const char **groups; /* borrowed names */
	size_t columns;
	char **cells; /* one a kept row */
	unsigned *widths;
	unsigned source_width;
};

static size_t
column_of(const struct matrix *matrix, const char *group)
{
	const char **found = bsearch(&group, matrix->groups, matrix->columns,
	    sizeof *matrix->groups, compare_names);

	return (size_t)(found - matrix->groups);
}

static void
widen(unsigned *width, const char *text)
{
	unsigned columns = (unsigned)mx_text_columns(text);

	if (columns > *width)
		*width = columns;
}

static struct matrix
make_matrix(const struct mx_states *states)
{
	struct matrix matrix = { .source_width = sizeof "SOURCE" - 1 };

	matrix.groups = groups_of(states, &matrix.columns);
	matrix.widths = mx_calloc(matrix.columns + 1, sizeof *matrix.widths);
	matrix.cells = mx_calloc(states->count + 1, sizeof *matrix.cells);
	for (size_t c = 0; c < matrix.columns; c++)
		widen(&matrix.widths[c], matrix.groups[c]);
	for (size_t i = 0; i < states->count; i++) {
		const struct mx_state_row *row = &states->kept[i].row;

		matrix.cells[i] = cell_words(states, row);
		widen(&matrix.widths[column_of(&matrix, row->group)], matrix.cells[i]);
		widen(&matrix.source_width, row->source);
	}
	return matrix;
}

static void
clear_matrix(const struct mx_states *states, struct matrix *matrix)
{
	for (size_t i = 0; i < states->count; i++)
		free(matrix->cells[i]);
	free(matrix->cells);
	free(matrix->groups);
	free(matrix->widths);
}

static bool
fits(const struct mx_states *states, const struct matrix *matrix)
{
	size_t sum = matrix->source_width;

	for (size_t c = 0; c < matrix->columns; c++)
		sum += GAP + matrix->widths[c];
	return sum <= states->options->width;
}

/* Text in its colour; nothing is printed behind the last cell of a line. */
static void
print_cell(const struct mx_states *states, const struct mx_state_row *row,
    const char *text, unsigned padding)
{
	const char *color = row->is_stale ? STALE_COLOR : mx_state_color(row->state);

	fprintf(states->stream, "%*s", (int)padding, "");
	if (states->options->color && *color != '\0')
		fprintf(states->stream, "\033[%sm%s\033[0m", color, text);
	else
		fputs(text, states->stream);
}

static void
print_matrix_row(
    const struct mx_states *states, const struct matrix *matrix, size_t first, size_t end)
{
	const char *source = states->kept[first].row.source;
	unsigned owed = GAP + matrix->source_width - (unsigned)strlen(source);
	size_t i = first;

	fputs(source, states->stream);
	for (size_t c = 0; c < matrix->columns; c++) {
		const char *text = "-";
		static const struct mx_state_row nobody = { .state = "" };
		const struct mx_state_row *row = &nobody;

		if (i < end && column_of(matrix, states->kept[i].row.group) == c) {
			text = matrix->cells[i];
			row = &states->kept[i++].row;
		}
		print_cell(states, row, text, owed);
		owed = GAP + matrix->widths[c] - (unsigned)mx_text_columns(text);
	}
	fputc('\n', states->stream);
}

static void
print_matrix(const struct mx_states *states, const struct matrix *matrix)
{
	unsigned owed = GAP + matrix->source_width - (unsigned)strlen("SOURCE");

	fputs("SOURCE", states->stream);
	for (size_t c = 0; c < matrix->columns; c++) {
		fprintf(states->stream, "%*s%s", (int)owed, "", matrix->groups[c]);
		owed = GAP + matrix->widths[c] -
		       (unsigned)mx_text_columns(matrix->groups[c]);
	}
	fputc('\n', states->stream);
	for (size_t i = 0, end; i < states->count; i = end) {
		for (end = i + 1;
		     end < states->count && strcmp(states->kept[end].row.source,
						states->kept[i].row.source) == 0;
		     end++)
			;
		print_matrix_row(states, matrix, i, end);
	}
	if (!states->options->quiet)
		fputs("\nA cell: the state and for how long, the last session, addresses "
		      "that accept of those\nseen. -: never probed from there.\n",
		    states->stream);
}

/* ---- the list ---- */

static char *
look_words(const struct mx_states *states, const struct mx_state_row *row)
{
	char *age = age_words(states, row->last_us, " ago");
	char *words = row->last_verdict != NULL
			  ? mx_asprintf("%s (%s)", age, row->last_verdict)
			  : mx_strdup(age);

	free(age);
	return words;
}

static void
list_cells(
    const struct mx_states *states, const struct mx_state_row *row, char *cells[COLUMNS])
{
	cells[0] = mx_strdup(row->source);
	cells[1] = mx_escape_terminal(row->group, strlen(row->group));
	cells[STATE_COLUMN] = state_words(row);
	cells[3] = age_words(states, row->since_us, "");
	cells[4] = coverage_words(row);
	cells[5] = look_words(states, row);
}

static void
print_list_row(const struct mx_states *states, const struct mx_state_row *row,
    char *const cells[COLUMNS], const unsigned widths[COLUMNS])
{
	unsigned owed = 0;

	for (size_t c = 0; c < COLUMNS; c++) {
		if (c == STATE_COLUMN)
			print_cell(states, row, cells[c], owed);
		else
			fprintf(states->stream, "%*s%s", (int)owed, "", cells[c]);
		owed = GAP + widths[c] - (unsigned)mx_text_columns(cells[c]);
	}
	fputc('\n', states->stream);
}

static void
print_list(const struct mx_states *states)
{
	static const char *const headings[COLUMNS] = { "SOURCE", "PROVIDER", "STATE",
		"FOR", "ACCEPT", "LAST SESSION" };
	static const struct mx_state_row nobody = { .state = "" };
	char *(*cells)[COLUMNS] = mx_calloc(states->count + 1, sizeof *cells);
	unsigned widths[COLUMNS] = { 0 };

	for (size_t c = 0; c < COLUMNS; c++)
		cells[states->count][c] = mx_strdup(headings[c]);
	for (size_t i = 0; i < states->count; i++)
		list_cells(states, &states->kept[i].row, cells[i]);
	for (size_t i = 0; i <= states->count; i++)
		for (size_t c = 0; c < COLUMNS; c++)
			widen(&widths[c], cells[i][c]);
	print_list_row(states, &nobody, cells[states->count], widths);
	for (size_t i = 0; i < states->count; i++)
		print_list_row(states, &states->kept[i].row, cells[i], widths);
	for (size_t i = 0; i <= states->count; i++)
		for (size_t c = 0; c < COLUMNS; c++)
			free(cells[i][c]);
	free(cells);
}

/* "4 pairs: 1 blocked, 2 clear, 1 stale" */
static void
print_summary(const struct mx_states *states)
{
	size_t stale = 0;
	const char *comma = ":";

	fprintf(
	    states->stream, "\n%zu pair%s", states->count, states->count == 1 ? "" : "s");
	for (size_t k = 0; k < sizeof colors / sizeof *colors; k++) {
		size_t count = 0;

		for (size_t i = 0; i < states->count; i++)
			count += !states->kept[i].row.is_stale &&
				 strcmp(states->kept[i].row.state, colors[k].state) == 0;
		if (count > 0)
			fprintf(
			    states->stream, "%s %zu %s", comma, count, colors[k].state);
		comma = count > 0 ? "," : comma;
	}
	for (size_t i = 0; i < states->count; i++)
		stale += states->kept[i].row.is_stale;
	if (stale > 0)
		fprintf(states->stream, "%s %zu stale", comma, stale);
	fputc('\n', states->stream);
}

void
mx_states_print(const struct mx_states *states)
{
	struct matrix matrix;

	if (states->count == 0) {
		fputs("Nothing is recorded.\n", states->stream);
		return;
	}
	qsort(states->kept, states->count, sizeof *states->kept, compare_kept);
	matrix = make_matrix(states);
	/* One provider is no matrix. */
	if (matrix.columns > 1 && fits(states, &matrix))
		print_matrix(states, &matrix);
	else
		print_list(states);
	clear_matrix(states, &matrix);
	if (!states->options->quiet)
		print_summary(states);
}

/* ---- for programs ---- */

static void
put_row(struct mx_json_out *out, const struct mx_state_row *row)
{
	mx_json_open(out, NULL, '{');
	mx_json_string(out, "schema", SCHEMA);
	mx_json_string(out, "source", row->source);
	mx_json_string(out, "group", row->group);
	mx_json_string(out, "provider", row->provider);
	mx_json_string(out, "destination", row->destination);
	mx_json_string(out, "state", row->state);
	mx_json_time(out, "since", row->since_us);
	mx_json_boolean(out, "stale", row->is_stale);
	mx_json_time(out, "last_session", row->last_us);
	mx_json_string(out, "last_verdict", row->last_verdict);
	mx_json_string(out, "last_result", row->last_result);
	mx_json_time(out, "learned", row->learned_us);
	mx_json_integer(out, "addresses", row->addresses);
	mx_json_integer(out, "accepting", row->accepting);
	if (row->delivery != NULL)
		mx_json_raw(out, "delivery", row->delivery);
	else
		mx_json_null(out, "delivery");
	mx_json_close(out, '}');
	mx_json_end_line(out);
}

void
mx_states_json(const struct mx_states *states)
{
	struct mx_json_out out = { .stream = states->stream };

	qsort(states->kept, states->count, sizeof *states->kept, compare_kept);
	for (size_t i = 0; i < states->count; i++)
		put_row(&out, &states->kept[i].row);
}
