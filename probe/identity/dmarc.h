/*
 * dmarc.h - the DMARC record that counts for a domain, and what it asks receivers to do.
 * In:   the sender's domain, resolver.   Out: the row "dmarc".
 * Not:  no evaluation of a message: there is none.
 */
#ifndef MX_IDENTITY_DMARC_H
#define MX_IDENTITY_DMARC_H

#include "probe/dns/resolver.h"
#include "probe/identity/check.h"

struct mx_dmarc_search;
/** Asks at the domain and at each parent up to the organisational domain (public suffix list). The
 *  domain's own record counts, else the organisational domain's (RFC 7489 6.6.3). domain: A-labels
 *  in lower case. done is called once, from the loop; it may move the rows, what is left is
 *  cleared. timeout_us bounds the whole. */
struct mx_dmarc_search *mx_dmarc_find(struct mx_resolver *resolver, const char *domain,
    int64_t timeout_us, void (*done)(void *arg, struct mx_checks *rows), void *arg);
/** done never comes then. NULL is taken. */
void mx_dmarc_cancel(struct mx_dmarc_search *search);

#endif
