/* verdicts.c - the words of the contract. */
#include "probe/catalogue/verdicts.h"

#include <string.h>

/* clang-format off */
static const char *const names[MX_V_COUNT] = {
	[MX_V_FAILED]      = "failed",
	[MX_V_BLOCKED]     = "blocked",
	[MX_V_IDENTITY]    = "identity",
	[MX_V_POLICY]      = "policy",
	[MX_V_THROTTLED]   = "throttled",
	[MX_V_GREYLISTED]  = "greylisted",
	[MX_V_RECIPIENT]   = "recipient",
	[MX_V_VOID]        = "void",
	[MX_V_BROKEN]      = "broken",
	[MX_V_UNREACHABLE] = "unreachable",
	[MX_V_SUPPRESSED]  = "suppressed",
	[MX_V_ACCEPTED]    = "accepted",
};
/* clang-format on */

const char *
mx_verdict_name(enum mx_verdict verdict)
{
	return (unsigned)verdict < MX_V_COUNT ? names[verdict] : "?";
}

bool
mx_verdict_from_name(const char *name, enum mx_verdict *out)
{
	for (int i = 0; i < MX_V_COUNT; i++)
		if (strcmp(name, names[i]) == 0) {
			*out = (enum mx_verdict)i;
			return true;
		}
	return false;
}
