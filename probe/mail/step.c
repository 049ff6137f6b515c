/* step.c - one row a step. */
#include "probe/mail/step.h"

/* clang-format off */
static const struct {
	const char *awaits;
	enum mx_stage stage;
} steps[MX_MAIL_STEP_COUNT] = {
	[MX_MAIL_STEP_CONNECT]  = { "connection",             MX_STAGE_CONNECT },
	[MX_MAIL_STEP_GREETING] = { "greeting",               MX_STAGE_BANNER },
	[MX_MAIL_STEP_EHLO]     = { "reply to EHLO",          MX_STAGE_EHLO },
	[MX_MAIL_STEP_STARTTLS] = { "reply to STARTTLS",      MX_STAGE_STARTTLS },
	[MX_MAIL_STEP_TLS]      = { "end of the TLS handshake", MX_STAGE_TLS },
	[MX_MAIL_STEP_LOGIN]    = { "reply to the login",     MX_STAGE_EHLO },
	[MX_MAIL_STEP_MAIL]     = { "reply to MAIL FROM",     MX_STAGE_MAIL },
	[MX_MAIL_STEP_RCPT]     = { "reply to RCPT TO",       MX_STAGE_RCPT },
	[MX_MAIL_STEP_DATA]     = { "reply to the command before the message", MX_STAGE_DATA },
	[MX_MAIL_STEP_TEXT]     = { "end of the message",     MX_STAGE_DATA },
	[MX_MAIL_STEP_DOT]      = { "reply to the message",   MX_STAGE_EOD },
	[MX_MAIL_STEP_QUIT]     = { "reply to QUIT",          MX_STAGE_QUIT },
};
/* clang-format on */

const char *
mx_mail_step_awaits(enum mx_mail_step step)
{
	return steps[step].awaits;
}

enum mx_stage
mx_mail_step_stage(enum mx_mail_step step)
{
	return steps[step].stage;
}
