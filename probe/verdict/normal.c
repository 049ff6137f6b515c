/* normal.c - folding, and finding the things a reply quotes. Works on bytes: replies
 * come in every encoding there is, and most lie about it. */
#include "probe/verdict/normal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

/* Typographic forms that some servers use for plain ones, in UTF-8. */
/* clang-format off */
static const struct {
	const char *from;
	char to;
} plain[] = {
	{ "\xe2\x80\x98", '\'' }, { "\xe2\x80\x99", '\'' }, { "\xe2\x80\x9c", '"' },
	{ "\xe2\x80\x9d", '"' },  { "\xe2\x80\x93", '-' },  { "\xe2\x80\x94", '-' },
	{ "\xc2\xa0", ' ' },
};
/* clang-format on */

static bool
is_control(char byte)
{
	return (unsigned char)byte <= ' ' || byte == 0x7f;
}

/* 16 for what is none. */
static unsigned
hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return (unsigned)(byte - '0');
	byte = (char)(byte | 0x20);
	return byte >= 'a' && byte <= 'f' ? (unsigned)(byte - 'a') + 10 : 16;
}

/* A gateway that writes for the web: "user &lt;a@b.example&gt; isn&#39;t known". */
/* clang-format off */
static const struct {
	const char *from;
	char to;
} entities[] = {
	{ "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' },
	{ "&apos;", '\'' }, { "&nbsp;", ' ' },
};
/* clang-format on */

/* "&#39;" and "&#x27;", of printable ASCII alone. Bytes that it takes; 0: it is none. */
static size_t
numeric_entity(const char *text, size_t len, char *to)
{
	bool is_hex = len > 2 && (text[2] == 'x' || text[2] == 'X');
	size_t at = is_hex ? 3 : 2, start = at;
	unsigned value = 0;

	if (len < 2 || text[1] != '#')
		return 0;
	for (; at < len && at < start + 4 && text[at] != ';'; at++) {
		unsigned digit = hex_digit(text[at]);

		if (digit >= (is_hex ? 16U : 10U))
			return 0;
		value = value * (is_hex ? 16 : 10) + digit;
	}
	if (at == len || text[at] != ';' || value < ' ' || value > '~')
		return 0;
	*to = (char)value;
	return at + 1;
}

static char
entity(const char *text, size_t len, size_t *taken)
{
	char to = '&';
	size_t used = numeric_entity(text, len, &to);

	for (size_t i = 0; used == 0 && i < sizeof entities / sizeof *entities; i++) {
		size_t form = strlen(entities[i].from);

		if (form <= len && memcmp(text, entities[i].from, form) == 0) {
			used = form;
			to = entities[i].to;
		}
	}
	*taken = used > 0 ? used : 1;
	return to;
}

/* The byte that stands for what begins at text; *taken bytes are used up. */
static char
fold(const char *text, size_t len, size_t *taken)
{
	*taken = 1;
	if (is_control(text[0]))
		return ' ';
	if (text[0] == '&')
		return entity(text, len, taken);
	if ((unsigned char)text[0] < 0x80)
		return text[0];
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		size_t form = strlen(plain[i].from);

		if (form <= len && memcmp(text, plain[i].from, form) == 0) {
			*taken = form;
			return plain[i].to;
		}
	}
	return text[0];
}

/* ASCII that stands for itself, and is no space. */
static const bool is_plain[256] = {
	['!' ... '%'] = true,
	['\'' ... '~'] = true,
};

static void
append(struct mx_normal *normal, const char *text, size_t len)
{
	char *to = normal->text + normal->len;
	const char *end = text + len;
	size_t taken;

	while (text < end) {
		char byte;

		while (text < end && is_plain[(unsigned char)*text])
			*to++ = *text++;
		if (text == end)
			break;
		byte = fold(text, (size_t)(end - text), &taken);
		text += taken;
		if (byte != ' ' || (to > normal->text && to[-1] != ' '))
			*to++ = byte;
	}
	normal->len = (size_t)(to - normal->text);
}

/* Eight bytes at once: 'A' to 'Z' get the bit that makes them small. No sum leaves its byte, for the
 * highest bits, which ASCII has not, are left out. */
static uint64_t
lower_eight(uint64_t bytes)
{
	const uint64_t each = 0x0101010101010101, highest = 0x80 * each;
	uint64_t low = bytes & ~highest;
	uint64_t from_a = low + (0x80 - 'A') * each, behind_z = low + (0x7f - 'Z') * each;

	return bytes | ((from_a ^ behind_z) & ~bytes & highest) >> 2;
}

/* Zeros behind both texts: they are read by words of eight bytes. */
#define PADDING sizeof(uint64_t)

static void
lower_text(char *to, const char *from, size_t len)
{
	for (size_t i = 0; i < len; i += sizeof(uint64_t)) {
		uint64_t bytes;

		memcpy(&bytes, from + i, sizeof bytes);
		bytes = lower_eight(bytes);
		memcpy(to + i, &bytes, sizeof bytes);
	}
}

static void
fold_text(struct mx_normal *normal, const char *text, size_t len)
{
	bool cut = len > MX_NORMAL_HEAD + MX_NORMAL_TAIL;
	size_t room = (cut ? MX_NORMAL_HEAD + MX_NORMAL_TAIL + 1 : len) + PADDING;

	normal->text = mx_reallocarray(NULL, 2, room);
	normal->lower = normal->text + room;
	append(normal, text, cut ? MX_NORMAL_HEAD : len);
	if (cut) {
		append(normal, " ", 1);
		append(normal, text + len - MX_NORMAL_TAIL, MX_NORMAL_TAIL);
	}
	while (normal->len > 0 && normal->text[normal->len - 1] == ' ')
		normal->len--;
	memset(normal->text + normal->len, 0, PADDING);
	memset(normal->lower + normal->len, 0, PADDING);
	lower_text(normal->lower, normal->text, normal->len);
}

/* ---- web addresses ---- */

static size_t
url_length(const char *text)
{
	return strcspn(text, " <>\"'`{}|\\");
}

/* Where a web address begins, from this place on; NULL: nowhere. */
static const char *
next_url(const char *at)
{
	const char *www = strstr(at, "www.");

	while ((at = strstr(at, "http")) != NULL && (www == NULL || at < www)) {
		const char *behind = at + 4 + (at[4] == 's');

		if (strncmp(behind, "://", 3) == 0)
			return at;
		at += 4;
	}
	return www;
}

static void
find_urls(struct mx_normal *normal)
{
	const char *at = normal->lower;

	while (normal->url_count < MX_NORMAL_QUOTES && (at = next_url(at)) != NULL) {
		size_t len = url_length(at);

		normal->urls[normal->url_count++] =
		    (struct mx_span){ .at = (size_t)(at - normal->lower), .len = len };
		at += len;
	}
}

bool
mx_normal_is_in_url(const struct mx_normal *normal, size_t at)
{
	for (size_t i = 0; i < normal->url_count; i++)
		if (at >= normal->urls[i].at &&
		    at < normal->urls[i].at + normal->urls[i].len)
			return true;
	return false;
}

/* ---- addresses ---- */

#define ADDRESS_LEAST 3 /* "::1" */

/* In lower case. */
static const bool address_bytes[256] = {
	['.'] = true,
	['0' ... ':'] = true,
	['a' ... 'f'] = true,
};

static bool
is_address_byte(char byte)
{
	return address_bytes[(unsigned char)byte];
}

/* Words and numbers go on with these; an address beside one is part of something else. */
static bool
is_word_byte(char byte)
{
	return mx_ascii_is_alnum(byte) || byte == '-' || byte == '_' || byte == '.' ||
	       byte == '@';
}

/* "203.0.113.5." ends a sentence, "203.0.113.5:" begins one. */
static size_t
trim(const char *text, size_t len)
{
	while (
	    len > 0 && (text[len - 1] == '.' ||
			   (text[len - 1] == ':' && !(len > 1 && text[len - 2] == ':'))))
		len--;
	return len;
}

static bool
read_address(const char *text, size_t len, struct mx_addr *out)
{
	static const struct mx_addr any = { .family = AF_INET6 };
	char copy[64];

	if (len < ADDRESS_LEAST || len >= sizeof copy)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return mx_addr_parse(copy, out) && !mx_addr_equal(out, &any);
}

/* "[IPv6:2001:db8::1]": the tag is no part of the address but looks like a word before it. */
static bool
follows_tag(const struct mx_normal *normal, size_t at)
{
	return at >= 5 && memcmp(normal->lower + at - 5, "ipv6:", 5) == 0;
}

/* Length of the run at this place that could be an address, 0 when a word surrounds it. A port
 * behind a v4 address ("[203.0.113.5]:4711" has its bracket, "203.0.113.5:25" has not) is cut. */
static size_t
address_at(const struct mx_normal *normal, size_t at, size_t run, struct mx_addr *out)
{
	const char *text = normal->lower + at;
	size_t len = trim(text, run);
	const char *colon = memchr(text, ':', len);

	if (at > 0 && is_word_byte(text[-1]) && !follows_tag(normal, at))
		return 0;
	if (is_word_byte(text[run]) && text[run] != '.')
		return 0;
	if (read_address(text, len, out))
		return len;
	if (colon == NULL || memchr(text, '.', (size_t)(colon - text)) == NULL)
		return 0;
	len = (size_t)(colon - text);
	return read_address(text, len, out) ? len : 0;
}

/* The tag's own "6:" looks like the beginning of an address. */
static bool
ends_tag(const struct mx_normal *normal, size_t at)
{
	return normal->lower[at] == '6' && at >= 3 &&
	       memcmp(normal->lower + at - 3, "ipv6:", 5) == 0;
}

/* A dot or colon with bytes of an address around it: where they begin, not before this place. */
static size_t
next_run(const struct mx_normal *normal, size_t from, size_t *run)
{
	size_t at = from + strcspn(normal->lower + from, ".:"), end = at;

	while (at > from && is_address_byte(normal->lower[at - 1]))
		at--;
	if (at < normal->len && ends_tag(normal, at))
		at += 2;
	while (is_address_byte(normal->lower[end]))
		end++;
	*run = end > at ? end - at : 0;
	return at;
}

static void
find_addresses(struct mx_normal *normal)
{
	size_t at = 0, run = 0;

	while (normal->address_count < MX_NORMAL_QUOTES &&
	       (at = next_run(normal, at + run, &run)) < normal->len) {
		struct mx_addr addr;
		size_t len = run < ADDRESS_LEAST ? 0 : address_at(normal, at, run, &addr);

		if (len > 0)
			normal->addresses[normal->address_count++] =
			    (struct mx_quoted_address){
				    .addr = addr,
				    .span = { at, len },
				    .in_url = mx_normal_is_in_url(normal, at),
			    };
	}
}

/* ---- an enhanced code that does not stand where RFC 2034 wants it ---- */

/* "550 #5.1.0 ...", "(#5.7.1)", "cuda_nsu 4.7.1 ...". Four numbers in a row are
 * something else. */
static bool
code_at(const struct mx_normal *normal, size_t at, struct mx_enhanced *out)
{
	char copy[16];
	size_t run;

	if (at > 0 && (is_word_byte(normal->text[at - 1]) || normal->text[at - 1] == ':'))
		return false;
	run = trim(normal->text + at, strspn(normal->text + at, "0123456789."));
	if (run < 5 || run >= sizeof copy || mx_normal_is_in_url(normal, at))
		return false;
	memcpy(copy, normal->text + at, run);
	copy[run] = '\0';
	return mx_enhanced_parse(copy, run, out) == run;
}

static void
find_code(struct mx_normal *normal, int code)
{
	struct mx_enhanced found;

	for (size_t at = 0; at < normal->len; at++)
		if (normal->text[at] >= '2' && normal->text[at] <= '5' &&
		    code_at(normal, at, &found) && found.klass == code / 100) {
			normal->enhanced = found;
			return;
		}
}

void
mx_normal_init(struct mx_normal *normal, const char *text, size_t len, int code,
    const struct mx_enhanced *enhanced)
{
	normal->enhanced = *enhanced;
	normal->len = normal->address_count = normal->url_count = 0;
	fold_text(normal, text, len);
	find_urls(normal);
	find_addresses(normal);
	if (enhanced->klass == 0)
		find_code(normal, code);
	mx_wording_init(&normal->wording, normal);
}

void
mx_normal_clear(struct mx_normal *normal)
{
	free(normal->text);
	normal->text = normal->lower = NULL;
	mx_wording_clear(&normal->wording);
}

/* Bytes that would make a word of another one: "spamhaus" is no word in "myspamhaus-x". */
static bool
joins(char byte)
{
	return mx_ascii_is_alnum(byte) || byte == '-' || byte == '_';
}

size_t
mx_normal_word(const struct mx_normal *normal, const char *lower_word)
{
	size_t len = strlen(lower_word);
	const char *text = normal->wording.text, *at = text;

	while (len > 0 && (at = strstr(at, lower_word)) != NULL) {
		if ((at == text || !joins(at[-1])) && !joins(at[len]))
			return (size_t)(at - text);
		at++;
	}
	return MX_NOWHERE;
}
