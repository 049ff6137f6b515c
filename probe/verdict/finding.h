/*
 * finding.h - what one reply (or the lack of one) was found to mean.
 * In:   filled by verdict/classify and verdict/judge.   Out: read by report/.
 * Not:  no logic but clear.
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

/** Strings marked "own" are freed by mx_finding_clear; the rest is the catalogue's or the
 *  rules'. NULL everywhere means "not known", and is printed as null. */
struct mx_finding {
	enum mx_stage stage;
	int code; /* 0: there was no reply */
	struct mx_enhanced enhanced;
	/* own: the deciding reply, lines joined by ' ', raw remote bytes; without a reply
	 * our own words for what happened */
	char *text;
	/* leaf id, "unknown" at least; NULL only for our own failures: no remote was judged */
	const char *category;
	const char *about; /* sender_ip, sender_domain, helo, recipient, message, ... */
	const char *permanence; /* "temporary" or "permanent" */
	const char *authority;  /* who decided: "Microsoft" */
	char *list; /* own: its name; a zone nobody knows as the reply spells it */
	char *provider_code; /* own: "S3140" */
	char *listed_value;  /* own: the address or name the reply says is listed */
	char *delist_url;    /* own: from the reply, the list or the provider */
	long retry_after_s;  /* -1: not said */
	bool query_error;    /* the receiver's own DNSBL query failed: not a listing */
	const char *rule;    /* id of the rule that decided */
	double confidence;   /* 0..1 */
	struct mx_candidate candidates[MX_CANDIDATES]; /* the others, best first */
	size_t candidate_count;
	const char *remedy; /* remedy id */
};

void mx_finding_clear(struct mx_finding *finding);

#endif
