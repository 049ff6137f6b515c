/*
 * cram_md5.h - a login that does not show the password (RFC 2195).
 * In:   user, password, the server's challenge.   Out: the answer.
 * Not:  no connection. MD5 is what the mechanism asks for; TLS protects the rest.
 */
#ifndef MX_NET_CRAM_MD5_H
#define MX_NET_CRAM_MD5_H

/** challenge and answer in base 64, without line end. NULL when the challenge is no base 64, or when
 *  OpenSSL does without MD5 (FIPS). Caller frees. */
char *mx_cram_md5_answer(const char *user, const char *password, const char *challenge);

#endif
