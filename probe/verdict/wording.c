/* wording.c - stand-ins for what a reply quotes, and evened ids, numbers and times of day. */
#include "probe/verdict/wording.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/normal.h"

/* No word of any language, no enhanced code, and an address or a mailbox to every pattern. */
#define ANY_V4 "198.51.100.1"
#define ANY_V6 "2001:db8::1"
#define ANY_MAILBOX "xxxx@xxxx.example"

/* What a stand-in may be longer than what it stands for ("a::", "u@x"). */
#define LONGEST_STAND_IN sizeof ANY_MAILBOX

/* ---- writing ---- */

static void
copy(struct mx_wording *wording, const char *text, size_t len)
{
	memcpy(wording->text + wording->len, text, len);
	wording->len += len;
}

/* *done: so much of the folded text stands in the wording already. */
static void
stand_in(struct mx_wording *wording, const struct mx_normal *normal, size_t *done,
    struct mx_span said, const char *by)
{
	struct mx_stand_in *row = &wording->stand_ins[wording->count++];

	copy(wording, normal->lower + *done, said.at - *done);
	*row = (struct mx_stand_in){ { wording->len, strlen(by) }, said };
	copy(wording, by, row->here.len);
	*done = said.at + said.len;
}

/* ---- mailboxes ---- */

static const bool local_bytes[256] = {
	['0' ... '9'] = true,
	['a' ... 'z'] = true,
	['.'] = true,
	['_'] = true,
	['-'] = true,
	['+'] = true,
	['='] = true,
};

/* Whom a refusal tells us to write to, RFC 2142 and what providers and lists add: these mailboxes mean
 * something. */
static bool
is_role(const char *local, size_t len)
{
	static const char *const roles[] = { "abuse", "admin", "block", "delist", "dnsbl",
		"help", "hostmaster", "list", "mailer-daemon", "noc", "postmaster", "rbl",
		"remov", "sbl", "security", "spam", "support", "toda", "tosa", "tobr",
		"unblock", "unlist", "webmaster", "whitelist" };

	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		size_t role = strlen(roles[i]);

		if (role <= len && memcmp(local, roles[i], role) == 0)
			return true;
	}
	return false;
}

/* How many bytes from this one on are a host's name; a sentence's full stop is none of it. */
static size_t
name_length(const char *text)
{
	size_t len = 0;

	while (mx_normal_is_alnum(text[len]) || text[len] == '-' || text[len] == '.')
		len++;
	while (len > 0 && !mx_normal_is_alnum(text[len - 1]))
		len--;
	return len;
}

/* The next mailbox from this place on; none where len is 0. */
static struct mx_span
next_mailbox(const struct mx_normal *normal, size_t from)
{
	const char *text = normal->lower, *at = text + from;

	while ((at = memchr(at, '@', normal->len - (size_t)(at - text))) != NULL) {
		size_t sign = (size_t)(at - text), begin = sign;
		size_t domain = name_length(at + 1);

		while (begin > from && local_bytes[(unsigned char)text[begin - 1]])
			begin--;
		if (begin < sign && domain > 0 && !mx_normal_is_in_url(normal, begin) &&
		    !is_role(text + begin, sign - begin))
			return (struct mx_span){ begin, sign + 1 + domain - begin };
		at++;
	}
	return (struct mx_span){ normal->len, 0 };
}

/* ---- addresses ---- */

/* The next quoted address from this place on, among those from *index on; none: NULL. A DNSBL's
 * answer is no client. */
static const struct mx_quoted_address *
next_address(const struct mx_normal *normal, size_t from, size_t *index)
{
	for (; *index < normal->address_count; (*index)++) {
		const struct mx_quoted_address *quoted = &normal->addresses[*index];

		if (quoted->span.at >= from && !mx_addr_is_loopback(&quoted->addr))
			return quoted;
	}
	return NULL;
}

/* Both kinds in the order in which they stand there. */
static void
write_with_stand_ins(struct mx_wording *wording, const struct mx_normal *normal)
{
	size_t done = 0, index = 0;
	struct mx_span mailbox = next_mailbox(normal, 0);
	const struct mx_quoted_address *quoted = next_address(normal, 0, &index);

	while ((quoted != NULL || mailbox.len > 0) && wording->count < MX_STAND_INS) {
		if (quoted != NULL && quoted->span.at <= mailbox.at)
			stand_in(wording, normal, &done, quoted->span,
			    quoted->addr.family == AF_INET ? ANY_V4 : ANY_V6);
		else
			stand_in(wording, normal, &done, mailbox, ANY_MAILBOX);
		quoted = next_address(normal, done, &index);
		if (mailbox.at < done)
			mailbox = next_mailbox(normal, done);
	}
	copy(wording, normal->lower + done, normal->len - done);
}

/* ---- ids, numbers, times of day ---- */

#define ID_LEAST 8
#define NUMBER_LEAST 7

/* How often digits turn to letters and back: "as16012611" is a code somebody can look up, and does so
 * once, "d2e1a72fcca58" is an id. */
static size_t
turns(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 1; i < len; i++)
		count += mx_normal_is_digit(text[i]) != mx_normal_is_digit(text[i - 1]);
	return count;
}

static bool
is_id(const char *text, size_t len)
{
	size_t turned;

	if (len < NUMBER_LEAST)
		return false;
	turned = turns(text, len);
	return turned == 0 || (turned >= 3 && len >= ID_LEAST);
}

/* A number stays one; of whatever letters an id was made, it is told by its length alone. */
static void
even_out(char *text, size_t len)
{
	bool is_number = turns(text, len) == 0;

	for (size_t i = 0; i < len; i++)
		text[i] = is_number || i % 2 == 1 ? '1' : 'a';
}

static void
even_digits(char *text)
{
	for (; mx_normal_is_digit(*text); text++)
		*text = '1';
}

static bool
is_colon_and_two(const char *text)
{
	return text[0] == ':' && mx_normal_is_digit(text[1]) &&
	       mx_normal_is_digit(text[2]) && !mx_normal_is_digit(text[3]);
}

/* "10:11:12.345" where text begins behind the hour. */
static void
even_time(char *text)
{
	if (!mx_normal_is_digit(text[-1]) || !mx_normal_is_digit(text[-2]) ||
	    !is_colon_and_two(text) || !is_colon_and_two(text + 3))
		return;
	even_digits(text - 2);
	even_digits(text + 1);
	even_digits(text + 4);
	if (text[6] == '.')
		even_digits(text + 7);
}

/* Of "d2e1a72fcca58-7203e8b2si123.45" the last piece is no id by itself. */
static void
even_ids(struct mx_wording *wording)
{
	char *text = wording->text;
	size_t id_end = SIZE_MAX - 1, begin, end = 0;

	for (size_t at = 0; at < wording->len; at = end + 1) {
		end = at;
		if (!mx_normal_is_digit(text[at]))
			continue;
		for (begin = at; begin > 0 && mx_normal_is_alnum(text[begin - 1]);)
			begin--;
		while (mx_normal_is_alnum(text[end]))
			end++;
		if (is_id(text + begin, end - begin) ||
		    (begin == id_end + 1 && strchr("-._", text[id_end]) != NULL)) {
			even_out(text + begin, end - begin);
			id_end = end;
		}
		if (end - begin >= 2)
			even_time(text + end);
	}
}

void
mx_wording_init(struct mx_wording *wording, const struct mx_normal *normal)
{
	size_t most = normal->len + MX_STAND_INS * LONGEST_STAND_IN;

	wording->text = mx_reallocarray(NULL, most + MX_WORDING_PADDING, 1);
	wording->len = wording->count = 0;
	write_with_stand_ins(wording, normal);
	memset(wording->text + wording->len, 0, MX_WORDING_PADDING);
	even_ids(wording);
}

void
mx_wording_clear(struct mx_wording *wording)
{
	free(wording->text);
	wording->text = NULL;
}

/* ---- the way back ---- */

/* The place in the folded text; within a stand-in the begin or the end of what it stands for. */
static size_t
said_at(const struct mx_wording *wording, size_t at, bool is_end)
{
	size_t here = 0, said = 0;

	for (size_t i = 0; i < wording->count && wording->stand_ins[i].here.at < at;
	     i++) {
		const struct mx_stand_in *row = &wording->stand_ins[i];

		here = row->here.at + row->here.len;
		said = row->said.at + row->said.len;
		if (at < here)
			return is_end ? said : row->said.at;
	}
	return said + (at - here);
}

struct mx_span
mx_wording_said(const struct mx_wording *wording, const struct mx_span *span)
{
	size_t begin = said_at(wording, span->at, false);

	return (struct mx_span){ begin,
		said_at(wording, span->at + span->len, true) - begin };
}
