/*
 * message.h - the test message itself.
 * In:   sender, mailbox, token, time.   Out: its text, ready for the wire.
 * Not:  nothing is sent; no choice of words for anybody but the mailbox's owner.
 */
#ifndef MX_DELIVER_MESSAGE_H
#define MX_DELIVER_MESSAGE_H

#include <stdint.h>

#include "probe/deliver/token.h"

struct mx_message_facts {
	const char *from, *to; /* mailboxes, checked (plan/mailbox.h) */
	const char *id;        /* ULID */
	int64_t time_us;       /* wall clock */
};

/** RFC 5322, plain ASCII, CRLF, a few lines that say what it is. Caller frees. */
char *mx_message_text(const struct mx_message_facts *facts);
/** "<mxprobe-ID@DOMAIN>": DOMAIN is the sender's. Caller frees. */
char *mx_message_id(const struct mx_message_facts *facts);

#endif
