/* enhanced.c - three numbers and two dots. */
#include "probe/enhanced.h"

/* One to three digits: RFC 3463 section 2 allows no more. Advances *at; false when none. */
static bool
read_number(const char *text, size_t len, size_t *at, uint16_t *out)
{
	size_t digits = 0;
	unsigned value = 0;

	while (*at < len && text[*at] >= '0' && text[*at] <= '9') {
		if (++digits > 3)
			return false;
		value = value * 10 + (unsigned)(text[*at] - '0');
		++*at;
	}
	*out = (uint16_t)value;
	return digits > 0;
}

static bool
read_dot(const char *text, size_t len, size_t *at)
{
	if (*at >= len || text[*at] != '.')
		return false;
	++*at;
	return true;
}

size_t
mx_enhanced_parse(const char *text, size_t len, struct mx_enhanced *out)
{
	struct mx_enhanced code = { 0 };
	size_t at = 1;

	*out = code;
	if (len < 5 || (text[0] != '2' && text[0] != '4' && text[0] != '5'))
		return 0;
	code.klass = (uint8_t)(text[0] - '0');
	if (!read_dot(text, len, &at) || !read_number(text, len, &at, &code.subject) ||
	    !read_dot(text, len, &at) || !read_number(text, len, &at, &code.detail))
		return 0;
	if (at < len && text[at] != ' ')
		return 0;
	*out = code;
	return at < len ? at + 1 : at;
}

bool
mx_enhanced_equal(const struct mx_enhanced *a, const struct mx_enhanced *b)
{
	return a->klass == b->klass && a->subject == b->subject && a->detail == b->detail;
}

/* Returns where the next byte belongs. Without printf: every reply's codes are written. */
static char *
put_number(char *at, unsigned number)
{
	unsigned unit = 1;

	while (number / unit > 9)
		unit *= 10;
	for (; unit > 0; unit /= 10)
		*at++ = (char)('0' + number / unit % 10);
	return at;
}

const char *
mx_enhanced_text(const struct mx_enhanced *code, char *out)
{
	char *at = out;

	if (code->klass != 0) {
		at = put_number(at, code->klass);
		*at++ = '.';
		at = put_number(at, code->subject);
		*at++ = '.';
		at = put_number(at, code->detail);
	}
	*at = '\0';
	return out;
}
