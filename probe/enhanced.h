/*
 * enhanced.h - enhanced status codes "5.7.1" (RFC 3463, in replies by RFC 2034).
 * In:   text behind a reply code.   Out: the three numbers, and how many bytes they took.
 * Not:  no meaning: what 5.7.1 says about us is verdict/'s business.
 */
#ifndef MX_ENHANCED_H
#define MX_ENHANCED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** klass 0: no code there. */
struct mx_enhanced {
	uint16_t subject;
	uint16_t detail;
	uint8_t klass;
};

/** Read a code at the start of text (class 2, 4 or 5; at most three digits each behind it; then a
 *  space or the end). Returns the bytes it and one space behind it take, 0 when there is none
 *  (and *out is zeroed). */
size_t mx_enhanced_parse(const char *text, size_t len, struct mx_enhanced *out);

/** The same code, or none both. */
bool mx_enhanced_equal(const struct mx_enhanced *a, const struct mx_enhanced *b);

/** "5.7.1"; "" for none. out holds MX_ENHANCED_TEXT bytes. */
#define MX_ENHANCED_TEXT 16
const char *mx_enhanced_text(const struct mx_enhanced *code, char *out);

#endif
