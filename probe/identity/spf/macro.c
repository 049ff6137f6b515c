/* macro.c - "%{d2r-}": a letter, how many parts, in which order, split at which bytes. */
#include "probe/identity/spf/macro.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#define LETTERS "slodipvhcrt"
#define LETTERS_OF_EXPLANATIONS "crt"
#define DELIMITERS ".-+,/_="
#define PARTS_MAX 65536u /* nothing has more parts: a larger number means all */

/* One macro-expand, read. */
struct macro {
	char letter;  /* lower case; '%', '_' or '-' for those without braces */
	bool escaped; /* written in upper case: as in an URL */
	bool reversed;
	unsigned parts; /* from the right; 0: all */
	const char *delimiters;
	size_t delimiter_count;
};

/* Not strchr() alone, which finds the NUL too. */
static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* ---- syntax --------------------------------------------------------------------------------- */

/* "2r-}" of "%{d2r-}". Returns how many bytes it takes, or 0 with *fault. */
static size_t
read_transformers(const char *text, size_t len, struct macro *macro, const char **fault)
{
	size_t at = 0;
	bool counted = false;

	for (; at < len && isdigit((unsigned char)text[at]); at++) {
		macro->parts = macro->parts * 10 + (unsigned)(text[at] - '0');
		if (macro->parts > PARTS_MAX)
			macro->parts = PARTS_MAX;
		counted = true;
	}
	if (counted && macro->parts == 0)
		*fault = "a macro cannot keep 0 parts";
	if (at < len && (text[at] == 'r' || text[at] == 'R')) {
		macro->reversed = true;
		at++;
	}
	macro->delimiters = text + at;
	while (at < len && is_one_of(text[at], DELIMITERS))
		at++;
	macro->delimiter_count = (size_t)(text + at - macro->delimiters);
	if (at == len)
		*fault = "a macro lacks its \"}\"";
	else if (text[at] != '}')
		*fault = "a macro has bytes that mean nothing in it";
	return *fault == NULL ? at + 1 : 0;
}

/* Reads the macro that begins at text[0] == '%'. Returns its length, or 0 with *fault. */
static size_t
read_macro(const char *text, size_t len, struct macro *macro, const char **fault)
{
	size_t rest;

	*macro = (struct macro){ 0 };
	*fault = NULL;
	if (len >= 2 && is_one_of(text[1], "%_-")) {
		macro->letter = text[1];
		return 2;
	}
	if (len < 3 || text[1] != '{') {
		*fault = "\"%\" stands without a macro";
		return 0;
	}
	macro->letter = (char)tolower((unsigned char)text[2]);
	macro->escaped = isupper((unsigned char)text[2]) != 0;
	if (!is_one_of(macro->letter, LETTERS)) {
		*fault = "there is no macro of that letter";
		return 0;
	}
	rest = read_transformers(text + 3, len - 3, macro, fault);
	return rest > 0 ? 3 + rest : 0;
}

/* toplabel: letters, digits and inner hyphens, but not a number. */
static bool
is_top_label(const char *label, size_t len)
{
	bool only_digits = true;

	if (len == 0 || !isalnum((unsigned char)label[0]) ||
	    !isalnum((unsigned char)label[len - 1]))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)label[i]) && label[i] != '-')
			return false;
		only_digits = only_digits && isdigit((unsigned char)label[i]);
	}
	return !only_digits;
}

/* domain-end without a macro. No top label holds a brace, so that a dot inside of a macro, as
 * its delimiter, is not taken for the last one of the name. */
static bool
ends_as_domain(const char *text, size_t len)
{
	size_t dot = len;

	if (len > 0 && text[len - 1] == '.')
		len--;
	for (size_t i = 0; i < len; i++)
		if (text[i] == '.')
			dot = i;
	return dot < len && is_top_label(text + dot + 1, len - dot - 1);
}

static bool
is_literal(char c, enum mx_spf_macro_use use)
{
	return (c > ' ' && c <= '~') || (c == ' ' && use == MX_SPF_MACRO_EXPLANATION);
}

const char *
mx_spf_macro_fault(const char *text, size_t len, enum mx_spf_macro_use use)
{
	bool macro_last = false;
	const char *fault;
	struct macro macro;

	for (size_t at = 0, step; at < len; at += step) {
		macro_last = text[at] == '%';
		step = 1;
		if (!macro_last) {
			if (!is_literal(text[at], use))
				return "a byte that may not stand there";
			continue;
		}
		step = read_macro(text + at, len - at, &macro, &fault);
		if (step == 0)
			return fault;
		if (use == MX_SPF_MACRO_DOMAIN &&
		    is_one_of(macro.letter, LETTERS_OF_EXPLANATIONS))
			return "that macro is for explanations only";
	}
	if (use == MX_SPF_MACRO_DOMAIN && !macro_last && !ends_as_domain(text, len))
		return "that is no domain name";
	return NULL;
}

bool
mx_spf_macro_uses(const char *text, size_t len, char letter)
{
	const char *fault;
	struct macro macro;

	for (size_t at = 0, step; at < len; at += step) {
		step = 1;
		if (text[at] != '%')
			continue;
		step = read_macro(text + at, len - at, &macro, &fault);
		if (step == 0 || macro.letter == letter)
			return step > 0;
	}
	return false;
}

/* ---- expansion ------------------------------------------------------------------------------ */

struct part {
	const char *text;
	size_t len;
};

/* %{i}: IPv6 as its 32 nibbles, so that it can be reversed like an IPv4 address. */
static void
write_dotted(const struct mx_addr *addr, struct mx_buf *out)
{
	char text[MX_ADDR_TEXT];

	if (addr->family == AF_INET) {
		(void)mx_buf_addstr(out, mx_addr_text(addr, text));
		return;
	}
	for (size_t i = 0; i < sizeof addr->bytes; i++)
		(void)mx_buf_addf(out, "%s%X.%X", i > 0 ? "." : "",
		    (unsigned)addr->bytes[i] >> 4, (unsigned)addr->bytes[i] & 0xf);
}

/* False when there is no room. */
static bool
write_value(char letter, const struct mx_spf_values *values, struct mx_buf *out)
{
	char text[MX_ADDR_TEXT];

	switch (letter) {
	case 's':
		return mx_buf_addf(out, "%s@%s", values->local, values->sender_domain);
	case 'l':
		return mx_buf_addstr(out, values->local);
	case 'o':
		return mx_buf_addstr(out, values->sender_domain);
	case 'd':
		return mx_buf_addstr(out, values->domain);
	case 'p':
		return mx_buf_addstr(out, values->validated);
	case 'v':
		return mx_buf_addstr(
		    out, values->client->family == AF_INET ? "in-addr" : "ip6");
	case 'h':
		return mx_buf_addstr(out, values->helo);
	case 'c':
		return mx_buf_addstr(out, mx_addr_text(values->client, text));
	case 'r':
		return mx_buf_addstr(out, values->receiver);
	case 't':
		return mx_buf_addf(out, "%" PRId64, values->now_s);
	default: /* i */
		write_dotted(values->client, out);
		return true;
	}
}

static size_t
split(const struct mx_buf *value, const struct macro *macro, struct part **parts)
{
	const char *set = macro->delimiter_count > 0 ? macro->delimiters : ".";
	size_t set_len = macro->delimiter_count > 0 ? macro->delimiter_count : 1;
	const char *text = value->len > 0 ? value->data : "";
	size_t count = 0, start = 0;

	*parts = NULL;
	for (size_t i = 0; i <= value->len; i++) {
		if (i < value->len && memchr(set, text[i], set_len) == NULL)
			continue;
		*parts = mx_grow(*parts, count, sizeof **parts);
		(*parts)[count++] = (struct part){ text + start, i - start };
		start = i + 1;
	}
	return count;
}

/* Only the unreserved characters of RFC 3986 2.3 stand for themselves. */
static bool
write_part(const struct part *part, bool escaped, struct mx_buf *out)
{
	if (!escaped)
		return mx_buf_add(out, part->text, part->len);
	for (size_t i = 0; i < part->len; i++) {
		unsigned char byte = (unsigned char)part->text[i];
		bool plain = isalnum(byte) || is_one_of((char)byte, "-._~");

		if (!(plain ? mx_buf_add(out, &byte, 1)
			    : mx_buf_addf(out, "%%%02X", byte)))
			return false;
	}
	return true;
}

/* Reverse first, then keep so many from the right (RFC 7208 7.3). */
static bool
write_parts(
    const struct part *parts, size_t count, const struct macro *macro, struct mx_buf *out)
{
	size_t first =
	    macro->parts > 0 && macro->parts < count ? count - macro->parts : 0;

	for (size_t i = first; i < count; i++) {
		size_t from = macro->reversed ? count - 1 - i : i;

		if ((i > first && !mx_buf_add(out, ".", 1)) ||
		    !write_part(&parts[from], macro->escaped, out))
			return false;
	}
	return true;
}

static bool
expand_macro(
    const struct macro *macro, const struct mx_spf_values *values, struct mx_buf *out)
{
	struct mx_buf value;
	struct part *parts = NULL;
	size_t count;
	bool good;

	if (macro->letter == '%')
		return mx_buf_add(out, "%", 1);
	if (macro->letter == '_')
		return mx_buf_add(out, " ", 1);
	if (macro->letter == '-')
		return mx_buf_add(out, "%20", 3);
	mx_buf_init(&value, out->limit);
	good = write_value(macro->letter, values, &value);
	if (good) {
		count = split(&value, macro, &parts);
		good = write_parts(parts, count, macro, out);
	}
	free(parts);
	mx_buf_clear(&value);
	return good;
}

bool
mx_spf_macro_expand(
    const char *text, size_t len, const struct mx_spf_values *values, struct mx_buf *out)
{
	const char *fault;
	struct macro macro;

	for (size_t at = 0, step; at < len; at += step) {
		step = 1;
		if (text[at] == '%') {
			step = read_macro(text + at, len - at, &macro, &fault);
			if (step == 0 || !expand_macro(&macro, values, out))
				return false;
		} else if (!mx_buf_add(out, text + at, 1)) {
			return false;
		}
	}
	return true;
}
