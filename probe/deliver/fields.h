/*
 * fields.h - the fields of a message header, one by one.
 * In:   a header with any line ends.   Out: name and body, unfolded, comments kept.
 * Not:  no field is understood here.
 */
#ifndef MX_DELIVER_FIELDS_H
#define MX_DELIVER_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

/** One field; name and body point into memory of the reader's. */
struct mx_field {
	char name[80];
	char *
	    body; /* one line, without NUL and control bytes; valid until the next call */
};

struct mx_fields {
	const char *at, *end;
	struct mx_field field;
};

void mx_fields_open(struct mx_fields *fields, const char *header, size_t len);
/** The next field, top down; false behind the last or at the empty line. */
bool mx_fields_next(struct mx_fields *fields);
void mx_fields_close(struct mx_fields *fields);

#endif
