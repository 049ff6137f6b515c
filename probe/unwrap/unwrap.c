#include "probe/unwrap/unwrap.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/unwrap/log.h"
#include "probe/unwrap/mbox.h"
#include "probe/unwrap/message.h"
#include "probe/unwrap/paste.h"
#include "probe/unwrap/quote.h"
#include "probe/unwrap/syslog.h"

/* So much is looked at before prose is taken for lines or for a bounce. */
#define HEAD 16384
/* A blank line and the line that parts messages. */
#define TAIL 1024

struct mx_unwrap {
	enum mx_unwrap_guess guess, decided;
	struct mx_unwrap_sink sink;
	struct mx_log *log;
	struct mx_buf held;   /* undecided: all so far; a bounce: all of it */
	struct mx_buf line;   /* the line that is not complete yet */
	struct mx_buf record; /* a reply that the next line may continue */
	size_t line_number, record_line;
	size_t skipped;
	size_t told;
	size_t searched; /* held, for the next message of a mailbox */
	bool lost;       /* what is held is the rest of a message that was too long */
	bool ended;      /* the next feed begins another input */
};

static const char *const guess_names[MX_UNWRAP_GUESSES] = { "auto", "bare", "log",
	"bounce" };

const char *
mx_unwrap_guess_name(enum mx_unwrap_guess guess)
{
	return guess_names[guess];
}

bool
mx_unwrap_guess_from_name(const char *name, enum mx_unwrap_guess *out)
{
	for (int i = 0; i < MX_UNWRAP_GUESSES; i++)
		if (strcmp(name, guess_names[i]) == 0) {
			*out = (enum mx_unwrap_guess)i;
			return true;
		}
	return false;
}

struct mx_unwrap *
mx_unwrap_new(enum mx_unwrap_guess guess, const struct mx_unwrap_sink *sink)
{
	struct mx_unwrap *unwrap = mx_calloc(1, sizeof *unwrap);

	unwrap->guess = unwrap->decided = guess;
	unwrap->sink = *sink;
	unwrap->log = mx_log_new();
	mx_buf_init(&unwrap->held, MX_UNWRAP_MESSAGE_LIMIT);
	mx_buf_init(&unwrap->line, MX_UNWRAP_LINE_LIMIT);
	mx_buf_init(&unwrap->record, MX_UNWRAP_REPLY_LIMIT);
	return unwrap;
}

void
mx_unwrap_free(struct mx_unwrap *unwrap)
{
	if (unwrap == NULL)
		return;
	mx_log_free(unwrap->log);
	mx_buf_clear(&unwrap->held);
	mx_buf_clear(&unwrap->line);
	mx_buf_clear(&unwrap->record);
	free(unwrap);
}

enum mx_unwrap_guess
mx_unwrap_decided(const struct mx_unwrap *unwrap)
{
	return unwrap->decided;
}

size_t
mx_unwrap_skipped(const struct mx_unwrap *unwrap)
{
	return unwrap->skipped;
}

/* ---- one record: a reply, a log line, a line that quotes ------------------------------------ */

/* "rcpt: 550 ..." as `mxprobe` itself prints replies. */
static struct mx_span
behind_stage(struct mx_span text, enum mx_stage *stage)
{
	size_t colon = mx_span_chr(mx_span_cut(text, 0, 12), ':');
	char name[12];
	struct mx_span rest;

	if (colon >= 11 || colon + 1 >= text.len || text.at[colon + 1] != ' ')
		return text;
	memcpy(name, text.at, colon);
	name[colon] = '\0';
	rest = mx_span_trim(mx_span_from(text, colon + 1));
	return mx_span_code(rest) != 0 && mx_stage_from_name(name, stage) ? rest : text;
}

/* "CNAME_lookup_failed_temporarily._(#4.4.3)": as qmail logs it. */
static bool
is_written_together(struct mx_span text)
{
	struct mx_span rest;

	if (mx_span_chr(text, ' ') < text.len)
		return false;
	rest = mx_span_from(text, mx_span_chr(text, '_') + 1);
	return mx_span_chr(rest, '_') < rest.len;
}

static size_t
tell_bare(struct mx_span text, size_t line, const struct mx_unwrap_sink *sink)
{
	struct mx_draft draft;
	struct mx_buf spelled;
	size_t told;

	mx_buf_init(&spelled, (size_t)2 * MX_UNWRAP_LINE_LIMIT);
	if (is_written_together(text)) {
		mx_log_spell_out(mx_span_cut(text, 0, MX_UNWRAP_LINE_LIMIT), &spelled);
		text = (struct mx_span){ spelled.data, spelled.len };
	}
	mx_draft_init(&draft, "bare", line);
	draft.reply = behind_stage(text, &draft.stage);
	mx_quote_trailer(&draft);
	if (mx_span_code(draft.reply) != 0)
		mx_quote_innermost(&draft);
	told = mx_draft_tell(&draft, sink);
	mx_buf_clear(&spelled);
	return told;
}

static size_t tell_quoted(
    struct mx_span text, struct mx_draft *draft, const struct mx_unwrap_sink *sink);

/* A qmail log's words without its frame, as people paste them. */
static size_t
tell_spelled_out(
    struct mx_span text, struct mx_draft *draft, const struct mx_unwrap_sink *sink)
{
	struct mx_buf spelled;
	size_t told;

	mx_buf_init(&spelled, (size_t)2 * MX_UNWRAP_LINE_LIMIT);
	mx_log_spell_out(mx_span_cut(text, 0, MX_UNWRAP_LINE_LIMIT), &spelled);
	told = tell_quoted((struct mx_span){ spelled.data, spelled.len }, draft, sink);
	mx_buf_clear(&spelled);
	return told;
}

static size_t
tell_quoted(
    struct mx_span text, struct mx_draft *draft, const struct mx_unwrap_sink *sink)
{
	size_t at = 0;

	if (mx_span_has(text, "Remote_host_said:_"))
		return tell_spelled_out(text, draft, sink);
	if (!mx_quote_next(text, &at, MX_QUOTE_WRAPPED, draft))
		return 0;
	draft->prose = true;
	if (draft->rcpt.len == 0)
		draft->rcpt = mx_span_last_mailbox(
		    mx_span_cut(text, 0, (size_t)(draft->reply.at - text.at)));
	mx_quote_innermost(draft);
	return mx_draft_tell(draft, sink);
}

static size_t
read_record(struct mx_unwrap *unwrap, struct mx_span text, size_t line)
{
	struct mx_draft draft;
	size_t told;

	text = mx_span_trim(text);
	if (text.len == 0)
		return 0;
	if (mx_span_code(text) != 0)
		return tell_bare(text, line, &unwrap->sink);
	mx_draft_init(&draft, "bare", line);
	switch (mx_log_read(unwrap->log, text, &draft)) {
	case MX_LOG_QUOTES:
		mx_quote_innermost(&draft);
		return mx_draft_tell(&draft, &unwrap->sink);
	case MX_LOG_SILENT:
		return 0;
	case MX_LOG_NONE:
		break;
	}
	mx_draft_init(&draft, "bare", line);
	told = tell_quoted(text, &draft, &unwrap->sink);
	return told == 0 && unwrap->decided == MX_UNWRAP_BARE
		   ? tell_bare(text, line, &unwrap->sink)
		   : told;
}

/* ---- lines ------------------------------------------------------------------------------------ */

static void
end_record(struct mx_unwrap *unwrap)
{
	struct mx_span record = { unwrap->record.data, unwrap->record.len };

	if (record.len > 0)
		unwrap->told += read_record(unwrap, record, unwrap->record_line);
	mx_buf_reset(&unwrap->record);
}

/* Behind "550-..." any reply line goes on; behind anything, an indented line does. */
static bool
goes_on(const struct mx_unwrap *unwrap, struct mx_span line)
{
	struct mx_span record = { unwrap->record.data, unwrap->record.len },
		       last = record;
	const char *line_end;

	if (record.len == 0)
		return false;
	if (*line.at == ' ' || *line.at == '\t')
		return true;
	line_end = memrchr(record.at, '\n', record.len);
	if (line_end != NULL)
		last = mx_span_from(record, (size_t)(line_end - record.at) + 1);
	return mx_span_code(line) != 0 && mx_span_code(last) != 0 && last.len > 3 &&
	       last.at[3] == '-';
}

static void
take_line(struct mx_unwrap *unwrap, struct mx_span line)
{
	unwrap->line_number++;
	if (mx_span_trim(line).len == 0) {
		end_record(unwrap);
		return;
	}
	while (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	if (!goes_on(unwrap, line)) {
		end_record(unwrap);
		unwrap->record_line = unwrap->line_number;
	} else if (!mx_buf_addstr(&unwrap->record, "\n")) {
		unwrap->skipped++;
	}
	if (!mx_buf_add(&unwrap->record, line.at, line.len))
		unwrap->skipped += line.len;
}

/* A line longer than its limit is cut: what is behind is read and counted, not kept. */
static void
keep_part(struct mx_unwrap *unwrap, struct mx_span part)
{
	size_t room = MX_UNWRAP_LINE_LIMIT - unwrap->line.len;
	size_t kept = part.len < room ? part.len : room;

	mx_buf_add(&unwrap->line, part.at, kept);
	unwrap->skipped += part.len - kept;
}

static void
take_lines(struct mx_unwrap *unwrap, struct mx_span bytes)
{
	while (bytes.len > 0) {
		size_t end = mx_span_chr(bytes, '\n');

		keep_part(unwrap, mx_span_cut(bytes, 0, end));
		if (end == bytes.len)
			return;
		take_line(unwrap,
		    (struct mx_span){ unwrap->line.len > 0 ? unwrap->line.data : "",
			unwrap->line.len });
		mx_buf_reset(&unwrap->line);
		bytes = mx_span_from(bytes, end + 1);
	}
}

static void
end_lines(struct mx_unwrap *unwrap)
{
	if (unwrap->line.len > 0)
		take_line(
		    unwrap, (struct mx_span){ unwrap->line.data, unwrap->line.len });
	mx_buf_reset(&unwrap->line);
	end_record(unwrap);
}

/* ---- a bounce --------------------------------------------------------------------------------- */

static void
hold(struct mx_unwrap *unwrap, struct mx_span bytes)
{
	size_t room = MX_UNWRAP_MESSAGE_LIMIT - unwrap->held.len;
	size_t kept = bytes.len < room ? bytes.len : room;

	mx_buf_add(&unwrap->held, bytes.at, kept);
	unwrap->skipped += bytes.len - kept;
}

static void
end_bounce(struct mx_unwrap *unwrap, struct mx_span held)
{
	struct mx_draft known;

	if (held.len == 0 || unwrap->lost)
		return;
	mx_draft_init(&known, "bare", 1);
	if (mx_message_begins(held))
		unwrap->told += mx_message_read(held, &known, &unwrap->sink);
	else
		unwrap->told += mx_paste_read(held, &known, true, &unwrap->sink);
}

static void
drop_held(struct mx_unwrap *unwrap, size_t len)
{
	mx_buf_drop(&unwrap->held, len);
	unwrap->searched = 0;
}

/* Each message of a mailbox as soon as the next one begins. */
static void
end_messages(struct mx_unwrap *unwrap, bool at_end)
{
	struct mx_span held = { unwrap->held.data, unwrap->held.len };
	size_t read = 0, next;

	if (!unwrap->lost && !mx_mbox_begins(held))
		return;
	while ((next = mx_mbox_next(held, &unwrap->searched, at_end)) < held.len) {
		end_bounce(unwrap, mx_span_cut(held, 0, next));
		unwrap->lost = false;
		unwrap->searched = 0;
		held = mx_span_from(held, next);
		read += next;
	}
	if (read > 0) {
		next = unwrap->searched;
		drop_held(unwrap, read);
		unwrap->searched = next;
	}
}

/* A message over the limit is read as far as it is there; the next one is to be found all the same,
 * so that what could be the beginning of its first line stays. */
static void
make_room(struct mx_unwrap *unwrap)
{
	struct mx_span held = { unwrap->held.data, unwrap->held.len };

	if (held.len < MX_UNWRAP_MESSAGE_LIMIT ||
	    (!unwrap->lost && !mx_mbox_begins(held)))
		return;
	end_bounce(unwrap, held);
	unwrap->lost = true;
	drop_held(unwrap, held.len - TAIL);
}

static void
take_bounce(struct mx_unwrap *unwrap, struct mx_span bytes)
{
	while (bytes.len > 0) {
		struct mx_span part;

		make_room(unwrap);
		part = mx_span_cut(bytes, 0, HEAD);
		hold(unwrap, part);
		end_messages(unwrap, false);
		bytes = mx_span_from(bytes, part.len);
	}
}

/* ---- which of them ---------------------------------------------------------------------------- */

static bool
is_log_line(struct mx_span line)
{
	struct mx_log_frame frame;

	return mx_log_frame_read(line, &frame) ||
	       mx_span_starts(line, "#Software: Microsoft") ||
	       mx_span_starts(line, "starting delivery ") ||
	       mx_span_starts(line, "new msg ") || mx_span_starts(line, "info msg ") ||
	       (mx_span_starts(line, "delivery ") && mx_span_has(line, "ure: "));
}

/* What the first line with anything in it says about the rest; AUTO when it doesn't. */
static enum mx_unwrap_guess
judge_line(struct mx_span line)
{
	enum mx_stage stage;

	if (mx_span_code(line) != 0 || behind_stage(line, &stage).len != line.len)
		return MX_UNWRAP_BARE;
	if (is_log_line(line))
		return MX_UNWRAP_LOG;
	return mx_message_begins(line) ? MX_UNWRAP_BOUNCE : MX_UNWRAP_AUTO;
}

/* Prose: its lines belong together where there are paragraphs, a mark of quotation, or a dialogue;
 * else each is a reply without a code. */
static enum mx_unwrap_guess
judge_prose(struct mx_span text)
{
	text = mx_span_trim(text);
	if (mx_span_chr(text, '\n') == text.len)
		return MX_UNWRAP_BARE;
	return mx_paste_quotes(text) || mx_span_has(text, "\n\n") ||
		       mx_span_has(text, "\n\r\n")
		   ? MX_UNWRAP_BOUNCE
		   : MX_UNWRAP_BARE;
}

/* Judges by whole lines and by a head of fixed size, so that cuts in the input change nothing. */
static void
judge(struct mx_unwrap *unwrap, bool at_end)
{
	struct mx_span held =
	    mx_span_cut((struct mx_span){ unwrap->held.data, unwrap->held.len }, 0, HEAD);
	struct mx_span first = held;

	while (first.len > 0 && strchr(" \t\r\n", *first.at) != NULL && *first.at != '\0')
		first = mx_span_from(first, 1);
	if (mx_span_chr(first, '\n') < first.len || at_end || held.len == HEAD) {
		first = mx_span_trim(mx_span_cut(first, 0, mx_span_chr(first, '\n')));
		if (first.len > 0)
			unwrap->decided = judge_line(first);
		if (unwrap->decided == MX_UNWRAP_AUTO && (at_end || held.len == HEAD))
			unwrap->decided = judge_prose(held);
	}
}

/* Once decided for lines, what was held is fed to them. */
static void
decide(struct mx_unwrap *unwrap, bool at_end)
{
	judge(unwrap, at_end);
	if (unwrap->decided == MX_UNWRAP_AUTO || unwrap->decided == MX_UNWRAP_BOUNCE)
		return;
	take_lines(unwrap, (struct mx_span){ unwrap->held.data, unwrap->held.len });
	mx_buf_clear(&unwrap->held);
}

static void
begin_again(struct mx_unwrap *unwrap)
{
	mx_log_free(unwrap->log);
	unwrap->log = mx_log_new();
	unwrap->decided = unwrap->guess;
	unwrap->line_number = 0;
	unwrap->searched = 0;
	unwrap->lost = unwrap->ended = false;
}

void
mx_unwrap_feed(struct mx_unwrap *unwrap, const char *bytes, size_t len)
{
	struct mx_span input = { bytes, len };

	if (unwrap->ended)
		begin_again(unwrap);
	while (input.len > 0 && unwrap->decided == MX_UNWRAP_AUTO) {
		struct mx_span part = mx_span_cut(input, 0, HEAD - unwrap->held.len);

		hold(unwrap, part);
		input = mx_span_from(input, part.len);
		decide(unwrap, false);
	}
	if (unwrap->decided == MX_UNWRAP_BOUNCE)
		take_bounce(unwrap, input);
	else
		take_lines(unwrap, input);
}

void
mx_unwrap_finish(struct mx_unwrap *unwrap)
{
	if (unwrap->decided == MX_UNWRAP_AUTO && unwrap->held.len > 0)
		decide(unwrap, true);
	if (unwrap->decided == MX_UNWRAP_BOUNCE) {
		end_messages(unwrap, true);
		end_bounce(
		    unwrap, (struct mx_span){ unwrap->held.data, unwrap->held.len });
	} else {
		end_lines(unwrap);
	}
	mx_buf_clear(&unwrap->held);
	unwrap->ended = true;
}

size_t
mx_unwrap_all(enum mx_unwrap_guess guess, const char *bytes, size_t len,
    const struct mx_unwrap_sink *sink)
{
	struct mx_unwrap *unwrap = mx_unwrap_new(guess, sink);
	size_t told;

	mx_unwrap_feed(unwrap, bytes, len);
	mx_unwrap_finish(unwrap);
	told = unwrap->told;
	mx_unwrap_free(unwrap);
	return told;
}

size_t
mx_unwrap_reply(const char *text, size_t len, const struct mx_unwrap_sink *sink)
{
	struct mx_span reply = mx_span_trim((struct mx_span){ text, len });
	struct mx_draft draft;
	size_t told;

	mx_draft_init(&draft, "bare", 1);
	told = mx_span_code(reply) != 0 ? 0 : tell_quoted(reply, &draft, sink);
	return told > 0 ? told : tell_bare(reply, 1, sink);
}
