/*
 * spf.h - may this address send for this domain? The domain's SPF record says (RFC 7208).
 * In:   client address, HELO name, sender, resolver.   Out: one of seven results, and why.
 * Not:  no advice (preflight gives it), no policy about what a result is worth.
 */
#ifndef MX_IDENTITY_SPF_SPF_H
#define MX_IDENTITY_SPF_SPF_H

#include <stdint.h>

#include "probe/dns/resolver.h"

/** RFC 7208 2.6. */
enum mx_spf_result {
	MX_SPF_NONE,
	MX_SPF_NEUTRAL,
	MX_SPF_PASS,
	MX_SPF_FAIL,
	MX_SPF_SOFTFAIL,
	MX_SPF_TEMPERROR,
	MX_SPF_PERMERROR,
	MX_SPF_RESULT_COUNT
};
/** "none", "neutral", ... as RFC 7208 and Received-SPF spell them. */
const char *mx_spf_result_name(enum mx_spf_result result);

/** What is asked; everything is copied. */
struct mx_spf_params {
	const struct mx_addr *client;
	const char *helo;      /* NULL or "": unknown */
	const char *mail_from; /* without <>; NULL or "" (bounces): postmaster@helo */
	const char *domain;    /* whose record; NULL: that of mail_from, else helo */
	const char *receiver;  /* who asks, for explanations (%{r}); NULL: "unknown" */
	int64_t
	    timeout_us; /* for all lookups together; RFC 7208 4.6.4 wants 20 s or more */
};

/** Everything is the answer's own. All of it may hold remote bytes: escape what you show. */
struct mx_spf_answer {
	enum mx_spf_result result;
	char *domain; /* whose record was asked for */
	char
	    *record; /* as published there, its strings joined; NULL when there is none */
	char *explanation; /* what exp= leads to, at fail only; ASCII; else NULL */
	char *
	    why; /* which mechanism of whose record decided, or which error; no full stop */
};
void mx_spf_answer_clear(struct mx_spf_answer *answer);

struct mx_spf_search;
/** done is called once, from the loop, never from inside this call; it may take what *answer
 *  holds (and zero it), the rest is cleared. It may cancel other searches or free the resolver. */
struct mx_spf_search *mx_spf_find(struct mx_resolver *resolver,
    const struct mx_spf_params *params,
    void (*done)(void *arg, struct mx_spf_answer *answer), void *arg);
/** done never comes then. NULL is taken. */
void mx_spf_cancel(struct mx_spf_search *search);

#endif
