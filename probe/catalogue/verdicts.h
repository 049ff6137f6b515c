/*
 * verdicts.h - the twelve verdicts and their order (mxprobe(1), "VERDICTS").
 * In:   -   Out: enum, names, severity.
 * Not:  how a verdict is reached (verdict/) or shown (report/).
 */
#ifndef MX_CATALOGUE_VERDICTS_H
#define MX_CATALOGUE_VERDICTS_H

#include <stdbool.h>

/** Worst first: comparing two verdicts as numbers tells which one stands for a destination. */
enum mx_verdict {
	MX_V_FAILED,
	MX_V_BLOCKED,
	MX_V_IDENTITY,
	MX_V_POLICY,
	MX_V_THROTTLED,
	MX_V_GREYLISTED,
	MX_V_RECIPIENT,
	MX_V_VOID,
	MX_V_BROKEN,
	MX_V_UNREACHABLE,
	MX_V_SUPPRESSED,
	MX_V_ACCEPTED,
	MX_V_COUNT
};

const char *mx_verdict_name(enum mx_verdict verdict);
bool mx_verdict_from_name(const char *name, enum mx_verdict *out);

#endif
