/*
 * letter.h - what a bounce writes under a recipient's address in its own words; private to unwrap/.
 * In:   the text of a bounce.
 * Out:  one recipient's paragraph at a time as a draft: "<user@example.net>:\nNo mailbox here."
 * Not:  no quoted replies: quote.c finds those, and what holds one is left to it.
 */
#ifndef MX_UNWRAP_LETTER_H
#define MX_UNWRAP_LETTER_H

#include "probe/unwrap/draft.h"

/** The next such paragraph that begins at or behind index *at and is over before index end; *at
 *  moves behind it. At the text's end a paragraph is over. Fills form, reply, rcpt, local and
 *  prose. */
bool mx_letter_next(struct mx_span text, size_t *at, size_t end, struct mx_draft *draft);

#endif
