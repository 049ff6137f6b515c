/* wrap.c - breaks lines by columns, not by bytes. */
#include "probe/report/wrap.h"

#include <stdbool.h>
#include <string.h>

#include "probe/base/escape.h"

/* Bytes of the UTF-8 character at text; escaped text holds nothing else. */
static size_t
char_length(const char *text)
{
	size_t len = 1;

	while (((unsigned char)text[len] & 0xc0) == 0x80)
		len++;
	return len;
}

static unsigned
char_columns(const char *text, size_t len)
{
	char one[8] = "";

	memcpy(one, text, len < sizeof one ? len : sizeof one - 1);
	return (unsigned)mx_text_columns(one);
}

/* Behind these a long name or URL may be continued on the next line. */
static bool
may_break_behind(char c)
{
	return strchr(".:/-@=,&?", c) != NULL;
}

/* One of the characters in set, each of which is three bytes of UTF-8. */
static bool
is_one_of(const char *text, const char *set)
{
	for (; *set != '\0'; set += 3)
		if (strncmp(text, set, 3) == 0)
			return true;
	return false;
}

/* Text in Japanese or Chinese has no blanks: it breaks at any wide character, but no line begins
 * with a closing mark or ends with an opening one. */
static bool
may_break_between(const char *before, unsigned before_columns, const char *behind,
    unsigned behind_columns)
{
	return (before_columns == 2 || behind_columns == 2) &&
	       !is_one_of(behind, "、。，．）」』】〉》〕・：；？！ー々〜") &&
	       !is_one_of(before, "（「『【〈《〔");
}

/* Bytes that fit, blanks at the end and all. */
static size_t
fitting(const char *text, unsigned width)
{
	size_t at = 0, before = 0, space = 0, mark = 0;
	unsigned columns = 0, last = 0;

	while (text[at] != '\0') {
		size_t len = char_length(text + at);
		unsigned own = char_columns(text + at, len);

		if (text[at] == ' ' ||
		    (at > 0 && may_break_between(text + before, last, text + at, own)))
			space = at;
		columns += own;
		if (columns > width && at > 0)
			break;
		before = at;
		last = own;
		at += len;
		if (may_break_behind(text[at - 1]))
			mark = at;
	}
	if (text[at] == '\0' || text[at] == ' ')
		return at;
	if (space > 0)
		return space;
	/* A break at the very beginning of a long word would leave ragged stumps. */
	return mark > at / 3 ? mark : at;
}

size_t
mx_wrap_piece(const char *text, unsigned width)
{
	size_t len = fitting(text, width);

	/* Of two blanks where the line breaks, neither belongs to it. */
	while (len > 1 && text[len - 1] == ' ')
		len--;
	return len;
}

const char *
mx_wrap_skip(const char *text)
{
	return text + strspn(text, " ");
}

void
mx_wrap_print(FILE *out, const char *text, unsigned from, unsigned indent, unsigned width,
    unsigned most)
{
	unsigned lines = 0, column = from;

	text = mx_wrap_skip(text);
	do {
		unsigned room = width > column + 8 ? width - column : 8;
		size_t len = mx_wrap_piece(text, room);

		if (lines > 0)
			fprintf(out, "%*s", (int)indent, "");
		fwrite(text, 1, len, out);
		fputc('\n', out);
		text = mx_wrap_skip(text + len);
		column = indent;
		lines++;
	} while (*text != '\0' && (most == 0 || lines < most));
	if (*text != '\0')
		fprintf(out, "%*s(%zu bytes more)\n", (int)indent, "", strlen(text));
}
