/* test_tally.c - words are counted, sorted and never more than allowed. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/report/tally.h"

TestSuite(tally, .timeout = 10);

static void
add_all(struct mx_tally *tally, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		char word[2] = { *letters, '\0' };

		mx_tally_add(tally, word);
	}
}

Test(tally, the_most_frequent_word_comes_first_and_equal_ones_by_bytes)
{
	struct mx_tally tally = { .limit = 10 };
	static const char *const words[] = { "c", "b", "Z", "a" };
	static const size_t counts[] = { 3, 2, 1, 1 };

	add_all(&tally, "cabcZbc");
	mx_tally_sort(&tally);
	cr_assert_eq(tally.row_count, 4);
	for (size_t i = 0; i < 4; i++) {
		cr_expect_eq(tally.rows[i]->count, counts[i], "row %zu", i);
		if (i < 2)
			cr_expect_str_eq(tally.rows[i]->word, words[i]);
	}
	cr_expect_str_eq(tally.rows[2]->word, "Z");
	mx_tally_clear(&tally);
}

Test(tally, words_past_the_limit_are_counted_but_not_kept)
{
	struct mx_tally tally = { .limit = 2 };

	cr_expect(mx_tally_add(&tally, "a"));
	cr_expect(mx_tally_add(&tally, "b"));
	cr_expect_not(mx_tally_add(&tally, "c"));
	cr_expect_not(mx_tally_add(&tally, "a"));
	cr_expect_not(mx_tally_add(&tally, "d"));
	cr_expect_eq(tally.row_count, 2);
	cr_expect_eq(tally.others, 2);
	mx_tally_clear(&tally);
	cr_expect_eq(tally.limit, 2, "cleared, it can be used again");
}
