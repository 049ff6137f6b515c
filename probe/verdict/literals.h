/*
 * literals.h - many words found in a text in one pass; private to verdict/.
 * In:   words; later, texts.
 * Out:  every place where one of the words stands, byte for byte.
 * Not:  no regular expressions, no borders of words: sieve.c.
 *
 * vectorscan does the work. Without it (configure --without-vectorscan, or a processor it does not
 * know) there is nothing here, and pattern.h has to try every pattern. Finding uses memory of the
 * words' own: one thread at a time.
 */
#ifndef MX_VERDICT_LITERALS_H
#define MX_VERDICT_LITERALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/buf.h"

struct mx_literals;

/** Built in, and this processor can run it. */
bool mx_literals_possible(void);
/** The library's, in words; "" without one. */
const char *mx_literals_version(void);

/** No word is empty. A word is known by its index. NULL when there can be none. */
struct mx_literals *mx_literals_new(const char *const *words, size_t count);
void mx_literals_free(struct mx_literals *literals);

/** Calls found for each place, in no order of words; end is behind it. False: the text can't be
 *  searched, and what was found is not all. */
bool mx_literals_find(const struct mx_literals *literals, const char *text, size_t len,
    void (*found)(void *arg, uint32_t word, size_t end), void *arg);

/** Append what mx_literals_load reads back; the same bytes for the same words, on any processor. */
bool mx_literals_save(const struct mx_literals *literals, struct mx_buf *out);
/** NULL when the bytes are damaged or of another version of vectorscan; they are not kept. */
struct mx_literals *mx_literals_load(const char *bytes, size_t len);

#endif
