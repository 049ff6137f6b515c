/*
 * survey.h - every lookup a run needs, made at once before the first session.
 * In:   source addresses, destination and mailbox domains, resolver.
 * Out:  each source's FCrDNS name and preflight, each domain's route, and whether our own resolver lives.
 * Not:  no decision: names and routes are weighed by settle.c.
 */
#ifndef MX_RUN_SURVEY_H
#define MX_RUN_SURVEY_H

#include "probe/dns/resolver.h"
#include "probe/dns/route.h"
#include "probe/identity/fcrdns.h"
#include "probe/identity/preflight.h"

/** All borrowed until done. */
struct mx_survey_params {
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	const struct mx_addr *const *sources;
	size_t source_count;
	const char *const *helos; /* one a source, NULL where none is wanted */
	/* What the sources' preflights have in common; loop, resolver and timeout are ours. NULL:
	 * none is made. */
	const struct mx_preflight_params *identity;
	/* destinations, then mailbox domains; doubles are looked up twice */
	const char *const *domains;
	size_t domain_count;
	const char *server_name; /* --server HOST instead of looking up MX, or NULL */
	const struct mx_addr *server;  /* --server ADDRESS, or NULL */
	const char *control_name;      /* --control HOST, or NULL */
	const struct mx_addr *control; /* --control ADDRESS, or NULL */
	int64_t
	    timeout_us; /* for each domain and each source; for all preflights together */
	void (*done)(void *arg); /* once, from the loop */
	void *arg;
};

struct mx_survey {
	struct mx_fcrdns *fcrdns; /* one a source; own */
	struct mx_preflight *
	    *identities;                /* one a source; own; NULL where none was made */
	struct mx_route **routes;       /* one a domain; own */
	const struct mx_route *control; /* NULL when none was named */
	/* No lookup that failed can be blamed on a remote host when this is set: our
	 * resolver did not even answer a question about the root. */
	bool resolver_dead;
};

/** Start all lookups. Free the survey after done (or before: then done never comes). */
struct mx_survey *mx_survey_start(const struct mx_survey_params *params);
void mx_survey_free(struct mx_survey *survey);

#endif
