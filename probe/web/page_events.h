/*
 * page_events.h - every change of state, newest first.
 * In:   a store, whose, since when.   Out: HTML, a bounded number of rows.
 * Not:  no results without a change.
 */
#ifndef MX_WEB_PAGE_EVENTS_H
#define MX_WEB_PAGE_EVENTS_H

#include "probe/store/store.h"
#include "probe/web/model.h"
#include "probe/web/page.h"

struct mx_events_query {
	const char *source, *group; /* NULL: all */
	unsigned days;              /* how far back */
};

/** On failure the page has not begun. */
enum mx_err mx_page_put_events(struct mx_page *page, struct mx_store *store,
    const struct mx_model *model, const struct mx_events_query *query,
    struct mx_error *err) __attribute__((warn_unused_result));

#endif
