#include "probe/unwrap/html.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"

/* Longer than any reference to a character that is worth knowing. */
#define REFERENCE 10

/* clang-format off */
static const struct {
	const char *name, *text;
} references[] = {
	{ "lt;", "<" }, { "gt;", ">" }, { "amp;", "&" }, { "quot;", "\"" }, { "apos;", "'" },
	{ "nbsp;", " " }, { "lsquo;", "'" }, { "rsquo;", "'" }, { "ldquo;", "\"" }, { "rdquo;", "\"" },
};

/* Tags that end a line; all others stand inside one. */
static const char *const blocks[] = { "br", "p", "div", "tr", "td", "th", "li", "ul", "ol", "table",
	"h1", "h2", "h3", "h4", "hr", "pre", "blockquote", "body", "title" };
/* clang-format on */

static bool
is_name(struct mx_span tag, const char *name)
{
	size_t len = strlen(name);

	return mx_span_starts(tag, name) &&
	       (tag.len == len || !isalnum((unsigned char)tag.at[len]));
}

static bool
is_block(struct mx_span tag)
{
	if (tag.len > 0 && *tag.at == '/')
		tag = mx_span_from(tag, 1);
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
		if (is_name(tag, blocks[i]))
			return true;
	return false;
}

/* Below U+0800: what mail about mail needs; the rest shows as '?'. */
static void
add_character(struct mx_buf *out, unsigned long point)
{
	char bytes[2] = { '?', '\0' };
	size_t len = 1;

	if (point == 0xa0)
		point = ' ';
	if (point >= ' ' && point < 0x80) {
		bytes[0] = (char)point;
	} else if (point >= 0x80 && point < 0x800) {
		bytes[0] = (char)(0xc0 | (point >> 6));
		bytes[1] = (char)(0x80 | (point & 0x3f));
		len = 2;
	}
	mx_buf_add(out, bytes, len);
}

/* Behind "&": how many bytes the reference takes, 0 when it is none. */
static size_t
add_reference(struct mx_buf *out, struct mx_span rest)
{
	char number[REFERENCE + 1] = "";
	size_t end = mx_span_chr(mx_span_cut(rest, 0, REFERENCE), ';');
	char *stop;
	unsigned long point;

	for (size_t i = 0; i < sizeof references / sizeof *references; i++)
		if (mx_span_starts(rest, references[i].name)) {
			mx_buf_addstr(out, references[i].text);
			return strlen(references[i].name);
		}
	if (end < 2 || end >= REFERENCE || end >= rest.len || *rest.at != '#')
		return 0;
	memcpy(number, rest.at + 1, end - 1);
	point = tolower((unsigned char)*number) == 'x' ? strtoul(number + 1, &stop, 16)
						       : strtoul(number, &stop, 10);
	if (*stop != '\0')
		return 0;
	add_character(out, point);
	return end + 1;
}

/* What no reader sees: a comment, a script, a style sheet. Behind its end, or the page's. */
static size_t
behind_hidden(struct mx_span page, size_t at)
{
	static const char *const hidden[][2] = { { "<!--", "-->" },
		{ "<script", "</script" }, { "<style", "</style" } };
	struct mx_span here = mx_span_from(page, at);

	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (mx_span_starts(here, hidden[i][0]))
			return at + mx_span_find(here, hidden[i][1]) +
			       (*hidden[i][1] == '-' ? 3 : 0);
	return at;
}

/* Lines of the source are none of the text's, and white space stands once. */
static void
add_byte(struct mx_buf *out, char c, bool pre)
{
	bool space = strchr(" \t\r\n", c) != NULL && c != '\0' && !pre;

	if (space && (out->len == 0 || strchr(" \n", out->data[out->len - 1]) != NULL))
		return;
	mx_buf_add(out, space ? " " : &c, 1);
}

char *
mx_html_text(struct mx_span page)
{
	struct mx_buf out;
	bool pre = false;

	mx_buf_init(&out, page.len + 1);
	for (size_t at = 0; at < page.len;) {
		struct mx_span rest = mx_span_from(page, at + 1);
		char c = page.at[at];

		if (c == '<') {
			size_t seen = behind_hidden(page, at);

			at = seen > at ? seen : at;
			rest = mx_span_from(page, at + 1);
			if (at < page.len && page.at[at] != '<')
				continue;
			if (is_name(rest, "pre") || is_name(rest, "/pre"))
				pre = is_name(rest, "pre");
			if (is_block(rest))
				mx_buf_addstr(&out, "\n");
			at += 2 + mx_span_chr(rest, '>');
		} else if (c == '&') {
			size_t len = add_reference(&out, rest);

			if (len == 0)
				mx_buf_addstr(&out, "&");
			at += 1 + len;
		} else {
			add_byte(&out, c, pre);
			at++;
		}
	}
	return mx_buf_take(&out);
}
