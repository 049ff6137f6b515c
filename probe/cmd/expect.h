/*
 * expect.h - what a scenario wants against what happened.
 * In:   a scenario, the prober's output and exit status, what the servers saw.
 * Out:  one sentence per difference; none is success.
 * Not:  runs nothing.
 */
#ifndef MX_CMD_EXPECT_H
#define MX_CMD_EXPECT_H

#include "probe/base/buf.h"
#include "probe/cmd/play.h"

/** What there is to judge. Borrowed. */
struct mx_happened {
	const struct mx_play_ran *ran;
	const char *out, *diagnostics; /* `check --format json`'s lines; stderr */
	size_t out_len;
	const struct mx_fakemx *fakemx;
};

/** Append a line per difference from scenario->expect, broken promises included. */
void mx_expect_compare(const struct mx_scenario *scenario,
    const struct mx_happened *happened, struct mx_buf *differences);
/** Append a line per broken promise (oracle.h) of any session. null_sender: MAIL FROM:<> was
 *  asked for; parallel: so were sessions at once. Returns how many. */
size_t mx_expect_promises(const struct mx_fakemx *fakemx, bool null_sender, bool parallel,
    struct mx_buf *differences);

#endif
