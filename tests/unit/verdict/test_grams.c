/* test_grams.c - no place is missing from its chain, and the borders of the text are places. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/grams.h"

TestSuite(grams, .timeout = 10);

/* Is the gram that begins at this place (-1: before the text) in the chain of these bytes? */
static bool
is_in_chain(const struct mx_grams *grams, const char bytes[MX_GRAM], long place)
{
	uint16_t link = grams->first[mx_gram_bucket(bytes)];

	while (link != 0 && link != place + 2)
		link = grams->next[link];
	return link != 0;
}

static bool
ascends(const struct mx_grams *grams, uint16_t link)
{
	for (; link != 0 && grams->next[link] != 0; link = grams->next[link])
		if (grams->next[link] <= link)
			return false;
	return true;
}

Test(grams, each_place_is_in_the_chain_of_its_bytes_and_chains_ascend)
{
	static const char bytes[] = "ab <.\xc3\xa9";
	struct mx_grams grams = { .room = 0 };
	char text[200] = { 0 };
	const size_t len = sizeof text - 8;

	for (size_t round = 0; round < 50; round++) {
		for (size_t i = 0; i < len; i++)
			text[i] = bytes[(i * i + i * round + round) % 7];
		cr_assert(mx_grams_read(&grams, text, len));
		for (size_t at = 0; at + MX_GRAM <= len; at++)
			cr_assert(is_in_chain(&grams, text + at, (long)at),
			    "round %zu at %zu", round, at);
	}
	for (size_t i = 0; i < 1U << MX_GRAM_BITS; i++)
		cr_assert(ascends(&grams, grams.first[i]));
	mx_grams_clear(&grams);
}

Test(grams, what_is_no_byte_of_a_word_is_a_border_as_both_ends_are)
{
	static const struct {
		const char *text, *bytes;
		long place;
	} rows[] = {
		{ "ip", " ip", -1 },
		{ "ip", "ip ", 0 },
		{ "(ip)", " ip", 0 },
		{ "\xc3\xa9ip.", "]ip", 1 },
		{ "no ip", "\tip", 2 },
	};
	struct mx_grams grams = { .room = 0 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_assert(mx_grams_read(&grams, rows[i].text, strlen(rows[i].text)));
		cr_assert(is_in_chain(&grams, rows[i].bytes, rows[i].place), "%s",
		    rows[i].text);
		cr_assert_not(is_in_chain(&grams, "aip", rows[i].place));
	}
	mx_grams_clear(&grams);
}

Test(grams, a_text_without_bytes_has_none_and_one_too_long_is_refused)
{
	struct mx_grams grams = { .room = 0 };
	char *text = mx_calloc(MX_GRAM_TEXT_MOST + 1, 1);

	cr_assert(mx_grams_read(&grams, "", 0));
	cr_assert_not(is_in_chain(&grams, "abc", 0));
	cr_assert(mx_grams_read(&grams, text, MX_GRAM_TEXT_MOST));
	cr_assert_not(mx_grams_read(&grams, text, MX_GRAM_TEXT_MOST + 1));
	free(text);
	mx_grams_clear(&grams);
}
