/* help.c - what --help prints, from the same rows that parsing uses. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/cmd/options.h"
#include "probe/report/wrap.h"

#define INDENT 26     /* where an option's sentence begins */
#define MAX_WIDTH 100 /* longer lines are no easier to read */

static void
print_option(FILE *out, const struct mx_option *row, unsigned width)
{
	char letter[5] = "    ";
	char *head;

	if (row->letter != 0)
		snprintf(letter, sizeof letter, "-%c, ", row->letter);
	head = mx_asprintf("  %s--%s%s%s", letter, row->name,
	    row->argument != NULL ? " " : "", row->argument != NULL ? row->argument : "");
	if (strlen(head) + 2 > INDENT)
		fprintf(out, "%s\n%*s", head, INDENT, "");
	else
		fprintf(out, "%-*s", INDENT, head);
	mx_wrap_print(out, row->help, INDENT, INDENT, width, 0);
	free(head);
}

static void
print_options(FILE *out, const struct mx_option *rows, unsigned width)
{
	for (; rows != NULL && rows->name != NULL; rows++) {
		if (rows->group != NULL)
			fprintf(out, "\n%s:\n", rows->group);
		print_option(out, rows, width);
	}
}

static void
print_commands(FILE *out, unsigned width)
{
	fputs("usage: mxprobe COMMAND [OPTION...]\n"
	      "       mxprobe COMMAND --help\n\n",
	    out);
	mx_wrap_print(out,
	    "Opens SMTP sessions to mail exchangers from a chosen address, never sends a "
	    "message, and says what each reply means.",
	    0, 0, width, 0);
	fputs("\nCommands:\n", out);
	for (const struct mx_command *const *c = mx_commands; *c != NULL; c++) {
		fprintf(out, "  %-*s", 11, (*c)->name);
		mx_wrap_print(out, (*c)->summary, 13, 13, width, 0);
	}
}

void
mx_options_help(FILE *out, const struct mx_command *command, unsigned width)
{
	if (width > MAX_WIDTH)
		width = MAX_WIDTH;
	if (command == NULL) {
		print_commands(out, width);
	} else {
		fprintf(out, "usage: mxprobe %s ", command->name);
		mx_wrap_print(out, command->synopsis,
		    (unsigned)(16 + strlen(command->name)),
		    (unsigned)(16 + strlen(command->name)), width, 0);
		fputc('\n', out);
		mx_wrap_print(out, command->summary, 0, 0, width, 0);
		print_options(out, command->options, width);
	}
	print_options(out, mx_global_options, width);
	if (command != NULL && command->notes != NULL) {
		fputc('\n', out);
		mx_wrap_print(out, command->notes, 0, 0, width, 0);
	}
	fprintf(out, "\nManual: %s\n",
	    command != NULL && command->manual != NULL ? command->manual : "mxprobe(1)");
}
