/*
 * cmd.h - the subcommands: one struct each, one file each, one table of them all.
 * In:   the words of the command line, global options already taken out of the way.
 * Out:  the exit status (mxprobe(1)): 0..4, 64 usage, 78 configuration.
 * Not:  no probing here; a subcommand fills parameters, calls the work, feeds a report.
 */
#ifndef MX_CMD_CMD_H
#define MX_CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "probe/base/err.h"

#define MX_EXIT_USAGE 64

/** What every subcommand knows: the global options, which may stand before or behind the
 *  subcommand's name, and where to write. */
struct mx_cli {
	FILE *out, *err; /* results; diagnostics */
	/* --config, or NULL: the search order of config/config.h */
	const char *config_file;
	unsigned verbose; /* how often -v was given */
	bool quiet;       /* -q */
	bool answered;    /* --help or --version was printed: nothing is left to do */
};

/** One row: parsing, --help and the manual page check all come from it. */
struct mx_option {
	const char *group;    /* heading in --help; NULL: the row before's */
	char letter;          /* short form, 0 for none */
	const char *name;     /* long form, without dashes; NULL ends the table */
	const char *argument; /* "FILE"; NULL: takes none */
	const char *help;     /* one sentence, wrapped by --help */
	/** Take the value (NULL for an option without argument) into the command's own struct.
	 *  Values live as long as argv. */
	enum mx_err (*take)(void *into, const char *value, struct mx_error *err);
};

struct mx_command {
	const char *name;
	const char *summary; /* one line of `mxprobe --help` */
	/* "--source WHERE --to DOMAIN...": behind the name in usage */
	const char *synopsis;
	const char *notes;  /* paragraph below the options in --help, or NULL */
	const char *manual; /* "mxprobe-check(1)": --help ends by naming it; or NULL */
	/* ends with a row without name; NULL: global ones only */
	const struct mx_option *options;
	/** argv[0] is the subcommand's name. Returns the exit status; has printed its own error
	 *  (mx_cli_fail). */
	int (*run)(
	    struct mx_cli *cli, const struct mx_command *self, int argc, char **argv);
};

/** All of them, in the order of `mxprobe --help`; ends with NULL (commands.c). */
extern const struct mx_command *const mx_commands[];

/* One file each: check.c, scenario.c, demo.c. */
extern const struct mx_command mx_cmd_check;
extern const struct mx_command mx_cmd_verify;
extern const struct mx_command mx_cmd_serve;
extern const struct mx_command mx_cmd_preflight;
extern const struct mx_command mx_cmd_status;
extern const struct mx_command mx_cmd_history;
extern const struct mx_command mx_cmd_delist;
extern const struct mx_command mx_cmd_deliver;
extern const struct mx_command mx_cmd_classify;
extern const struct mx_command mx_cmd_explain;
extern const struct mx_command mx_cmd_rules;
extern const struct mx_command mx_cmd_config;
extern const struct mx_command mx_cmd_alert;
extern const struct mx_command mx_cmd_scenario;
extern const struct mx_command mx_cmd_demo;

/** The command of that name, or NULL. */
const struct mx_command *mx_command_find(const char *name);

/** Print "mxprobe: TEXT" on cli->err as one line, and return the exit status that belongs to the
 *  error's code: `return mx_cli_fail(cli, &err);` */
int mx_cli_fail(struct mx_cli *cli, const struct mx_error *err);

#endif
