/* exit.c - many verdicts to one exit status, for people's scripts and for Nagios. */
#include "probe/report/report.h"

#define NAGIOS_OK 0
#define NAGIOS_WARNING 1
#define NAGIOS_CRITICAL 2
#define NAGIOS_UNKNOWN 3

/* What each verdict weighs (mxprobe(1), "VERDICTS" and "EXIT STATUS"). */
static const struct {
	int status, nagios;
} weights[MX_V_COUNT] = {
	/* clang-format off */
	[MX_V_FAILED]      = { 4, NAGIOS_UNKNOWN },
	[MX_V_BLOCKED]     = { 1, NAGIOS_CRITICAL },
	[MX_V_IDENTITY]    = { 2, NAGIOS_CRITICAL },
	[MX_V_POLICY]      = { 2, NAGIOS_CRITICAL },
	[MX_V_THROTTLED]   = { 2, NAGIOS_WARNING },
	[MX_V_GREYLISTED]  = { 2, NAGIOS_WARNING },
	[MX_V_RECIPIENT]   = { 2, NAGIOS_WARNING },
	[MX_V_VOID]        = { 3, NAGIOS_UNKNOWN },
	[MX_V_BROKEN]      = { 3, NAGIOS_UNKNOWN },
	[MX_V_UNREACHABLE] = { 3, NAGIOS_UNKNOWN },
	[MX_V_SUPPRESSED]  = { 3, NAGIOS_UNKNOWN },
	[MX_V_ACCEPTED]    = { 0, NAGIOS_OK },
	/* clang-format on */
};

/* The first that applies. */
static const int status_order[] = { 4, 1, 2, 3, 0 };
/* Worst first: what is known to be bad outweighs what is not known. */
static const int nagios_order[] = { NAGIOS_CRITICAL, NAGIOS_WARNING, NAGIOS_UNKNOWN,
	NAGIOS_OK };

void
mx_exit_tally_add(struct mx_exit_tally *tally, const struct mx_result *result)
{
	tally->verdicts[result->judgement.verdict]++;
	tally->results++;
}

int
mx_exit_tally_status(const struct mx_exit_tally *tally)
{
	for (size_t i = 0; i < sizeof status_order / sizeof status_order[0]; i++)
		for (size_t v = 0; v < MX_V_COUNT; v++)
			if (tally->verdicts[v] > 0 &&
			    weights[v].status == status_order[i])
				return status_order[i];
	return 3;
}

int
mx_exit_tally_nagios(const struct mx_exit_tally *tally)
{
	for (size_t i = 0; i < sizeof nagios_order / sizeof nagios_order[0]; i++)
		for (size_t v = 0; v < MX_V_COUNT; v++)
			if (tally->verdicts[v] > 0 &&
			    weights[v].nagios == nagios_order[i])
				return nagios_order[i];
	return NAGIOS_UNKNOWN;
}
