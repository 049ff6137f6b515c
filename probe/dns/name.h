/*
 * name.h - domain names as users write them and as DNS wants them.
 * In:   UTF-8 or ASCII.   Out: lower-case A-labels without trailing dot (libidn2), or why not.
 * Not:  no lookup.
 */
#ifndef MX_DNS_NAME_H
#define MX_DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/err.h"

#define MX_NAME_MAX 254 /* 253 characters and NUL */

/** MX_ERR_USAGE with a sentence when text is no domain name (empty label, label over 63, bad
 *  character, IDNA refuses). Names that are ASCII already bypass IDNA (underscores allowed). */
enum mx_err mx_name_to_ascii(const char *text, char out[MX_NAME_MAX],
    struct mx_error *err) __attribute__((warn_unused_result));
/** A host name in the sense of RFC 5321 2.3.5: letters, digits, hyphens, two labels at least. */
bool mx_name_is_fqdn(const char *name);
/** Bytes of the name without one trailing dot. */
size_t mx_name_length(const char *name);
/** Same name, ignoring case and one trailing dot. */
bool mx_name_equal(const char *a, const char *b);
/** name is domain or ends in "." domain. */
bool mx_name_under(const char *name, const char *domain);

#endif
