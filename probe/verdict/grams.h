/*
 * grams.h - where any three bytes stand in a text; private to verdict/.
 * In:   a text in lower case.
 * Out:  for three bytes the places, ascending, where they stand; perhaps some where others do.
 * Not:  no words, no patterns: sieve.c.
 *
 * Bytes that are not of PCRE2's \w are all the same here, and one of them stands before the text and
 * behind it: so that the border of a word is a byte like others, and "\bip" has three.
 */
#ifndef MX_VERDICT_GRAMS_H
#define MX_VERDICT_GRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MX_GRAM 3
#define MX_GRAM_BITS 11
/** Texts of so many bytes can be read. */
#define MX_GRAM_TEXT_MOST (UINT16_MAX - 2)

/** Chains of places whose bytes have one hash. A link is a place + 2, for the first place is that
 *  before the text; 0 is the end. */
struct mx_grams {
	uint16_t first[1 << MX_GRAM_BITS]; /* a link */
	uint16_t *next;                    /* own: by link */
	size_t room;
};

/** Letters, digits and '_', without a locale. */
bool mx_gram_is_word(char byte);
/** bytes[MX_GRAM], wherever they stand. */
uint16_t mx_gram_bucket(const char *bytes);

/** False, and nothing is known, when the text is too long. It is not kept. */
bool mx_grams_read(struct mx_grams *grams, const char *text, size_t len);
void mx_grams_clear(struct mx_grams *grams);

#endif
