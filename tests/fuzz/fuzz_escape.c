/*
 * fuzz_escape.c - properties of what is shown for any bytes:
 * nothing that steers a terminal is left; nothing is lost, as the bytes can be read back from it;
 * the JSON form is UTF-8 that jansson takes as it is.
 */
#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/escape.h"
#include "tests/fuzz/fuzz.h"

/* In valid UTF-8, each sequence that is a control or cannot be seen. Written as bytes, so that
 * this is not the code under test once more. */
static bool
holds_unseen(const char *text)
{
	static const struct {
		const char *first, *last;
	} ranges[] = {
		{ "\x01", "\x1f" },
		{ "\x7f", "\x7f" },
		{ "\xc2\x80", "\xc2\x9f" },
		{ "\xe2\x80\x8b", "\xe2\x80\x8f" },
		{ "\xe2\x80\xa8", "\xe2\x80\xae" },
		{ "\xe2\x81\xa0", "\xe2\x81\xa9" },
		{ "\xef\xbb\xbf", "\xef\xbb\xbf" },
	};
	size_t i, len;

	for (; *text != '\0'; text++)
		for (i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
			len = strlen(ranges[i].first);
			if (strncmp(text, ranges[i].first, len) >= 0 &&
			    strncmp(text, ranges[i].last, len) <= 0)
				return true;
		}
	return false;
}

static void
add_utf8(struct mx_buf *out, unsigned long point)
{
	unsigned char bytes[4];
	size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4, i;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (i = len; i-- > 1; point >>= 6)
		bytes[i] = (unsigned char)(0x80 | (point & 0x3f));
	bytes[0] = (unsigned char)(lead[len] | point);
	FUZZ_REQUIRE(mx_buf_add(out, bytes, len));
}

/* Reads the shown text back into the bytes it stands for. */
static void
unescape(const char *shown, struct mx_buf *out)
{
	while (*shown != '\0') {
		char *end = NULL;
		unsigned char byte;

		if (shown[0] != '\\') {
			FUZZ_REQUIRE(mx_buf_add(out, shown++, 1));
		} else if (shown[1] == '\\') {
			FUZZ_REQUIRE(mx_buf_add(out, "\\", 1));
			shown += 2;
		} else if (shown[1] == 'x') {
			char digits[3] = { shown[2], shown[2] != '\0' ? shown[3] : '\0',
				'\0' };

			byte = (unsigned char)strtoul(digits, &end, 16);
			FUZZ_REQUIRE(*end == '\0' && strlen(digits) == 2);
			FUZZ_REQUIRE(mx_buf_add(out, &byte, 1));
			shown += 4;
		} else {
			FUZZ_REQUIRE(shown[1] == 'u' && shown[2] == '{');
			add_utf8(out, strtoul(shown + 3, &end, 16));
			FUZZ_REQUIRE(*end == '}');
			shown = end + 1;
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	char *shown = mx_escape_terminal(bytes, size),
	     *text = mx_escape_utf8(bytes, size);
	json_t *value = json_string(text);
	struct mx_buf back;

	FUZZ_REQUIRE(!holds_unseen(shown));
	mx_buf_init(&back, size);
	unescape(shown, &back);
	FUZZ_REQUIRE(
	    back.len == size && (size == 0 || memcmp(back.data, bytes, size) == 0));
	FUZZ_REQUIRE(mx_text_columns(shown) <= 2 * strlen(shown));
	FUZZ_REQUIRE(value != NULL);
	json_decref(value);
	mx_buf_clear(&back);
	free(shown);
	free(text);
	return 0;
}
