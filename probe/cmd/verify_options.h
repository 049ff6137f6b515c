/*
 * verify_options.h - the command line of `mxprobe verify`, word by word.
 * In:   option values as written.
 * Out:  struct mx_verify_options, each value checked for form.
 * Not:  no configuration file, no look at this host or at the catalogue (settings.h).
 */
#ifndef MX_CMD_VERIFY_OPTIONS_H
#define MX_CMD_VERIFY_OPTIONS_H

#include "probe/cmd/check_options.h"
#include "probe/watch/ladder.h"

/** Strings are argv's. */
struct mx_verify_options {
	struct mx_check_options session; /* first: check's rows fill it */
	const char *ticket, *outcome;    /* NULL: not given */
	bool is_once;
	struct mx_ladder ladder;
};

/** Before parsing: defaults. */
void mx_verify_options_init(struct mx_verify_options *options);
void mx_verify_options_clear(struct mx_verify_options *options);

/** The rows, for mx_cmd_verify and whoever documents them. */
extern const struct mx_option mx_verify_option_rows[];
/** A word without option: the destination. */
enum mx_err mx_verify_operand(void *into, const char *word, struct mx_error *err);

#endif
