/*
 * matrix.h - which rows and columns of the matrix are to be seen.
 * In:   every pair, and what the visitor asked for.   Out: rows in groups, columns, counts, one page.
 * Not:  no HTML (page_matrix.h), no store: the pairs are the model's.
 */
#ifndef MX_WEB_MATRIX_H
#define MX_WEB_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/catalogue/catalogue.h"
#include "probe/watch/state.h"

/** One source at one provider group. All borrowed. */
struct mx_cell {
	const char *source, *group;
	const char *tag;                    /* of the source, to group by; may be NULL */
	const struct mx_provider *provider; /* NULL: not in the catalogue */
	enum mx_state state;
	bool is_stale, is_running, is_late;
	int64_t since_us, last_us; /* last_us 0: no session yet */
	int64_t interval_us;       /* between sessions; 0: not watched */
	const char *last_verdict;  /* may be NULL */
	int64_t hops, accepting;
};

/** A state, or one of these, to be looked for. */
enum {
	MX_SHOW_ALL = MX_STATE_COUNT,
	MX_SHOW_ATTENTION, /* any that somebody should look at */
	MX_SHOW_BLIND,     /* accepted where that can't tell of the address */
	MX_SHOW_STALE
};

#define MX_MATRIX_ROWS 100 /* on a page, unless more are asked for */

/** As asked by the visitor; NULL and "" are no filter. */
struct mx_matrix_query {
	const char *find;  /* part of a source, its tag or network */
	const char *group; /* one column only */
	int show;          /* sources with such a pair */
	bool by_network;   /* else by tag, where there is one */
	size_t page;       /* 0 is the first */
	size_t rows;       /* on a page */
};

struct mx_matrix_column {
	const char *group, *name;
	size_t
	    count[MX_SHOW_STALE + 1]; /* by state, MX_SHOW_ATTENTION and MX_SHOW_STALE */
};

/** Where a column has no cell, it is left out. */
struct mx_matrix_row {
	const char *source;
	const struct mx_cell *const *cells;
	size_t cell_count;
	size_t label; /* index of its group of rows */
};

struct mx_matrix_label {
	char text[MX_ADDR_TEXT]; /* "203.0.113.0/24", or the tag */
	size_t rows, attention;  /* of the sources that fit */
};

struct mx_matrix {
	struct mx_matrix_column *columns;
	size_t column_count;
	struct mx_matrix_row *rows; /* that fit, all pages */
	size_t row_count;
	size_t first, end; /* of rows: this page */
	size_t page, pages;
	struct mx_matrix_label *labels;
	size_t label_count;
	/* of all, whatever is asked for */
	size_t sources, cells, count[MX_SHOW_STALE + 1];
	const struct mx_cell **attention; /* every pair that needs it, the worst first */
	size_t attention_count;
	/* own */
	const struct mx_cell **sorted;
	struct mx_matrix_column *all;
	size_t all_count; /* columns before the filter */
};

/** cells in any order. Clear with mx_matrix_clear. */
struct mx_matrix mx_matrix_make(
    const struct mx_cell *cells, size_t count, const struct mx_matrix_query *query);
void mx_matrix_clear(struct mx_matrix *matrix);
/** NULL: this source is not probed there. */
const struct mx_cell *mx_matrix_cell(
    const struct mx_matrix_row *row, const struct mx_matrix_column *column);

/** Should somebody look at it? */
bool mx_cell_needs_attention(const struct mx_cell *cell);
/** The last session was accepted, by a provider that judges the address later than we ask. */
bool mx_cell_is_blind(const struct mx_cell *cell);
/** "blocked", "attention", "blind", "stale", or "" for all; and back, MX_SHOW_ALL for what is none of them. */
const char *mx_matrix_show_name(int show);
int mx_matrix_show(const char *name);

#endif
