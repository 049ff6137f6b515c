/*
 * charset.h - text of unknown charset to UTF-8; private to unwrap/.
 * In:   pasted or 8-bit text, Japanese mail's charsets among it.   Out: UTF-8, or the bytes as they are.
 * Not:  no declared charset: GMime converts where a message declares one.
 */
#ifndef MX_UNWRAP_CHARSET_H
#define MX_UNWRAP_CHARSET_H

#include "probe/unwrap/span.h"

/** NULL when text is UTF-8 already or nothing that we know; else the same text with the same line
 *  ends. Caller frees; *len gets its length. */
char *mx_charset_to_utf8(struct mx_span text, size_t *len);

#endif
