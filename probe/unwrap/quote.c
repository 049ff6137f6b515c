#include "probe/unwrap/quote.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "probe/enhanced.h"
#include "probe/unwrap/extent.h"

#define LOOK_BACK 400
#define SEEK 160 /* how far behind its phrase a code may stand */

/* How a phrase and its reply stand to each other. */
enum kind {
	PLAIN,      /* the reply follows */
	SEEK_CODE,  /* the reply follows, from its code on */
	SAID,       /* "host NAME[ADDR] said: REPLY (in reply to COMMAND command)" */
	TALK,       /* "host NAME[ADDR] refused to talk to me: REPLY" */
	AFTER,      /* "... after COMMAND: host NAME [ADDR]: REPLY" */
	APOSTROPHE, /* "returned 'REPLY'" */
	DISLIKED,   /* "NAME [ADDR] did not like our COMMAND: REPLY" */
	REMOTE,     /* "ADDR does not like recipient.\nRemote host said: REPLY" */
	TRANSCRIPT, /* ">>> COMMAND\n<<< REPLY" */
	JSON,       /* "\"key\": \"REPLY\"" */
	BRACES      /* "{LED=REPLY};{MSG=};{FQDN=NAME};{IP=ADDR}" */
};

struct phrase {
	const char *words;
	const char *form;
	enum kind kind;
	bool needs_code; /* the words alone are too common */
	bool inner;      /* counts inside a reply too */
};

/* clang-format off */
static const struct phrase phrases[] = {
	{ "said: ", "postfix-bounce", SAID, true, false },
	{ "refused to talk to me:", "postfix-bounce", TALK, false, false },
	{ "SMTP error from remote mail server after ", "exim-bounce", AFTER, false, false },
	{ "SMTP error from remote mailer after ", "exim-bounce", AFTER, false, false },
	{ "LMTP error from remote mail server after ", "exim-bounce", AFTER, false, false },
	{ "LMTP error after ", "exim-bounce", AFTER, true, false },
	{ "EHLO response was:", "exim-bounce", PLAIN, true, false },
	{ "Remote host said:", "qmail-bounce", REMOTE, false, false },
	{ "did not like our ", "dma-bounce", DISLIKED, false, false },
	{ "<<< ", "sendmail-bounce", TRANSCRIPT, true, false },
	{ "(reason: ", "sendmail-bounce", PLAIN, true, false },
	{ "Remote Server returned '", "exchange-bounce", APOSTROPHE, false, true },
	{ "returned '", "exchange-bounce", APOSTROPHE, true, true },
	{ "on Frontend with '", "exchange-bounce", APOSTROPHE, true, true },
	{ "Remote server returned an error ->", "exchange-bounce", PLAIN, false, true },
	{ "Remote server returned message detected as spam ->", "exchange-bounce", PLAIN, true, true },
	{ "Remote server returned ", "exchange-bounce", SEEK_CODE, true, true },
	{ "LED=", "exchange-bounce", BRACES, true, true },
	{ "gave this error:", "exchange-bounce", PLAIN, false, false },
	{ "other server returned was:", "gmail-bounce", PLAIN, false, false },
	{ "from the remote server was:", "gmail-bounce", PLAIN, false, false },
	{ "The response was:", "gmail-bounce", PLAIN, false, false },
	{ "Remote system response:", "domino-bounce", PLAIN, true, false },
	{ "SMTP Protocol Returned a ", "domino-bounce", SEEK_CODE, true, false },
	{ "Remote host replied:", "pasted", PLAIN, true, false },
	{ "Remote server replied:", "pasted", PLAIN, true, false },
	{ "Response from server:", "pasted", PLAIN, true, false },
	{ "server responded:", "pasted", PLAIN, true, false },
	{ "server responded with:", "pasted", PLAIN, true, false },
	{ "returned the following error:", "pasted", PLAIN, false, false },
	{ "returned this error:", "pasted", PLAIN, false, false },
	{ "reported error:", "pasted", SEEK_CODE, true, false },
	{ "error message:", "pasted", SEEK_CODE, true, false },
	{ "Technical details of permanent failure:", "pasted", SEEK_CODE, true, false },
	{ "SMTP error:", "pasted", SEEK_CODE, true, false },
	{ "Diagnostic-Code:", "diagnostic-code", PLAIN, true, false },
	{ "\"diagnosticCode\":", "ses-bounce", JSON, true, false },
	{ "reason: ", "pasted", PLAIN, true, false },
	{ "error: ", "pasted", PLAIN, true, false },
	{ "response: ", "pasted", PLAIN, true, false },
	{ "answer was: ", "pasted", PLAIN, true, false },
	{ "smtp; ", "diagnostic-code", PLAIN, true, false },
	{ "smtp;", "diagnostic-code", PLAIN, true, false },
	/* サーバーからの応答, サーバからの応答, 応答内容 */
	{ "からの応答", "japanese-bounce", SEEK_CODE, true, false },
	{ "応答内容", "japanese-bounce", SEEK_CODE, true, false },
	{ "返されたエラー", "japanese-bounce", SEEK_CODE, true, false },
	{ "エラー内容", "japanese-bounce", SEEK_CODE, true, false },
	{ "エラーメッセージ", "japanese-bounce", SEEK_CODE, true, false },
	{ "エラーコード", "japanese-bounce", SEEK_CODE, true, false },
	{ "エラー理由", "japanese-bounce", SEEK_CODE, true, false },
	{ "不達理由", "japanese-bounce", SEEK_CODE, true, false },
	{ "送信できませんでした", "japanese-bounce", SEEK_CODE, true, false },
	{ "届きませんでした", "japanese-bounce", SEEK_CODE, true, false },
};

/* clang-format on */

#define PHRASES (sizeof phrases / sizeof *phrases)
_Static_assert(PHRASES < 255, "phrases are numbered by bytes");

/* The text up to index at, as far back as a quotation's own circumstances stand. */
static struct mx_span
before(struct mx_span text, size_t at)
{
	size_t len = at < LOOK_BACK ? at : LOOK_BACK;

	return mx_span_cut(text, at - len, len);
}

static struct mx_span
last_line(struct mx_span text)
{
	size_t start;

	text = mx_span_trim(text);
	start = text.len;
	while (start > 0 && text.at[start - 1] != '\n')
		start--;
	return mx_span_from(text, start);
}

/* Behind the last of those words, or empty. */
static struct mx_span
behind_last(struct mx_span text, const char *words)
{
	struct mx_span found = { NULL, 0 };

	for (size_t at = mx_span_find(text, words); at < text.len;
	     at = mx_span_find(text, words)) {
		text = mx_span_from(text, at + strlen(words));
		found = text;
	}
	return found;
}

static void
host_behind(struct mx_draft *draft, struct mx_span text, const char *words)
{
	struct mx_span found = behind_last(text, words);

	if (found.len > 0)
		mx_span_host(
		    mx_span_cut(found, 0, 255), &draft->mx_host, &draft->mx_addr);
}

/* White space, an opening quote, the name of the protocol: what stands before the code. */
static size_t
lead_in(struct mx_span text)
{
	size_t start = 0, at;

	text = mx_span_cut(text, 0, SEEK); /* whoever writes more means no reply */
	do {
		at = start;
		while (start < text.len && (isspace((unsigned char)text.at[start]) ||
					       strchr("\"'#", text.at[start]) != NULL))
			start++;
		if (mx_span_starts(mx_span_from(text, start), "smtp;"))
			start += 5;
	} while (start != at);
	return start;
}

static size_t
code_ahead(struct mx_span text)
{
	for (size_t i = 0; i < text.len && i < SEEK; i++)
		if ((text.at[i] == '4' || text.at[i] == '5') &&
		    (i == 0 || !isalnum((unsigned char)text.at[i - 1])) &&
		    mx_span_code(mx_span_from(text, i)) != 0)
			return i;
	return text.len;
}

/* Index of the colon that ends a command, white space being behind it. */
static size_t
command_end(struct mx_span text)
{
	size_t limit = text.len < 512 ? text.len : 512;

	for (size_t i = 0; i < limit; i++)
		if (text.at[i] == ':' &&
		    (i + 1 == text.len || isspace((unsigned char)text.at[i + 1])))
			return i;
	return text.len;
}

/* "after RCPT TO:<user>: host NAME [ADDR]: ": what the phrase itself says, skipped. */
static size_t
read_after(struct mx_draft *draft, struct mx_span text, size_t phrase, size_t at)
{
	struct mx_span rest = mx_span_from(text, at);
	size_t end = command_end(rest), skipped;

	if (end == rest.len)
		return at;
	draft->stage = mx_span_stage(mx_span_cut(rest, 0, end));
	if (draft->stage == MX_STAGE_RCPT)
		draft->rcpt = mx_span_first_mailbox(mx_span_cut(rest, 0, end));
	host_behind(draft, before(text, phrase), " H=");
	if (draft->mx_host.len == 0)
		host_behind(draft, before(text, phrase), "host ");
	rest = mx_span_from(rest, end + 1);
	skipped = lead_in(rest);
	at += end + 1 + skipped;
	rest = mx_span_from(rest, skipped);
	if (!mx_span_starts(rest, "host ") || (end = command_end(rest)) == rest.len)
		return at;
	mx_span_host(mx_span_cut(rest, 5, end - 5), &draft->mx_host, &draft->mx_addr);
	return at + end + 1;
}

static void
read_remote(struct mx_draft *draft, struct mx_span text, size_t phrase)
{
	struct mx_span line = last_line(before(text, phrase));

	draft->stage = mx_span_stage(line);
	if (mx_span_starts(line, "Connected to "))
		line = mx_span_from(line, strlen("Connected to "));
	mx_span_host(mx_span_cut(line, 0, mx_span_chr(line, ' ')), &draft->mx_host,
	    &draft->mx_addr);
}

static void
read_transcript(struct mx_draft *draft, struct mx_span text, size_t phrase)
{
	struct mx_span line = last_line(before(text, phrase));

	if (mx_span_starts(line, ">>> "))
		draft->stage = mx_span_stage(line);
	host_behind(draft, before(text, phrase), "while talking to ");
}

static void
read_braces(struct mx_draft *draft, struct mx_span text, size_t at)
{
	struct mx_span rest = mx_span_cut(text, at, LOOK_BACK);
	struct mx_span name, addr;

	if (mx_span_code(rest) == 0)
		return;
	name = mx_span_between(rest, "{FQDN=", "}");
	addr = mx_span_between(rest, "{IP=", "}");
	if (name.len > 0)
		draft->mx_host = name;
	if (addr.len > 0)
		mx_span_addr(addr, &draft->mx_addr);
}

/* "mx.example[192.0.2.1] said:" without the word host; a word that is no name is none. */
static void
read_speaker(struct mx_draft *draft, struct mx_span text)
{
	struct mx_span word = mx_span_last_word(text);

	if (mx_span_chr(word, '.') < word.len && mx_span_chr(word, '@') == word.len)
		mx_span_host(word, &draft->mx_host, &draft->mx_addr);
}

/* What stands around the phrase; returns where the reply may begin. */
static size_t
read_around(const struct phrase *phrase, struct mx_span text, size_t start,
    struct mx_draft *draft)
{
	size_t at = start + mx_span_phrase(mx_span_from(text, start), phrase->words),
	       seen;

	switch (phrase->kind) {
	case SAID:
		host_behind(draft, before(text, start), "host ");
		if (draft->mx_host.len == 0 && draft->mx_addr.family == AF_UNSPEC)
			read_speaker(draft, before(text, start));
		break;
	case TALK:
		host_behind(draft, before(text, start), "host ");
		draft->stage = MX_STAGE_BANNER;
		break;
	case AFTER:
		return read_after(draft, text, start, at);
	case DISLIKED:
		mx_span_host(
		    last_line(before(text, start)), &draft->mx_host, &draft->mx_addr);
		seen = command_end(mx_span_from(text, at));
		draft->stage = mx_span_stage(mx_span_cut(text, at, seen));
		return at + seen + 1;
	case REMOTE:
		read_remote(draft, text, start);
		break;
	case TRANSCRIPT:
		read_transcript(draft, text, start);
		break;
	case BRACES:
		read_braces(draft, text, at);
		break;
	case SEEK_CODE:
	case JSON:
		seen = code_ahead(mx_span_from(text, at));
		return at + seen;
	case PLAIN:
	case APOSTROPHE:
		break;
	}
	return at;
}

/* "Remote Server at mx.example (192.0.2.1) returned '". */
static void
read_exchange_host(struct mx_draft *draft, struct mx_span text, size_t start)
{
	struct mx_span found = behind_last(before(text, start), "Remote Server at ");

	if (found.len > 0)
		mx_span_host(found, &draft->mx_host, &draft->mx_addr);
}

static struct mx_span
cut_reply(const struct phrase *phrase, struct mx_span rest)
{
	struct mx_span reply = mx_span_cut(rest, 0, mx_extent_paragraph(rest));

	if (phrase->kind == APOSTROPHE)
		return mx_extent_apostrophes(reply);
	if (phrase->kind == BRACES)
		return mx_span_cut(reply, 0, mx_span_chr(reply, '}'));
	if (phrase->kind == JSON)
		return mx_span_cut(reply, 0, mx_span_chr(reply, '"'));
	return mx_extent_reply(reply);
}

static void
read_command_behind(struct mx_draft *draft, struct mx_span behind)
{
	behind = mx_span_trim(behind);
	if (mx_span_phrase(behind, "(in reply to ") > 0)
		draft->stage =
		    mx_span_stage(mx_span_cut(behind, 0, mx_span_chr(behind, ')')));
}

/* A whole dialogue is pasted: the sender's own summary of the same reply follows it. */
static size_t
behind_summary(struct mx_span text, size_t at)
{
	struct mx_span rest = mx_span_from(text, at);
	size_t start = lead_in(rest);

	if (start > 0 && mx_span_code(mx_span_from(rest, start)) != 0)
		return at + start + mx_extent_paragraph(mx_span_from(rest, start));
	return at;
}

static bool
take_phrase(
    const struct phrase *phrase, struct mx_span text, size_t *at, struct mx_draft *draft)
{
	struct mx_draft found = *draft;
	size_t start = read_around(phrase, text, *at, &found);
	struct mx_span rest = mx_span_from(text, start);
	struct mx_span reply;

	start += lead_in(rest);
	rest = mx_span_from(text, start);
	if (phrase->needs_code && mx_span_code(rest) < 400)
		return false;
	reply = cut_reply(phrase, rest);
	if (mx_span_trim(reply).len == 0)
		return false;
	if (phrase->kind == SAID)
		read_command_behind(
		    &found, mx_span_cut(mx_span_from(rest, reply.len), 0, 80));
	if (phrase->kind == APOSTROPHE)
		read_exchange_host(&found, text, *at);
	if (mx_span_has(reply, "[RCPT_TO]"))
		found.stage = MX_STAGE_RCPT;
	found.reply = reply;
	found.form = phrase->form;
	*at = start + reply.len;
	if (phrase->kind == TRANSCRIPT)
		*at = behind_summary(text, *at);
	*draft = found;
	return true;
}

static bool
begins_line(struct mx_span text, size_t at)
{
	while (at > 0 && (text.at[at - 1] == ' ' || text.at[at - 1] == '\t'))
		at--;
	return at == 0 || text.at[at - 1] == '\n';
}

/* A refusal that no phrase introduces: "550 ..." on a line of its own, "... 550 5.1.1 ...". */
static bool
is_naked(struct mx_span text, size_t at)
{
	struct mx_span here = mx_span_from(text, at);
	struct mx_enhanced enhanced;

	if (here.len < 5 || mx_span_code(here) < 400 || strchr(" -:", here.at[3]) == NULL)
		return false;
	if (begins_line(text, at))
		return true;
	return !isalnum((unsigned char)text.at[at - 1]) &&
	       mx_enhanced_parse(here.at + 4, here.len - 4, &enhanced) > 0 &&
	       enhanced.klass == *here.at - '0';
}

static bool
take_naked(struct mx_span text, size_t *at, struct mx_draft *draft)
{
	struct mx_span rest = mx_span_from(text, *at);
	struct mx_span reply = mx_span_cut(rest, 0, mx_extent_paragraph(rest));

	if (*at > 0 && text.at[*at - 1] == '\'')
		reply = mx_extent_apostrophes(reply);
	draft->form = "pasted";
	draft->reply = mx_extent_reply(reply);
	*at += draft->reply.len;
	return draft->reply.len > 0;
}

/* The phrases that count, found by the low bits of their first two bytes, which a letter's two cases
 * share (and some other bytes with them): most places of a text begin none. */
struct search {
	bool ready;
	unsigned char head[32]; /* number of the first phrase that begins so; 0 none */
	unsigned char next[PHRASES + 1]; /* of the one behind it in the table */
	uint32_t second[32];             /* a bit for each byte that follows */
};

static unsigned
low_bits(char byte)
{
	return (unsigned char)byte & 31;
}

static void
choose_phrases(struct search *search, bool inner)
{
	for (size_t i = PHRASES; i-- > 0;) {
		unsigned first = low_bits(phrases[i].words[0]);

		if (inner && !phrases[i].inner)
			continue;
		search->next[i + 1] = search->head[first];
		search->head[first] = (unsigned char)(i + 1);
		search->second[first] |= UINT32_C(1) << low_bits(phrases[i].words[1]);
	}
	search->ready = true;
}

static const struct search *
search_for(enum mx_quote_where where)
{
	static struct search all, inner;
	struct search *search = where == MX_QUOTE_INNER ? &inner : &all;

	if (!search->ready)
		choose_phrases(search, where == MX_QUOTE_INNER);
	return search;
}

static bool
may_begin(const struct search *search, const char *at)
{
	return (search->second[low_bits(at[0])] >> low_bits(at[1]) & 1) != 0;
}

static bool
take_first(
    const struct search *search, struct mx_span text, size_t *at, struct mx_draft *draft)
{
	struct mx_span here = mx_span_from(text, *at);

	for (size_t i = search->head[low_bits(*here.at)]; i > 0; i = search->next[i])
		if (mx_span_phrase(here, phrases[i - 1].words) > 0 &&
		    take_phrase(&phrases[i - 1], text, at, draft))
			return true;
	return false;
}

bool
mx_quote_next(
    struct mx_span text, size_t *at, enum mx_quote_where where, struct mx_draft *draft)
{
	const struct search *search = search_for(where);

	for (; *at < text.len; ++*at) {
		char first = text.at[*at];

		if (where == MX_QUOTE_PROSE && (first == '4' || first == '5') &&
		    is_naked(text, *at) && take_naked(text, at, draft))
			return true;
		if (*at + 1 < text.len && may_begin(search, text.at + *at) &&
		    take_first(search, text, at, draft))
			return true;
	}
	return false;
}

void
mx_quote_innermost(struct mx_draft *draft)
{
	for (int depth = 0; depth < 3; depth++) {
		struct mx_draft inner = *draft;
		size_t at = 0;

		if (!mx_quote_next(draft->reply, &at, MX_QUOTE_INNER, &inner) ||
		    mx_span_code(inner.reply) == 0)
			return;
		inner.form = draft->form;
		*draft = inner;
	}
}

void
mx_quote_trailer(struct mx_draft *draft)
{
	struct mx_span reply = draft->reply;
	size_t at = mx_span_chr(reply, '(');

	while (at < reply.len &&
	       mx_span_phrase(mx_span_from(reply, at), "(in reply to ") == 0)
		at += 1 + mx_span_chr(mx_span_from(reply, at + 1), '(');
	if (at >= reply.len)
		return;
	read_command_behind(draft, mx_span_from(reply, at));
	draft->reply = mx_span_trim(mx_span_cut(reply, 0, at));
}
