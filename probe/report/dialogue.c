/* dialogue.c - the lines of a session as they happen (-v). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/escape.h"
#include "probe/report/report.h"

#define HIDDEN "***"

/* As RFC 5321 writes dialogues; remarks of ours stand apart. */
static const char *const speaker_marks[] = {
	[MX_FROM_SERVER] = "S:",
	[MX_FROM_CLIENT] = "C:",
	[MX_FROM_PROBE] = "--",
};

static bool
is_local_part(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 ||
	       (c != '\0' && strchr(".!#$%&'*+-/=?^_`{|}~\"", c) != NULL);
}

/* Servers quote the recipient in their answers, so every line from RCPT on is searched for what
 * stands in front of an '@'. The domain stays: it is in the destination's column anyway. */
static char *
hide_mailboxes(const char *text)
{
	struct mx_buf out;
	size_t len = strlen(text);

	mx_buf_init(&out, len * 2 + sizeof HIDDEN);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '@' && out.len > 0 &&
		    is_local_part(out.data[out.len - 1])) {
			while (out.len > 0 && is_local_part(out.data[out.len - 1]))
				out.len--;
			(void)mx_buf_addstr(&out, HIDDEN);
		}
		(void)mx_buf_add(&out, &text[i], 1);
	}
	return mx_buf_take(&out);
}

void
mx_report_dialogue(FILE *stream, const struct mx_report_options *options, const char *tag,
    const struct mx_line *line)
{
	char *text = mx_escape_terminal(line->text, line->len);

	if (line->stage >= MX_STAGE_RCPT && !options->show_mailbox) {
		char *hidden = hide_mailboxes(text);

		free(text);
		text = hidden;
	}
	fprintf(stream, "%8.3f %s %s %s\n", (double)line->at_us / 1e6, tag,
	    speaker_marks[line->from], text);
	free(text);
}
