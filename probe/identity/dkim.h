/*
 * dkim.h - is there a usable DKIM key under each selector?
 * In:   the sender's domain, selectors, resolver.   Out: one row "dkim" a selector.
 * Not:  no signature is made or checked.
 */
#ifndef MX_IDENTITY_DKIM_H
#define MX_IDENTITY_DKIM_H

#include "probe/dns/resolver.h"
#include "probe/identity/check.h"

struct mx_dkim_search;
/** domain in A-labels; one selector at least. done is called once, from the loop; it may move the
 *  rows, what is left is cleared. */
struct mx_dkim_search *mx_dkim_find(struct mx_resolver *resolver, const char *domain,
    const char *const *selectors, size_t count, int64_t timeout_us,
    void (*done)(void *arg, struct mx_checks *rows), void *arg);
/** done never comes then. NULL is taken. */
void mx_dkim_cancel(struct mx_dkim_search *search);

#endif
