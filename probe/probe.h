/*
 * probe.h - the conductor: runs every stage in order; with run/ the only code that sees the whole way.
 * In:   sources, destinations, how deep; the catalogue and the rules.
 * Out:  results, one per (source, destination, MX host, address), as they become known.
 * Not:  no output of its own, no parsing of options.
 */
#ifndef MX_PROBE_H
#define MX_PROBE_H

#include <stdbool.h>

#include "probe/base/addr.h"
#include "probe/base/err.h"
#include "probe/dns/resolver.h"
#include "probe/identity/dnsbl.h"
#include "probe/result.h"
#include "probe/net/loop.h"
#include "probe/net/tls.h"
#include "probe/plan/never.h"
#include "probe/smtp/session.h"
#include "probe/store/ledger.h"
#include "probe/store/store.h"

/** One address to leave from. Strings borrowed. */
struct mx_probe_source {
	struct mx_addr addr;
	struct mx_addr seen_as; /* AF_UNSPEC when not declared */
	const char *helo;       /* NULL: FCrDNS name, else the address literal */
};

/** Everything is borrowed for the time of the run. */
struct mx_probe_params {
	const struct mx_probe_source *sources;
	size_t source_count;
	const char *const *destinations; /* ASCII domains */
	size_t destination_count;
	const char *mail_from;        /* NULL: not given; "" the null sender */
	const char *const *mailboxes; /* declared ones: --rcpt and the configuration */
	size_t mailbox_count;
	const char *const
	    *selectors; /* DKIM, of the sender's domain; for the identities */
	size_t selector_count;
	const char *const
	    *dnsbl_zones; /* asked about each source; none: no blocklist is */
	size_t dnsbl_zone_count;
	const struct mx_dnsbl_key *dnsbl_keys;
	size_t dnsbl_key_count;
	const char *const *own; /* destinations without politeness floors */
	size_t own_count;
	struct mx_never never; /* whom the user leaves alone */

	bool depth_given;
	enum mx_stage depth;     /* when given */
	bool mx_all;             /* --mx all */
	int family;              /* AF_INET, AF_INET6, AF_UNSPEC */
	const char *server_name; /* --server HOST; NULL */
	struct mx_addr server;   /* --server ADDRESS; AF_UNSPEC */
	uint16_t port;
	/* A neutral host, greeted once from each source, to tell a port that is closed on our side
	 * from one that is closed on theirs. Neither is set: there is none. */
	const char *control_name; /* --control HOST; NULL */
	struct mx_addr
	    control; /* --control ADDRESS, AF_UNSPEC; its port holds for both */
	enum mx_tls_mode tls_mode;
	const char *ca_file;
	struct mx_timeouts timeouts;

	/* What is remembered: the ledger is asked before each visit. NULL: floors hold within this
	 * run only. */
	struct mx_store *store;
	/* NULL: mx_ledger_floors_default. Never below those. */
	const struct mx_ledger_floors *floors;
	bool waits;   /* --wait: for the ledger, however long */
	bool is_step; /* a step of a delist case (store/ledger.h) */
	bool is_dry;  /* --dry-run: what would be probed, and when, but no session */

	const struct mx_addr *dns_servers;
	size_t dns_server_count;
	const char *trust_anchor;
	int64_t
	    dns_timeout_us; /* per destination; 0: 20 s, 5 s where nothing needs DNS to be found */
};

/** All may be NULL but result. Called on the loop. */
struct mx_probe_hooks {
	void (*result)(void *arg, const struct mx_result *result); /* borrowed */
	void (*line)(void *arg, const char *tag, const struct mx_line *line);
	/** Instead of results when the run is dry: a visit, and why it may not leave now (NULL: it may). */
	void (*plan)(void *arg, const struct mx_result *visit, const char *why_not);
	void (*progress)(void *arg, size_t done, size_t running, size_t total);
	void (*warning)(void *arg, const char *text);
	/** mx_probe_run only: by a signal; the run comes to its end. */
	void (*interrupted)(void *arg);
	void *arg;
};

struct mx_sts_cache;
/** What any number of runs may share: they are on it at the same time, and leave it as it was. The
 *  loop's owner attaches the store of the runs' parameters to it; ca_file and what the parameters say
 *  of name servers are read by whoever makes resolver and tls. */
struct mx_probe_host {
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	struct mx_tls *tls;
	/* MTA-STS policies outlive a run here (run/sts_cache.h); NULL: each run fetches its own */
	struct mx_sts_cache *sts_cache;
	const struct mx_catalogue *catalogue;
	const struct mx_rules *rules;
};

struct mx_run;
/** Starts a run on somebody's loop and returns at once. params, hooks and everything in them are
 *  borrowed until over, which is called exactly once, from the loop, when all results have been told
 *  and nothing of the run is left: err is NULL, or why it was refused before any session (borrowed
 *  HELO). The handle dies before. Bytes of its last QUIT may still be on their way
 *  (mx_stream_lingering); only who stops the loop has to mind. NULL with err, and no over, when that
 *  is known at once (MAIL FROM missing for the depth: MX_ERR_USAGE; too few descriptors:
 *  MX_ERR_LIMIT). Floors among several runs are the ledger's: without a store each keeps its own. */
struct mx_run *mx_probe_start(const struct mx_probe_host *host,
    const struct mx_probe_params *params, const struct mx_probe_hooks *hooks,
    void (*over)(void *arg, const struct mx_error *err), void *arg, struct mx_error *err);
/** Sessions end with QUIT, nobody else leaves; over still comes. Asking twice changes nothing. */
void mx_probe_stop(struct mx_run *run);

/** The same with loop, resolver and signals of its own: returns when the run is over (SIGINT, SIGTERM and
 *  SIGHUP stop it). Refusals before any session (borrowed HELO, MAIL FROM missing for the depth) are
 *  MX_ERR_USAGE; a loop or resolver that cannot be had is MX_ERR_SYSTEM or MX_ERR_RESOLVER. What
 *  remote hosts do is never an error. */
enum mx_err mx_probe_run(const struct mx_probe_params *params,
    const struct mx_catalogue *catalogue, const struct mx_rules *rules,
    const struct mx_probe_hooks *hooks, struct mx_error *err)
    __attribute__((warn_unused_result));

#endif
