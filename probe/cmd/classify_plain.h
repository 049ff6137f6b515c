/*
 * classify_plain.h - reads the lines of NDJSON that hold nothing difficult, fast.
 * In:   one line.
 * Out:  its keys and values, or that it is not one of those.
 * Not:  no errors: whatever is refused here, good or bad, is jansson's to read (classify_ndjson.c).
 *
 * A flat object of strings and small whole numbers, which is what nearly all lines are. Escapes are
 * read only where they stand for one plain byte, control bytes not at all.
 */
#ifndef MX_CMD_CLASSIFY_PLAIN_H
#define MX_CMD_CLASSIFY_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#define MX_PLAIN_FIELDS 16

struct mx_plain_field {
	const char *key, *value; /* a string's value without its quotes */
	size_t len;              /* of the value */
	bool is_string;
	bool is_plain;       /* printable ASCII, written as it reads */
	const char *written; /* in the line itself, quotes and all */
	size_t written_len;
};

struct mx_plain {
	char *bytes; /* own: keys and values live in it */
	struct mx_plain_field fields[MX_PLAIN_FIELDS];
	size_t count;
};

/** False: nothing to clear. */
bool mx_plain_parse(const char *line, size_t len, struct mx_plain *out);
void mx_plain_clear(struct mx_plain *plain);

#endif
