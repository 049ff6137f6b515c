/* template.c - word by word. What holds a digit, an at sign, an inner dot, an inner equals sign or
 * stands in angle brackets or quotes is a value; a reply's own codes at its beginning stay. */
#include "probe/report/template.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/ascii.h"
#include "probe/base/addr.h"
#include "probe/base/buf.h"
#include "probe/base/escape.h"
#include "probe/base/mem.h"

#define TEMPLATE_MAX 2048 /* bytes; what is longer differs in its tail only */
#define ID_LETTERS 24     /* no word of a language these servers speak is as long */

/* What may stand around a value without being part of it. */
#define OPENING "([{<\"'`"
#define CLOSING ")]}>\"'`,;:.!?"

static bool
all_of(const char *text, size_t len, const char *set)
{
	for (size_t i = 0; i < len; i++)
		if (strchr(set, text[i]) == NULL)
			return false;
	return len > 0;
}

/* "550", "550-5.7.1", "5.7.1", "#5.1.0": the server's own, and the best part of a reply. */
static bool
is_code(const char *word, size_t len)
{
	if (len > 0 && word[0] == '#')
		word++, len--;
	if (len >= 3 && strchr("245", word[0]) != NULL && mx_ascii_is_digit(word[1]) &&
	    mx_ascii_is_digit(word[2])) {
		if (len == 3)
			return true;
		if (word[3] != '-')
			return false;
		word += 4, len -= 4;
		if (len == 0)
			return true;
	}
	return len >= 5 && len <= 9 && strchr("245", word[0]) != NULL && word[1] == '.' &&
	       all_of(word, len, "0123456789.");
}

static bool
is_address(const char *word, size_t len)
{
	char *text = mx_strndup(word, len);
	struct mx_addr addr;
	bool is = mx_addr_parse(text, &addr);

	free(text);
	return is;
}

static bool
holds(const char *word, size_t len, const char *what)
{
	return memmem(word, len, what, strlen(what)) != NULL;
}

/* A dot between two letters or digits; "sentence.Next" is lost with it, which harms nobody. */
static bool
has_inner_dot(const char *word, size_t len)
{
	for (size_t i = 1; i + 1 < len; i++)
		if (word[i] == '.' && isalnum((unsigned char)word[i - 1]) &&
		    isalnum((unsigned char)word[i + 1]))
			return true;
	return false;
}

static bool
has_digit(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (mx_ascii_is_digit(word[i]))
			return true;
	return false;
}

static bool
is_ascii(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)word[i] > 0x7f)
			return false;
	return true;
}

/* What to say instead of the word; NULL: it may stay. */
static const char *
stand_in(const char *word, size_t len, char opening)
{
	if (holds(word, len, "://") || (len > 4 && strncasecmp(word, "www.", 4) == 0) ||
	    (len > 7 && strncasecmp(word, "mailto:", 7) == 0))
		return "<url>";
	if (memchr(word, '@', len) != NULL)
		return "<addr>";
	if (is_code(word, len))
		return NULL;
	if (is_address(word, len))
		return "<ip>";
	if (opening == '<')
		return "<addr>";
	if (has_digit(word, len))
		return holds(word, len, ".") && !all_of(word, len, "0123456789.:/-")
			   ? "<domain>"
			   : "<id>";
	if (has_inner_dot(word, len))
		return "<domain>";
	if (strchr("\"'`", opening) != NULL && opening != '\0')
		return "<id>";
	if (memchr(word, '=', len) != NULL || memchr(word, '_', len) != NULL ||
	    (is_ascii(word, len) && len >= ID_LETTERS))
		return "<id>";
	return NULL;
}

/* "key=value" and "key:value" are taken apart, so that the key stays. */
static size_t
key_length(const char *word, size_t len)
{
	for (size_t i = 1; i + 1 < len; i++)
		if (word[i] == '=' || (word[i] == ':' && word[i + 1] != '/'))
			return i + 1;
		else if (!isalpha((unsigned char)word[i]))
			break;
	return 0;
}

static void
add_word(struct mx_buf *out, const char *word, size_t len)
{
	size_t before = 0, after = len, key;
	const char *opened, *instead;

	while (before < len && strchr(OPENING, word[before]) != NULL)
		before++;
	while (after > before && strchr(CLOSING, word[after - 1]) != NULL)
		after--;
	(void)mx_buf_add(out, word, before);
	opened = before > 0 ? word + before - 1 : "";
	instead = stand_in(word + before, after - before, *opened);
	key = instead != NULL && !is_address(word + before, after - before)
		  ? key_length(word + before, after - before)
		  : 0;
	if (instead == NULL) {
		(void)mx_buf_add(out, word + before, after - before);
	} else if (key > 0) {
		const char *value =
		    stand_in(word + before + key, after - before - key, '\0');

		(void)mx_buf_add(out, word + before, key);
		(void)mx_buf_addstr(out, value != NULL ? value : "<id>");
	} else {
		(void)mx_buf_addstr(out, instead);
	}
	(void)mx_buf_add(out, word + after, len - after);
}

/* "<<addr>>" reads badly, and "<addr>" from "<addr>" is the same thing. */
static void
fold_brackets(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++) {
		if (from[0] == '<' && from[1] == '<')
			continue;
		*to++ = *from;
		if (from[0] == '>' && from[1] == '>')
			from++;
	}
	*to = '\0';
}

static bool
is_blank(char byte)
{
	return (unsigned char)byte <= ' ' || byte == 0x7f;
}

char *
mx_template(const char *text, size_t len)
{
	char *safe, *result;
	struct mx_buf out;
	size_t at = 0;

	safe = mx_escape_utf8(text, len < TEMPLATE_MAX ? len : TEMPLATE_MAX);
	len = strlen(safe);
	mx_buf_init(&out, (size_t)16 * TEMPLATE_MAX);
	while (at < len) {
		size_t end = at;

		while (end < len && !is_blank(safe[end]))
			end++;
		if (end > at) {
			if (out.len > 0)
				(void)mx_buf_addstr(&out, " ");
			add_word(&out, safe + at, end - at);
		}
		at = end + 1;
	}
	free(safe);
	result = mx_buf_take(&out);
	fold_brackets(result);
	return result;
}
