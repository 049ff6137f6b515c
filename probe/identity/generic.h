/*
 * generic.h - does a PTR name look like one of a pool, rather than a mail server's?
 * In:   a name and the address it was given to.   Out: what makes it look so.
 * Not:  no lookup, no list of providers' patterns: what all of them share is enough.
 */
#ifndef MX_IDENTITY_GENERIC_H
#define MX_IDENTITY_GENERIC_H

#include "probe/base/addr.h"

/** NULL for a name that somebody has chosen; else words that fit behind "it" (caller frees):
 *  "holds the address (203-0-113-5)", "says \"dynamic\"". name in lower case. */
char *mx_generic_sign(const char *name, const struct mx_addr *addr);

#endif
