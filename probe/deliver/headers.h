/*
 * headers.h - what a delivered message's header says of its way (RFC 8601, RFC 5321 4.4).
 * In:   the header as it lies in the mailbox: remote bytes.
 * Out:  SPF, DKIM and DMARC as the receiver judged them, and the address that it saw.
 * Not:  no judgement of our own; nothing that a sender could have written counts, as far as the
 *       order of the fields tells.
 */
#ifndef MX_DELIVER_HEADERS_H
#define MX_DELIVER_HEADERS_H

#include <stddef.h>

#include "probe/base/addr.h"

#define MX_AUTH_WORD 24

/** Results are words in lower case ("pass", "fail", "none", ...); "" where nothing was said. */
struct mx_auth_results {
	char server
	    [256]; /* authserv-id as written, printable ASCII; "" when there is none */
	char spf[MX_AUTH_WORD], dkim[MX_AUTH_WORD], dmarc[MX_AUTH_WORD];
	struct mx_addr client; /* the address that SPF was asked of, where it is told */
};

/** The topmost Authentication-Results, and those of the same authserv-id down to the next Received:
 *  what stands below that may have come with the message. wanted: the topmost of that authserv-id;
 *  NULL: any but that of relay, our own way out (may be NULL). Of several signatures the one that
 *  passes counts. */
void mx_auth_results_read(const char *header, size_t len, const char *wanted,
    const char *relay, struct mx_auth_results *out);

/** The address that the receiver took the message from: Received-SPF's client-ip, else the lowest
 *  Received but the first (our own submission) whose client has a public address, else the topmost
 *  that names one. AF_UNSPEC: none. */
struct mx_addr mx_received_from(const char *header, size_t len);

#endif
