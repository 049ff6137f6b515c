#include "probe/unwrap/extent.h"

#include <string.h>

#define QUOTE_LIMIT 16384

/* clang-format off */
/* Inside a paragraph, what no server says any more. */
static const char *const ends[] = {
	"(in reply to ", "Giving up on ", "#SMTP#", "##",
	"Original message", "\n--", "\n<<<", "\n>>>", "\nDiagnostic-Code:", "\nFinal-Recipient:",
	"\nRemote-MTA:", "\nLast-Attempt-Date:", "\nReporting-MTA:", "\nAction:", "\nStatus:",
};
static const bool begins_end[256] = {
	['('] = true, ['G'] = true, ['g'] = true, ['#'] = true, ['O'] = true, ['o'] = true, ['\n'] = true,
};
/* clang-format on */

/* A code says that a line begins a reply; one with '-' that another line follows. */
static bool
goes_on(struct mx_span line)
{
	return mx_span_code(line) != 0 && line.len > 3 && line.at[3] == '-';
}

/* Where the paragraph ends that a reply begins: at a blank line, or with the next reply. */
size_t
mx_extent_paragraph(struct mx_span text)
{
	bool complete = false;
	size_t at = 0;

	while (at < text.len && at < QUOTE_LIMIT) {
		struct mx_span rest = mx_span_cut(text, at, QUOTE_LIMIT);
		size_t len = mx_span_chr(rest, '\n');
		struct mx_span line = mx_span_trim(mx_span_cut(rest, 0, len));

		if (line.len == 0 || (complete && mx_span_code(line) != 0) ||
		    (at > 0 && mx_span_starts(line, "<<<")))
			break;
		if (mx_span_code(line) != 0)
			complete = !goes_on(line);
		at += len + 1;
	}
	return at < text.len ? at : text.len;
}

static bool
is_end(struct mx_span here)
{
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (mx_span_phrase(here, ends[i]) > 0)
			return true;
	return false;
}

/* One pass up to the first of them: a line full of ends must not be read over and over. */
static struct mx_span
until_an_end(struct mx_span reply)
{
	for (size_t at = 0; at < reply.len; at++)
		if (begins_end[(unsigned char)reply.at[at]] &&
		    is_end(mx_span_from(reply, at)))
			return mx_span_cut(reply, 0, at);
	return reply;
}

static size_t
count(struct mx_span text, char c)
{
	size_t found = 0;

	for (size_t i = 0; i < text.len; i++)
		found += text.at[i] == c;
	return found;
}

/* A bracket or quote that closes what was opened before the reply is not the server's. */
static struct mx_span
without_stray_ends(struct mx_span reply)
{
	static const char pairs[][2] = { { '(', ')' }, { '<', '>' }, { '{', '}' },
		{ '[', ']' } };

	reply = mx_span_trim(reply);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (reply.len > 0 && reply.at[reply.len - 1] == pairs[i][1] &&
		    count(reply, pairs[i][1]) > count(reply, pairs[i][0]))
			reply = mx_span_trim(mx_span_cut(reply, 0, reply.len - 1));
	if (reply.len > 0 && strchr("\"'", reply.at[reply.len - 1]) != NULL &&
	    count(reply, reply.at[reply.len - 1]) % 2 == 1)
		reply = mx_span_trim(mx_span_cut(reply, 0, reply.len - 1));
	return reply;
}

struct mx_span
mx_extent_reply(struct mx_span paragraph)
{
	return without_stray_ends(until_an_end(paragraph));
}

/* The reply quoted in apostrophes may hold some itself: the paragraph's last one ends it. */
struct mx_span
mx_extent_apostrophes(struct mx_span paragraph)
{
	size_t end = paragraph.len;

	while (end > 0 && paragraph.at[end - 1] != '\'')
		end--;
	return end > 1 ? mx_span_cut(paragraph, 0, end - 1) : paragraph;
}
