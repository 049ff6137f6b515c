/* test_term.c - what the environment may say about the terminal. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "probe/base/term.h"

TestSuite(term, .timeout = 5);

/* The slave side of a new pseudo-terminal of that width; NULL where there are none. */
static FILE *
open_terminal(unsigned short columns)
{
	struct winsize size = { .ws_row = 24, .ws_col = columns };
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		return NULL;
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0 || ioctl(slave, TIOCSWINSZ, &size) != 0)
		return NULL;
	return fdopen(slave, "w");
}

static FILE *
open_file(void)
{
	FILE *file = fopen("/dev/null", "w");

	cr_assert_not_null(file);
	return file;
}

Test(term, width_without_a_terminal_is_columns_or_80)
{
	static const struct {
		const char *columns;
		unsigned width;
	} table[] = { { "100", 100 }, { "20", 40 }, { "", 80 }, { "wide", 80 },
		{ "-5", 80 }, { "0", 80 }, { "999999999999999999999", 1000 } };
	FILE *file = open_file();

	unsetenv("COLUMNS");
	cr_assert_eq(mx_term_width(file), 80);
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		setenv("COLUMNS", table[i].columns, 1);
		cr_assert_eq(
		    mx_term_width(file), table[i].width, "COLUMNS=%s", table[i].columns);
	}
	fclose(file);
}

Test(term, width_of_a_terminal_is_its_own)
{
	FILE *terminal = open_terminal(123);

	if (terminal == NULL)
		cr_skip_test("no pseudo-terminals here");
	setenv("COLUMNS", "70", 1);
	cr_assert(mx_term_is_tty(terminal));
	cr_assert_eq(mx_term_width(terminal), 123);
	fclose(terminal);
}

Test(term, color_needs_a_terminal_that_is_willing)
{
	FILE *terminal = open_terminal(80), *file = open_file();

	if (terminal == NULL)
		cr_skip_test("no pseudo-terminals here");
	unsetenv("NO_COLOR");
	setenv("TERM", "xterm", 1);
	cr_assert(mx_term_has_color(terminal));
	cr_assert_not(mx_term_has_color(file));
	setenv("NO_COLOR", "", 1);
	cr_assert(mx_term_has_color(terminal));
	setenv("NO_COLOR", "1", 1);
	cr_assert_not(mx_term_has_color(terminal));
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	cr_assert_not(mx_term_has_color(terminal));
	unsetenv("TERM");
	cr_assert_not(mx_term_has_color(terminal));
	fclose(terminal);
	fclose(file);
}
