/*
 * term.h - what the terminal can do.
 * In:   a stream, the environment (NO_COLOR, COLUMNS, TERM).   Out: width, colour yes or no.
 * Not:  no drawing.
 */
#ifndef MX_BASE_TERM_H
#define MX_BASE_TERM_H

#include <stdbool.h>
#include <stdio.h>

/** A terminal, TERM is not "dumb", and NO_COLOR is unset or empty (no-color.org). */
bool mx_term_has_color(FILE *stream);
bool mx_term_is_tty(FILE *stream);
/** Columns: the terminal's, else COLUMNS, else 80. At least 40. */
unsigned mx_term_width(FILE *stream);

#endif
