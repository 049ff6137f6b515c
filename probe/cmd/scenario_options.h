/*
 * scenario_options.h - what `mxprobe scenario` was told.
 * In:   argv.   Out: a struct.
 * Not:  no file is opened.
 */
#ifndef MX_CMD_SCENARIO_OPTIONS_H
#define MX_CMD_SCENARIO_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/cmd/options.h"

/** Strings live as long as argv. */
struct mx_scenario_options {
	const char *action; /* list, check, play, test, record; NULL: none given */
	const char **files;
	size_t file_count;
	char *const *command; /* behind "--"; NULL: none */
	uint16_t smtp_port, dns_port;
	const char *certs;  /* --certs */
	const char *binary; /* --binary; NULL: this very program */
	unsigned jobs;
	unsigned time_limit_s;
	bool tap;
	const char *store, *output; /* of record; NULL: the usual one, standard output */
};

extern const struct mx_option mx_scenario_option_rows[];

void mx_scenario_options_init(struct mx_scenario_options *options);
void mx_scenario_options_clear(struct mx_scenario_options *options);
/** All words behind `mxprobe scenario`. */
enum mx_err mx_scenario_options_parse(struct mx_scenario_options *options,
    struct mx_cli *cli, const struct mx_command *command, int argc, char **argv,
    struct mx_error *err) __attribute__((warn_unused_result));

#endif
