/*
 * org_domain.h - the organisational domain of a name, by the public suffix list (libpsl).
 * In:   a domain name.   Out: the label below the public suffix, and the suffix.
 * Not:  no lookup.
 */
#ifndef MX_IDENTITY_ORG_DOMAIN_H
#define MX_IDENTITY_ORG_DOMAIN_H

/** "example.co.jp" of "mail.example.co.jp", a tail of name; NULL when name is a public suffix
 *  itself. name in lower case. */
const char *mx_org_domain(const char *name);

#endif
