#include "probe/unwrap/letter.h"

#include <ctype.h>
#include <string.h>

/* Who writes more under an address writes no reason for a failure. */
#define LIMIT 2048

struct heading {
	const char *form;
	size_t indent;
	struct mx_span rcpt, behind; /* behind: text on the same line */
	bool alone;                  /* nothing below it belongs to it */
	bool colon;                  /* the text below need not be indented */
};

static size_t
indent_of(struct mx_span line)
{
	size_t indent = 0;

	while (indent < line.len && (line.at[indent] == ' ' || line.at[indent] == '\t'))
		indent++;
	return indent;
}

static bool
is_mailbox(struct mx_span word)
{
	size_t at = mx_span_chr(word, '@');
	struct mx_span domain = mx_span_from(word, at + 1);

	if (at == 0 || domain.len < 3 || mx_span_chr(domain, '.') == domain.len)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (isspace((unsigned char)word.at[i]) ||
		    strchr("<>()[]\",;:", word.at[i]) != NULL)
			return false;
	return mx_span_chr(domain, '@') == domain.len;
}

/* "<user@example.net> (expanded from <list@example.net>): ..." */
static bool
read_bracketed(struct mx_span line, struct heading *heading)
{
	size_t close = mx_span_chr(line, '>');
	struct mx_span rest = mx_span_trim(mx_span_from(line, close + 1));

	heading->rcpt = mx_span_cut(line, 1, close - 1);
	if (mx_span_starts(rest, "(expanded from"))
		rest = mx_span_trim(mx_span_from(rest, mx_span_chr(rest, ')') + 1));
	heading->colon = rest.len > 0 && *rest.at == ':';
	if (!heading->colon && rest.len > 0)
		return false;
	heading->behind = mx_span_trim(mx_span_from(rest, 1));
	heading->form = heading->behind.len > 0 ? "postfix-bounce" : "qmail-bounce";
	return true;
}

/* "(user not found)" behind the address is the reason; a single word is none. */
static bool
read_parentheses(struct mx_span rest, struct heading *heading)
{
	struct mx_span inside;

	if (rest.len < 2 || *rest.at != '(' || rest.at[rest.len - 1] != ')')
		return false;
	inside = mx_span_trim(mx_span_cut(rest, 1, rest.len - 2));
	if (mx_span_chr(inside, ' ') == inside.len ||
	    mx_span_chr(inside, '@') < inside.len)
		return false;
	heading->behind = inside;
	heading->form = "groupwise-bounce";
	heading->alone = true;
	return true;
}

/* "user@example.net", "user@example.net on 4/29/2010 11:14 AM" */
static bool
read_bare(struct mx_span line, struct heading *heading)
{
	size_t end = mx_span_chr(line, ' ');
	struct mx_span rest = mx_span_trim(mx_span_from(line, end));

	heading->rcpt = mx_span_cut(line, 0, end);
	heading->form = rest.len > 0 ? "exchange-bounce" : "exim-bounce";
	heading->behind = (struct mx_span){ NULL, 0 };
	heading->colon = false;
	return rest.len == 0 || mx_span_starts(rest, "on ") ||
	       read_parentheses(rest, heading);
}

static bool
read_heading(struct mx_span line, struct heading *heading)
{
	struct mx_span words = mx_span_trim(line);
	bool read;

	heading->indent = indent_of(line);
	heading->alone = false;
	if (words.len == 0 || mx_span_chr(words, '@') == words.len)
		return false;
	read =
	    *words.at == '<' ? read_bracketed(words, heading) : read_bare(words, heading);
	return read && is_mailbox(heading->rcpt);
}

static struct mx_span
line_at(struct mx_span text, size_t at)
{
	struct mx_span rest = mx_span_from(text, at);

	return mx_span_cut(rest, 0, mx_span_chr(rest, '\n'));
}

/* Exim names the alias that the address came from. */
static bool
is_remark(struct mx_span line)
{
	line = mx_span_trim(line);
	return mx_span_starts(line, "(generated from ") ||
	       mx_span_starts(line, "(ultimately generated from ");
}

static bool
belongs(const struct heading *heading, struct mx_span line)
{
	struct heading other;

	if (heading->alone || mx_span_trim(line).len == 0 || read_heading(line, &other))
		return false;
	return heading->colon || indent_of(line) > heading->indent;
}

/* Index behind the lines that belong to the heading; text.len when they go on to the end. */
static size_t
behind_paragraph(struct mx_span text, size_t at, const struct heading *heading)
{
	while (at < text.len) {
		struct mx_span line = line_at(text, at);

		if (!belongs(heading, line))
			return at;
		at += line.len + 1;
	}
	return text.len;
}

bool
mx_letter_next(struct mx_span text, size_t *at, size_t end, struct mx_draft *draft)
{
	while (*at < end && *at < text.len) {
		struct mx_span line = line_at(text, *at);
		size_t start = *at + line.len + 1, over;
		struct heading heading;
		struct mx_span reply;

		*at = start;
		if (!read_heading(line, &heading))
			continue;
		over = behind_paragraph(text, start, &heading);
		if (over > end)
			return false;
		*at = over;
		if (is_remark(line_at(text, start)))
			start += line_at(text, start).len + 1;
		if (heading.behind.len > 0)
			start = (size_t)(heading.behind.at - text.at);
		if (start >= over)
			continue;
		reply = heading.alone
			    ? heading.behind
			    : mx_span_trim(mx_span_cut(text, start, over - start));
		if (reply.len == 0 || reply.len > LIMIT)
			continue;
		draft->form = heading.form;
		draft->reply = reply;
		draft->rcpt = heading.rcpt;
		draft->local = draft->prose = true;
		return true;
	}
	return false;
}
