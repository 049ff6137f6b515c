/*
 * options.h - words of the command line to values, by a command's option rows.
 * In:   argv, the rows of a command (the global rows are added here).
 * Out:  calls of the rows' take functions in the order written; --help text.
 * Not:  no meaning of a value beyond what take checks; no exit.
 */
#ifndef MX_CMD_OPTIONS_H
#define MX_CMD_OPTIONS_H

#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/cmd/cmd.h"

/** --config, -v, -q, --help, --version: accepted before and behind the subcommand. */
extern const struct mx_option mx_global_options[];

/** The words before the subcommand. *next is the index of the subcommand's name, or argc.
 *  --help and --version print and set cli->answered. */
enum mx_err mx_options_global(struct mx_cli *cli, int argc, char **argv, int *next,
    struct mx_error *err) __attribute__((warn_unused_result));

/** The words behind it (argv[0] is the subcommand). Each option calls its row's take; each other
 *  word calls operand, in the order written (operand NULL: such a word is an error). MX_ERR_USAGE
 *  names the unknown option and its nearest neighbour, the missing argument, or what take found
 *  wrong. Options can't be abbreviated: a script that says --dep would change its meaning with
 *  the next release. After "--" every word is an operand. With --help or --version cli->answered
 *  is true and the command has nothing left to do. */
enum mx_err mx_options_parse(struct mx_cli *cli, const struct mx_command *command,
    int argc, char **argv, void *into,
    enum mx_err (*operand)(void *into, const char *word, struct mx_error *err),
    struct mx_error *err) __attribute__((warn_unused_result));

/** What `mxprobe --help` (command NULL) or `mxprobe COMMAND --help` prints. width: columns. */
void mx_options_help(FILE *out, const struct mx_command *command, unsigned width);

/** Values that several commands take. option names it in the message. */
enum mx_err mx_value_seconds(const char *option, const char *text, double least,
    double most, long long *us, struct mx_error *err) __attribute__((warn_unused_result));
enum mx_err mx_value_number(const char *option, const char *text, long least, long most,
    long *out, struct mx_error *err) __attribute__((warn_unused_result));

/** "OPTION: "TEXT" WHY", with what a terminal must not see escaped. */
enum mx_err mx_value_refuse(
    const char *option, const char *text, const char *why, struct mx_error *err);
/** Anything but nothing. */
enum mx_err mx_value_given(const char *option, const char *text, struct mx_error *err)
    __attribute__((warn_unused_result));

/** Words in the order written; the words are argv's. */
struct mx_word_list {
	const char **items; /* own */
	size_t count;
};
/** One more, unless it is empty. */
enum mx_err mx_value_add(const char *option, const char *text, struct mx_word_list *list,
    struct mx_error *err) __attribute__((warn_unused_result));

/** Name servers in the order written. */
struct mx_addr_list {
	struct mx_addr *items; /* own */
	size_t count;
};
/** --dns-server: one more, on port 53 if it says none. */
enum mx_err mx_value_dns_server(const char *text, struct mx_addr_list *list,
    struct mx_error *err) __attribute__((warn_unused_result));

/** Rows that several commands have; take fills the command's own struct. */
/* clang-format off */
#define MX_ROW_DNS_SERVER(take) \
	{ NULL, 0, "dns-server", "ADDRESS[@PORT]", \
	    "Ask this name server instead of the system's. Repeatable.", take }
#define MX_ROW_TRUST_ANCHOR(take) \
	{ NULL, 0, "trust-anchor", "FILE", \
	    "Validate DNSSEC from the DS or DNSKEY records in this file.", take }
#define MX_ROW_CA_FILE(take) \
	{ NULL, 0, "ca-file", "FILE", \
	    "Trust the certificate authorities in this PEM file instead of the system's.", take }
/* title: the heading it stands under first, or NULL; what: "results and sessions". */
#define MX_ROW_STORE(title, what, take) \
	{ title, 0, "store", "FILE", \
	    "Remember " what " there. Default: mxprobe.db in $XDG_STATE_HOME/mxprobe, " \
	    "/var/lib/mxprobe or ~/.local/state/mxprobe.", take }
/* clang-format on */

/** A port number; least is 0 where 0 asks for a free one, else 1. */
enum mx_err mx_value_port(const char *option, const char *text, long least,
    uint16_t *port, struct mx_error *err) __attribute__((warn_unused_result));

/** One of words; the message lists them all. *index is which. */
enum mx_err mx_value_choice(const char *option, const char *text,
    const char *const *words, size_t count, size_t *index, struct mx_error *err)
    __attribute__((warn_unused_result));

#endif
