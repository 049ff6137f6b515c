/* wording.c - finding what differs from one reply to the next, and writing something for it. */
#include "probe/verdict/wording.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/normal.h"

/* No word of any language, no enhanced code, and an address, a mailbox, an id and a number to every
 * pattern. */
#define ANY_V4 "198.51.100.1"
#define ANY_V6 "2001:db8::1"
#define ANY_MAILBOX "xxxx@xxxx.example"
#define ANY_ID "a1a1a1a1"
#define ANY_NUMBER "1111111"

/* What a stand-in may be longer than what it stands for ("a::", "u@x"). */
#define LONGEST_STAND_IN sizeof ANY_MAILBOX

/* Something that differs from one reply to the next. */
struct variable {
	struct mx_span said; /* in the folded text; len 0: there is none */
	const char *any;     /* what stands for it */
};

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

	while (mx_ascii_is_alnum(text[len]) || text[len] == '-' || text[len] == '.')
		len++;
	while (len > 0 && !mx_ascii_is_alnum(text[len - 1]))
		len--;
	return len;
}

static struct variable
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
			return (struct variable){ { begin, sign + 1 + domain - begin },
				ANY_MAILBOX };
		at++;
	}
	return (struct variable){ 0 };
}

/* ---- addresses ---- */

/* A DNSBL's answer is no client. */
static struct variable
next_address(const struct mx_normal *normal, size_t from)
{
	for (size_t i = 0; i < normal->address_count; i++) {
		const struct mx_quoted_address *quoted = &normal->addresses[i];

		if (quoted->span.at >= from && !mx_addr_is_loopback(&quoted->addr))
			return (struct variable){ quoted->span,
				quoted->addr.family == AF_INET ? ANY_V4 : ANY_V6 };
	}
	return (struct variable){ 0 };
}

/* ---- ids and numbers ---- */

#define ID_LEAST 8
#define ID_TURNS 3
#define NUMBER_LEAST 7

/* How often digits turn to letters and back: "as16012611" is a code somebody can look up, and does so
 * once, "d2e1a72fcca58" is an id. */
static size_t
turns(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 1; i < len; i++)
		count += mx_ascii_is_digit(text[i]) != mx_ascii_is_digit(text[i - 1]);
	return count;
}

static size_t
run_length(const char *text)
{
	size_t len = 0;

	while (mx_ascii_is_alnum(text[len]))
		len++;
	return len;
}

/* Of "d2e1a72fcca58-7203e8b2si123.45" the last piece is no id by itself. */
static size_t
id_length(const char *text, size_t run)
{
	size_t len = run;

	while (run > 0 && (text[len] == '-' || text[len] == '.' || text[len] == '_')) {
		run = run_length(text + len + 1);
		if (turns(text + len + 1, run) == 0 && !mx_ascii_is_digit(text[len + 1]))
			break; /* a word, or nothing */
		len += 1 + run;
	}
	return len;
}

/* Letters and digits from begin on: an id, a number or nothing of the kind. */
static struct variable
judge_run(const char *text, size_t begin, size_t run)
{
	size_t turned;

	if (run < NUMBER_LEAST)
		return (struct variable){ 0 };
	turned = turns(text + begin, run);
	if (turned == 0)
		return (struct variable){ { begin, run }, ANY_NUMBER };
	if (turned < ID_TURNS || run < ID_LEAST)
		return (struct variable){ 0 };
	return (struct variable){ { begin, id_length(text + begin, run) }, ANY_ID };
}

static struct variable
next_id(const struct mx_normal *normal, size_t from)
{
	const char *text = normal->lower;
	size_t at = from;

	while (at < normal->len) {
		struct variable found;
		size_t begin = at;

		if (!mx_ascii_is_digit(text[at++]))
			continue;
		while (begin > from && mx_ascii_is_alnum(text[begin - 1]))
			begin--;
		at += run_length(text + at);
		found = judge_run(text, begin, at - begin);
		if (found.said.len > 0)
			return found;
	}
	return (struct variable){ 0 };
}

/* ---- times of day ---- */

static void
even_digits(char *text)
{
	for (; mx_ascii_is_digit(*text); text++)
		*text = '1';
}

static bool
is_colon_and_two(const char *text)
{
	return text[0] == ':' && mx_ascii_is_digit(text[1]) &&
	       mx_ascii_is_digit(text[2]) && !mx_ascii_is_digit(text[3]);
}

/* "10:11:12.345" is as long whenever it is; only its digits differ. */
static void
even_times(struct mx_wording *wording)
{
	for (char *at = strchr(wording->text, ':'); at != NULL;
	     at = strchr(at + 1, ':')) {
		if (at - wording->text < 2 || !mx_ascii_is_digit(at[-1]) ||
		    !mx_ascii_is_digit(at[-2]) || !is_colon_and_two(at) ||
		    !is_colon_and_two(at + 3))
			continue;
		even_digits(at - 2);
		even_digits(at + 1);
		even_digits(at + 4);
		if (at[6] == '.')
			even_digits(at + 7);
	}
}

/* ---- writing ---- */

/* Where two begin at one place, the first of these finds the longer one. */
static struct variable (*const finders[])(
    const struct mx_normal *, size_t from) = { next_mailbox, next_address, next_id };
#define KINDS (sizeof finders / sizeof *finders)

static void
copy(struct mx_wording *wording, const char *text, size_t len)
{
	memcpy(wording->text + wording->len, text, len);
	wording->len += len;
}

static const struct variable *
earliest(const struct variable pending[KINDS])
{
	const struct variable *first = &pending[0];

	for (size_t i = 1; i < KINDS; i++)
		if (pending[i].said.len > 0 &&
		    (first->said.len == 0 || pending[i].said.at < first->said.at))
			first = &pending[i];
	return first->said.len > 0 ? first : NULL;
}

static void
write_with_stand_ins(struct mx_wording *wording, const struct mx_normal *normal)
{
	struct variable pending[KINDS];
	const struct variable *next;
	size_t done = 0;

	for (size_t i = 0; i < KINDS; i++)
		pending[i] = finders[i](normal, 0);
	while (wording->count < MX_STAND_INS && (next = earliest(pending)) != NULL) {
		struct mx_stand_in *row = &wording->stand_ins[wording->count++];

		copy(wording, normal->lower + done, next->said.at - done);
		row->said = next->said;
		row->here = (struct mx_span){ wording->len, strlen(next->any) };
		copy(wording, next->any, row->here.len);
		done = next->said.at + next->said.len;
		for (size_t i = 0; i < KINDS; i++)
			if (pending[i].said.len > 0 && pending[i].said.at < done)
				pending[i] = finders[i](normal, done);
	}
	copy(wording, normal->lower + done, normal->len - done);
}

void
mx_wording_init(struct mx_wording *wording, const struct mx_normal *normal)
{
	size_t most = normal->len + MX_STAND_INS * LONGEST_STAND_IN;

	wording->text = mx_reallocarray(NULL, most + MX_WORDING_PADDING, 1);
	wording->len = wording->count = 0;
	write_with_stand_ins(wording, normal);
	memset(wording->text + wording->len, 0, MX_WORDING_PADDING);
	even_times(wording);
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
