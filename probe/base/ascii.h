/*
 * ascii.h - digits and letters of protocols.
 * In:   a byte.   Out: what it is in ASCII.
 * Not:  no locale: not isdigit() and isalnum(), for the user's locale must not change what a reply means.
 */
#ifndef MX_BASE_ASCII_H
#define MX_BASE_ASCII_H

#include <stdbool.h>

static inline bool
mx_ascii_is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/** A to Z become small, all other bytes stay. */
static inline char
mx_ascii_lower(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		byte |= 32;
	return byte;
}

static inline bool
mx_ascii_is_alnum(char byte)
{
	char small = mx_ascii_lower(byte);

	return mx_ascii_is_digit(byte) || (small >= 'a' && small <= 'z');
}

#endif
