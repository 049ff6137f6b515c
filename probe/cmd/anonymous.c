/* anonymous.c - one pass from left to right; the longest name wins. */
#include "probe/cmd/anonymous.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/addr.h"
#include "probe/base/buf.h"
#include "probe/base/mem.h"

#define TEXT_MAX_LEN ((size_t)1 << 20)
/* 192.0.2.1 and the like are for whoever is named; strangers begin behind them. */
#define FIRST_STRANGER 10

void
mx_anonymous_name(struct mx_anonymous *anonymous, const char *from, const char *to)
{
	if (from == NULL || *from == '\0')
		return;
	anonymous->names =
	    mx_grow(anonymous->names, anonymous->count, sizeof *anonymous->names);
	anonymous->names[anonymous->count].from = mx_strdup(from);
	anonymous->names[anonymous->count++].to = mx_strdup(to);
}

void
mx_anonymous_clear(struct mx_anonymous *anonymous)
{
	for (size_t i = 0; i < anonymous->count; i++) {
		free(anonymous->names[i].from);
		free(anonymous->names[i].to);
	}
	for (size_t i = 0; i < anonymous->stranger_count; i++)
		free(anonymous->strangers[i]);
	free(anonymous->names);
	free(anonymous->strangers);
	*anonymous = (struct mx_anonymous){ .count = 0 };
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* "192.0.2.1" does not stand in "192.0.2.10" nor in "192.0.2.1.example". */
static bool
ends_here(const char *from, const char *behind)
{
	char last = from[strlen(from) - 1];

	if (!is_word(last))
		return true;
	return !is_word(*behind) && !(*behind == '.' && isdigit((unsigned char)last) &&
					isdigit((unsigned char)behind[1]));
}

/* Which name begins here; count: none. */
static size_t
name_at(const struct mx_anonymous *anonymous, const char *text, bool is_start)
{
	size_t best = anonymous->count, longest = 0;

	for (size_t i = 0; is_start && i < anonymous->count; i++) {
		const char *from = anonymous->names[i].from;
		size_t len = strlen(from);

		if (len <= longest || strncasecmp(text, from, len) != 0 ||
		    !ends_here(from, text + len))
			continue;
		best = i;
		longest = len;
	}
	return best;
}

/* Bytes of the address that begins here; 0: none. */
static size_t
address_at(const char *text, struct mx_addr *addr)
{
	size_t len = strspn(text, "0123456789abcdefABCDEF:.");
	char *copy = mx_strndup(text, len);

	/* A sentence may end behind an address. */
	while (len > 0 && (copy[len - 1] == '.' || copy[len - 1] == ':'))
		copy[--len] = '\0';
	if (len == 0 || is_word(text[len]) || !mx_addr_parse(copy, addr))
		len = 0;
	free(copy);
	return len;
}

/* The same stranger is the same documentation address each time. */
static void
add_stranger(
    struct mx_anonymous *anonymous, const struct mx_addr *addr, struct mx_buf *out)
{
	char text[MX_ADDR_TEXT];
	size_t i = 0;

	if (mx_addr_is_loopback(addr)) {
		(void)mx_buf_addstr(out, mx_addr_text(addr, text));
		return;
	}
	(void)mx_addr_text(addr, text);
	while (
	    i < anonymous->stranger_count && strcmp(anonymous->strangers[i], text) != 0)
		i++;
	if (i == anonymous->stranger_count) {
		anonymous->strangers =
		    mx_grow(anonymous->strangers, i, sizeof *anonymous->strangers);
		anonymous->strangers[anonymous->stranger_count++] = mx_strdup(text);
	}
	(void)mx_buf_addf(out, addr->family == AF_INET6 ? "2001:db8::%zx" : "192.0.2.%zu",
	    (FIRST_STRANGER + i) % 256);
}

char *
mx_anonymous_text(struct mx_anonymous *anonymous, const char *text)
{
	struct mx_buf out;
	bool is_start = true;

	mx_buf_init(&out, TEXT_MAX_LEN);
	while (*text != '\0') {
		size_t name = name_at(anonymous, text, is_start), len;
		struct mx_addr addr;

		if (name < anonymous->count) {
			(void)mx_buf_addstr(&out, anonymous->names[name].to);
			text += strlen(anonymous->names[name].from);
		} else if (is_start && (len = address_at(text, &addr)) > 0) {
			add_stranger(anonymous, &addr, &out);
			text += len;
		} else {
			is_start = !is_word(*text);
			(void)mx_buf_add(&out, text++, 1);
			continue;
		}
		is_start = false;
	}
	return mx_buf_take(&out);
}
