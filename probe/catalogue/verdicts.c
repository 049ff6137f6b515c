/* verdicts.c - one table: the word, and what it means to the person who reads it. */
#include "probe/catalogue/verdicts.h"

#include <string.h>

/* clang-format off */
static const struct {
	const char *name, *meaning;
} verdicts[MX_V_COUNT] = {
	[MX_V_FAILED]      = { "failed",      "we could not do our own part" },
	[MX_V_BLOCKED]     = { "blocked",     "this address, its network or its HELO name is listed or banned there" },
	[MX_V_IDENTITY]    = { "identity",    "refused for who we say we are: reverse DNS, HELO, SPF, DKIM, DMARC, TLS or login" },
	[MX_V_POLICY]      = { "policy",      "refused for the sender, relaying, content or a policy that is not named" },
	[MX_V_THROTTLED]   = { "throttled",   "put off for now because of rate or reputation" },
	[MX_V_GREYLISTED]  = { "greylisted",  "asked to come back later with the same sender and recipient" },
	[MX_V_RECIPIENT]   = { "recipient",   "only the recipient was refused; the address got through" },
	[MX_V_VOID]        = { "void",        "the server saw another address than the one we bound" },
	[MX_V_BROKEN]      = { "broken",      "the server failed at TLS or at the protocol" },
	[MX_V_UNREACHABLE] = { "unreachable", "no conversation took place" },
	[MX_V_SUPPRESSED]  = { "suppressed",  "not probed: too soon after the last time" },
	[MX_V_ACCEPTED]    = { "accepted",    "every stage that was asked said yes" },
};
/* clang-format on */

const char *
mx_verdict_name(enum mx_verdict verdict)
{
	return (unsigned)verdict < MX_V_COUNT ? verdicts[verdict].name : "?";
}

bool
mx_verdict_from_name(const char *name, enum mx_verdict *out)
{
	for (int i = 0; i < MX_V_COUNT; i++)
		if (strcmp(name, verdicts[i].name) == 0) {
			*out = (enum mx_verdict)i;
			return true;
		}
	return false;
}

const char *
mx_verdict_meaning(enum mx_verdict verdict)
{
	return (unsigned)verdict < MX_V_COUNT ? verdicts[verdict].meaning : "?";
}
