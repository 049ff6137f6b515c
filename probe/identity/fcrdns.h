/*
 * fcrdns.h - the name an address answers to: PTR, confirmed by a forward lookup (RFC 8601 3, "iprev").
 * In:   a source address, resolver.   Out: the confirmed name, or what stands in the way.
 * Not:  no judgement of the name (preflight does that), no HELO choice (helo.h).
 */
#ifndef MX_IDENTITY_FCRDNS_H
#define MX_IDENTITY_FCRDNS_H

#include "probe/dns/resolver.h"

enum mx_fcrdns_result {
	MX_FCRDNS_PASS,     /* name is set */
	MX_FCRDNS_NO_PTR,   /* no PTR record */
	MX_FCRDNS_MISMATCH, /* PTR, but no name leads back; name is the first PTR */
	MX_FCRDNS_UNKNOWN /* DNS could not tell; never stops a probe; name: the first PTR, or NULL */
};

/** Where one PTR name leads. */
enum mx_fcrdns_forward {
	MX_FORWARD_BACK,      /* to the address */
	MX_FORWARD_ELSEWHERE, /* to other addresses */
	MX_FORWARD_NOWHERE,   /* it has no address of that family */
	MX_FORWARD_UNKNOWN    /* DNS could not tell */
};

struct mx_fcrdns_name {
	char *name; /* own; lower case */
	enum mx_fcrdns_forward forward;
};

struct mx_fcrdns {
	enum mx_fcrdns_result result;
	char *name; /* own; lower case; NULL when there is none */
	struct mx_fcrdns_name
	    *names; /* own; all that were followed, in alphabetical order */
	size_t name_count;
	size_t ptr_count;          /* PTR records there are, followed or not */
	enum mx_dns_status status; /* of the PTR lookup */
};
void mx_fcrdns_clear(struct mx_fcrdns *fcrdns);

struct mx_fcrdns_search;
/** At most 10 PTR names are followed, in alphabetical order: servers shuffle them, and we greet
 *  with the same one each time. done is called once, from the loop; it may take what *fcrdns
 *  holds (and zero it), the rest is cleared. timeout_us bounds the whole search. */
struct mx_fcrdns_search *mx_fcrdns_find(struct mx_resolver *resolver,
    const struct mx_addr *addr, int64_t timeout_us,
    void (*done)(void *arg, struct mx_fcrdns *fcrdns), void *arg);
/** done never comes then. NULL is taken. */
void mx_fcrdns_cancel(struct mx_fcrdns_search *search);

#endif
