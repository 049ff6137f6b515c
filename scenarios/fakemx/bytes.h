/*
 * bytes.h - text of a scenario file to the bytes a server sends.
 * In:   text with escapes (\r \n \t \\ \xNN) or placeholders ({client} {helo} {sender}
 *       {recipient} {server}).
 * Out:  bytes.
 * Not:  no line ends are added here.
 */
#ifndef MX_FAKEMX_BYTES_H
#define MX_FAKEMX_BYTES_H

#include <stdbool.h>

#include "probe/base/buf.h"

/** What the placeholders stand for. Borrowed; NULL gives "". */
struct mx_bytes_facts {
	const char *client, *helo, *sender, *recipient, *server;
};

/** NULL when text is well escaped, else the offending place in it. */
const char *mx_bytes_bad_escape(const char *text);
/** Append text with escapes and placeholders resolved. Braces around any other word stay. */
void mx_bytes_expand(
    const char *text, const struct mx_bytes_facts *facts, struct mx_buf *out);
/** The same without escapes: a backslash is a backslash. */
void mx_bytes_fill(
    const char *text, const struct mx_bytes_facts *facts, struct mx_buf *out);

#endif
