/*
 * escape.h - remote bytes made safe to show.
 * In:   any bytes at all.   Out: text that cannot steer a terminal, forge a log line or break JSON.
 * Not:  no meaning is read from the bytes; the transcript keeps them as they came.
 */
#ifndef MX_BASE_ESCAPE_H
#define MX_BASE_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

/** For terminal and logs: printable UTF-8 stays; C0, DEL, C1, bidirectional and other invisible
 *  controls (U+200B-200F, 202A-202E, 2060-2069, FEFF) and bytes that are not UTF-8 become \xNN
 *  or \u{NNNN}; a backslash becomes \\. Caller frees. */
char *mx_escape_terminal(const char *bytes, size_t len);
/** For JSON values: valid UTF-8 as it is (JSON escapes controls itself); each byte that is not
 *  part of valid UTF-8 becomes U+FFFD; NUL becomes U+2400. Caller frees. */
char *mx_escape_utf8(const char *bytes, size_t len);
/** The code point that stands at bytes, and its length; 0 when they begin no valid UTF-8. len is one
 *  at least. */
size_t mx_utf8_decode(const char *bytes, size_t len, uint32_t *point);
/** How many bytes from the first on are printable ASCII that a JSON string holds as it is. */
size_t mx_json_plain(const char *bytes, size_t len);
/** Columns that UTF-8 text takes on a terminal (wcwidth of each code point). */
size_t mx_text_columns(const char *text);

#endif
