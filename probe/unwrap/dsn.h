/*
 * dsn.h - the fields of a delivery status notification (RFC 3464); private to unwrap/.
 * In:   the text of a message/delivery-status part.   Out: one reply a failed recipient.
 * Not:  no MIME (message.c).
 */
#ifndef MX_UNWRAP_DSN_H
#define MX_UNWRAP_DSN_H

#include "probe/unwrap/draft.h"

/** Told with what is known; returns how many. A recipient without Diagnostic-Code is told only with
 *  bare, by its Status alone. */
size_t mx_dsn_read(struct mx_span text, const struct mx_draft *known, bool bare,
    const struct mx_unwrap_sink *sink);

#endif
