/* dialogue.c - the lines of a session as they happen (-v). */
#include <stdlib.h>

#include "probe/base/escape.h"
#include "probe/report/redact.h"
#include "probe/report/report.h"

/* As RFC 5321 writes dialogues; remarks of ours stand apart. */
static const char *const speaker_marks[] = {
	[MX_FROM_SERVER] = "S:",
	[MX_FROM_CLIENT] = "C:",
	[MX_FROM_PROBE] = "--",
};

void
mx_report_dialogue(FILE *stream, const struct mx_report_options *options, const char *tag,
    const struct mx_line *line)
{
	char *text = mx_escape_terminal(line->text, line->len);

	if (line->stage >= MX_STAGE_RCPT && !options->show_mailbox) {
		/* Servers quote the recipient in their answers, too. */
		char *hidden = mx_redact_mailboxes(text);

		free(text);
		text = hidden;
	}
	fprintf(stream, "%8.3f %s %s %s\n", (double)line->at_us / 1e6, tag,
	    speaker_marks[line->from], text);
	free(text);
}
