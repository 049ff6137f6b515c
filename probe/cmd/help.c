/* help.c - what --help prints, from the same rows that parsing uses. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/cmd/options.h"

#define INDENT 26     /* where an option's sentence begins */
#define MAX_WIDTH 100 /* longer lines are no easier to read */

/* Words of text from column `from`, wrapped at width, each further line indented to
 * `indent`. */
static void
print_wrapped(FILE *out, const char *text, unsigned from, unsigned indent, unsigned width)
{
	unsigned column = from;

	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		if (column > indent && column + 1 + len > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fwrite(text, 1, len, out);
		column += (unsigned)len;
		text += len;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

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
	print_wrapped(out, row->help, INDENT, INDENT, width);
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
	print_wrapped(out,
	    "Opens SMTP sessions to mail exchangers from a chosen address, never sends a "
	    "message, "
	    "and says what each reply means.",
	    0, 0, width);
	fputs("\nCommands:\n", out);
	for (const struct mx_command *const *c = mx_commands; *c != NULL; c++) {
		fprintf(out, "  %-*s", 11, (*c)->name);
		print_wrapped(out, (*c)->summary, 13, 13, width);
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
		print_wrapped(out, command->synopsis,
		    (unsigned)(16 + strlen(command->name)),
		    (unsigned)(16 + strlen(command->name)), width);
		fputc('\n', out);
		print_wrapped(out, command->summary, 0, 0, width);
		print_options(out, command->options, width);
	}
	print_options(out, mx_global_options, width);
	if (command != NULL && command->notes != NULL) {
		fputc('\n', out);
		print_wrapped(out, command->notes, 0, 0, width);
	}
	fprintf(out, "\nManual: %s\n",
	    command != NULL && command->manual != NULL ? command->manual : "mxprobe(1)");
}
