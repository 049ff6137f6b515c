/* seen.c - a free and decisive test for NAT and proxies in between: most large
 * providers tell the client which address they see. */
#include "probe/verdict/seen.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/about.h"
#include "probe/verdict/normal.h"

/* What stands right before a client's address, brackets and the like left out. */
static const char *const namings[] = { "client host", "client address", "client", "from",
	"from ip", "from ip address", "mail server", "your ip", "your ip address",
	"your server ip", "your server ip address", "sending ip", "sending ip address",
	"sending ipv6 address", "connecting host", "connecting ip", "your host",
	"ip address", "ip", "relay" };

/* Ours when it is named anywhere; else the first stranger. */
static void
name(struct mx_seen *out, const struct mx_identity *identity, const struct mx_addr *addr)
{
	if (out->named.family == AF_UNSPEC ||
	    (mx_about_is_ours(identity, addr) &&
		!mx_about_is_ours(identity, &out->named)))
		out->named = *addr;
}

static void
note_ours(struct mx_seen *out, const struct mx_identity *identity,
    const struct mx_normal *normal)
{
	for (size_t i = 0; i < normal->address_count; i++)
		if (mx_about_is_ours(identity, &normal->addresses[i].addr))
			out->ours_occurs = true;
}

/* ---- EHLO's greeting line ---- */

/* "mx.example.net Hello probe.example.jp [203.0.113.5], pleased to meet you": the first word is
 * the server, which may name its own address, too, and our own HELO comes back where it was an
 * address literal. */
static bool
names_client(const struct mx_identity *identity, const struct mx_normal *normal,
    const struct mx_quoted_address *quoted)
{
	size_t first_word = strcspn(normal->text, " ");
	char literal[MX_ADDR_TEXT];

	if (quoted->span.at < first_word || quoted->in_url)
		return false;
	if (mx_about_is_ours(identity, &quoted->addr))
		return true;
	if (mx_addr_equal(&quoted->addr, &identity->server))
		return false;
	if (identity->helo == NULL)
		return true;
	return strcmp(identity->helo, mx_addr_literal(&quoted->addr, literal)) != 0;
}

static void
read_greeting(const struct mx_transcript *transcript, const struct mx_reply_record *reply,
    const struct mx_identity *identity, struct mx_seen *out)
{
	const struct mx_enhanced none = { 0 };
	struct mx_reply_record first = *reply;
	struct mx_normal normal;
	char *text;

	first.lines = first.lines > 0 ? 1 : 0;
	text = mx_reply_text(transcript, &first, false);
	mx_normal_init(&normal, text, strlen(text), 250, &none);
	note_ours(out, identity, &normal);
	for (size_t i = 0; i < normal.address_count; i++)
		if (names_client(identity, &normal, &normal.addresses[i]))
			name(out, identity, &normal.addresses[i].addr);
	mx_normal_clear(&normal);
	free(text);
}

/* ---- refusals ---- */

static bool
ends_with_naming(const char *text, size_t len)
{
	while (len > 0 && strchr(" [(<=:\"'", text[len - 1]) != NULL)
		len--;
	for (size_t i = 0; i < sizeof namings / sizeof *namings; i++) {
		size_t word = strlen(namings[i]);

		if (word <= len && memcmp(text + len - word, namings[i], word) == 0 &&
		    (word == len || !mx_ascii_is_alnum(text[len - word - 1])))
			return true;
	}
	return false;
}

/* Postfix: "<mail.example.jp[203.0.113.5]>: Client host rejected: …" */
static bool
is_rejected_client(const struct mx_normal *normal, const struct mx_span *span)
{
	static const char tail[] = "]>: client host rejected";

	return strncmp(normal->lower + span->at + span->len, tail, sizeof tail - 1) == 0;
}

static void
read_refusal(const struct mx_transcript *transcript, const struct mx_reply_record *reply,
    const struct mx_identity *identity, struct mx_seen *out)
{
	struct mx_normal normal;
	char *text = mx_reply_text(transcript, reply, false);

	mx_normal_init(&normal, text, strlen(text), reply->code, &reply->enhanced);
	note_ours(out, identity, &normal);
	for (size_t i = 0; i < normal.address_count; i++) {
		const struct mx_quoted_address *quoted = &normal.addresses[i];

		if (!quoted->in_url && (ends_with_naming(normal.lower, quoted->span.at) ||
					   is_rejected_client(&normal, &quoted->span)))
			name(out, identity, &quoted->addr);
	}
	mx_normal_clear(&normal);
	free(text);
}

void
mx_seen_find(const struct mx_transcript *transcript, const struct mx_identity *identity,
    struct mx_seen *out)
{
	*out = (struct mx_seen){ .named = { .family = AF_UNSPEC } };
	for (size_t i = 0; i < transcript->reply_count; i++) {
		const struct mx_reply_record *reply = &transcript->replies[i];

		if (reply->stage == MX_STAGE_EHLO && reply->code / 100 == 2)
			read_greeting(transcript, reply, identity, out);
		else if (reply->code >= 400)
			read_refusal(transcript, reply, identity, out);
	}
}
