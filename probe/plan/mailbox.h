/*
 * mailbox.h - addresses for MAIL FROM and RCPT TO, as users give them.
 * In:   "local@domain".   Out: the same in ASCII, proven unable to smuggle a command.
 * Not:  no lookup, no quoted local parts: nobody's own mailbox needs them.
 */
#ifndef MX_PLAN_MAILBOX_H
#define MX_PLAN_MAILBOX_H

#include <stdbool.h>

#include "probe/base/err.h"

/* RFC 5321 4.5.3.1: 64 for the local part, 255 for the domain, and the @. */
#define MX_MAILBOX_MAX 321

/** Checks text and writes its ASCII form to out (MX_MAILBOX_MAX bytes). MX_ERR_USAGE, naming
 *  option, for control characters, blanks, '<', '>', bytes that are not ASCII in the local part,
 *  or no domain. With empty_ok "" passes: the null sender. */
enum mx_err mx_mailbox_check(const char *option, const char *text, bool empty_ok,
    char out[MX_MAILBOX_MAX], struct mx_error *err) __attribute__((warn_unused_result));
/** Behind the '@'; NULL for the null sender. */
const char *mx_mailbox_domain(const char *mailbox);

#endif
