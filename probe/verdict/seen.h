/*
 * seen.h - which client address the server says it sees.
 * In:   a transcript, and the addresses we believe in.   Out: the address named, or none.
 * Not:  no verdict: whether that makes a session void is judge.c's business.
 */
#ifndef MX_VERDICT_SEEN_H
#define MX_VERDICT_SEEN_H

#include "probe/transcript.h"
#include "probe/verdict/classify.h"

struct mx_seen {
	/* AF_UNSPEC: no place named a client; ours when any place names it */
	struct mx_addr named;
	/* the bound (or declared) address stands somewhere in the replies */
	bool ours_occurs;
};

/** Places that name the client: the greeting line of EHLO's reply ("Hello [203.0.113.5]"), and in
 *  refusals the address behind "client host", "messages from" and their like. Web addresses,
 *  DNSBL codes, version numbers and the server's own name never do. */
void mx_seen_find(const struct mx_transcript *transcript,
    const struct mx_identity *identity, struct mx_seen *out);

#endif
