/*
 * helo.h - the name we greet with, and names nobody may borrow.
 * In:   what the user wants, the FCrDNS name, the destinations.   Out: the HELO argument and the
 *       warnings it deserves, or a refusal.
 * Not:  no lookup.
 */
#ifndef MX_IDENTITY_HELO_H
#define MX_IDENTITY_HELO_H

#include <stdbool.h>

#include "probe/base/addr.h"
#include "probe/base/err.h"
#include "probe/identity/fcrdns.h"

#define MX_HELO_MAX 256

/** Refuses (MX_ERR_USAGE) what may never be a HELO: control characters, space, '>', an empty
 *  name, localhost, a bare name, an address without brackets, gmail.com and the other large
 *  providers' names and what is under them. An address literal (RFC 5321 4.1.3) is fine. */
enum mx_err mx_helo_check(const char *helo, struct mx_error *err)
    __attribute__((warn_unused_result));
/** What mx_helo_check() looks at, one by one, for whoever judges a name instead of refusing it. */
/** An address literal, "[203.0.113.5]" or "[IPv6:2001:db8::1]". */
bool mx_helo_literal(const char *helo, struct mx_addr *out);
/** localhost, localdomain and what is under them. */
bool mx_helo_is_everybodys(const char *helo);
/** gmail.com and other large mailbox providers, and what is under their names. */
bool mx_helo_is_providers(const char *helo);

/** Refuses a HELO equal to or under the destination's own domain or MX host (NULL: not known).
 *  Receivers block for it. The caller knows the exceptions and does not ask then: destinations
 *  of the user's own, and a name that DNS confirms for the source. */
enum mx_err mx_helo_check_borrowed(const char *helo, const char *destination,
    const char *mx_host, struct mx_error *err) __attribute__((warn_unused_result));
/** wanted, else the FCrDNS name, else the address literal. wanted and fcrdns may be NULL. *warning
 *  (caller frees, may be set to NULL) is a sentence when the choice is weak: literal used, or DNS
 *  says that wanted is not the name of source. */
void mx_helo_choose(const char *wanted, const struct mx_fcrdns *fcrdns,
    const struct mx_addr *source, char out[MX_HELO_MAX], char **warning);

#endif
