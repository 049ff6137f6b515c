/*
 * redact.h - mailboxes left out of what is shown.
 * In:   a line of a dialogue.   Out: the same with *** in front of each '@'.
 * Not:  the domain stays: it is the destination's anyway.
 */
#ifndef MX_REPORT_REDACT_H
#define MX_REPORT_REDACT_H

/** Caller frees. */
char *mx_redact_mailboxes(const char *text);

#endif
