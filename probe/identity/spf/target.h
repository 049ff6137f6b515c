/*
 * target.h - from what a domain-spec expands to, to a name that DNS can be asked for.
 * In:   any bytes.   Out: a name in the form the resolver takes, or that there is none.
 * Not:  no macros (macro.h), no lookup.
 */
#ifndef MX_IDENTITY_SPF_TARGET_H
#define MX_IDENTITY_SPF_TARGET_H

#include <stdbool.h>
#include <stddef.h>

/** 253 bytes and NUL. */
#define MX_SPF_TARGET_MAX 254
/** The same with each byte perhaps written \DDD. */
#define MX_SPF_NAME_MAX (253 * 4 + 1)

/** One dot at the end goes; of more than 253 bytes whole labels go, from the left (RFC 7208
 *  7.3). False, and out "", when labels are empty or over 63 bytes, or bytes are not ASCII. */
bool mx_spf_target(const char *text, size_t len, char out[MX_SPF_TARGET_MAX]);
/** A target as the resolver takes it, in the form of zone files (RFC 1035 5.1). Returns out. */
const char *mx_spf_target_name(const char *target, char out[MX_SPF_NAME_MAX]);

#endif
