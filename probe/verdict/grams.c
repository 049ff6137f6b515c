/* grams.c - backwards over the text, so that chains ascend. */
#include "probe/verdict/grams.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

/* What a byte counts as; 0 for all that are no bytes of words. */
static const uint8_t folded[256] = {
#define SAME(byte) [byte] = (byte)
	SAME('0'),
	SAME('1'),
	SAME('2'),
	SAME('3'),
	SAME('4'),
	SAME('5'),
	SAME('6'),
	SAME('7'),
	SAME('8'),
	SAME('9'),
	SAME('_'),
	SAME('a'),
	SAME('b'),
	SAME('c'),
	SAME('d'),
	SAME('e'),
	SAME('f'),
	SAME('g'),
	SAME('h'),
	SAME('i'),
	SAME('j'),
	SAME('k'),
	SAME('l'),
	SAME('m'),
	SAME('n'),
	SAME('o'),
	SAME('p'),
	SAME('q'),
	SAME('r'),
	SAME('s'),
	SAME('t'),
	SAME('u'),
	SAME('v'),
	SAME('w'),
	SAME('x'),
	SAME('y'),
	SAME('z'),
#undef SAME
};

bool
mx_gram_is_word(char byte)
{
	return folded[(unsigned char)byte] != 0;
}

/* The gram's three bytes, the first of them lowest. */
static uint32_t
before(uint32_t gram, char byte)
{
	return (gram << 8 | folded[(unsigned char)byte]) & 0xffffff;
}

static uint16_t
bucket(uint32_t gram)
{
	return (uint16_t)(gram * UINT32_C(2654435761) >> (32 - MX_GRAM_BITS));
}

uint16_t
mx_gram_bucket(const char *bytes)
{
	uint32_t gram = 0;

	for (size_t i = MX_GRAM; i-- > 0;)
		gram = before(gram, bytes[i]);
	return bucket(gram);
}

static void
prepend(struct mx_grams *grams, uint32_t gram, size_t link)
{
	uint16_t *first = &grams->first[bucket(gram)];

	grams->next[link] = *first;
	*first = (uint16_t)link;
}

bool
mx_grams_read(struct mx_grams *grams, const char *text, size_t len)
{
	uint32_t gram = 0;

	if (len > MX_GRAM_TEXT_MOST)
		return false;
	if (len + 2 > grams->room) {
		grams->room = len + 2;
		grams->next =
		    mx_reallocarray(grams->next, grams->room, sizeof *grams->next);
	}
	memset(grams->first, 0, sizeof grams->first);
	for (size_t at = len; at-- > 0;) {
		gram = before(gram, text[at]);
		prepend(grams, gram, at + 2);
	}
	prepend(grams, before(gram, 0), 1);
	return true;
}

void
mx_grams_clear(struct mx_grams *grams)
{
	free(grams->next);
	*grams = (struct mx_grams){ .room = 0 };
}
