/*
 * page_matrix.h - the first page: every source at every provider.
 * In:   the matrix and what was asked for.   Out: HTML.
 * Not:  nothing is filtered or counted here (matrix.h).
 */
#ifndef MX_WEB_PAGE_MATRIX_H
#define MX_WEB_PAGE_MATRIX_H

#include "probe/web/matrix.h"
#include "probe/web/page.h"

void mx_page_put_matrix(struct mx_page *page, const struct mx_matrix *matrix,
    const struct mx_matrix_query *query);

#endif
