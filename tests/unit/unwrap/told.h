/*
 * told.h - what unwrap/ makes of an input, as text that a test can compare.
 * In:   an input, whole or in pieces.
 * Out:  per reply "form code enhanced stage host addr rcpt from source" and, behind " | ", its text
 *       with " / " for line ends; what is not known is "-".
 * Not:  no expectations.
 */
#ifndef MX_TESTS_UNWRAP_TOLD_H
#define MX_TESTS_UNWRAP_TOLD_H

#include "probe/unwrap/unwrap.h"

/** A form's sample and what must be told of it. */
struct told_case {
	const char *input, *told;
};

/** Fed in two pieces, the first of cut bytes. Caller frees. */
char *told_cut(enum mx_unwrap_guess guess, const char *input, size_t len, size_t cut);
/** Fed at once. Caller frees. */
char *told(enum mx_unwrap_guess guess, const char *input);
char *told_of_reply(const char *text);
/** Each case as it must be, at every cut, and no crash when it ends at any byte. */
void told_check(enum mx_unwrap_guess guess, const struct told_case *cases, size_t count);

#endif
