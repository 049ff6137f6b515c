/* escape.c - one decoder, two ways to show what it finds. */
#include "probe/base/escape.h"

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "probe/base/buf.h"

/* Code points that draw nothing, or redraw what stands around them. */
static const struct {
	uint32_t first, last;
} unseen[] = {
	/* clang-format off */
	{ 0x0000, 0x001f }, { 0x007f, 0x009f }, /* C0, DEL, C1 */
	{ 0x00ad, 0x00ad },                     /* soft hyphen */
	{ 0x034f, 0x034f }, { 0x061c, 0x061c }, /* joiner, Arabic letter mark */
	{ 0x115f, 0x1160 }, { 0x3164, 0x3164 }, { 0xffa0, 0xffa0 }, /* Hangul fillers */
	{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, /* Khmer and Mongolian invisibles */
	{ 0x200b, 0x200f }, { 0x2028, 0x202e }, /* zero width; line ends and bidi embedding */
	{ 0x2060, 0x206f },                     /* invisible operators, bidi isolates */
	{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, /* variation selectors, byte order mark */
	{ 0xfff0, 0xfffb },                     /* interlinear annotation */
	{ 0x1d173, 0x1d17a },                   /* musical formatting */
	{ 0xe0000, 0xe0fff },                   /* tags, more variation selectors */
	/* clang-format on */
};

static bool
is_unseen(uint32_t point)
{
	size_t i;

	for (i = 0; i < sizeof unseen / sizeof unseen[0]; i++)
		if (point >= unseen[i].first && point <= unseen[i].last)
			return true;
	/* Non-characters: never text, and some decoders choke on them. */
	return (point & 0xfffe) == 0xfffe || (point >= 0xfdd0 && point <= 0xfdef);
}

/* How many bytes a sequence has that starts with this byte, and the bits it carries; 0: none. */
static size_t
sequence_length(unsigned char lead, uint32_t *bits)
{
	if (lead < 0x80) {
		*bits = lead;
		return 1;
	}
	if (lead >= 0xc2 && lead <= 0xdf) {
		*bits = lead & 0x1fu;
		return 2;
	}
	if (lead >= 0xe0 && lead <= 0xef) {
		*bits = lead & 0x0fu;
		return 3;
	}
	if (lead >= 0xf0 && lead <= 0xf4) {
		*bits = lead & 0x07u;
		return 4;
	}
	return 0;
}

/* RFC 3629: overlong forms, surrogates and what lies beyond U+10FFFF are not valid. */
size_t
mx_utf8_decode(const char *bytes, size_t len, uint32_t *point)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t i, need = sequence_length((unsigned char)bytes[0], point);

	if (need == 0 || need > len)
		return 0;
	for (i = 1; i < need; i++) {
		unsigned char next = (unsigned char)bytes[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (next & 0x3fu);
	}
	if (*point < smallest[need] || *point > 0x10ffff ||
	    (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return need;
}

/* Printable ASCII that a JSON string holds as it is. */
static const bool is_plain[256] = {
	[' ' ... '!'] = true,
	['#' ... '['] = true,
	[']' ... '~'] = true,
};

#define BLOCK 16

/* The same without a look into the table nor a branch, so that compilers make a vector of it. */
static bool
block_is_plain(const char *bytes)
{
	unsigned char odd = 0;

	for (size_t i = 0; i < BLOCK; i++)
		odd |= (unsigned char)((bytes[i] < ' ') | (bytes[i] > '~') |
				       (bytes[i] == '"') | (bytes[i] == '\\'));
	return odd == 0;
}

size_t
mx_json_plain(const char *bytes, size_t len)
{
	size_t at = 0;

	while (len - at >= BLOCK && block_is_plain(bytes + at))
		at += BLOCK;
	while (at < len && is_plain[(unsigned char)bytes[at]])
		at++;
	return at;
}

char *
mx_escape_terminal(const char *bytes, size_t len)
{
	struct mx_buf out;
	size_t at, used;
	uint32_t point;

	/* No input byte becomes more than eight: the lid is there, and never met. */
	mx_buf_init(&out, len <= SIZE_MAX / 16 ? len * 8 : SIZE_MAX / 2);
	for (at = 0; at < len; at += used) {
		used = mx_utf8_decode(bytes + at, len - at, &point);
		if (used == 0) {
			used = 1;
			(void)mx_buf_addf(&out, "\\x%02x", (unsigned char)bytes[at]);
		} else if (point == '\\') {
			(void)mx_buf_addstr(&out, "\\\\");
		} else if (!is_unseen(point)) {
			(void)mx_buf_add(&out, bytes + at, used);
		} else if (point < 0x80) {
			(void)mx_buf_addf(&out, "\\x%02x", point);
		} else {
			(void)mx_buf_addf(&out, "\\u{%04x}", point);
		}
	}
	return mx_buf_take(&out);
}

char *
mx_escape_utf8(const char *bytes, size_t len)
{
	struct mx_buf out;
	size_t at, used;
	uint32_t point;

	mx_buf_init(&out, len <= SIZE_MAX / 16 ? len * 3 : SIZE_MAX / 2);
	for (at = 0; at < len; at += used) {
		used = mx_utf8_decode(bytes + at, len - at, &point);
		if (used == 0) {
			used = 1;
			(void)mx_buf_addstr(&out, "\xef\xbf\xbd"); /* U+FFFD */
		} else if (point == 0) {
			(void)mx_buf_addstr(
			    &out, "\xe2\x90\x80"); /* U+2400, the picture of NUL */
		} else {
			(void)mx_buf_add(&out, bytes + at, used);
		}
	}
	return mx_buf_take(&out);
}

/* wcwidth() knows only the locale's characters; the text is UTF-8 whatever the locale. */
static locale_t
utf8_locale(void)
{
	static locale_t utf8;

	if (utf8 == (locale_t)0)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return utf8;
}

size_t
mx_text_columns(const char *text)
{
	size_t len = strlen(text), at, used, columns = 0;
	locale_t utf8 = utf8_locale(),
		 before = utf8 != (locale_t)0 ? uselocale(utf8) : utf8;
	uint32_t point;
	int width;

	for (at = 0; at < len; at += used) {
		used = mx_utf8_decode(text + at, len - at, &point);
		width = used > 0 ? wcwidth((wchar_t)point) : 1;
		used = used > 0 ? used : 1;
		columns += width >= 0 ? (size_t)width : 1;
	}
	if (utf8 != (locale_t)0)
		uselocale(before);
	return columns;
}
