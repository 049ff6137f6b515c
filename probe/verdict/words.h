/*
 * words.h - a set of words, one of which a text must hold; private to verdict/.
 * In:   pieces of a pattern, counted out.
 * Out:  the fewest words that stand for all.
 * Not:  no pattern is read here: demand.h.
 */
#ifndef MX_VERDICT_WORDS_H
#define MX_VERDICT_WORDS_H

#include <stddef.h>

/** In a word: here stood a \b. It is no byte of the word, and only its first and last may be one. */
#define MX_WORD_BORDER '\1'

/** One of these. Between two sets of a way the later word begins at most to (its) - from (the
 *  earlier's) bytes behind the earlier one; more than any text is long where the pattern sets no
 *  bound. */
struct mx_words {
	char **items; /* own */
	size_t count;
	size_t from, to;
};

void mx_words_clear(struct mx_words *words);
/** Takes the word over; one that is there already is freed. */
void mx_words_add(struct mx_words *words, char *word);
/** from is empty afterwards. */
void mx_words_move(struct mx_words *into, struct mx_words *from);
struct mx_words mx_words_one(const char *text, size_t len);
struct mx_words mx_words_copy(const struct mx_words *words);
/** Every word of a followed by every word of b. */
struct mx_words mx_words_join(const struct mx_words *a, const struct mx_words *b);
/** Bytes of the shortest, borders not counted; 0 where there is no word. */
size_t mx_words_shortest(const struct mx_words *words);
size_t mx_words_longest(const struct mx_words *words);
/** No word grows any more: borders are left at their ends alone, and a word goes that begins with
 *  another one, for where it stands the other stands. */
void mx_words_settle(struct mx_words *words);

#endif
