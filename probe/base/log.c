/* log.c - one write per line, so that lines of several processes do not mix. */
#include "probe/base/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static enum mx_log_level threshold = MX_LOG_WARNING;
static void (*before_line)(void);

static const char *const level_words[] = {
	[MX_LOG_ERROR] = "error",
	[MX_LOG_WARNING] = "warning",
	[MX_LOG_INFO] = "info",
	[MX_LOG_DEBUG] = "debug",
};

void
mx_log_set_level(enum mx_log_level level)
{
	threshold = level;
}

void
mx_log_set_before(void (*before)(void))
{
	before_line = before;
}

/* Callers escape remote text; should one forget, a forged line or a steered terminal must
 * still be impossible. */
static void
blank_controls(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = ' ';
}

void
mx_log(enum mx_log_level level, const char *format, ...)
{
	char text[4096];
	va_list args;

	if (level > threshold)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	blank_controls(text);
	if (before_line != NULL)
		before_line();
	fprintf(stderr, "mxprobe: %s: %s\n", level_words[level], text);
}
