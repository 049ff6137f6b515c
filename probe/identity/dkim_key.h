/*
 * dkim_key.h - a DKIM key as it stands in DNS (RFC 6376 3.6.1, RFC 8463).
 * In:   the TXT record.   Out: whether receivers can use it, and what to change.
 * Not:  no lookup (dkim.h), no cryptography: the length of a key is read from its DER frame.
 */
#ifndef MX_IDENTITY_DKIM_KEY_H
#define MX_IDENTITY_DKIM_KEY_H

#include <stddef.h>

#include "probe/identity/check.h"

/** Judges one record. *advice (caller frees, may become NULL) says what to change. name is where
 *  the record stands, for the advice. */
enum mx_check_result mx_dkim_key_judge(
    const char *name, const char *record, size_t len, char **advice);

#endif
