/*
 * trust.h - whether answers can be validated, and which context therefore gives them.
 * In:   the resolver's parameters; at the first question, the forwarders' answer to ". DNSKEY".
 * Out:  the context to ask.
 * Not:  no validation of its own (libunbound's), no questions but that one.
 *
 * A forwarder that knows nothing of DNSSEC (many routers, every scripted one) has no DNSKEY for
 * the root. To a validator all its answers are bogus; so nothing is validated then, and dnssec
 * is UNKNOWN. That costs no safety: whoever could fake this answer could fake the others.
 */
#ifndef MX_DNS_TRUST_H
#define MX_DNS_TRUST_H

#include "probe/dns/context.h"

struct mx_dns_trust;

/** settled(arg) is called from the loop whenever mx_dns_trust_context() has given NULL and would
 *  not any more. Errors as mx_resolver_new. Nothing is sent. */
struct mx_dns_trust *mx_dns_trust_new(struct mx_loop *loop,
    const struct mx_resolver_params *params, void (*settled)(void *arg), void *arg,
    struct mx_error *err);
/** NULL is taken. All questions to its contexts are forgotten. */
void mx_dns_trust_free(struct mx_dns_trust *trust);

/** Where to ask now. NULL while the forwarders are being asked for the root's keys (a few
 *  seconds at most), which this call starts when it is due. */
struct mx_dns_context *mx_dns_trust_context(struct mx_dns_trust *trust);

#endif
