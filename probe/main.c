/* main.c - arguments, subcommand, exit status; nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/base/nearest.h"
#include "probe/cmd/options.h"

static enum mx_err
unknown_command(const char *word, struct mx_error *err)
{
	const char *names[32], *near;
	size_t count = 0;
	char *shown = mx_escape_terminal(word, strlen(word));

	while (count < sizeof names / sizeof names[0] && mx_commands[count] != NULL) {
		names[count] = mx_commands[count]->name;
		count++;
	}
	near = mx_nearest(shown, names, count);
	mx_error_set(err, MX_ERR_USAGE, "no command \"%s\"%s%s%s; see mxprobe --help",
	    shown, near != NULL ? " (did you mean " : "", near != NULL ? near : "",
	    near != NULL ? "?)" : "");
	free(shown);
	return MX_ERR_USAGE;
}

static int
run(struct mx_cli *cli, int argc, char **argv)
{
	const struct mx_command *command;
	struct mx_error err = { 0 };
	int next = argc;

	if (mx_options_global(cli, argc, argv, &next, &err) != MX_OK)
		return mx_cli_fail(cli, &err);
	if (cli->answered)
		return 0;
	if (next >= argc) {
		mx_error_set(&err, MX_ERR_USAGE, "no command given; see mxprobe --help");
		return mx_cli_fail(cli, &err);
	}
	command = mx_command_find(argv[next]);
	if (command == NULL) {
		(void)unknown_command(argv[next], &err);
		return mx_cli_fail(cli, &err);
	}
	return command->run(cli, command, argc - next, argv + next);
}

/* ---- by the name of a plugin of Nagios ---- */

#define PLUGIN "check_mxprobe"
#define PLUGIN_UNKNOWN 3

static bool
is_plugin(const char *name)
{
	const char *slash = name != NULL ? strrchr(name, '/') : NULL;

	return name != NULL && strcmp(slash != NULL ? slash + 1 : name, PLUGIN) == 0;
}

/* `check_mxprobe ...` is `mxprobe status --format nagios ...`; what is no check is UNKNOWN. */
static int
run_plugin(struct mx_cli *cli, int argc, char **argv)
{
	static char status[] = "status", format[] = "--format=nagios";
	char **words = mx_calloc((size_t)argc + 3, sizeof *words);
	int count = 0, answer;

	words[count++] = argv[0];
	words[count++] = status;
	words[count++] = format;
	for (int i = 1; i < argc; i++)
		words[count++] = argv[i];
	answer = run(cli, count, words);
	free(words);
	return cli->answered || answer > PLUGIN_UNKNOWN ? PLUGIN_UNKNOWN : answer;
}

/* Started with a standard stream closed, the next socket would take its number, and results would go
 * to a mail server. What is opened here can't be written, so that writing still fails. */
static void
hold_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/dev/null", O_RDONLY);
}

int
main(int argc, char **argv)
{
	struct mx_cli cli = { .out = stdout, .err = stderr };
	struct mx_error err = { 0 };
	int status;

	hold_standard_streams();
	setlocale(LC_CTYPE, "");
	/* A reader that went away shows as a write error, at a place that can clean up. */
	signal(SIGPIPE, SIG_IGN);
	status = argc > 0 && is_plugin(argv[0]) ? run_plugin(&cli, argc, argv)
						: run(&cli, argc, argv);
	if (fflush(stdout) != 0 && status == 0) {
		mx_error_sys(&err, errno, "standard output could not be written");
		status = mx_cli_fail(&cli, &err);
	}
	return status;
}
