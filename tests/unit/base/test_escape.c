/* test_escape.c - whatever a server says, the terminal only ever sees text. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define BYTES(literal) literal, sizeof(literal) - 1

TestSuite(escape, .timeout = 20);

struct row {
	const char *bytes;
	size_t len;
	const char *shown;
};

Test(escape, terminal_text_of_every_class)
{
	static const struct row table[] = {
		{ BYTES(""), "" },
		{ BYTES("550 5.7.1 no"), "550 5.7.1 no" },
		{ BYTES("\xe3\x81\x82 \xc3\xa9 \xf0\x9f\x93\xa7"),
		    "\xe3\x81\x82 \xc3\xa9 \xf0\x9f\x93\xa7" },
		{ BYTES("a\0b\r\n\t"), "a\\x00b\\x0d\\x0a\\x09" },
		{ BYTES("\033[2J\x7f"), "\\x1b[2J\\x7f" },
		{ BYTES("\\x1b"), "\\\\x1b" }, /* not to be mistaken for one */
		{ BYTES("\xc2\x9b"
			"31m \xc2\x85"),
		    "\\u{009b}31m \\u{0085}" }, /* C1 as UTF-8 */
		{ BYTES("\x9b"
			"31m"),
		    "\\x9b31m" }, /* C1 as a byte */
		{ BYTES("\xe2\x80\xae"
			"evil\xe2\x80\xac"),
		    "\\u{202e}evil\\u{202c}" },
		{ BYTES("\xe2\x81\xa6\xe2\x81\xa9"), "\\u{2066}\\u{2069}" },
		{ BYTES("a\xe2\x80\x8b"
			"b\xe2\x80\x8f"),
		    "a\\u{200b}b\\u{200f}" },
		{ BYTES("\xef\xbb\xbf"), "\\u{feff}" },
		{ BYTES("\xe2\x80\xa8\xe2\x80\xa9"), "\\u{2028}\\u{2029}" },
		{ BYTES("\xf3\xa0\x81\x81"), "\\u{e0041}" }, /* tag letters */
		{ BYTES("\xc2\xad"), "\\u{00ad}" },
		{ BYTES("\xef\xbf\xbf"), "\\u{ffff}" }, /* a non-character */
		{ BYTES("\xff\xfe"), "\\xff\\xfe" },
		{ BYTES("\xc0\xaf"), "\\xc0\\xaf" }, /* overlong */
		{ BYTES("\xe0\x80\xaf"), "\\xe0\\x80\\xaf" },
		{ BYTES("\xf0\x82\x82\xac"), "\\xf0\\x82\\x82\\xac" },
		{ BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80" }, /* a surrogate */
		{ BYTES("\xf4\x90\x80\x80"),
		    "\\xf4\\x90\\x80\\x80" },        /* beyond U+10FFFF */
		{ BYTES("\xe3\x81"), "\\xe3\\x81" }, /* cut short */
		{ BYTES("\xe3\x81z"), "\\xe3\\x81z" },
		{ BYTES("\x82\xa0 sjis"), "\\x82\\xa0 sjis" },
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		char *shown = mx_escape_terminal(table[i].bytes, table[i].len);

		cr_assert_str_eq(shown, table[i].shown, "row %zu: %s", i, shown);
		free(shown);
	}
}

Test(escape, json_text_of_every_class)
{
	static const struct row table[] = {
		{ BYTES(""), "" },
		{ BYTES("\033[2J\n\\"), "\033[2J\n\\" }, /* JSON's own business */
		{ BYTES("a\0b"), "a\xe2\x90\x80"
				 "b" },
		{ BYTES("\xe3\x81\x82\xc3\xa9"), "\xe3\x81\x82\xc3\xa9" },
		{ BYTES("\xff"
			"a"),
		    "\xef\xbf\xbd"
		    "a" },
		{ BYTES("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ BYTES("\xe3\x81"), "\xef\xbf\xbd\xef\xbf\xbd" },
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		char *text = mx_escape_utf8(table[i].bytes, table[i].len);

		cr_assert_str_eq(text, table[i].shown, "row %zu", i);
		free(text);
	}
}

/* At every place of texts longer than what is looked at in one go, and whatever stands before. */
Test(escape, json_plain_ends_at_the_first_byte_that_is_not)
{
	char bytes[40];

	for (int byte = 0; byte < 256; byte++)
		for (size_t at = 0; at < sizeof bytes; at++) {
			bool is_plain =
			    byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\';

			memset(bytes, 'x', sizeof bytes);
			bytes[at] = (char)byte;
			cr_assert_eq(mx_json_plain(bytes, sizeof bytes),
			    is_plain ? sizeof bytes : at, "byte %d at %zu", byte, at);
			cr_assert_eq(mx_json_plain(bytes, at), at, "never beyond");
		}
}

static char *
encode(uint32_t point, char *out)
{
	if (point < 0x80) {
		*out++ = (char)point;
	} else if (point < 0x800) {
		*out++ = (char)(0xc0 | point >> 6);
		*out++ = (char)(0x80 | (point & 63));
	} else if (point < 0x10000) {
		*out++ = (char)(0xe0 | point >> 12);
		*out++ = (char)(0x80 | (point >> 6 & 63));
		*out++ = (char)(0x80 | (point & 63));
	} else {
		*out++ = (char)(0xf0 | point >> 18);
		*out++ = (char)(0x80 | (point >> 12 & 63));
		*out++ = (char)(0x80 | (point >> 6 & 63));
		*out++ = (char)(0x80 | (point & 63));
	}
	return out;
}

static bool
is_promised_unseen(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
	       (point >= 0x200b && point <= 0x200f) ||
	       (point >= 0x202a && point <= 0x202e) ||
	       (point >= 0x2060 && point <= 0x2069) || point == 0xfeff;
}

/* The header's promise, held against every code point there is. */
Test(escape, no_promised_code_point_gets_through_and_no_letter_is_lost)
{
	char bytes[8];

	for (uint32_t point = 0; point <= 0x10ffff; point++) {
		size_t len;
		char *shown;

		if (point >= 0xd800 && point <= 0xdfff)
			continue;
		len = (size_t)(encode(point, bytes) - bytes);
		shown = mx_escape_terminal(bytes, len);
		if (is_promised_unseen(point))
			cr_assert_eq(shown[0], '\\', "U+%04X", point);
		if (shown[0] == '\\')
			cr_assert_eq(
			    strspn(shown, "\\xu{}0123456789abcdef"), strlen(shown));
		else
			cr_assert(strlen(shown) == len && memcmp(shown, bytes, len) == 0);
		if (point >= 0x3041 && point <= 0x3096)
			cr_assert_neq(shown[0], '\\', "hiragana U+%04X", point);
		free(shown);
	}
}

/* Every pair of bytes, in the middle of text: nothing below a space, no DEL, no bare C1. */
Test(escape, no_pair_of_bytes_leaves_a_control)
{
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		char bytes[4] = { 'a', (char)(pair >> 8), (char)pair, 'z' };
		char *shown = mx_escape_terminal(bytes, sizeof bytes);
		size_t len = strlen(shown);

		cr_assert_eq(shown[0], 'a');
		cr_assert_eq(shown[len - 1], 'z');
		for (size_t i = 0; i < len; i++) {
			unsigned char byte = (unsigned char)shown[i];

			cr_assert(byte >= 0x20 && byte != 0x7f, "pair %04x", pair);
			if (byte == 0xc2)
				cr_assert_geq(
				    (unsigned char)shown[i + 1], 0xa0, "pair %04x", pair);
		}
		free(shown);
	}
}

Test(escape, columns_are_those_of_the_terminal)
{
	static const struct {
		const char *text;
		size_t columns;
	} table[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "\xc3\xa9", 1 },
		{ "\xe3\x81\x82\xe3\x81\x84", 4 }, /* hiragana: two each */
		{ "e\xcc\x81", 1 },                /* combining accent */
		{ "\xff", 1 },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		cr_assert_eq(mx_text_columns(table[i].text), table[i].columns,
		    "row %zu: %zu", i, mx_text_columns(table[i].text));
}
