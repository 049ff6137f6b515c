#include "probe/unwrap/paste.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/unwrap/charset.h"
#include "probe/unwrap/letter.h"
#include "probe/unwrap/quote.h"

#define REPEATS 64
/* A longer text that quotes nothing is a letter, not a reply. */
#define WHOLE_LIMIT 4096

/* Where the bounce ends and the mail that came back begins. */
static const char *const originals[] = { "\n--- Below this line is a copy of the message",
	"\n----- Original message", "\n-----Original Message",
	"\n------ This is a copy of", "\nOriginal message headers",
	"\nOriginal message follows", "\n--- The header of the original",
	"\n----- Message header follows", "\n   ----- Message header follows" };

/* One reply is often told twice: for people and for programs, or by dialogue and by summary. */
struct repeats {
	struct {
		struct mx_span reply, rcpt;
	} seen[REPEATS];
	size_t count;
};

static bool
same(struct mx_span a, struct mx_span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static bool
is_repeat(struct repeats *repeats, const struct mx_draft *draft)
{
	struct mx_span reply = mx_span_trim(draft->reply);

	for (size_t i = 0; i < repeats->count; i++)
		if (same(repeats->seen[i].reply, reply) &&
		    (draft->rcpt.len == 0 || repeats->seen[i].rcpt.len == 0 ||
			same(repeats->seen[i].rcpt, draft->rcpt)))
			return true;
	if (repeats->count < REPEATS) {
		repeats->seen[repeats->count].reply = reply;
		repeats->seen[repeats->count++].rcpt = draft->rcpt;
	}
	return false;
}

/* Without "> " and CR; a dialogue's later lines "<<< 550 ..." lose their arrows, so that a reply's
 * lines stand under each other. Line for line the same. */
static void
add_tidy_line(struct mx_buf *out, struct mx_span line, bool *dialogue)
{
	struct mx_span said;

	while (line.len > 0 && *line.at == '>' && !mx_span_starts(line, ">>>"))
		line = mx_span_trim(mx_span_from(line, 1));
	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	said = mx_span_starts(line, "<<< ") ? mx_span_from(line, 4)
					    : (struct mx_span){ NULL, 0 };
	if (*dialogue && said.len > 0)
		line = said;
	*dialogue = said.len > 3 && mx_span_code(said) != 0 && said.at[3] == '-';
	mx_buf_add(out, line.at, line.len);
}

static void
tidy(struct mx_span text, struct mx_buf *out)
{
	bool dialogue = false;

	while (text.len > 0) {
		size_t end = mx_span_chr(text, '\n');

		add_tidy_line(out, mx_span_cut(text, 0, end), &dialogue);
		if (end < text.len)
			mx_buf_addstr(out, "\n");
		text = mx_span_from(text, end + 1);
	}
}

static struct mx_span
without_original(struct mx_span text)
{
	for (size_t i = 0; i < sizeof originals / sizeof *originals; i++)
		text.len = mx_span_find(text, originals[i]);
	return text;
}

static size_t
lines_in(struct mx_span text)
{
	size_t lines = 0;

	while (text.len > 0) {
		size_t end = mx_span_chr(text, '\n');

		lines += end < text.len;
		text = mx_span_from(text, end + 1);
	}
	return lines;
}

/* The recipient is named shortly before the reply, if the reply's own phrase did not. */
static void
find_recipient(struct mx_draft *draft, struct mx_span text, size_t behind, size_t at)
{
	struct mx_span near;

	if (draft->rcpt.len > 0)
		return;
	if (at > behind + 400)
		behind = at - 400;
	near = mx_span_cut(text, behind, at - behind);
	draft->rcpt = mx_span_last_mailbox(near);
}

/* What is being read, how far, and what was told of it. */
struct reading {
	struct mx_span text;
	const struct mx_draft *known;
	const struct mx_unwrap_sink *sink;
	struct repeats repeats;
	size_t counted, line; /* line breaks before index counted */
	size_t told;
};

static void
tell(struct reading *reading, struct mx_draft *draft)
{
	size_t start = (size_t)(draft->reply.at - reading->text.at);

	if (start >= reading->counted) {
		reading->line += lines_in(mx_span_cut(
		    reading->text, reading->counted, start - reading->counted));
		reading->counted = start;
	}
	if (reading->known->line > 0)
		draft->line = reading->known->line + reading->line;
	if (draft->rcpt.len == 0)
		draft->rcpt = reading->known->rcpt;
	mx_quote_trailer(draft);
	mx_quote_innermost(draft);
	if (!is_repeat(&reading->repeats, draft))
		reading->told += mx_draft_tell(draft, reading->sink);
}

/* As if nothing had been quoted yet. */
static struct mx_draft
fresh(const struct mx_draft *known)
{
	struct mx_draft draft = *known;

	draft.rcpt = (struct mx_span){ NULL, 0 };
	return draft;
}

/* What the bounce says in its own words between two quotations. */
static void
read_letters(struct reading *reading, size_t from, size_t to)
{
	struct mx_draft draft = fresh(reading->known);

	while (mx_letter_next(reading->text, &from, to, &draft)) {
		tell(reading, &draft);
		draft = fresh(reading->known);
	}
}

static size_t
read_quotes(
    struct mx_span text, const struct mx_draft *known, const struct mx_unwrap_sink *sink)
{
	struct reading reading = { .text = text, .known = known, .sink = sink };
	size_t at = 0, behind = 0;
	struct mx_draft draft = fresh(known);

	while (mx_quote_next(text, &at, MX_QUOTE_PROSE, &draft)) {
		size_t start = (size_t)(draft.reply.at - text.at);

		read_letters(&reading, behind, start);
		draft.prose = true;
		find_recipient(&draft, text, behind, start);
		tell(&reading, &draft);
		behind = at;
		draft = fresh(known);
	}
	read_letters(&reading, behind, text.len);
	return reading.told;
}

size_t
mx_paste_read(struct mx_span text, const struct mx_draft *known, bool whole,
    const struct mx_unwrap_sink *sink)
{
	size_t len, told;
	char *utf8 = mx_charset_to_utf8(text, &len);
	struct mx_draft draft = *known;
	struct mx_buf tidied;
	struct mx_span clean;

	if (utf8 != NULL)
		text = (struct mx_span){ utf8, len };
	mx_buf_init(&tidied, text.len);
	tidy(text, &tidied);
	clean = (struct mx_span){ tidied.data, tidied.len };
	told = read_quotes(without_original(clean), known, sink);
	if (told == 0 && without_original(clean).len < clean.len)
		told = read_quotes(clean, known, sink);
	draft.reply = mx_span_trim(clean);
	if (told == 0 && whole && draft.reply.len <= WHOLE_LIMIT)
		told = mx_draft_tell(&draft, sink);
	mx_buf_clear(&tidied);
	free(utf8);
	return told;
}

bool
mx_paste_quotes(struct mx_span text)
{
	struct mx_draft draft;
	size_t at = 0, len;
	char *utf8 = mx_charset_to_utf8(text, &len);
	bool found;

	if (utf8 != NULL)
		text = (struct mx_span){ utf8, len };
	mx_draft_init(&draft, NULL, 0);
	found = mx_quote_next(text, &at, MX_QUOTE_PROSE, &draft);
	free(utf8);
	return found;
}
