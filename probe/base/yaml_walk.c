/* yaml_walk.c - where in the file, where in the data, and what to say when it ends there. */
#include "probe/base/yaml_walk.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"

#define QUOTED_MOST 60 /* bytes of a wrong value that a message repeats */
#define PATH_MOST 300

bool
mx_yaml_walk_init(struct mx_yaml_walk *walk, const char *name, const char *text,
    size_t len, struct mx_error *err)
{
	*walk =
	    (struct mx_yaml_walk){ .name = name, .text = text, .len = len, .err = err };
	if (!yaml_parser_initialize(&walk->parser))
		return false;
	mx_buf_init(&walk->path, PATH_MOST);
	yaml_parser_set_input_string(&walk->parser, (const unsigned char *)text, len);
	return true;
}

void
mx_yaml_walk_clear(struct mx_yaml_walk *walk)
{
	yaml_event_delete(&walk->event);
	yaml_parser_delete(&walk->parser);
	mx_buf_clear(&walk->path);
}

unsigned long
mx_yaml_walk_line(const struct mx_yaml_walk *walk)
{
	return (unsigned long)walk->event.start_mark.line + 1;
}

void
mx_yaml_walk_enter_key(struct mx_yaml_walk *walk, const char *key)
{
	char *safe = mx_escape_terminal(key, strlen(key));

	(void)mx_buf_addf(&walk->path, "%s%s", walk->path.len > 0 ? "." : "", safe);
	free(safe);
}

void
mx_yaml_walk_enter_index(struct mx_yaml_walk *walk, size_t index)
{
	(void)mx_buf_addf(&walk->path, "[%zu]", index);
}

bool
mx_yaml_walk_fail(struct mx_yaml_walk *walk, unsigned long line, const char *format, ...)
{
	char what[700];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	(void)mx_error_set(walk->err, MX_ERR_CONFIG, "%s:%lu: %s%s%s", walk->name, line,
	    walk->path.len > 0 ? walk->path.data : "", walk->path.len > 0 ? ": " : "",
	    what);
	return false;
}

char *
mx_yaml_walk_quote(const struct mx_yaml_walk *walk)
{
	const char *value = (const char *)walk->event.data.scalar.value;
	size_t len = walk->event.data.scalar.length;
	char *safe = mx_escape_terminal(value, len > QUOTED_MOST ? QUOTED_MOST : len);
	char *quoted = mx_asprintf("\"%s%s\"", safe, len > QUOTED_MOST ? "..." : "");

	free(safe);
	return quoted;
}

bool
mx_yaml_walk_fail_found(struct mx_yaml_walk *walk, const char *wanted)
{
	char *found = mx_yaml_walk_quote(walk);

	mx_yaml_walk_fail(walk, mx_yaml_walk_line(walk), "%s, found %s", wanted, found);
	free(found);
	return false;
}

/* The line on which the byte at offset stands: libyaml keeps no mark for encoding errors. */
static unsigned long
line_at(const struct mx_yaml_walk *walk, size_t offset)
{
	unsigned long line = 1;
	size_t i;

	for (i = 0; i < offset && i < walk->len; i++)
		line += walk->text[i] == '\n';
	return line;
}

static bool
fail_syntax(struct mx_yaml_walk *walk)
{
	const yaml_parser_t *parser = &walk->parser;
	const char *problem =
	    parser->problem != NULL ? parser->problem : "cannot be read";

	mx_buf_reset(&walk->path); /* what libyaml was reading need not be where we are */
	if (parser->error == YAML_READER_ERROR)
		return mx_yaml_walk_fail(walk, line_at(walk, parser->problem_offset),
		    "not valid YAML: %s", problem);
	return mx_yaml_walk_fail(walk, (unsigned long)parser->problem_mark.line + 1,
	    "not valid YAML: %s%s%s", parser->context != NULL ? parser->context : "",
	    parser->context != NULL ? ", " : "", problem);
}

bool
mx_yaml_walk_next(struct mx_yaml_walk *walk)
{
	yaml_event_delete(&walk->event);
	if (!yaml_parser_parse(&walk->parser, &walk->event))
		return fail_syntax(walk);
	if (walk->event.type == YAML_ALIAS_EVENT)
		return mx_yaml_walk_fail(walk, mx_yaml_walk_line(walk),
		    "aliases (*%s) are not supported; write the value out",
		    (const char *)walk->event.data.alias.anchor);
	return true;
}
