/*
 * offer.h - what of a relay's EHLO libesmtp may see.
 * In:   the reply to EHLO, well-formed.   Out: the same with nothing but AUTH and DSN.
 * Not:  no STARTTLS (it is done), no CHUNKING, PIPELINING or BINARYMIME (one step at a time).
 */
#ifndef MX_MAIL_OFFER_H
#define MX_MAIL_OFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/buf.h"

struct mx_mail_offer {
	bool auth; /* by PLAIN or LOGIN */
	bool
	    only_cram; /* by CRAM-MD5 alone: libesmtp is shown PLAIN, and the front answers */
	bool dsn;
};

/** Appends the reply to *out; may_log_in false leaves AUTH out as well. */
struct mx_mail_offer mx_mail_offer_filter(
    const char *wire, size_t len, bool may_log_in, struct mx_buf *out);

#endif
