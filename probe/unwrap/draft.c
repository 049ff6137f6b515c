#include "probe/unwrap/draft.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/unwrap/charset.h"

/* What each NUL becomes, so that it hides nothing behind it. */
#define NUL_SHOWN "\xe2\x90\x80"

void
mx_draft_init(struct mx_draft *draft, const char *form, size_t line)
{
	*draft = (struct mx_draft){ .form = form, .line = line, .stage = MX_STAGE_COUNT };
}

static void
add_shown(struct mx_buf *out, struct mx_span piece)
{
	while (piece.len > 0) {
		size_t len = mx_span_chr(piece, '\0');

		mx_buf_add(out, piece.at, len);
		if (len < piece.len)
			mx_buf_addstr(out, NUL_SHOWN), len++;
		piece = mx_span_from(piece, len);
	}
}

/* Where a log has put a reply's lines side by side, the next one begins: the same code again, and
 * again with '-' or, for the last, with a space. */
static size_t
next_side_by_side(struct mx_span line)
{
	size_t i;

	if (mx_span_code(line) == 0 || line.len < 8 || line.at[3] != '-')
		return line.len;
	for (i = 4; i + 4 < line.len; i++) {
		bool last = line.at[i + 4] == ' ';

		if (line.at[i] != ' ' || memcmp(line.at + i + 1, line.at, 3) != 0)
			continue;
		if (line.at[i + 4] == '-' || last)
			return i;
	}
	return line.len;
}

/* Exim writes a reply's line ends as \n. */
static size_t
next_written_out(struct mx_span line)
{
	size_t i = mx_span_chr(line, '\\');

	while (i + 5 < line.len &&
	       (line.at[i + 1] != 'n' || mx_span_code(mx_span_from(line, i + 2)) == 0))
		i += 1 + mx_span_chr(mx_span_from(line, i + 1), '\\');
	return i + 5 < line.len ? i : line.len;
}

static void
add_line(struct mx_buf *out, struct mx_span line)
{
	line = mx_span_trim(line);
	if (line.len == 0)
		return;
	if (out->len > 0)
		mx_buf_addstr(out, "\n");
	add_shown(out, line);
}

/* One line of input holds one or more lines of the reply. */
static void
add_input_line(struct mx_buf *out, struct mx_span line, bool side_by_side)
{
	line = mx_span_trim(line);
	while (line.len > 0) {
		size_t written = next_written_out(line);
		size_t beside = side_by_side ? next_side_by_side(line) : line.len;
		size_t end = written < beside ? written : beside;

		add_line(out, mx_span_cut(line, 0, end));
		line = mx_span_trim(mx_span_from(line, end == written ? end + 2 : end));
	}
}

static void
add_lines(struct mx_buf *out, struct mx_span rest, bool side_by_side)
{
	while (rest.len > 0) {
		size_t end = mx_span_chr(rest, '\n');

		add_input_line(out, mx_span_cut(rest, 0, end), side_by_side);
		rest = mx_span_from(rest, end + 1);
	}
}

/* Wrapped lines made one again: only a code begins a line of the reply. */
static void
unfold(struct mx_buf *out, struct mx_span rest)
{
	while (rest.len > 0) {
		size_t end = mx_span_chr(rest, '\n');
		struct mx_span line = mx_span_trim(mx_span_cut(rest, 0, end));

		if (out->len > 0)
			mx_buf_addstr(out, mx_span_code(line) == 0 ? " " : "\n");
		mx_buf_add(out, line.at, line.len);
		rest = mx_span_from(rest, end + 1);
	}
}

/* Line ends that are the server's own are the only ones: a reply may quote another. */
static char *
reply_lines(const struct mx_draft *draft)
{
	struct mx_span reply = mx_span_trim(
	    mx_span_cut(mx_span_trim(draft->reply), 0, MX_UNWRAP_REPLY_LIMIT));
	struct mx_buf out, unfolded;
	size_t len;
	char *utf8 = mx_charset_to_utf8(reply, &len);

	if (utf8 != NULL)
		reply = (struct mx_span){ utf8, len };
	mx_buf_init(&out, (size_t)4 * MX_UNWRAP_REPLY_LIMIT);
	mx_buf_init(&unfolded, (size_t)2 * MX_UNWRAP_REPLY_LIMIT);
	if (draft->prose) {
		unfold(&unfolded, reply);
		reply = (struct mx_span){ unfolded.data, unfolded.len };
	}
	add_lines(&out, reply, draft->prose || mx_span_chr(reply, '\n') == reply.len);
	mx_buf_clear(&unfolded);
	free(utf8);
	return mx_buf_take(&out);
}

/* Behind "550-5.7.1 " or what is there of it; the codes as far as this line has them. */
static struct mx_span
behind_codes(struct mx_span line, int *code, struct mx_enhanced *enhanced)
{
	struct mx_enhanced found;
	int number = mx_span_code(line);
	size_t len;

	if (number != 0) {
		*code = number;
		line = mx_span_from(line, line.len > 3 ? 4 : 3);
		while (line.len > 0 && *line.at == ' ')
			line = mx_span_from(line, 1);
	}
	len = mx_enhanced_parse(line.at, line.len, &found);
	if (len > 0)
		*enhanced = found;
	return mx_span_trim(mx_span_from(line, len));
}

static char *
words_of(const char *text, int *code, struct mx_enhanced *enhanced)
{
	struct mx_span rest = mx_span_of(text);
	struct mx_buf out;

	mx_buf_init(&out, (size_t)4 * MX_UNWRAP_REPLY_LIMIT);
	while (rest.len > 0) {
		size_t end = mx_span_chr(rest, '\n');
		struct mx_span words =
		    behind_codes(mx_span_cut(rest, 0, end), code, enhanced);

		if (words.len > 0 && out.len > 0)
			mx_buf_addstr(&out, " ");
		mx_buf_add(&out, words.at, words.len);
		rest = mx_span_from(rest, end + 1);
	}
	return mx_buf_take(&out);
}

static char *
string_of(struct mx_span span)
{
	return span.len == 0 ? NULL : mx_strndup(span.at, span.len);
}

/* A code further inside ("SMTP error: 550 5.1.1 ...") tells the codes; the words stay whole. */
static void
find_codes_inside(struct mx_span text, struct mx_said *said)
{
	for (size_t i = 1; i + 9 <= text.len; i++) {
		struct mx_span here = mx_span_from(text, i);
		struct mx_enhanced enhanced;
		int code;

		if ((*here.at != '4' && *here.at != '5') ||
		    isalnum((unsigned char)here.at[-1]) ||
		    (code = mx_span_code(here)) == 0)
			continue;
		if (mx_enhanced_parse(here.at + 4, here.len - 4, &enhanced) == 0)
			continue;
		said->code = code;
		said->enhanced = enhanced;
		return;
	}
}

static void
find_codes(const struct mx_draft *draft, struct mx_said *said)
{
	if (said->code == 0 && said->enhanced.klass == 0)
		find_codes_inside(mx_span_of(said->text), said);
	if (said->enhanced.klass == 0)
		said->enhanced = draft->enhanced;
}

size_t
mx_draft_tell(const struct mx_draft *draft, const struct mx_unwrap_sink *sink)
{
	struct mx_said said = { .form = draft->form,
		.line = draft->line,
		.stage = draft->stage,
		.local = draft->local,
		.mx_addr = draft->mx_addr,
		.source_addr = draft->source_addr };
	char *text = reply_lines(draft), *words;
	char *host = string_of(draft->mx_host), *rcpt = string_of(draft->rcpt);
	char *source = string_of(draft->source_host), *from = string_of(draft->mail_from);
	bool told = *text != '\0';

	words = words_of(text, &said.code, &said.enhanced);
	said.text = text;
	said.words = words;
	find_codes(draft, &said);
	said.mx_host = host;
	said.rcpt = rcpt;
	said.source_host = source;
	said.mail_from = from == NULL && draft->has_from ? "" : from;
	if (told)
		sink->said(sink->arg, &said);
	free(text);
	free(words);
	free(host);
	free(rcpt);
	free(source);
	free(from);
	return told ? 1 : 0;
}
