/*
 * classify_input.h - a file or standard input to replies, whatever form it has.
 * In:   a descriptor's bytes.   Out: one call per reply, in order; one per line that is no reply.
 * Not:  no classification, no output; memory does not grow with the input.
 */
#ifndef MX_CMD_CLASSIFY_INPUT_H
#define MX_CMD_CLASSIFY_INPUT_H

#include "probe/cmd/classify_options.h"

/** A longer line of NDJSON is refused: whoever writes one sends no reply. */
#define MX_INPUT_LINE_MAX ((size_t)16 * 1024 * 1024)

/** One reply; borrowed until the callback returns. said is never NULL; the rest is what the line
 *  of NDJSON adds: NULL, AF_UNSPEC and MX_STAGE_COUNT where it says nothing. */
struct mx_input_reply {
	const struct mx_said *said;
	const char
	    *id; /* JSON: the line's own, else the number of the line; NULL: none given */
	const char *text; /* as the input has it */
	size_t len;
	const char *mx_host, *helo, *mail_from, *rcpt, *provider;
	struct mx_addr source;
	enum mx_stage stage;
};

struct mx_input_sink {
	void (*reply)(void *arg, const struct mx_input_reply *reply);
	/** A line of NDJSON that is none: the others still count. */
	void (*malformed)(void *arg, const char *name, size_t line, const char *why);
	/** Bytes that were passed over because a line or message was too long. */
	void (*skipped)(void *arg, const char *name, size_t bytes);
	/** All that came was told; more is read, which may mean waiting for it. */
	void (*reading)(void *arg);
	void *arg;
};

/** path "-" is standard input. MX_ERR_SYSTEM when it can't be opened or read. */
enum mx_err mx_input_read(const char *path, enum mx_classify_input form,
    const struct mx_input_sink *sink, struct mx_error *err)
    __attribute__((warn_unused_result));

#endif
