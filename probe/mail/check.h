/*
 * check.h - may this message go out as it is?
 * In:   a route and a message.   Out: MX_OK, or MX_ERR_USAGE and what is wrong.
 * Not:  no meaning of the text.
 */
#ifndef MX_MAIL_CHECK_H
#define MX_MAIL_CHECK_H

#include "probe/mail/submit.h"

/** libesmtp converts nothing and quotes nothing, so what would come out wrong is refused here. */
enum mx_err mx_mail_check(const struct mx_mail_route *route,
    const struct mx_mail_message *message, struct mx_error *err)
    __attribute__((warn_unused_result));

#endif
