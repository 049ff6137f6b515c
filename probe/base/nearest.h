/*
 * nearest.h - the known word that a mistyped one was meant to be.
 * In:   a word, and the words there are.   Out: one of them, or none that is near enough.
 * Not:  no sentence: "did you mean" is said by whoever refuses the word.
 */
#ifndef MX_BASE_NEAREST_H
#define MX_BASE_NEAREST_H

#include <stddef.h>

/** The name nearest to word, or NULL: at most a third of the letters may be wrong, missing, too
 *  many or swapped with their neighbour. A word of three letters or more that a name begins with
 *  means that name. */
const char *mx_nearest(const char *word, const char *const *names, size_t count);

#endif
