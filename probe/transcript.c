/* transcript.c - keeps what was said; the only reading done here is taking a reply's text
 * apart. */
#include "probe/transcript.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/ascii.h"
#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/mem.h"

/* clang-format off */
static const char *const stage_names[MX_STAGE_COUNT] = {
	[MX_STAGE_CONNECT]  = "connect",
	[MX_STAGE_BANNER]   = "banner",
	[MX_STAGE_EHLO]     = "ehlo",
	[MX_STAGE_STARTTLS] = "starttls",
	[MX_STAGE_TLS]      = "tls",
	[MX_STAGE_MAIL]     = "mail",
	[MX_STAGE_RCPT]     = "rcpt",
	[MX_STAGE_DATA]     = "data",
	[MX_STAGE_EOD]      = "eod",
	[MX_STAGE_QUIT]     = "quit",
};

static const char *const end_names[MX_END_COUNT] = {
	[MX_END_NONE]            = "none",
	[MX_END_QUIT]            = "quit",
	[MX_END_CLOSED]          = "closed",
	[MX_END_CLOSED_UNCLEAN]  = "closed_unclean",
	[MX_END_RESET]           = "reset",
	[MX_END_REFUSED]         = "refused",
	[MX_END_UNREACHABLE]     = "unreachable",
	[MX_END_FILTERED]        = "filtered",
	[MX_END_TIMEOUT]         = "timeout",
	[MX_END_SESSION_TIMEOUT] = "session_timeout",
	[MX_END_TLS_FAILED]      = "tls_failed",
	[MX_END_TLS_MISSING]     = "tls_missing",
	[MX_END_TLS_UNVERIFIED]  = "tls_unverified",
	[MX_END_INJECTION]       = "injection",
	[MX_END_DESYNC]          = "desync",
	[MX_END_NOT_SMTP]        = "not_smtp",
	[MX_END_MIXED_CODES]     = "mixed_codes",
	[MX_END_LINE_LIMIT]      = "line_limit",
	[MX_END_REPLY_LIMIT]     = "reply_limit",
	[MX_END_SESSION_LIMIT]   = "session_limit",
	[MX_END_LOCAL]           = "local",
	[MX_END_CANCELLED]       = "cancelled",
};

static const char *const dane_names[MX_DANE_COUNT] = {
	[MX_DANE_NOT_ASKED]      = NULL,
	[MX_DANE_UNKNOWN]        = "unknown",
	[MX_DANE_NONE]           = "none",
	[MX_DANE_VALID]          = "valid",
	[MX_DANE_FAILED]         = "failed",
	[MX_DANE_UNUSABLE]       = "unusable",
	[MX_DANE_LOOKUP_FAILED]  = "lookup_failed",
};
/* clang-format on */

const char *
mx_dane_name(enum mx_dane_result result)
{
	return (unsigned)result < MX_DANE_COUNT ? dane_names[result] : NULL;
}

const char *
mx_stage_name(enum mx_stage stage)
{
	return (unsigned)stage < MX_STAGE_COUNT ? stage_names[stage] : "unknown";
}

bool
mx_stage_from_name(const char *name, enum mx_stage *out)
{
	for (int i = 0; i < MX_STAGE_COUNT; i++)
		if (strcmp(stage_names[i], name) == 0) {
			*out = (enum mx_stage)i;
			return true;
		}
	return false;
}

const char *
mx_end_name(enum mx_end end)
{
	return (unsigned)end < MX_END_COUNT ? end_names[end] : "unknown";
}

void
mx_tls_facts_clear(struct mx_tls_facts *facts)
{
	size_t i;

	free(facts->reason);
	free(facts->version);
	free(facts->cipher);
	free(facts->subject);
	free(facts->issuer);
	free(facts->dane_detail);
	for (i = 0; i < facts->name_count; i++)
		free(facts->names[i]);
	*facts = (struct mx_tls_facts){ 0 };
}

struct mx_transcript *
mx_transcript_new(void)
{
	struct mx_transcript *transcript = mx_calloc(1, sizeof *transcript);

	transcript->started_wall_us = mx_clock_wall_us();
	transcript->connected_us = -1;
	transcript->tls_done_us = -1;
	return transcript;
}

void
mx_transcript_free(struct mx_transcript *transcript)
{
	size_t i;

	if (transcript == NULL)
		return;
	for (i = 0; i < transcript->line_count; i++)
		free(transcript->lines[i].text);
	free(transcript->lines);
	free(transcript->replies);
	free(transcript->end_text);
	mx_tls_facts_clear(&transcript->tls);
	free(transcript);
}

/* Not mx_strndup: a NUL in the middle is a byte like any other here. */
static char *
copy_bytes(const char *bytes, size_t len)
{
	char *copy = mx_calloc(len + 1, 1);

	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

size_t
mx_transcript_add(struct mx_transcript *transcript, int64_t at_us, enum mx_stage stage,
    enum mx_speaker from, const char *text, size_t len)
{
	if (transcript->line_count == MX_TRANSCRIPT_LINES) {
		transcript->lines_dropped++;
		return MX_TRANSCRIPT_LINES;
	}
	transcript->lines =
	    mx_grow(transcript->lines, transcript->line_count, sizeof *transcript->lines);
	transcript->lines[transcript->line_count] = (struct mx_line){
		.at_us = at_us,
		.stage = stage,
		.from = from,
		.len = len,
		.text = copy_bytes(text, len),
	};
	return transcript->line_count++;
}

void
mx_transcript_add_reply(
    struct mx_transcript *transcript, const struct mx_reply_record *reply)
{
	transcript->replies = mx_grow(
	    transcript->replies, transcript->reply_count, sizeof *transcript->replies);
	transcript->replies[transcript->reply_count++] = *reply;
}

void
mx_transcript_end(struct mx_transcript *transcript, int64_t at_us, enum mx_end end,
    enum mx_stage stage, const char *detail)
{
	if (transcript->end != MX_END_NONE || end == MX_END_NONE)
		return;
	transcript->end = end;
	transcript->end_stage = stage;
	transcript->ended_us = at_us;
	transcript->end_text = mx_strdup(detail);
}

/* Past "550-" or "550 " or a bare "550"; a line without a code is all text. */
static size_t
skip_code(const struct mx_line *line)
{
	const char *text = line->text;

	if (line->len < 3 || !mx_ascii_is_digit(text[0]) || !mx_ascii_is_digit(text[1]) ||
	    !mx_ascii_is_digit(text[2]))
		return 0;
	return line->len > 3 && (text[3] == '-' || text[3] == ' ') ? 4 : 3;
}

/* Where the words begin. Servers repeat the enhanced code on every line; the record has it. */
static size_t
skip_to_words(const struct mx_line *line, const struct mx_enhanced *known)
{
	size_t at = skip_code(line);
	struct mx_enhanced seen;
	size_t used = mx_enhanced_parse(line->text + at, line->len - at, &seen);

	if (used > 0 && mx_enhanced_equal(&seen, known))
		at += used;
	return at;
}

/* The caller gets a C string, in which a NUL would hide everything behind it. */
static bool
add_without_nul(struct mx_buf *out, const char *bytes, size_t len)
{
	const char *nul;
	bool fits = true;

	while ((nul = memchr(bytes, '\0', len)) != NULL) {
		size_t before = (size_t)(nul - bytes);

		fits = fits && mx_buf_add(out, bytes, before) &&
		       mx_buf_addstr(out, "\xe2\x90\x80");
		bytes += before + 1;
		len -= before + 1;
	}
	return fits && mx_buf_add(out, bytes, len);
}

char *
mx_reply_text(const struct mx_transcript *transcript, const struct mx_reply_record *reply,
    bool newlines)
{
	struct mx_buf out;
	size_t i;

	/* Bounded by the session's limits already; this lid only keeps a NUL flood from
	 * tripling. */
	mx_buf_init(&out, 1 << 20);
	for (i = reply->first_line; i - reply->first_line < reply->lines; i++) {
		const struct mx_line *line = &transcript->lines[i];
		size_t at;

		if (i >= transcript->line_count)
			break;
		at = skip_to_words(line, &reply->enhanced);
		/* Empty lines are the server's habit, not its words. */
		if (at == line->len && !newlines)
			continue;
		if (i > reply->first_line && (newlines || out.len > 0) &&
		    !mx_buf_addstr(&out, newlines ? "\n" : " "))
			break;
		if (!add_without_nul(&out, line->text + at, line->len - at))
			break;
	}
	return mx_buf_take(&out);
}

const struct mx_reply_record *
mx_transcript_reply(const struct mx_transcript *transcript, enum mx_stage stage)
{
	size_t i;

	for (i = transcript->reply_count; i-- > 0;)
		if (transcript->replies[i].stage == stage)
			return &transcript->replies[i];
	return NULL;
}

/* TLS is a way to speak, not a depth: whoever got through it stands at EHLO again. */
static bool
is_depth(enum mx_stage stage)
{
	return stage == MX_STAGE_BANNER || stage == MX_STAGE_EHLO ||
	       stage == MX_STAGE_MAIL || stage == MX_STAGE_RCPT;
}

enum mx_stage
mx_transcript_reached(const struct mx_transcript *transcript)
{
	enum mx_stage furthest = MX_STAGE_CONNECT;

	for (size_t i = 0; i < transcript->reply_count; i++) {
		enum mx_stage stage = transcript->replies[i].stage;

		if (is_depth(stage) && stage > furthest)
			furthest = stage;
	}
	return furthest;
}
