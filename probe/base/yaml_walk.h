/*
 * yaml_walk.h - libyaml's events one after another, with the place in the file and in the data.
 * In:   a YAML text.   Out: events; an error that begins with file, line and field.
 * Not:  no schema (yaml_strict.c); only base/ uses it.
 */
#ifndef MX_BASE_YAML_WALK_H
#define MX_BASE_YAML_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

#include "probe/base/buf.h"
#include "probe/base/err.h"

/** Everything borrowed but path, parser and event. */
struct mx_yaml_walk {
	yaml_parser_t parser;
	yaml_event_t event; /* the current one */
	const char *name;   /* of the file */
	const char *text;
	size_t len;
	/* the current field: "sources[1].helo"; cut if absurdly long */
	struct mx_buf path;
	unsigned depth; /* of values within values, kept by the schema's side */
	struct mx_error *err;
};

/** False (and nothing to clear) when libyaml has no memory. */
bool mx_yaml_walk_init(struct mx_yaml_walk *walk, const char *name, const char *text,
    size_t len, struct mx_error *err);
void mx_yaml_walk_clear(struct mx_yaml_walk *walk);

/** On to the next event; false with err filled when the text is no YAML, or at an alias: a few
 *  lines of those can unfold into gigabytes, and libcyaml can't place them. */
bool mx_yaml_walk_next(struct mx_yaml_walk *walk);
/** The line of the current event, from 1. */
unsigned long mx_yaml_walk_line(const struct mx_yaml_walk *walk);

/** Add ".key" to the path (hostile bytes escaped), or "[index]". Go back by mx_buf_cut(). */
void mx_yaml_walk_enter_key(struct mx_yaml_walk *walk, const char *key);
void mx_yaml_walk_enter_index(struct mx_yaml_walk *walk, size_t index);

/** Fill err with "FILE:LINE: FIELD: what"; always false, so that `return mx_yaml_walk_fail(...)` reads
 *  well. */
bool mx_yaml_walk_fail(struct mx_yaml_walk *walk, unsigned long line, const char *format,
    ...) __attribute__((format(printf, 3, 4)));
/** The same at the current scalar: "wanted, found "…"". */
bool mx_yaml_walk_fail_found(struct mx_yaml_walk *walk, const char *wanted);
/** The current scalar in quotes, escaped and shortened. Caller frees. */
char *mx_yaml_walk_quote(const struct mx_yaml_walk *walk);

#endif
