/* words.c - sets of a few dozen words at most. */
#include "probe/verdict/words.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

void
mx_words_clear(struct mx_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->items[i]);
	free(words->items);
	*words = (struct mx_words){ 0 };
}

static bool
has_word(const struct mx_words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->items[i], word) == 0)
			return true;
	return false;
}

void
mx_words_add(struct mx_words *words, char *word)
{
	if (has_word(words, word)) {
		free(word);
		return;
	}
	words->items = mx_grow(words->items, words->count, sizeof *words->items);
	words->items[words->count++] = word;
}

void
mx_words_move(struct mx_words *into, struct mx_words *from)
{
	for (size_t i = 0; i < from->count; i++)
		mx_words_add(into, from->items[i]);
	free(from->items);
	*from = (struct mx_words){ 0 };
}

struct mx_words
mx_words_one(const char *text, size_t len)
{
	struct mx_words words = { 0 };

	mx_words_add(&words, mx_strndup(text, len));
	return words;
}

struct mx_words
mx_words_copy(const struct mx_words *words)
{
	struct mx_words copy = { .from = words->from, .to = words->to };

	for (size_t i = 0; i < words->count; i++)
		mx_words_add(&copy, mx_strdup(words->items[i]));
	return copy;
}

struct mx_words
mx_words_join(const struct mx_words *a, const struct mx_words *b)
{
	struct mx_words joined = { 0 };

	for (size_t i = 0; i < a->count; i++)
		for (size_t k = 0; k < b->count; k++)
			mx_words_add(
			    &joined, mx_asprintf("%s%s", a->items[i], b->items[k]));
	return joined;
}

/* A border between two bytes of a word says nothing that they don't. */
static void
drop_inner_borders(char *word)
{
	char *to = word;

	for (const char *from = word; *from != '\0'; from++) {
		bool is_first = to == word, is_last = from[1] == '\0';

		if (*from != MX_WORD_BORDER ||
		    ((is_first || is_last) && !(to > word && to[-1] == MX_WORD_BORDER)))
			*to++ = *from;
	}
	*to = '\0';
}

static size_t
length(const char *word)
{
	size_t len = strlen(word);

	return len - (len > 0 && word[0] == MX_WORD_BORDER) -
	       (len > 1 && word[len - 1] == MX_WORD_BORDER);
}

size_t
mx_words_shortest(const struct mx_words *words)
{
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < words->count; i++)
		if (length(words->items[i]) < least)
			least = length(words->items[i]);
	return words->count > 0 ? least : 0;
}

size_t
mx_words_longest(const struct mx_words *words)
{
	size_t most = 0;

	for (size_t i = 0; i < words->count; i++)
		if (length(words->items[i]) > most)
			most = length(words->items[i]);
	return most;
}

/* PCRE2's \w, without a locale. */
static bool
is_word_byte(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	       byte == '_';
}

/* Wherever word stands, start stands at the same place. */
static bool
begins_with(const char *word, const char *start)
{
	size_t len = strlen(start);
	bool border = len > 1 && start[len - 1] == MX_WORD_BORDER;

	len -= border;
	if (len == 0 || strncmp(word, start, len) != 0)
		return false;
	return !border || word[len] == MX_WORD_BORDER ||
	       (word[len] != '\0' &&
		   is_word_byte(word[len]) != is_word_byte(word[len - 1]));
}

static bool
is_implied(const struct mx_words *words, size_t which)
{
	for (size_t i = 0; i < words->count; i++)
		if (i != which && begins_with(words->items[which], words->items[i]))
			return true;
	return false;
}

void
mx_words_settle(struct mx_words *words)
{
	struct mx_words settled = { .from = words->from, .to = words->to };

	for (size_t i = 0; i < words->count; i++)
		drop_inner_borders(words->items[i]);
	/* now that borders are gone, some may be the same */
	for (size_t i = 0; i < words->count; i++)
		mx_words_add(&settled, words->items[i]);
	free(words->items);
	*words = settled;
	for (size_t i = words->count; i-- > 0;)
		if (is_implied(words, i)) {
			free(words->items[i]);
			words->items[i] = words->items[--words->count];
		}
}
