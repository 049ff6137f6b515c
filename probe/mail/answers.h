/*
 * answers.h - what libesmtp reports, as answers to recipients.
 * In:   the worker's report.   Out: one answer a recipient, and whether that settles the message.
 * Not:  no category (verdict/ classifies).
 */
#ifndef MX_MAIL_ANSWERS_H
#define MX_MAIL_ANSWERS_H

#include "probe/mail/worker.h"

/** One reply, as on the wire or as libesmtp keeps it (without the code): text without codes, lines
 *  joined, and the enhanced code. Caller frees answer->text. */
void mx_mail_answer_read(
    const char *wire, enum mx_stage stage, struct mx_mail_answer *answer);
/** True when the relay has said yes or no to everything that it was asked, so that nothing which
 *  went wrong afterwards matters. Texts are the caller's, in any case. */
bool mx_mail_answers_fill(
    const struct mx_worker_report *report, size_t count, struct mx_mail_answer *answers);
/** The message was refused before it was sent: its answers are DATA's. */
void mx_mail_answers_before_text(struct mx_mail_answer *answers, size_t count);
/** Is any of them a yes to the message itself? */
bool mx_mail_answers_accept(const struct mx_mail_answer *answers, size_t count);

#endif
