/*
 * page_matrix_view.h - what stands above the matrix, and what it shares with the table.
 * In:   as page_matrix.h.   Out: HTML, a part each; addresses of the same page asked otherwise.
 * Not:  only for page_matrix*.c.
 */
#ifndef MX_WEB_PAGE_MATRIX_VIEW_H
#define MX_WEB_PAGE_MATRIX_VIEW_H

#include "probe/web/page_matrix.h"

/** All that one part of the page hands to the next. */
struct mx_matrix_view {
	struct mx_page *page;
	struct mx_html *html;
	const struct mx_matrix *matrix;
	const struct mx_matrix_query *query;
};

/** What can be counted and looked for, the worst first, as people read. */
#define MX_MATRIX_SHOWS 10
extern const int mx_matrix_shows[MX_MATRIX_SHOWS];
const struct mx_state_look *mx_matrix_look(int show);

/** The page that this query asks for, without the root. lang NULL: none is said. Caller frees. */
char *mx_matrix_address(const struct mx_matrix_query *query, const char *lang);

void mx_matrix_put_summary(const struct mx_matrix_view *view);
void mx_matrix_put_attention(const struct mx_matrix_view *view);
void mx_matrix_put_filter(const struct mx_matrix_view *view);

#endif
