/* log.c - one write per line, so that lines of several processes do not mix. */
#include "probe/base/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/log_format.h"

#define LINE_MOST 65536

static enum mx_log_level threshold = MX_LOG_WARNING;
static void (*before_line)(void);
static enum mx_log_style style;
static bool has_priority;

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

void
mx_log_set_style(enum mx_log_style new_style, bool with_priority)
{
	style = new_style;
	has_priority = with_priority;
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

static void
print_plain(enum mx_log_level level, const char *msg, const struct mx_log_field *fields)
{
	struct mx_buf line;

	mx_buf_init(&line, LINE_MOST);
	mx_buf_addf(&line, "mxprobe: %s: %s", level_words[level], msg);
	for (; fields != NULL && fields->key != NULL; fields++)
		if (fields->value != NULL)
			mx_buf_addf(&line, ", %s %s", fields->key, fields->value);
	blank_controls(line.data);
	fprintf(stderr, "%s\n", line.data);
	mx_buf_clear(&line);
}

void
mx_log_record(enum mx_log_level level, const char *msg, const struct mx_log_field *fields)
{
	static const int priorities[] = {
		[MX_LOG_ERROR] = 3,
		[MX_LOG_WARNING] = 4,
		[MX_LOG_INFO] = 6,
		[MX_LOG_DEBUG] = 7,
	};
	char *record;

	if (level > threshold)
		return;
	if (before_line != NULL)
		before_line();
	if (style == MX_LOG_PLAIN) {
		print_plain(level, msg, fields);
		return;
	}
	record = mx_log_format(style, level_words[level], msg, fields);
	if (has_priority)
		fprintf(stderr, "<%d>%s\n", priorities[level], record);
	else
		fprintf(stderr, "%s\n", record);
	free(record);
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
	mx_log_record(level, text, NULL);
}
