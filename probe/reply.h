/*
 * reply.h - SMTP replies from raw bytes (RFC 5321 section 4.2).
 * In:   bytes as they arrive, split anywhere.
 * Out:  one line at a time, and whether it is the reply's last.
 * Not:  no socket, no clock, no opinion about what a code means.
 *
 * Tolerated because real servers do it: a bare LF, empty lines, any byte in the text, a
 * bare code without text, a code that changes from line to line (the last line's
 * decides). Nothing else.
 */
#ifndef MX_REPLY_H
#define MX_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/buf.h"
#include "probe/enhanced.h"

/* Limits count bytes received, not bytes kept. A session allows more than one reply does. */
#define MX_REPLY_LINE_LIMIT 4096
#define MX_REPLY_LIMIT 65536

enum mx_reply_status {
	MX_REPLY_NEEDS_BYTES, /* no complete line yet; everything was taken */
	MX_REPLY_LINE,        /* a line; the reply goes on */
	MX_REPLY_LAST_LINE,   /* a line, and the reply is complete */
	MX_REPLY_BAD_LINE,    /* a line that is no reply line */
	MX_REPLY_LINE_TOO_LONG,
	MX_REPLY_TOO_LONG
};

struct mx_reply_reader {
	/* the current line: valid after LINE, LAST_LINE, BAD_LINE until the next call */
	const char *line; /* raw, without its line end */
	size_t line_len;
	const char *text; /* behind code and separator */
	size_t text_len;

	/* the current reply: valid after LAST_LINE until the next call */
	int code;                    /* of the latest line */
	struct mx_enhanced enhanced; /* of the latest line that has one */
	size_t lines;                /* reply lines so far, empty ones not counted */
	bool mixed_codes;

	/* private */
	struct mx_buf pending;
	size_t received;
	bool line_given, complete;
};

void mx_reply_init(struct mx_reply_reader *reader);
void mx_reply_clear(struct mx_reply_reader *reader);

/** Take bytes from *data, advancing *data and *len, until a line is complete. Bytes behind it
 *  stay with the caller, so that nobody can mistake them for the next reply. Called again
 *  after MX_REPLY_LAST_LINE it forgets that reply and counts the next one's bytes from zero. */
enum mx_reply_status mx_reply_feed(
    struct mx_reply_reader *reader, const char **data, size_t *len);

/** True between a reply's first byte and its last line. */
bool mx_reply_is_partial(const struct mx_reply_reader *reader);

#endif
