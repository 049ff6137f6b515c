/* log_format.c - time, level, sentence, fields; no byte of theirs can end the line or a value. */
#include "probe/base/log_format.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/escape.h"

/* Sentences of ours are far shorter. */
#define RECORD_MOST 65536

/* Inside quotes, both formats agree. */
static void
put_quoted(struct mx_buf *line, const char *value)
{
	mx_buf_add(line, "\"", 1);
	for (; *value != '\0'; value++) {
		unsigned char byte = (unsigned char)*value;

		if (byte == '"' || byte == '\\')
			mx_buf_addf(line, "\\%c", byte);
		else if (byte < 0x20 || byte == 0x7f)
			mx_buf_addf(line, "\\u%04x", byte);
		else
			mx_buf_add(line, value, 1);
	}
	mx_buf_add(line, "\"", 1);
}

static bool
needs_quotes(const char *value)
{
	return *value == '\0' || value[strcspn(value, " \t\"=\\")] != '\0';
}

static void
put_field(
    struct mx_buf *line, enum mx_log_style style, const char *key, const char *value)
{
	char *safe = style == MX_LOG_JSON ? mx_escape_utf8(value, strlen(value))
					  : mx_escape_terminal(value, strlen(value));

	if (line->len > 1)
		mx_buf_add(line, style == MX_LOG_JSON ? "," : " ", 1);
	mx_buf_addf(line, style == MX_LOG_JSON ? "\"%s\":" : "%s=", key);
	if (style == MX_LOG_JSON || needs_quotes(safe))
		put_quoted(line, safe);
	else
		mx_buf_add(line, safe, strlen(safe));
	free(safe);
}

char *
mx_log_format(enum mx_log_style style, const char *level, const char *msg,
    const struct mx_log_field *fields)
{
	struct mx_buf line;
	char now[MX_CLOCK_TEXT];

	mx_buf_init(&line, RECORD_MOST);
	if (style == MX_LOG_JSON)
		mx_buf_add(&line, "{", 1);
	put_field(&line, style, "ts", mx_clock_format(mx_clock_wall_us(), now));
	put_field(&line, style, "level", level);
	put_field(&line, style, "msg", msg);
	for (; fields != NULL && fields->key != NULL; fields++)
		if (fields->value != NULL)
			put_field(&line, style, fields->key, fields->value);
	if (style == MX_LOG_JSON)
		mx_buf_add(&line, "}", 1);
	return mx_buf_take(&line);
}

/* systemd.exec(5): JOURNAL_STREAM is "DEVICE:INODE" of what stderr was connected to at the start. */
bool
mx_log_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat facts;
	char *rest;

	if (stream == NULL || fstat(STDERR_FILENO, &facts) != 0)
		return false;
	device = strtoull(stream, &rest, 10);
	if (*rest != ':')
		return false;
	inode = strtoull(rest + 1, NULL, 10);
	return device == facts.st_dev && inode == facts.st_ino;
}
