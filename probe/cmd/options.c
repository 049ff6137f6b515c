/* options.c - getopt_long driven by option rows. */
#include "probe/cmd/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/escape.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/base/nearest.h"
#include "probe/base/term.h"

/* getopt_long's val of a row: its index above every character. */
#define FIRST_ROW 256
/* What getopt_long returns for a word when optstring begins with '-'. */
#define OPERAND 1

static enum mx_err
take_config(void *into, const char *value, struct mx_error *err)
{
	struct mx_cli *cli = into;

	if (*value == '\0')
		return mx_error_set(
		    err, MX_ERR_USAGE, "--config: the file name is empty");
	cli->config_file = value;
	return MX_OK;
}

static enum mx_err
take_verbose(void *into, const char *value, struct mx_error *err)
{
	struct mx_cli *cli = into;

	(void)value, (void)err;
	cli->verbose++;
	return MX_OK;
}

static enum mx_err
take_quiet(void *into, const char *value, struct mx_error *err)
{
	struct mx_cli *cli = into;

	(void)value, (void)err;
	cli->quiet = true;
	return MX_OK;
}

/* --help is printed by the parser, which knows whose help it is. */
static enum mx_err
take_help(void *into, const char *value, struct mx_error *err)
{
	struct mx_cli *cli = into;

	(void)value, (void)err;
	cli->answered = true;
	return MX_OK;
}

static enum mx_err
take_version(void *into, const char *value, struct mx_error *err)
{
	struct mx_cli *cli = into;

	(void)value, (void)err;
	fprintf(cli->out, "%s %s%s\n", PACKAGE_NAME, PACKAGE_VERSION,
	    mx_clock_is_movable() ? " (test clock)" : "");
	cli->answered = true;
	return MX_OK;
}

/* clang-format off */
const struct mx_option mx_global_options[] = {
	{ "General", 0, "config", "FILE",
	    "Read this configuration file instead of the ones that mxprobe looks for.", take_config },
	{ NULL, 'v', "verbose", NULL,
	    "Show the dialogue as it happens; twice: with the recipient's mailbox.", take_verbose },
	{ NULL, 'q', "quiet", NULL,
	    "Say less: no evidence below the verdicts, no warnings, no progress.", take_quiet },
	{ NULL, 'h', "help", NULL, "Show this text.", take_help },
	{ NULL, 'V', "version", NULL, "Show the version.", take_version },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

/** A command's rows and the global ones, in the shapes that getopt_long wants. */
struct row_set {
	const struct mx_option **rows;
	struct option *longs;
	char *shorts;
	size_t count, own; /* rows below own belong to the command */
};

static size_t
count_rows(const struct mx_option *rows)
{
	size_t count = 0;

	while (rows != NULL && rows[count].name != NULL)
		count++;
	return count;
}

static void
add_rows(struct row_set *set, const struct mx_option *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct mx_option *row = &rows[i];
		char letter[3] = { row->letter, row->argument != NULL ? ':' : '\0',
			'\0' };

		set->longs[set->count] = (struct option){ row->name,
			row->argument != NULL ? required_argument : no_argument, NULL,
			FIRST_ROW + (int)set->count };
		set->rows[set->count++] = row;
		if (row->letter != 0) {
			char *shorts = mx_asprintf("%s%s", set->shorts, letter);

			free(set->shorts);
			set->shorts = shorts;
		}
	}
}

/* order: '-' returns operands where they stand, '+' stops at the first. ':' tells a
 * missing argument from an unknown option. */
static struct row_set
row_set_new(const struct mx_option *options, char order)
{
	size_t own = count_rows(options), global = count_rows(mx_global_options);
	struct row_set set = { .own = own, .shorts = mx_asprintf("%c:", order) };

	set.rows = mx_calloc(own + global, sizeof(struct mx_option *));
	set.longs = mx_calloc(own + global + 1, sizeof *set.longs);
	add_rows(&set, options, own);
	add_rows(&set, mx_global_options, global);
	return set;
}

static void
row_set_clear(struct row_set *set)
{
	free(set->rows);
	free(set->longs);
	free(set->shorts);
}

static size_t
row_of(const struct row_set *set, int val)
{
	if (val >= FIRST_ROW)
		return (size_t)(val - FIRST_ROW);
	for (size_t i = 0; i < set->count; i++)
		if (set->rows[i]->letter == val)
			return i;
	return set->count;
}

/* "check: " in front of messages, nothing before the subcommand is known. */
static const char *
place(const struct mx_command *command, char *out, size_t size)
{
	snprintf(out, size, "%s%s", command != NULL ? command->name : "",
	    command != NULL ? ": " : "");
	return out;
}

static enum mx_err
unknown_option(const struct mx_command *command, const struct row_set *set,
    const char *word, struct mx_error *err)
{
	const char **names = mx_calloc(set->count, sizeof *names);
	const char *near = NULL;
	char *shown = mx_escape_terminal(word, strcspn(word, "="));
	char where[64];

	for (size_t i = 0; i < set->count; i++)
		names[i] = set->rows[i]->name;
	if (strncmp(word, "--", 2) == 0)
		near = mx_nearest(shown + 2, names, set->count);
	mx_error_set(err, MX_ERR_USAGE,
	    "%sunknown option %s%s%s%s; see mxprobe%s%s --help",
	    place(command, where, sizeof where), shown,
	    near != NULL ? " (did you mean --" : "", near != NULL ? near : "",
	    near != NULL ? "?)" : "", command != NULL ? " " : "",
	    command != NULL ? command->name : "");
	free(shown);
	free(names);
	return MX_ERR_USAGE;
}

/* getopt_long said '?': a letter (optopt) or the whole word is wrong, or a value was
 * given to an option that takes none (optopt is that row). */
static enum mx_err
bad_option(const struct mx_command *command, const struct row_set *set, const char *word,
    struct mx_error *err)
{
	char letter[3] = { '-', (char)optopt, '\0' }, where[64];

	if (optopt >= FIRST_ROW)
		return mx_error_set(err, MX_ERR_USAGE, "%s--%s takes no value",
		    place(command, where, sizeof where),
		    set->rows[row_of(set, optopt)]->name);
	return unknown_option(command, set, optopt != 0 ? letter : word, err);
}

/* getopt_long takes any unambiguous beginning of a long option for the whole. */
static bool
is_abbreviated(const char *word, const struct mx_option *row)
{
	size_t len;

	if (strncmp(word, "--", 2) != 0)
		return false;
	len = strcspn(word + 2, "=");
	return len != strlen(row->name) || strncmp(word + 2, row->name, len) != 0;
}

static enum mx_err
take_row(struct mx_cli *cli, const struct mx_command *command, const struct row_set *set,
    int val, const char *word, void *into, struct mx_error *err)
{
	size_t i = row_of(set, val);
	const struct mx_option *row = set->rows[i];

	if (val >= FIRST_ROW && is_abbreviated(word, row))
		return unknown_option(command, set, word, err);
	if (row->take == take_help)
		mx_options_help(cli->out, command, mx_term_width(cli->out));
	return row->take(i < set->own ? into : cli, optarg, err);
}

static enum mx_err
missing_value(
    const struct mx_command *command, const struct row_set *set, struct mx_error *err)
{
	const struct mx_option *row = set->rows[row_of(set, optopt)];
	char where[64];

	return mx_error_set(err, MX_ERR_USAGE, "%s--%s wants a value: --%s %s",
	    place(command, where, sizeof where), row->name, row->name, row->argument);
}

/** The words of one mx_options_ call, and who takes them. */
struct words {
	struct mx_cli *cli;
	const struct mx_command *command; /* NULL: before the subcommand is known */
	struct row_set set;
	int argc;
	char **argv;
	void *into;
	enum mx_err (*operand)(void *into, const char *word, struct mx_error *err);
};

static enum mx_err
take_operand(const struct words *w, const char *word, struct mx_error *err)
{
	char *shown;

	if (w->operand != NULL)
		return w->operand(w->into, word, err);
	shown = mx_escape_terminal(word, strlen(word));
	mx_error_set(err, MX_ERR_USAGE,
	    "%s: takes no words besides options, but got \"%s\"", w->command->name,
	    shown);
	free(shown);
	return MX_ERR_USAGE;
}

/* -q drops warnings; -v does not add log lines: the dialogue has its own way out (report/). */
static void
apply_global(const struct mx_cli *cli)
{
	mx_log_set_level(cli->quiet ? MX_LOG_ERROR : MX_LOG_WARNING);
}

/* Up to the end, or to where getopt_long stops by itself: optind is left there. */
static enum mx_err
take_words(const struct words *w, struct mx_error *err)
{
	enum mx_err code = MX_OK;

	optind = 0;
	while (code == MX_OK && !w->cli->answered) {
		int at = optind == 0 ? 1 : optind;
		int val =
		    getopt_long(w->argc, w->argv, w->set.shorts, w->set.longs, NULL);

		if (val == -1)
			break;
		if (val == '?')
			code = bad_option(w->command, &w->set, w->argv[at], err);
		else if (val == ':')
			code = missing_value(w->command, &w->set, err);
		else if (val == OPERAND)
			code = take_operand(w, optarg, err);
		else
			code = take_row(
			    w->cli, w->command, &w->set, val, w->argv[at], w->into, err);
	}
	return code;
}

enum mx_err
mx_options_global(
    struct mx_cli *cli, int argc, char **argv, int *next, struct mx_error *err)
{
	struct words words = {
		.cli = cli, .set = row_set_new(NULL, '+'), .argc = argc, .argv = argv
	};
	enum mx_err code = take_words(&words, err);

	*next = optind;
	row_set_clear(&words.set);
	apply_global(cli);
	return code;
}

enum mx_err
mx_options_parse(struct mx_cli *cli, const struct mx_command *command, int argc,
    char **argv, void *into,
    enum mx_err (*operand)(void *into, const char *word, struct mx_error *err),
    struct mx_error *err)
{
	struct words words = {
		.cli = cli,
		.command = command,
		.set = row_set_new(command->options, '-'),
		.argc = argc,
		.argv = argv,
		.into = into,
		.operand = operand,
	};
	enum mx_err code = take_words(&words, err);

	/* Words behind "--". */
	for (int i = optind; code == MX_OK && !cli->answered && i < argc; i++)
		code = take_operand(&words, argv[i], err);
	row_set_clear(&words.set);
	apply_global(cli);
	return code;
}
