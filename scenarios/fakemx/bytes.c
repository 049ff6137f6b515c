/* bytes.c - escapes and placeholders. */
#include "scenarios/fakemx/bytes.h"

#include <stddef.h>
#include <string.h>

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte behind a backslash; *used is how many characters of text it took, 0 when none fits. */
static char
escaped_byte(const char *text, size_t *used)
{
	*used = 1;
	switch (text[0]) {
	case 'r':
		return '\r';
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '\\':
		return '\\';
	case 'x':
		if (hex_digit(text[1]) >= 0 && hex_digit(text[2]) >= 0) {
			*used = 3;
			return (char)(hex_digit(text[1]) * 16 + hex_digit(text[2]));
		}
		break;
	default:
		break;
	}
	*used = 0;
	return '\0';
}

const char *
mx_bytes_bad_escape(const char *text)
{
	size_t used;

	for (; *text != '\0'; text++) {
		if (*text != '\\')
			continue;
		escaped_byte(text + 1, &used);
		if (used == 0)
			return text;
		text += used;
	}
	return NULL;
}

/* What stands for "{name}" at text; *used its length there, 0 when it is no placeholder. */
static const char *
placeholder(const char *text, const struct mx_bytes_facts *facts, size_t *used)
{
	const struct {
		const char *name, *value;
	} known[] = {
		{ "{client}", facts->client },
		{ "{helo}", facts->helo },
		{ "{sender}", facts->sender },
		{ "{recipient}", facts->recipient },
		{ "{server}", facts->server },
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		*used = strlen(known[i].name);
		if (strncmp(text, known[i].name, *used) == 0)
			return known[i].value == NULL ? "" : known[i].value;
	}
	*used = 0;
	return NULL;
}

static void
expand(const char *text, const struct mx_bytes_facts *facts, bool escapes,
    struct mx_buf *out)
{
	while (*text != '\0') {
		size_t used = 0;
		const char *value;
		char byte = *text;

		if (escapes && *text == '\\') {
			byte = escaped_byte(text + 1, &used);
		} else if (*text == '{' &&
			   (value = placeholder(text, facts, &used)) != NULL) {
			mx_buf_addstr(out, value);
			text += used;
			continue;
		}
		mx_buf_add(out, &byte, 1);
		text += used + 1;
	}
}

void
mx_bytes_expand(const char *text, const struct mx_bytes_facts *facts, struct mx_buf *out)
{
	expand(text, facts, true, out);
}

void
mx_bytes_fill(const char *text, const struct mx_bytes_facts *facts, struct mx_buf *out)
{
	expand(text, facts, false, out);
}
