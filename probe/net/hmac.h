/*
 * hmac.h - proof that a text comes from who knows a secret (RFC 2104, SHA-256).
 * In:   a secret, a text.   Out: 64 hexadecimal digits.
 * Not:  no key derivation, no comparison.
 */
#ifndef MX_NET_HMAC_H
#define MX_NET_HMAC_H

#include <stddef.h>

#define MX_HMAC_TEXT 65

/** Returns out. */
const char *mx_hmac_sha256(const char *key, size_t key_len, const char *text, size_t len,
    char out[MX_HMAC_TEXT]);

#endif
