/* answers.c - the last word on each recipient: MAIL's refusal, RCPT's, or the message's answer. */
#include "probe/mail/answers.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/ascii.h"
#include "probe/base/buf.h"
#include "probe/reply.h"

/* "550-" or "550 " in front, where the line has it. */
static size_t
code_len(const char *line, size_t len, int *code)
{
	if (len < 3 || !mx_ascii_is_digit(line[0]) || !mx_ascii_is_digit(line[1]) ||
	    !mx_ascii_is_digit(line[2]) || (len > 3 && line[3] != ' ' && line[3] != '-'))
		return 0;
	*code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
	return len > 3 ? 4 : 3;
}

static void
add_line(struct mx_buf *out, const char *line, size_t len, bool has_code,
    struct mx_mail_answer *answer)
{
	struct mx_enhanced enhanced;
	size_t skip = has_code ? code_len(line, len, &answer->code) : 0;
	size_t codes = mx_enhanced_parse(line + skip, len - skip, &enhanced);

	if (codes > 0)
		answer->enhanced = enhanced;
	skip += codes;
	if (len > skip && out->len > 0)
		(void)mx_buf_addstr(out, " ");
	(void)mx_buf_add(out, line + skip, len - skip);
}

static void
read_lines(const char *text, bool has_code, struct mx_mail_answer *answer)
{
	struct mx_buf out;

	mx_buf_init(&out, MX_REPLY_LIMIT);
	while (*text != '\0') {
		size_t len = strcspn(text, "\r\n");

		add_line(&out, text, len, has_code, answer);
		text += len;
		text += strspn(text, "\r\n");
	}
	answer->text = mx_buf_take(&out);
}

void
mx_mail_answer_read(const char *wire, enum mx_stage stage, struct mx_mail_answer *answer)
{
	*answer = (struct mx_mail_answer){ .stage = stage };
	read_lines(wire, true, answer);
}

static void
take_status(const struct mx_worker_status *status, enum mx_stage stage,
    struct mx_mail_answer *answer)
{
	*answer = (struct mx_mail_answer){ .code = status->code, .stage = stage };
	if (status->code != 0)
		read_lines(status->text != NULL ? status->text : "", false, answer);
}

static bool
is_yes(int code)
{
	return code >= 200 && code < 300;
}

bool
mx_mail_answers_fill(
    const struct mx_worker_report *report, size_t count, struct mx_mail_answer *answers)
{
	bool is_settled = true;

	for (size_t i = 0; i < count; i++) {
		const struct mx_worker_status *status = &report->recipients[i];

		if (status->code == 0 && report->sender.code >= 400)
			take_status(&report->sender, MX_STAGE_MAIL, &answers[i]);
		else if (!is_yes(status->code))
			take_status(status, MX_STAGE_RCPT, &answers[i]);
		else
			take_status(&report->message, MX_STAGE_EOD, &answers[i]);
		is_settled = is_settled && answers[i].code != 0;
	}
	return is_settled;
}

void
mx_mail_answers_before_text(struct mx_mail_answer *answers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (answers[i].stage == MX_STAGE_EOD)
			answers[i].stage = MX_STAGE_DATA;
}

bool
mx_mail_answers_accept(const struct mx_mail_answer *answers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (answers[i].stage == MX_STAGE_EOD && is_yes(answers[i].code))
			return true;
	return false;
}
