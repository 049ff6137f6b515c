/*
 * classify_options.h - what `mxprobe classify` was asked.
 * In:   the command line.   Out: struct mx_classify_options.
 * Not:  no file is opened; ids are looked up later, when the catalogue is there.
 */
#ifndef MX_CMD_CLASSIFY_OPTIONS_H
#define MX_CMD_CLASSIFY_OPTIONS_H

#include "probe/base/addr.h"
#include "probe/cmd/options.h"
#include "probe/transcript.h"
#include "probe/unwrap/unwrap.h"

/** How the input is read: NDJSON by us, everything else by unwrap/. */
enum mx_classify_input {
	MX_INPUT_AUTO,
	MX_INPUT_BARE,
	MX_INPUT_NDJSON,
	MX_INPUT_LOG,
	MX_INPUT_BOUNCE
};

/** Strings live as long as argv; NULL: not given. */
struct mx_classify_options {
	const char *format; /* "table" or "json" */
	enum mx_classify_input input;
	enum mx_stage stage; /* MX_STAGE_COUNT: not given */
	struct mx_addr source;
	const char *mx_host, *helo, *mail_from, *rcpt, *provider, *unknown_out;
	const char **files; /* own */
	size_t file_count;
};

extern const struct mx_option mx_classify_option_rows[];

void mx_classify_options_init(struct mx_classify_options *options);
void mx_classify_options_clear(struct mx_classify_options *options);
enum mx_err mx_classify_operand(void *into, const char *word, struct mx_error *err);

/** A stage by its contract name or by what logs and people call it ("RCPT TO", "post-data"). */
bool mx_classify_stage(const char *word, enum mx_stage *out);

#endif
