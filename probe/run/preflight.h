/*
 * preflight.h - one run of `mxprobe preflight`: many sources, no session.
 * In:   addresses, names, blocklists, a resolver's parameters.   Out: results in the order given.
 * Not:  no output, no options, no configuration file.
 */
#ifndef MX_RUN_PREFLIGHT_H
#define MX_RUN_PREFLIGHT_H

#include "probe/identity/preflight.h"

struct mx_preflight_run_source {
	struct mx_addr addr;
	const char *helo; /* NULL: the FCrDNS name, else the address literal */
};

/** Everything is borrowed for the time of the run. */
struct mx_preflight_run_params {
	const struct mx_preflight_run_source *sources;
	size_t source_count;
	const char *mail_from; /* NULL: not given */
	const char *const *destinations;
	size_t destination_count;
	const char *const *selectors;
	size_t selector_count;
	bool asks_dnsbl;
	const char *const *zones; /* none: every open list of the catalogue */
	size_t zone_count;
	const struct mx_dnsbl_key *keys;
	size_t key_count;
	const struct mx_addr *dns_servers;
	size_t dns_server_count;
	const char *trust_anchor;
	int64_t timeout_us; /* of each source */
};

struct mx_preflight_hooks {
	/** In the order of the sources; borrowed. */
	void (*result)(void *arg, const struct mx_preflight *preflight);
	void (*progress)(
	    void *arg, size_t done, size_t running, size_t total); /* or NULL */
	void *arg;
};

/** Runs to the end, or until SIGINT, SIGTERM or SIGHUP. MX_ERR_SYSTEM or MX_ERR_RESOLVER when a
 *  loop or a resolver can't be had, MX_ERR_USAGE for an anchor. What DNS says is never an error. */
enum mx_err mx_preflight_run(const struct mx_preflight_run_params *params,
    const struct mx_catalogue *catalogue, const struct mx_preflight_hooks *hooks,
    struct mx_error *err) __attribute__((warn_unused_result));

#endif
