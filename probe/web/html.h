/*
 * html.h - markup of ours with values of anybody's in it.
 * In:   format literals, which are the markup; values, which never are.
 * Out:  HTML in a bounded buffer.
 * Not:  no page, no words. Where a value comes from does not matter: each is escaped.
 *
 * A value can neither end an attribute nor begin an element, and nothing in it is invisible or redraws
 * what stands around it: controls, bidirectional overrides and bytes that are not UTF-8 are shown as
 * `\x1b` or `\u{202e}` (base/escape.h), and so a backslash as two.
 */
#ifndef MX_WEB_HTML_H
#define MX_WEB_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/buf.h"

struct mx_html {
	struct mx_buf *out; /* borrowed; its limit bounds the page */
	bool is_full;       /* something did not fit: what is there is no whole page */
};

/** format is markup and goes out as it is; %s is a value, escaped (NULL is nothing); %d, %u, %ld, %lld,
 *  %zu and %% as in printf, without flags or widths. Attributes must stand in quotes of either kind. */
void mx_html_put(struct mx_html *html, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** A value with its length: bytes as they came, NULs among them. */
void mx_html_bytes(struct mx_html *html, const char *bytes, size_t len);
/** A value of several lines: each LF (or CR LF) stays one, so that <pre> shows it as it was said. */
void mx_html_lines(struct mx_html *html, const char *text);

/** A piece of a path or of a query, safe between slashes and in quotes: all but letters, digits and
 *  "-._~:" become %XX. Caller frees. */
char *mx_html_url_piece(const char *text);
/** May it be a link? Only what begins with http:// or https://, has no byte that a URL can't have and
 *  no user name before its host, which would let it look like another's. */
bool mx_html_is_link(const char *url);

#endif
