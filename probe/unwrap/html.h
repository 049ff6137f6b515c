/*
 * html.h - a page's words as lines of text; private to unwrap/.
 * In:   HTML in UTF-8, however broken.
 * Out:  its text: a line for each block, characters for their references.
 * Not:  no layout, no links, no scripts: enough to find a reply in it.
 */
#ifndef MX_UNWRAP_HTML_H
#define MX_UNWRAP_HTML_H

#include "probe/unwrap/span.h"

/** Never NULL, never longer than the page. Caller frees. */
char *mx_html_text(struct mx_span page);

#endif
