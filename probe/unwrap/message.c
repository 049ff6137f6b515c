#include "probe/unwrap/message.h"

#include <stdlib.h>
#include <string.h>

#include <gmime/gmime.h>

#include "probe/base/mem.h"
#include "probe/unwrap/dsn.h"
#include "probe/unwrap/heard.h"
#include "probe/unwrap/html.h"
#include "probe/unwrap/paste.h"

/* A bounce nests three or four deep. A message that claims more structure than this is built to
 * exhaust somebody's stack, and is read as text. */
#define DEPTH 16
#define CONTAINERS 64

static const char *const first_fields[] = { "Return-Path:", "Received:", "From:", "To:",
	"Subject:", "Date:", "Message-ID:", "MIME-Version:", "Delivered-To:",
	"Content-Type:", "DKIM-Signature:", "ARC-Seal:", "ARC-Message-Signature:",
	"ARC-Authentication-Results:", "Authentication-Results:", "X-Original-To:",
	"Envelope-To:", "Delivery-Date:", "Auto-Submitted:", "X-Mozilla-Status:",
	"X-Account-Key:", "X-Failed-Recipients:", "X-UIDL:", "X-Gmail-Labels:",
	"X-GM-THRID:", "Status:", "Content-Transfer-Encoding:" };

bool
mx_message_begins(struct mx_span text)
{
	text = mx_span_trim(mx_span_cut(text, 0, 512));
	if (text.len > 5 && memcmp(text.at, "From ", 5) == 0)
		return mx_span_has(text, "\nReturn-Path:") || mx_span_has(text, ":");
	for (size_t i = 0; i < sizeof first_fields / sizeof *first_fields; i++)
		if (mx_span_starts(text, first_fields[i]))
			return true;
	return false;
}

/* What kinds of parts a pass over the message is after. */
enum pass {
	REPORTS,
	PLAIN_TEXT,
	BARE_REPORTS,
	HTML_TEXT,
	ATTACHED,
	LETTER, /* nothing is quoted: what is written is the reply */
	HTML_LETTER,
	PASSES
};

struct walk {
	enum pass pass;
	const struct mx_draft *known;
	const struct mx_unwrap_sink *sink;
	size_t told;
};

static void walk_part(struct walk *walk, GMimeObject *part, int depth);

/* The part's bytes, transfer encoding undone. NULL when there are none; g_byte_array_unref(). */
static GByteArray *
content_of(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GByteArray *bytes = g_byte_array_new();
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	if (content != NULL)
		g_mime_data_wrapper_write_to_stream(content, stream);
	g_object_unref(stream);
	return bytes;
}

static void
read_report(struct walk *walk, GMimePart *part)
{
	GByteArray *bytes = content_of(part);
	struct mx_span text = { (const char *)bytes->data, bytes->len };

	if (bytes->len > 0)
		walk->told += mx_dsn_read(
		    text, walk->known, walk->pass == BARE_REPORTS, walk->sink);
	g_byte_array_unref(bytes);
}

static bool
is_html(enum pass pass)
{
	return pass == HTML_TEXT || pass == HTML_LETTER;
}

static void
read_text(struct walk *walk, GMimeTextPart *part)
{
	char *text = g_mime_text_part_get_text(part), *plain;

	if (text == NULL)
		return;
	plain = is_html(walk->pass) ? mx_html_text(mx_span_of(text)) : mx_strdup(text);
	walk->told += mx_paste_read(
	    mx_span_of(plain), walk->known, walk->pass >= LETTER, walk->sink);
	free(plain);
	g_free(text);
}

static bool
is_report(GMimeContentType *type)
{
	return g_mime_content_type_is_type(type, "message", "delivery-status") ||
	       g_mime_content_type_is_type(type, "message", "global-delivery-status");
}

static void
walk_leaf(struct walk *walk, GMimeObject *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);

	switch (walk->pass) {
	case REPORTS:
	case BARE_REPORTS:
		if (is_report(type))
			read_report(walk, GMIME_PART(part));
		break;
	case PLAIN_TEXT:
	case HTML_TEXT:
	case LETTER:
	case HTML_LETTER:
		if (GMIME_IS_TEXT_PART(part) &&
		    g_mime_content_type_is_type(type, "text", "html") ==
			is_html(walk->pass) &&
		    !g_mime_content_type_is_type(type, "text", "rfc822-headers"))
			read_text(walk, GMIME_TEXT_PART(part));
		break;
	case ATTACHED:
	case PASSES:
		break;
	}
}

/* A returned original is no bounce; a bounce that somebody forwards is attached as one. Only the
 * last pass looks inside, for every kind. */
static void
walk_attached(struct walk *walk, GMimeMessagePart *part, int depth)
{
	GMimeMessage *message = g_mime_message_part_get_message(part);

	if (walk->pass != ATTACHED || message == NULL)
		return;
	for (int pass = REPORTS; pass <= ATTACHED && walk->told == 0; pass++) {
		struct walk inner = *walk;

		inner.pass = (enum pass)pass;
		walk_part(&inner, g_mime_message_get_mime_part(message), depth + 1);
		walk->told = inner.told;
	}
}

static void
walk_part(struct walk *walk, GMimeObject *part, int depth)
{
	if (part == NULL || depth > DEPTH)
		return;
	if (GMIME_IS_MULTIPART(part)) {
		GMimeMultipart *multipart = GMIME_MULTIPART(part);

		for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
			walk_part(
			    walk, g_mime_multipart_get_part(multipart, i), depth + 1);
	} else if (GMIME_IS_MESSAGE_PART(part)) {
		walk_attached(walk, GMIME_MESSAGE_PART(part), depth);
	} else if (GMIME_IS_PART(part)) {
		walk_leaf(walk, part);
	}
}

/* Bounces go to the envelope sender, so To: names it. Caller frees with g_free(). */
static char *
bounced_to(GMimeMessage *message)
{
	InternetAddressList *list =
	    g_mime_message_get_addresses(message, GMIME_ADDRESS_TYPE_TO);
	InternetAddress *address =
	    list == NULL ? NULL : internet_address_list_get_address(list, 0);

	if (address == NULL || !INTERNET_ADDRESS_IS_MAILBOX(address))
		return NULL;
	return g_strdup(
	    internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)));
}

/* A sink that tells what the report says, with what the text for people says beside it. */
struct retold {
	const struct mx_heard *heard;
	const struct mx_unwrap_sink *sink;
};

static void
retell(void *arg, const struct mx_said *said)
{
	const struct retold *retold = arg;
	struct mx_said fuller = *said;

	mx_heard_fill(retold->heard, &fuller);
	retold->sink->said(retold->sink->arg, &fuller);
}

/* Reports leave out at which command it was; the text in front of them often says so. */
static void
read_reports(struct walk *walk, GMimeObject *part)
{
	struct mx_heard *heard = mx_heard_new();
	struct mx_unwrap_sink noting = { mx_heard_note, heard };
	struct walk text = { .pass = PLAIN_TEXT, .known = walk->known, .sink = &noting };
	struct retold retold = { heard, walk->sink };
	struct mx_unwrap_sink telling = { retell, &retold };
	struct walk reports = { .pass = REPORTS, .known = walk->known, .sink = &telling };

	walk_part(&text, part, 0);
	walk_part(&reports, part, 0);
	walk->told += reports.told;
	mx_heard_free(heard);
}

static size_t
read_message(GMimeMessage *message, const struct mx_draft *known,
    const struct mx_unwrap_sink *sink)
{
	struct mx_draft draft = *known;
	char *to = bounced_to(message);
	const char *failed =
	    g_mime_object_get_header(GMIME_OBJECT(message), "X-Failed-Recipients");
	struct walk walk = { .known = &draft, .sink = sink };

	draft.line = 0; /* a part's lines are not the input's */
	if (to != NULL) {
		draft.mail_from = mx_span_of(to);
		draft.has_from = true;
	}
	if (failed != NULL)
		draft.rcpt = mx_span_first_mailbox(mx_span_of(failed));
	read_reports(&walk, g_mime_message_get_mime_part(message));
	for (int pass = PLAIN_TEXT; pass < PASSES && walk.told == 0; pass++) {
		walk.pass = (enum pass)pass;
		walk_part(&walk, g_mime_message_get_mime_part(message), 0);
	}
	g_free(to);
	return walk.told;
}

static size_t
times(struct mx_span text, const char *word, size_t most)
{
	size_t found = 0;

	while (found <= most) {
		size_t at = mx_span_find(text, word);

		if (at == text.len)
			break;
		text = mx_span_from(text, at + strlen(word));
		found++;
	}
	return found;
}

static bool
is_bomb(struct mx_span text)
{
	return times(text, "multipart/", CONTAINERS) +
		   times(text, "message/", CONTAINERS) >
	       CONTAINERS;
}

static GMimeMessage *
parse(struct mx_span text)
{
	static bool ready; /* GMime's tables are made once a process */
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;

	if (!ready)
		g_mime_init();
	ready = true;
	/* GMime would end the message at any line that begins so. */
	if (text.len > 5 && memcmp(text.at, "From ", 5) == 0)
		text = mx_span_from(text, mx_span_chr(text, '\n') + 1);
	stream = g_mime_stream_mem_new_with_buffer(text.at, text.len);
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_persist_stream(parser, FALSE);
	message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

size_t
mx_message_read(
    struct mx_span text, const struct mx_draft *known, const struct mx_unwrap_sink *sink)
{
	GMimeMessage *message;
	size_t told = 0;

	text = mx_span_trim(text);
	message = is_bomb(text) ? NULL : parse(text);
	if (message != NULL) {
		told = read_message(message, known, sink);
		g_object_unref(message);
	}
	return told > 0 ? told : mx_paste_read(text, known, true, sink);
}
