#include "probe/unwrap/mbox.h"

#include <ctype.h>
#include <string.h>

#define FROM "From "
/* A line that is longer parts no messages. */
#define LINE 512

/* Whoever wrote the line gave the time; a paragraph that begins with the word does not. */
static bool
has_time(struct mx_span line)
{
	for (size_t i = 2; i + 2 < line.len; i++)
		if (line.at[i] == ':' && isdigit((unsigned char)line.at[i - 2]) &&
		    isdigit((unsigned char)line.at[i - 1]) &&
		    isdigit((unsigned char)line.at[i + 1]) &&
		    isdigit((unsigned char)line.at[i + 2]))
			return true;
	return false;
}

static bool
starts(struct mx_span text)
{
	return text.len >= strlen(FROM) && memcmp(text.at, FROM, strlen(FROM)) == 0;
}

bool
mx_mbox_begins(struct mx_span text)
{
	struct mx_span line = mx_span_cut(text, 0, LINE);

	return starts(text) && has_time(mx_span_cut(line, 0, mx_span_chr(line, '\n')));
}

/* May bytes that are not there yet make it such a line? */
static bool
is_open(struct mx_span text)
{
	size_t len = text.len < strlen(FROM) ? text.len : strlen(FROM);

	return (len == 0 || memcmp(text.at, FROM, len) == 0) && text.len < LINE &&
	       mx_span_chr(text, '\n') == text.len;
}

static bool
is_blank_before(struct mx_span text, size_t newline)
{
	if (newline > 0 && text.at[newline - 1] == '\r')
		newline--;
	return newline > 0 && text.at[newline - 1] == '\n';
}

size_t
mx_mbox_next(struct mx_span text, size_t *from, bool at_end)
{
	for (size_t at = *from; at < text.len; at++) {
		struct mx_span rest;

		at += mx_span_chr(mx_span_from(text, at), '\n');
		if (at >= text.len)
			break;
		rest = mx_span_from(text, at + 1);
		*from = at;
		if (!is_blank_before(text, at))
			continue;
		if (!at_end && is_open(rest))
			return text.len;
		if (mx_mbox_begins(rest))
			return at + 1;
	}
	*from = text.len;
	return text.len;
}
