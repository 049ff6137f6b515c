/*
 * sender.h - could the sender's domain get an answer? Receivers look before they take mail.
 * In:   the sender as written; the domain's route, where it has one.   Out: the row "sender_domain".
 * Not:  no lookup of its own (dns/route.h), no SPF, no DMARC.
 */
#ifndef MX_IDENTITY_SENDER_H
#define MX_IDENTITY_SENDER_H

#include <stdbool.h>

#include "probe/dns/name.h"
#include "probe/dns/route.h"
#include "probe/identity/check.h"

/** The domain of "local@domain" in A-labels; false when there is none that DNS could know (an
 *  address literal, nothing behind the '@', junk). */
bool mx_sender_domain(const char *mail_from, char out[MX_NAME_MAX]);

/** A sender whose domain is not worth a lookup: mx_sender_domain() said false. "" is the null
 *  sender, and fine. */
void mx_sender_judge_odd(const char *mail_from, struct mx_checks *checks);
/** A sender's domain by what mx_route_find() found. */
void mx_sender_judge_route(const struct mx_route *route, struct mx_checks *checks);

#endif
