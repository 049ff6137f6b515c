/*
 * extent.h - where a quoted reply ends; private to unwrap/.
 * In:   a text from the reply's first byte on.
 * Out:  how much of it the server said.
 * Not:  no searching for the beginning (quote.c).
 */
#ifndef MX_UNWRAP_EXTENT_H
#define MX_UNWRAP_EXTENT_H

#include "probe/unwrap/span.h"

/** Bytes up to a blank line or the next reply. */
size_t mx_extent_paragraph(struct mx_span text);
/** Of a paragraph, what stands before the sender's own words, without a bracket or quote that only
 *  closes what was opened before the reply. */
struct mx_span mx_extent_reply(struct mx_span paragraph);
/** Of a paragraph quoted in apostrophes, what stands before the closing one. */
struct mx_span mx_extent_apostrophes(struct mx_span paragraph);

#endif
