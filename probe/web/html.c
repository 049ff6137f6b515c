/* html.c - one way out for values, and it escapes. */
#include "probe/web/html.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"

#define NUMBER_TEXT 32

static void
markup(struct mx_html *html, const char *bytes, size_t len)
{
	if (!html->is_full && len > 0 && !mx_buf_add(html->out, bytes, len))
		html->is_full = true;
}

static const char *
entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* Only what HTML reads as markup is left to replace. */
static void
visible(struct mx_html *html, const char *text, size_t len)
{
	size_t done = 0;

	for (size_t at = 0; at < len; at++) {
		const char *name = entity(text[at]);

		if (name == NULL)
			continue;
		markup(html, text + done, at - done);
		markup(html, name, strlen(name));
		done = at + 1;
	}
	markup(html, text + done, len - done);
}

/* Nearly every value is an address, a word or a number: nothing in it needs a decoder. */
static bool
is_plain(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] < ' ' || bytes[i] > '~' || bytes[i] == '\\')
			return false;
	return true;
}

void
mx_html_bytes(struct mx_html *html, const char *bytes, size_t len)
{
	char *shown;

	if (is_plain(bytes, len)) {
		visible(html, bytes, len);
		return;
	}
	shown = mx_escape_terminal(bytes, len);
	visible(html, shown, strlen(shown));
	free(shown);
}

void
mx_html_lines(struct mx_html *html, const char *text)
{
	while (text != NULL) {
		const char *end = strchr(text, '\n');
		size_t len = end != NULL ? (size_t)(end - text) : strlen(text);

		mx_html_bytes(html, text,
		    end != NULL && len > 0 && text[len - 1] == '\r' ? len - 1 : len);
		if (end != NULL)
			markup(html, "\n", 1);
		text = end != NULL ? end + 1 : NULL;
	}
}

static long long
next_signed(va_list *values, unsigned longs)
{
	if (longs == 2)
		return va_arg(*values, long long);
	if (longs == 1)
		return va_arg(*values, long);
	return va_arg(*values, int);
}

static unsigned long long
next_unsigned(va_list *values, unsigned longs)
{
	if (longs == 2)
		return va_arg(*values, unsigned long long);
	if (longs == 1)
		return va_arg(*values, unsigned long);
	return va_arg(*values, unsigned);
}

/* The conversion behind a '%' at *at, which is left behind it. */
static void
convert(struct mx_html *html, const char **at, va_list *values)
{
	char number[NUMBER_TEXT];
	const char *text;
	unsigned longs = 0;
	bool is_size = false;
	int len = 0;

	for (; **at == 'l' || **at == 'z'; (*at)++) {
		longs += **at == 'l';
		is_size = **at == 'z';
	}
	switch (*(*at)++) {
	case 's':
		text = va_arg(*values, const char *);
		if (text != NULL)
			mx_html_bytes(html, text, strlen(text));
		return;
	case 'd':
		len = snprintf(number, sizeof number, "%lld", next_signed(values, longs));
		break;
	case 'u':
		len = snprintf(number, sizeof number, "%llu",
		    is_size ? va_arg(*values, size_t) : next_unsigned(values, longs));
		break;
	default: /* "%%"; the compiler has checked the rest, and the tests that none is left */
		markup(html, "%", 1);
		return;
	}
	markup(html, number, (size_t)len);
}

void
mx_html_put(struct mx_html *html, const char *format, ...)
{
	const char *at = format, *next;
	va_list values;

	va_start(values, format);
	while ((next = strchr(at, '%')) != NULL) {
		markup(html, at, (size_t)(next - at));
		at = next + 1;
		convert(html, &at, &values);
	}
	va_end(values);
	markup(html, at, strlen(at));
}

static bool
is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char *
mx_html_url_piece(const char *text)
{
	struct mx_buf out;

	mx_buf_init(&out, strlen(text) * 3);
	for (; *text != '\0'; text++)
		if (is_alphanumeric(*text) || strchr("-._~:", *text) != NULL)
			(void)mx_buf_add(&out, text, 1);
		else
			(void)mx_buf_addf(&out, "%%%02X", (unsigned)(unsigned char)*text);
	return mx_buf_take(&out);
}

bool
mx_html_is_link(const char *url)
{
	const char *host;

	if (url == NULL)
		return false;
	if (strncmp(url, "https://", 8) == 0)
		host = url + 8;
	else if (strncmp(url, "http://", 7) == 0)
		host = url + 7;
	else
		return false;
	for (const char *at = host; *at != '\0'; at++)
		if (*at <= ' ' || *at > '~' || strchr("\"'<>\\^`{|}", *at) != NULL)
			return false;
	return is_alphanumeric(*host) && memchr(host, '@', strcspn(host, "/?#")) == NULL;
}
