/* matrix.c - sorted once a request: ten thousand pointers take a few milliseconds. */
#include "probe/web/matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"

bool
mx_cell_needs_attention(const struct mx_cell *cell)
{
	return !cell->is_stale && cell->state != MX_STATE_CLEAR &&
	       cell->state != MX_STATE_UNKNOWN;
}

bool
mx_cell_is_blind(const struct mx_cell *cell)
{
	return cell->provider != NULL && !cell->provider->observable &&
	       (cell->state == MX_STATE_UNKNOWN || cell->state == MX_STATE_CLEAR) &&
	       cell->last_verdict != NULL &&
	       (strcmp(cell->last_verdict, "accepted") == 0 ||
		   strcmp(cell->last_verdict, "recipient") == 0);
}

const char *
mx_matrix_show_name(int show)
{
	switch (show) {
	case MX_SHOW_ALL:
		return "";
	case MX_SHOW_ATTENTION:
		return "attention";
	case MX_SHOW_BLIND:
		return "blind";
	case MX_SHOW_STALE:
		return "stale";
	default:
		return mx_state_name((enum mx_state)show);
	}
}

int
mx_matrix_show(const char *name)
{
	for (int show = 0; name != NULL && show <= MX_SHOW_STALE; show++)
		if (strcmp(name, mx_matrix_show_name(show)) == 0)
			return show;
	return MX_SHOW_ALL;
}

static bool
is_shown_as(const struct mx_cell *cell, int show)
{
	switch (show) {
	case MX_SHOW_ALL:
		return true;
	case MX_SHOW_ATTENTION:
		return mx_cell_needs_attention(cell);
	case MX_SHOW_BLIND:
		return !cell->is_stale && mx_cell_is_blind(cell);
	case MX_SHOW_STALE:
		return cell->is_stale;
	default:
		return !cell->is_stale && !mx_cell_is_blind(cell) &&
		       cell->state == (enum mx_state)show;
	}
}

static void
count_cell(size_t *count, const struct mx_cell *cell)
{
	for (int show = 0; show <= MX_SHOW_STALE; show++)
		count[show] += is_shown_as(cell, show);
}

/* ---- order ---- */

/** A cell with what it is sorted by. */
struct place {
	const struct mx_cell *cell;
	struct mx_addr address;
	char label[MX_ADDR_TEXT];
};

static void
write_label(struct place *place, bool by_network)
{
	const struct mx_cell *cell = place->cell;
	char text[MX_ADDR_TEXT];
	struct mx_addr network;

	if (!by_network && cell->tag != NULL) {
		(void)snprintf(place->label, sizeof place->label, "%s", cell->tag);
		return;
	}
	network = mx_addr_network(&place->address);
	if (network.family == AF_UNSPEC)
		return;
	(void)snprintf(place->label, sizeof place->label, "%s/%d",
	    mx_addr_text(&network, text), network.family == AF_INET ? 24 : 64);
}

/* Tags by name, before networks, which follow their addresses. */
static int
compare_labels(const struct place *a, const struct place *b)
{
	bool a_is_tag = strchr(a->label, '/') == NULL,
	     b_is_tag = strchr(b->label, '/') == NULL;

	if (a_is_tag != b_is_tag)
		return a_is_tag ? -1 : 1;
	return a_is_tag ? strcmp(a->label, b->label) : 0;
}

static int
compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int diff = compare_labels(a, b);

	if (diff == 0)
		diff = mx_addr_compare(&a->address, &b->address);
	if (diff == 0)
		diff = strcmp(a->cell->source, b->cell->source);
	return diff != 0 ? diff : strcmp(a->cell->group, b->cell->group);
}

static struct place *
sort_cells(const struct mx_cell *cells, size_t count, bool by_network)
{
	struct place *places = mx_calloc(count + 1, sizeof *places);

	for (size_t i = 0; i < count; i++) {
		places[i].cell = &cells[i];
		(void)mx_addr_parse(cells[i].source, &places[i].address);
		write_label(&places[i], by_network);
	}
	qsort(places, count, sizeof *places, compare_places);
	return places;
}

/* ---- columns ---- */

static int
compare_columns(const void *left, const void *right)
{
	const struct mx_matrix_column *a = left, *b = right;

	return strcmp(a->group, b->group);
}

/* What a person calls a group: the provider's name, where it is all of the provider. */
static const char *
name_of(const struct mx_cell *cell)
{
	return cell->provider != NULL && strcmp(cell->provider->id, cell->group) == 0
		   ? cell->provider->name
		   : cell->group;
}

static struct mx_matrix_column *
column_of(struct mx_matrix_column *columns, size_t count, const char *group)
{
	struct mx_matrix_column key = { .group = group };

	return count > 0 ? bsearch(&key, columns, count, sizeof *columns, compare_columns)
			 : NULL;
}

/* Where it is not there yet it comes where it belongs. */
static struct mx_matrix_column *
need_column(struct mx_matrix *matrix, const struct mx_cell *cell)
{
	const struct mx_matrix_column made = { .group = cell->group,
		.name = name_of(cell) };
	struct mx_matrix_column *column =
	    column_of(matrix->all, matrix->all_count, cell->group);
	size_t at = 0;

	if (column != NULL)
		return column;
	while (at < matrix->all_count && compare_columns(&matrix->all[at], &made) < 0)
		at++;
	matrix->all = mx_grow(matrix->all, matrix->all_count, sizeof *matrix->all);
	column = &matrix->all[at];
	memmove(column + 1, column, (matrix->all_count - at) * sizeof *column);
	*column = made;
	matrix->all_count++;
	return column;
}

static void
find_columns(struct mx_matrix *matrix, const struct mx_cell *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		count_cell(need_column(matrix, &cells[i])->count, &cells[i]);
		count_cell(matrix->count, &cells[i]);
	}
}

static void
choose_columns(struct mx_matrix *matrix, const char *group)
{
	matrix->columns = matrix->all;
	matrix->column_count = matrix->all_count;
	if (group == NULL || *group == '\0')
		return;
	matrix->columns = column_of(matrix->all, matrix->all_count, group);
	matrix->column_count = matrix->columns != NULL;
}

/* People look for names. */
static int
compare_names(const void *left, const void *right)
{
	const struct mx_matrix_column *a = left, *b = right;
	int diff = strcasecmp(a->name, b->name);

	return diff != 0 ? diff : strcmp(a->group, b->group);
}

/* From the order in which cells are found to that of the page. */
static void
name_columns(struct mx_matrix *matrix, const char *group)
{
	if (matrix->all_count > 0)
		qsort(matrix->all, matrix->all_count, sizeof *matrix->all, compare_names);
	for (size_t i = 0;
	     matrix->column_count < matrix->all_count && i < matrix->all_count; i++)
		if (strcmp(matrix->all[i].group, group) == 0)
			matrix->columns = &matrix->all[i];
}

const struct mx_cell *
mx_matrix_cell(const struct mx_matrix_row *row, const struct mx_matrix_column *column)
{
	for (size_t i = 0; i < row->cell_count; i++)
		if (strcmp(row->cells[i]->group, column->group) == 0)
			return row->cells[i];
	return NULL;
}

/* ---- rows ---- */

static bool
contains(const char *text, const char *part)
{
	return text != NULL && strcasestr(text, part) != NULL;
}

/* A prefix with its length finds what lies in it, anything else what looks like it. */
static bool
is_found(const struct place *place, const char *find)
{
	struct mx_cidr block;

	if (find == NULL || *find == '\0')
		return true;
	if (mx_cidr_parse(find, &block))
		return mx_cidr_contains(&block, &place->address);
	return contains(place->cell->source, find) || contains(place->cell->tag, find) ||
	       contains(place->label, find);
}

static size_t
label_of(struct mx_matrix *matrix, const char *text)
{
	struct mx_matrix_label *label;

	if (matrix->label_count > 0 &&
	    strcmp(matrix->labels[matrix->label_count - 1].text, text) == 0)
		return matrix->label_count - 1;
	matrix->labels =
	    mx_grow(matrix->labels, matrix->label_count, sizeof *matrix->labels);
	label = &matrix->labels[matrix->label_count++];
	(void)snprintf(label->text, sizeof label->text, "%s", text);
	return matrix->label_count - 1;
}

/* One source's cells, from first on; those of hidden columns don't count. */
static void
take_row(struct mx_matrix *matrix, const struct mx_matrix_query *query,
    const struct place *first, const struct place *end, const struct mx_cell **cells)
{
	struct mx_matrix_row row = { .source = first->cell->source, .cells = cells };
	bool is_shown = false, needs_attention = false;

	for (const struct place *at = first; at < end; at++) {
		if (column_of(matrix->columns, matrix->column_count, at->cell->group) ==
		    NULL)
			continue;
		cells[row.cell_count++] = at->cell;
		is_shown |= is_shown_as(at->cell, query->show);
		needs_attention |= mx_cell_needs_attention(at->cell);
	}
	if (!is_shown || !is_found(first, query->find))
		return;
	row.label = label_of(matrix, first->label);
	matrix->labels[row.label].rows++;
	matrix->labels[row.label].attention += needs_attention;
	matrix->rows = mx_grow(matrix->rows, matrix->row_count, sizeof *matrix->rows);
	matrix->rows[matrix->row_count++] = row;
}

static void
find_rows(struct mx_matrix *matrix, const struct mx_matrix_query *query,
    const struct place *places, size_t count)
{
	matrix->sorted = mx_calloc(count + 1, sizeof *matrix->sorted);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && strcmp(places[end].cell->source,
						     places[i].cell->source) == 0;
		     end++)
			;
		matrix->sources++;
		take_row(matrix, query, &places[i], &places[end], &matrix->sorted[i]);
	}
}

static void
find_attention(struct mx_matrix *matrix, const struct place *places, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!mx_cell_needs_attention(places[i].cell))
			continue;
		matrix->attention = mx_grow(matrix->attention, matrix->attention_count,
		    sizeof *matrix->attention);
		matrix->attention[matrix->attention_count++] = places[i].cell;
	}
}

/* What weighs most, first. */
static int
weight_of(enum mx_state state)
{
	static const enum mx_state order[] = { MX_STATE_BLOCKED, MX_STATE_OVERDUE,
		MX_STATE_DELIST_REQUESTED, MX_STATE_FLAPPING, MX_STATE_SUSPECT,
		MX_STATE_CLEARING };
	int i = 0;

	while (i < (int)(sizeof order / sizeof *order) && order[i] != state)
		i++;
	return i;
}

static int
compare_weights(const void *left, const void *right)
{
	const struct mx_cell *a = *(const struct mx_cell *const *)left,
			     *b = *(const struct mx_cell *const *)right;
	int diff = weight_of(a->state) - weight_of(b->state);

	if (diff != 0)
		return diff;
	return a->since_us > b->since_us ? -1 : a->since_us < b->since_us;
}

/* Of two in one state the younger first: it is news. */
static void
sort_attention(struct mx_matrix *matrix)
{
	if (matrix->attention_count > 0)
		qsort(matrix->attention, matrix->attention_count,
		    sizeof *matrix->attention, compare_weights);
}

static void
turn_page(struct mx_matrix *matrix, const struct mx_matrix_query *query)
{
	matrix->pages = (matrix->row_count + query->rows - 1) / query->rows;
	if (matrix->pages == 0)
		matrix->pages = 1;
	matrix->page = query->page < matrix->pages ? query->page : matrix->pages - 1;
	matrix->first = matrix->page * query->rows;
	matrix->end = matrix->first + query->rows;
	if (matrix->end > matrix->row_count)
		matrix->end = matrix->row_count;
}

struct mx_matrix
mx_matrix_make(
    const struct mx_cell *cells, size_t count, const struct mx_matrix_query *query)
{
	struct mx_matrix matrix = { .cells = count };
	struct place *places = sort_cells(cells, count, query->by_network);

	find_columns(&matrix, cells, count);
	choose_columns(&matrix, query->group);
	find_rows(&matrix, query, places, count);
	find_attention(&matrix, places, count);
	name_columns(&matrix, query->group);
	sort_attention(&matrix);
	turn_page(&matrix, query);
	free(places);
	return matrix;
}

void
mx_matrix_clear(struct mx_matrix *matrix)
{
	free(matrix->all);
	free(matrix->rows);
	free(matrix->labels);
	free(matrix->sorted);
	free(matrix->attention);
	*matrix = (struct mx_matrix){ .columns = NULL };
}
