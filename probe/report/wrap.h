/*
 * wrap.h - text that fits between two columns of a terminal.
 * In:   UTF-8 that is safe to show (base/escape.h), columns.   Out: lines.
 * Not:  no escaping, no colour.
 */
#ifndef MX_REPORT_WRAP_H
#define MX_REPORT_WRAP_H

#include <stddef.h>
#include <stdio.h>

/** Bytes of text's beginning that make the next line of at most width columns: up to a space
 *  where there is one (not counted; mx_wrap_skip steps over it), else behind punctuation as names
 *  and URLs have it, else as much as fits; at least one character. */
size_t mx_wrap_piece(const char *text, unsigned width);
/** text behind the spaces it starts with. */
const char *mx_wrap_skip(const char *text);
/** Print text from column `from` on; further lines begin at column `indent`. Ends with a newline.
 *  After most lines the rest is cut, with a remark how much it was; most 0: no limit. */
void mx_wrap_print(FILE *out, const char *text, unsigned from, unsigned indent,
    unsigned width, unsigned most);

#endif
