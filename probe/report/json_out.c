/* json_out.c - commas, quotes and escapes. */
#include "probe/report/json_out.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"

/* To the stream only now and then: a line is some hundred pieces. */
static void
let_go(struct mx_json_out *out)
{
	(void)fwrite_unlocked(out->held, 1, out->held_len, out->stream);
	out->held_len = 0;
}

static void
put_beyond(struct mx_json_out *out, const char *text, size_t len)
{
	let_go(out);
	if (len > sizeof out->held) {
		(void)fwrite_unlocked(text, 1, len, out->stream);
		return;
	}
	memcpy(out->held, text, len);
	out->held_len = len;
}

static inline void
put(struct mx_json_out *out, const char *text, size_t len)
{
	if (len > sizeof out->held - out->held_len) {
		put_beyond(out, text, len);
		return;
	}
	memcpy(out->held + out->held_len, text, len);
	out->held_len += len;
}

static void
put_byte(struct mx_json_out *out, char byte)
{
	if (out->held_len == sizeof out->held)
		let_go(out);
	out->held[out->held_len++] = byte;
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
	static const char digits[] = "0123456789ABCDEF";
	const char escape[] = { '\\', 'u', digits[unit >> 12 & 15],
		digits[unit >> 8 & 15], digits[unit >> 4 & 15], digits[unit & 15] };

	put(out, escape, sizeof escape);
}

/* A code point that can't stand as it is. */
static void
put_escaped(struct mx_json_out *out, uint32_t point)
{
	static const char specials[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *at = point < 0x80 ? strchr(specials, (int)point) : NULL;

	if (point == 0) {
		put_unit(out, 0x2400);
	} else if (at != NULL) {
		put_byte(out, '\\');
		put_byte(out, letters[at - specials]);
	} else if (point >= 0x10000) {
		put_unit(out, 0xd800 + ((point - 0x10000) >> 10));
		put_unit(out, 0xdc00 + (point & 0x3ff));
	} else {
		put_unit(out, point);
	}
}

void
mx_json_bytes(struct mx_json_out *out, const char *key, const char *text, size_t len)
{
	begin(out, key);
	put_byte(out, '"');
	for (;;) {
		size_t used = mx_json_plain(text, len);
		uint32_t point;

		put(out, text, used);
		if (used == len)
			break;
		text += used;
		len -= used;
		used = mx_utf8_decode(text, len, &point);
		put_escaped(out, used > 0 ? point : 0xfffd);
		text += used > 0 ? used : 1;
		len -= used > 0 ? used : 1;
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
	row =
	    &out->reals[bits * UINT64_C(0x9e3779b97f4a7c15) >> (64 - MX_JSON_REAL_BITS)];
	if (row->text[0] == '\0' || row->bits != bits) {
		row->bits = bits;
		spell_real(value, row);
	}
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

void
mx_json_time(struct mx_json_out *out, const char *key, int64_t wall_us)
{
	char text[MX_CLOCK_TEXT];

	mx_json_string(out, key, wall_us != 0 ? mx_clock_format(wall_us, text) : NULL);
}
