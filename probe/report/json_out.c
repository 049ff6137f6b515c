/* json_out.c - commas, quotes and escapes. */
#include "probe/report/json_out.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"

/* To the stream only now and then: a line is some hundred pieces. */
static void
let_go(struct mx_json_out *out)
{
	(void)fwrite_unlocked(out->held, 1, out->held_len, out->stream);
	out->held_len = 0;
}

static void
put(struct mx_json_out *out, const char *text, size_t len)
{
	if (len > sizeof out->held - out->held_len)
		let_go(out);
	if (len > sizeof out->held) {
		(void)fwrite_unlocked(text, 1, len, out->stream);
		return;
	}
	memcpy(out->held + out->held_len, text, len);
	out->held_len += len;
}

static void
put_byte(struct mx_json_out *out, char byte)
{
	put(out, &byte, 1);
}

/* Outside of all brackets others may write to the stream. */
static void
end_value(struct mx_json_out *out)
{
	if (out->depth == 0)
		let_go(out);
}

static void
begin(struct mx_json_out *out, const char *key)
{
	if (out->comma)
		put_byte(out, ',');
	out->comma = true;
	if (key == NULL)
		return;
	put_byte(out, '"');
	put(out, key, strlen(key));
	put(out, "\":", 2);
}

void
mx_json_open(struct mx_json_out *out, const char *key, char bracket)
{
	begin(out, key);
	put_byte(out, bracket);
	out->comma = false;
	out->depth++;
}

void
mx_json_close(struct mx_json_out *out, char bracket)
{
	put_byte(out, bracket);
	out->comma = true;
	out->depth--;
	end_value(out);
}

static void
put_unit(struct mx_json_out *out, unsigned unit)
{
	char escape[8];

	snprintf(escape, sizeof escape, "\\u%04X", unit & 0xffff);
	put(out, escape, 6);
}

static void
put_special(struct mx_json_out *out, char byte)
{
	static const char specials[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *at = byte != '\0' ? strchr(specials, byte) : NULL;

	if (at == NULL) {
		put_unit(out, (unsigned char)byte);
		return;
	}
	put_byte(out, '\\');
	put_byte(out, letters[at - specials]);
}

/* ASCII that needs no escape. */
static const bool is_plain[256] = {
	[' ' ... '!'] = true,
	['#' ... '['] = true,
	[']' ... '~'] = true,
};

/* The first byte from this one on that is not plain, or len. */
static size_t
plain_until(const char *text, size_t at, size_t len)
{
	while (at < len && is_plain[(unsigned char)text[at]])
		at++;
	return at;
}

/* text is valid UTF-8 and begins with a byte above 0x7f. Returns how many bytes it took. */
static size_t
put_character(struct mx_json_out *out, const char *text)
{
	unsigned char lead = (unsigned char)text[0];
	size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	uint32_t point = lead & (0xffU >> (len + 1));

	for (size_t i = 1; i < len; i++)
		point = point << 6 | ((unsigned char)text[i] & 0x3f);
	if (point >= 0x10000) {
		put_unit(out, 0xd800 + ((point - 0x10000) >> 10));
		point = 0xdc00 + ((point - 0x10000) & 0x3ff);
	}
	put_unit(out, point);
	return len;
}

static void
put_text(struct mx_json_out *out, const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t run = plain_until(text, at, len);

		put(out, text + at, run - at);
		at = run;
		if (at < len && (unsigned char)text[at] > 0x7f)
			at += put_character(out, text + at);
		else if (at < len)
			put_special(out, text[at++]);
	}
}

static bool
is_ascii_text(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] <= 0)
			return false;
	return true;
}

void
mx_json_bytes(struct mx_json_out *out, const char *key, const char *text, size_t len)
{
	begin(out, key);
	put_byte(out, '"');
	if (plain_until(text, 0, len) == len) {
		put(out, text, len);
	} else if (is_ascii_text(text, len)) {
		put_text(out, text, len);
	} else {
		char *safe = mx_escape_utf8(text, len);

		put_text(out, safe, strlen(safe));
		free(safe);
	}
	put_byte(out, '"');
	end_value(out);
}

void
mx_json_string(struct mx_json_out *out, const char *key, const char *text)
{
	if (text == NULL)
		mx_json_null(out, key);
	else
		mx_json_bytes(out, key, text, strlen(text));
}

void
mx_json_null(struct mx_json_out *out, const char *key)
{
	mx_json_raw(out, key, "null");
}

void
mx_json_integer(struct mx_json_out *out, const char *key, long long value)
{
	unsigned long long rest =
	    value < 0 ? -(unsigned long long)value : (unsigned long long)value;
	char digits[24], *at = digits + sizeof digits;

	*--at = '\0';
	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (value < 0)
		*--at = '-';
	mx_json_raw(out, key, at);
}

/* No locale is set for numbers, so the point is a point. */
static void
spell_real(double value, struct mx_json_spelled *out)
{
	out->value = value;
	snprintf(out->text, sizeof out->text - 2, "%.12g", value);
	if (strpbrk(out->text, ".e") == NULL)
		memcpy(out->text + strlen(out->text), ".0", 3);
}

void
mx_json_real(struct mx_json_out *out, const char *key, double value)
{
	struct mx_json_spelled *row;
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	row = &out->reals[bits * UINT64_C(0x9e3779b97f4a7c15) >> 60];
	if (row->text[0] == '\0' || memcmp(&row->value, &value, sizeof value) != 0)
		spell_real(value, row);
	mx_json_raw(out, key, row->text);
}

void
mx_json_boolean(struct mx_json_out *out, const char *key, bool value)
{
	mx_json_raw(out, key, value ? "true" : "false");
}

void
mx_json_raw(struct mx_json_out *out, const char *key, const char *text)
{
	begin(out, key);
	put(out, text, strlen(text));
	end_value(out);
}

void
mx_json_end_line(struct mx_json_out *out)
{
	put_byte(out, '\n');
	out->comma = false;
	end_value(out);
}
