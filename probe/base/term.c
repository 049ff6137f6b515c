/* term.c - questions to the terminal and the environment. */
#include "probe/base/term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_DEFAULT 80
#define WIDTH_LEAST 40
#define WIDTH_MOST 1000 /* COLUMNS is anybody's text */

bool
mx_term_is_tty(FILE *stream)
{
	return isatty(fileno(stream)) == 1;
}

bool
mx_term_has_color(FILE *stream)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (no_color != NULL && no_color[0] != '\0')
		return false;
	return mx_term_is_tty(stream) && term != NULL && strcmp(term, "dumb") != 0;
}

unsigned
mx_term_width(FILE *stream)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	unsigned long width = 0;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (width == 0 && columns != NULL && columns[0] >= '0' && columns[0] <= '9')
		width = strtoul(columns, NULL, 10);
	if (width == 0)
		width = WIDTH_DEFAULT;
	if (width < WIDTH_LEAST)
		return WIDTH_LEAST;
	return width > WIDTH_MOST ? WIDTH_MOST : (unsigned)width;
}
