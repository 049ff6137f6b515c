/*
 * absent.h - verdicts for pairs that never got a session.
 * In:   why there was none.   Out: a judgement whose finding says so in our own words.
 * Not:  no transcript to read: there is none.
 */
#ifndef MX_VERDICT_ABSENT_H
#define MX_VERDICT_ABSENT_H

#include "probe/verdict/judge.h"

enum mx_absence {
	MX_ABSENT_DNS,        /* the destination's DNS: no such domain, no address, ... */
	MX_ABSENT_NULL_MX,    /* takes no mail (RFC 7505) */
	MX_ABSENT_FAMILY,     /* no address of the source's family */
	MX_ABSENT_SUPPRESSED, /* politeness */
	MX_ABSENT_OURS        /* resolver dead, interrupted: our own failure */
};

/** text is copied. Clear *out with mx_judgement_clear. */
void mx_judge_absent(enum mx_absence why, const char *text, struct mx_judgement *out);

#endif
