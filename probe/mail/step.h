/*
 * step.h - where a submission stands, in the order of the wire.
 * In:   a step.   Out: its words for sentences, and its stage for results.
 * Not:  no reply is judged here.
 */
#ifndef MX_MAIL_STEP_H
#define MX_MAIL_STEP_H

#include "probe/transcript.h"

enum mx_mail_step {
	MX_MAIL_STEP_CONNECT,
	MX_MAIL_STEP_GREETING,
	MX_MAIL_STEP_EHLO,
	MX_MAIL_STEP_STARTTLS,
	MX_MAIL_STEP_TLS,
	MX_MAIL_STEP_LOGIN,
	MX_MAIL_STEP_MAIL,
	MX_MAIL_STEP_RCPT,
	MX_MAIL_STEP_DATA,
	MX_MAIL_STEP_TEXT, /* the message itself: no reply is due before its dot */
	MX_MAIL_STEP_DOT,
	MX_MAIL_STEP_QUIT, /* and RSET: nothing depends on it any more */
	MX_MAIL_STEP_COUNT
};

/** "reply to MAIL FROM": what is waited for, behind "no " or "instead of the ". */
const char *mx_mail_step_awaits(enum mx_mail_step step);
/** A login has no stage of its own: it is one of EHLO's offers. */
enum mx_stage mx_mail_step_stage(enum mx_mail_step step);

#endif
