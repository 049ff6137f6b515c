/*
 * page_strip.h - a pair along time, as a picture that works without a script.
 * In:   sessions and changes of state, newest first.   Out: an SVG: a band of states, a mark a session.
 * Not:  nobody has to see it: the same stands in tables below it.
 */
#ifndef MX_WEB_PAGE_STRIP_H
#define MX_WEB_PAGE_STRIP_H

#include "probe/web/page.h"
#include "probe/web/pair_facts.h"

/** The longest span that it ever shows. */
#define MX_STRIP_MOST_US (INT64_C(90) * 86400 * 1000000)

/** The span is the shortest of a few usual ones that holds everything. */
void mx_page_put_strip(struct mx_page *page, const struct mx_pair_facts *facts);

#endif
