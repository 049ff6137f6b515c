/* test_span.c - phrases are found wherever they stand, in any case, and never beyond the end. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/unwrap/span.h"

TestSuite(span, .timeout = 10);

/* In memory of just that size, so that looking on would show. */
static void
assert_found(size_t len, size_t at, const char *phrase, const char *written)
{
	char *bytes = mx_calloc(len, 1);
	const struct mx_span span = { bytes, len };
	size_t size = strlen(phrase);

	memset(bytes, phrase[0], len); /* every place may be the one */
	memcpy(bytes + at, written, size);
	cr_expect_eq(mx_span_find(span, phrase), at, "%s in %zu at %zu", phrase, len, at);
	bytes[at + size - 1] = '~';
	cr_expect_eq(mx_span_find(span, phrase), len, "no %s in %zu", phrase, len);
	free(bytes);
}

Test(span, a_phrase_is_found_at_every_place_of_texts_of_every_length)
{
	for (size_t len = 5; len < 60; len++)
		for (size_t at = 0; at + 5 <= len; at++) {
			assert_found(len, at, "relay", "relay");
			assert_found(len, at, "relay", "RelAY");
			assert_found(len, at, " to=<", " TO=<");
		}
}

/* '[' and '{', '@' and '`' are apart as the cases of a letter are. */
Test(span, only_letters_have_two_cases)
{
	static const char text[] = "0123456789abcdef{`0123456789abcdef [@";

	cr_expect_eq(mx_span_find(mx_span_of(text), "[@"), sizeof text - 3);
	cr_expect_eq(mx_span_find(mx_span_of(text), "{@"), sizeof text - 1);
	cr_expect_eq(mx_span_find(mx_span_of(text), "EF{"), 14);
}

Test(span, one_byte_is_a_phrase_too_and_nothing_holds_none)
{
	const struct mx_span nothing = { NULL, 0 };

	cr_expect_eq(mx_span_find(mx_span_of("abcdefghijklmnopqrstuvw>x"), ">"), 23);
	cr_expect_eq(mx_span_find(mx_span_of("abc"), "abcd"), 3);
	cr_expect_eq(mx_span_find(nothing, "a"), 0);
}

Test(span, a_space_in_a_phrase_is_any_white_space)
{
	cr_expect_eq(
	    mx_span_phrase(mx_span_of("In \t\r\n REPLY to x"), "in reply to "), 16);
	cr_expect_eq(mx_span_phrase(mx_span_of("inreply to x"), "in reply to "), 0);
	cr_expect_eq(mx_span_phrase(mx_span_of("in repl"), "in reply"), 0);
}
