/*
 * page_pair_parts.h - the lower half of a pair's page: its tables and forms.
 * In:   as page_pair.h.   Out: HTML, a section each; nothing where there is nothing to tell.
 * Not:  only for page_pair.c.
 */
#ifndef MX_WEB_PAGE_PAIR_PARTS_H
#define MX_WEB_PAGE_PAIR_PARTS_H

#include "probe/web/page_pair.h"

void mx_page_begin_section(struct mx_page *page, const char *key, enum mx_saying title);
void mx_page_end_section(struct mx_page *page);

/** What stands before a reply's text: its code, and its enhanced code unless the text begins with it. */
void mx_page_put_codes(struct mx_page *page, const struct mx_store_result *row);

/** The provider's addresses and what each said last. */
void mx_page_put_hops(struct mx_page *page, const struct mx_pair_view *view);
/** What DNS says of the source: how much is in order, and each row that is not. */
void mx_page_put_identity(struct mx_page *page, const struct mx_pair_view *view);
/** The delisting request, if one is open, and forms to open one or to note the answer. */
void mx_page_put_case(struct mx_page *page, const struct mx_pair_view *view);
/** What became of the newest test message there, and how the receiver judged it. */
void mx_page_put_delivery(struct mx_page *page, const struct mx_pair_view *view);
void mx_page_put_sessions(struct mx_page *page, const struct mx_pair_view *view);
void mx_page_put_changes(struct mx_page *page, const struct mx_pair_view *view);

/** Begin a form that changes something: method, target, secret, whose. False, and nothing is put, where
 *  nothing may be changed. */
bool mx_page_begin_post(
    struct mx_page *page, const char *action, const char *source, const char *group);

#endif
