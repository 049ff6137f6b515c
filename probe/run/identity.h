/*
 * identity.h - who the sources of a run are to others, and what their preflights share.
 * In:   the run's parameters.   Out: faces, HELO names wanted, the preflights' parameters.
 * Not:  no lookup (survey.h), no rows (identity/preflight.h).
 */
#ifndef MX_RUN_IDENTITY_H
#define MX_RUN_IDENTITY_H

#include "probe/identity/preflight.h"
#include "probe/probe.h"

struct mx_run_identities {
	/* What servers see of each source: itself, or what 1:1 NAT is declared to make of it. Each
	 * points into the run's parameters. */
	const struct mx_addr **faces;
	const char **helos; /* one a source; NULL: none is wanted */
	/* for each preflight: sender, names not to be borrowed, selectors, blocklists */
	struct mx_preflight_params common;
	const char **foreign; /* destinations that are not our own */
	struct mx_dnsbl *dnsbl;
};

/** Everything points into params, which must outlive it. Nothing is sent. */
struct mx_run_identities *mx_run_identities_new(const struct mx_probe_params *params,
    const struct mx_catalogue *catalogue, struct mx_loop *loop,
    struct mx_resolver *resolver);
/** Behind the survey, before loop and resolver. NULL is taken. */
void mx_run_identities_free(struct mx_run_identities *identities);

#endif
