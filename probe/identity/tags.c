/* tags.c - strict, since receivers are: what one of them forgives the next one does not. */
#include "probe/identity/tags.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#define SHOWN_MAX 40 /* bytes of a record quoted in a fault */

/** A piece of the record. */
struct piece {
	const char *at;
	size_t len;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct piece
trimmed(struct piece p)
{
	while (p.len > 0 && is_blank(p.at[0])) {
		p.at++;
		p.len--;
	}
	while (p.len > 0 && is_blank(p.at[p.len - 1]))
		p.len--;
	return p;
}

static int
shown_length(struct piece p)
{
	return (int)(p.len < SHOWN_MAX ? p.len : SHOWN_MAX);
}

static bool
is_name(struct piece p)
{
	if (p.len == 0 || !isalpha((unsigned char)p.at[0]))
		return false;
	for (size_t i = 1; i < p.len; i++)
		if (!isalnum((unsigned char)p.at[i]) && p.at[i] != '_')
			return false;
	return true;
}

static bool
is_value(struct piece p)
{
	for (size_t i = 0; i < p.len; i++)
		if (!is_blank(p.at[i]) && (p.at[i] <= ' ' || p.at[i] > '~'))
			return false;
	return true;
}

/* One "name=value"; NULL when it is added. */
static char *
add_tag(struct mx_tags *tags, struct piece spec)
{
	const char *equals = memchr(spec.at, '=', spec.len);
	struct piece name, value;
	struct mx_tag *tag;

	if (equals == NULL)
		return mx_asprintf("\"%.*s\" has no \"=\"", shown_length(spec), spec.at);
	name = trimmed((struct piece){ spec.at, (size_t)(equals - spec.at) });
	value = trimmed(
	    (struct piece){ equals + 1, spec.len - (size_t)(equals + 1 - spec.at) });
	if (!is_name(name))
		return mx_asprintf(
		    "\"%.*s\" is no name of a tag", shown_length(name), name.at);
	if (!is_value(value))
		return mx_asprintf("the value of %.*s holds a byte that is not printable "
				   "ASCII",
		    shown_length(name), name.at);
	if (tags->count == MX_TAGS_MAX)
		return mx_asprintf("more than %d tags", MX_TAGS_MAX);
	tag = &tags->items[tags->count];
	tag->name = mx_strndup(name.at, name.len);
	if (mx_tags_get(tags, tag->name) != NULL) {
		char *fault =
		    mx_asprintf("%.*s= stands there twice", SHOWN_MAX, tag->name);

		free(tag->name);
		return fault;
	}
	tag->value = mx_strndup(value.at, value.len);
	tags->count++;
	return NULL;
}

char *
mx_tags_parse(struct mx_tags *tags, const char *text, size_t len)
{
	const char *end = text + len;
	char *fault = NULL;

	tags->count = 0;
	while (fault == NULL && text < end) {
		const char *semicolon = memchr(text, ';', (size_t)(end - text));
		const char *stop = semicolon != NULL ? semicolon : end;
		struct piece spec =
		    trimmed((struct piece){ text, (size_t)(stop - text) });

		if (spec.len > 0)
			fault = add_tag(tags, spec);
		else if (semicolon != NULL)
			fault = mx_strdup("there is nothing before a \";\"");
		text = semicolon != NULL ? semicolon + 1 : end;
	}
	if (fault == NULL && tags->count == 0)
		fault = mx_strdup("it is empty");
	return fault;
}

void
mx_tags_clear(struct mx_tags *tags)
{
	for (size_t i = 0; i < tags->count; i++) {
		free(tags->items[i].name);
		free(tags->items[i].value);
	}
	tags->count = 0;
}

const char *
mx_tags_get(const struct mx_tags *tags, const char *name)
{
	for (size_t i = 0; i < tags->count; i++)
		if (strcmp(tags->items[i].name, name) == 0)
			return tags->items[i].value;
	return NULL;
}
