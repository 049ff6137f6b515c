/*
 * classify_ndjson.h - one line of NDJSON to a reply with its context.
 * In:   a line.   Out: struct mx_ndjson_reply, or why it is none.
 * Not:  no file, no classification; keys we don't know are passed over.
 */
#ifndef MX_CMD_CLASSIFY_NDJSON_H
#define MX_CMD_CLASSIFY_NDJSON_H

#include <jansson.h>

#include "probe/base/addr.h"
#include "probe/base/err.h"
#include "probe/cmd/classify_plain.h"
#include "probe/transcript.h"

/** NULL, AF_UNSPEC and MX_STAGE_COUNT: the line does not say. */
struct mx_ndjson_reply {
	struct mx_plain plain; /* own: the strings below live in it, or */
	json_t *object;        /* own: in this, where the line was difficult */
	char *id;              /* own: the id as JSON, whatever its type */
	const char *text;
	size_t len;
	const char *mx_host, *helo, *mail_from, *rcpt, *provider;
	struct mx_addr source;
	enum mx_stage stage;
};

/** MX_ERR_USAGE says what is wrong with the line, without naming it. A stage or source that makes no
 *  sense is one of these, but a null is not. Clear *out in any case. */
enum mx_err mx_ndjson_parse(const char *line, size_t len, struct mx_ndjson_reply *out,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_ndjson_clear(struct mx_ndjson_reply *reply);

#endif
