/*
 * finding.h - what one reply (or the lack of one) was found to mean.
 * In:   filled by verdict/classify and verdict/judge.   Out: read by report/.
 * Not:  no logic but init and clear.
 */
#ifndef MX_VERDICT_FINDING_H
#define MX_VERDICT_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/transcript.h"

#define MX_CANDIDATES 4

struct mx_candidate {
	const char *category; /* catalogue's memory */
	const char *rule;     /* rule set's memory, NULL when a code prior spoke */
	double confidence;
};

/** Strings marked "own" are freed by mx_finding_clear; the rest is the catalogue's or the rules'.
 *  NULL everywhere means "not known", and is printed as null. */
struct mx_finding {
	enum mx_stage stage;
	int code; /* 0: there was no reply */
	struct mx_enhanced enhanced;
	char *text;                /* own: the deciding reply, lines joined by ' ', raw remote bytes;
	                              without a reply our own words for what happened */
	const char *category;      /* leaf id, "unknown" at least */
	const char *about;         /* sender_ip, sender_domain, helo, recipient, message, network, ... */
	const char *permanence;    /* "temporary" or "permanent" */
	const char *authority;     /* who decided: "Microsoft" */
	const char *list;          /* list's name */
	char *provider_code;       /* own: "S3140" */
	char *listed_value;        /* own: the address or name the reply says is listed */
	const char *delist_url;
	long retry_after_s;        /* -1: not said */
	bool query_error;          /* the receiver's own DNSBL query failed: not a listing */
	const char *rule;          /* id of the rule that decided */
	double confidence;         /* 0..1 */
	struct mx_candidate candidates[MX_CANDIDATES]; /* the others, best first */
	size_t candidate_count;
	const char *remedy;        /* remedy id */
};

void mx_finding_clear(struct mx_finding *finding);

#endif
