#include "probe/unwrap/span.h"

#include <string.h>
#include <strings.h>

#include "probe/base/ascii.h"

struct mx_span
mx_span_of(const char *text)
{
	return (struct mx_span){ text, strlen(text) };
}

struct mx_span
mx_span_from(struct mx_span span, size_t from)
{
	if (from > span.len)
		from = span.len;
	if (from == 0)
		return span; /* nothing may be added to NULL, not even nothing */
	return (struct mx_span){ span.at + from, span.len - from };
}

struct mx_span
mx_span_cut(struct mx_span span, size_t from, size_t len)
{
	span = mx_span_from(span, from);
	if (len < span.len)
		span.len = len;
	return span;
}

/* Whatever the locale, and inline: these are asked of every byte of a log. */
static inline bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool
is_space(char c)
{
	return c == '\0' || is_blank(c);
}

struct mx_span
mx_span_trim(struct mx_span span)
{
	while (span.len > 0 && is_space(span.at[span.len - 1]))
		span.len--;
	while (span.len > 0 && is_space(*span.at))
		span.at++, span.len--;
	return span;
}

bool
mx_span_starts(struct mx_span span, const char *phrase)
{
	size_t len = strlen(phrase);

	return span.len >= len && strncasecmp(span.at, phrase, len) == 0;
}

size_t
mx_span_phrase(struct mx_span span, const char *phrase)
{
	size_t at = 0;

	for (; *phrase != '\0'; phrase++) {
		if (at == span.len)
			return 0;
		if (*phrase == ' '
			? !is_blank(span.at[at])
			: mx_ascii_lower(span.at[at]) != mx_ascii_lower(*phrase))
			return 0;
		at++;
		while (*phrase == ' ' && at < span.len && is_blank(span.at[at]))
			at++;
	}
	return at;
}

bool
mx_span_is(struct mx_span span, const char *phrase)
{
	return span.len == strlen(phrase) && mx_span_starts(span, phrase);
}

#define BLOCK 16

/* May these two bytes, in any case, stand at one of BLOCK places? No branch from place to place, so
 * that compilers make one vector of them: finding fields is what reading a log costs. */
static bool
block_has_pair(const char *at, const char *pair)
{
	unsigned char has = 0;

	for (size_t i = 0; i < BLOCK; i++)
		has |= (unsigned char)(((at[i] | 32) == (pair[0] | 32)) &
				       ((at[i + 1] | 32) == (pair[1] | 32)));
	return has != 0;
}

size_t
mx_span_find(struct mx_span span, const char *phrase)
{
	size_t len = strlen(phrase);

	if (len == 1 && !mx_ascii_is_alnum(*phrase))
		return mx_span_chr(span, *phrase);
	for (size_t i = 0; i + len <= span.len; i += BLOCK) {
		if (len > 1 && i + BLOCK < span.len &&
		    !block_has_pair(span.at + i, phrase))
			continue;
		for (size_t k = i; k < i + BLOCK && k + len <= span.len; k++)
			if (mx_ascii_lower(span.at[k]) == mx_ascii_lower(*phrase) &&
			    strncasecmp(span.at + k, phrase, len) == 0)
				return k;
	}
	return span.len;
}

bool
mx_span_has(struct mx_span span, const char *phrase)
{
	return mx_span_find(span, phrase) < span.len;
}

size_t
mx_span_chr(struct mx_span span, char c)
{
	const char *found = span.len > 0 ? memchr(span.at, c, span.len) : NULL;

	return found == NULL ? span.len : (size_t)(found - span.at);
}

struct mx_span
mx_span_between(struct mx_span span, const char *open, const char *close)
{
	size_t start = mx_span_find(span, open), end;

	if (start == span.len)
		return (struct mx_span){ NULL, 0 };
	span = mx_span_from(span, start + strlen(open));
	end = mx_span_find(span, close);
	if (end == span.len)
		return (struct mx_span){ NULL, 0 };
	return mx_span_cut(span, 0, end);
}

struct mx_span
mx_span_last_word(struct mx_span span)
{
	size_t start;

	span = mx_span_trim(span);
	start = span.len;
	while (start > 0 && !is_space(span.at[start - 1]))
		start--;
	return mx_span_from(span, start);
}

int
mx_span_code(struct mx_span span)
{
	if (span.len < 3 || span.at[0] < '2' || span.at[0] > '5' ||
	    !mx_ascii_is_digit(span.at[1]) || !mx_ascii_is_digit(span.at[2]))
		return 0;
	if (span.len > 3 && !is_space(span.at[3]) && strchr("-:;,", span.at[3]) == NULL)
		return 0;
	return (span.at[0] - '0') * 100 + (span.at[1] - '0') * 10 + span.at[2] - '0';
}

bool
mx_span_addr(struct mx_span span, struct mx_addr *addr)
{
	char text[MX_ADDR_TEXT];

	span = mx_span_trim(span);
	if (span.len >= sizeof text || memchr(span.at, '\0', span.len) != NULL)
		return false;
	memcpy(text, span.at, span.len);
	text[span.len] = '\0';
	return mx_addr_parse(strncasecmp(text, "IPv6:", 5) == 0 ? text + 5 : text, addr);
}

static bool
is_name_byte(char c)
{
	return mx_ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == ':' ||
	       (unsigned char)c >= 0x80;
}

/* The name a span begins with, empty when that is something else. */
static struct mx_span
name_at(struct mx_span span)
{
	size_t len = 0;

	while (len < span.len && span.at[len] != '\0' && is_name_byte(span.at[len]))
		len++;
	while (len > 0 && strchr(".:", span.at[len - 1]) != NULL)
		len--;
	return mx_span_cut(span, 0, len > 255 ? 0 : len);
}

void
mx_span_host(struct mx_span span, struct mx_span *host, struct mx_addr *addr)
{
	static const char *const pairs[][2] = { { "[", "]" }, { "(", ")" } };
	struct mx_span name, inner;

	span = mx_span_trim(span);
	name = name_at(span);
	*host = (struct mx_span){ NULL, 0 };
	*addr = (struct mx_addr){ 0 };
	if (name.len > 0 && !mx_span_addr(name, addr))
		*host = name;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		inner = mx_span_between(span, pairs[i][0], pairs[i][1]);
		if (inner.at == NULL)
			continue;
		if (addr->family == AF_UNSPEC && mx_span_addr(inner, addr))
			continue;
		if (host->at == NULL && name_at(inner).len > 0 &&
		    name_at(inner).len == inner.len)
			*host = name_at(inner);
	}
}

static bool
is_mailbox_byte(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f && strchr("<>()[],;:\"'@", c) == NULL;
}

/* The mailbox around the @ at index at; empty when one of its halves is. */
static struct mx_span
mailbox_around(struct mx_span span, size_t at)
{
	size_t start = at, end = at + 1;

	while (start > 0 && at - start < 128 && is_mailbox_byte(span.at[start - 1]))
		start--;
	while (end < span.len && end - at < 256 && is_mailbox_byte(span.at[end]))
		end++;
	while (end > at + 1 && strchr(".!?", span.at[end - 1]) != NULL)
		end--;
	if (start == at || end == at + 1)
		return (struct mx_span){ NULL, 0 };
	return mx_span_cut(span, start, end - start);
}

struct mx_span
mx_span_first_mailbox(struct mx_span span)
{
	struct mx_span found = { NULL, 0 };

	for (size_t i = 0; i < span.len && found.at == NULL; i++)
		if (span.at[i] == '@')
			found = mailbox_around(span, i);
	return found;
}

struct mx_span
mx_span_last_mailbox(struct mx_span span)
{
	struct mx_span found = { NULL, 0 };

	for (size_t i = span.len; i > 0 && found.at == NULL; i--)
		if (span.at[i - 1] == '@')
			found = mailbox_around(span, i - 1);
	return found;
}

/* The first phrase that is in the command decides, so the longer ones come first. */
static const struct {
	const char *phrase;
	enum mx_stage stage;
} said_in[] = {
	{ "rcpt", MX_STAGE_RCPT },
	{ "does not like recipient", MX_STAGE_RCPT },
	{ "mail from", MX_STAGE_MAIL },
	{ "mail_from", MX_STAGE_MAIL },
	{ "sender was rejected", MX_STAGE_MAIL },
	{ "end of data", MX_STAGE_EOD },
	{ "end-of-data", MX_STAGE_EOD },
	{ "final data", MX_STAGE_EOD },
	{ "message body", MX_STAGE_EOD },
	{ "after i sent the message", MX_STAGE_EOD },
	{ "sending message", MX_STAGE_EOD },
	{ "starttls", MX_STAGE_STARTTLS },
	{ "ehlo", MX_STAGE_EHLO },
	{ "helo", MX_STAGE_EHLO },
	{ "lhlo", MX_STAGE_EHLO },
	{ "my name was rejected", MX_STAGE_EHLO },
	{ "data", MX_STAGE_DATA },
	{ "greeting", MX_STAGE_BANNER },
	{ "initial connection", MX_STAGE_BANNER },
	{ "banner", MX_STAGE_BANNER },
	{ "quit", MX_STAGE_QUIT },
	{ "rset", MX_STAGE_QUIT },
};

enum mx_stage
mx_span_stage(struct mx_span command)
{
	for (size_t i = 0; i < sizeof said_in / sizeof *said_in; i++)
		if (mx_span_has(command, said_in[i].phrase))
			return said_in[i].stage;
	return MX_STAGE_COUNT;
}
