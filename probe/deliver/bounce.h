/*
 * bounce.h - a bounce to the test it belongs to and to a finding.
 * In:   a bounce message as it lies in a mailbox, or pasted.
 * Out:  the token's id; the refusal it quotes, classified.
 * Not:  no store, no mailbox: whoever has the bytes hands them in.
 */
#ifndef MX_DELIVER_BOUNCE_H
#define MX_DELIVER_BOUNCE_H

#include "probe/deliver/token.h"
#include "probe/verdict/judge.h"

struct mx_bounce {
	char id[MX_ULID_TEXT]; /* "": no token of ours in it */
	bool has_finding;
	struct mx_finding finding;
	enum mx_verdict verdict; /* of the finding */
};

/** who: what is known of the message besides (its mailbox, its provider). Clear in any case. */
void mx_bounce_read(const char *bytes, size_t len, const struct mx_rules *rules,
    const struct mx_identity *who, struct mx_bounce *out);
void mx_bounce_clear(struct mx_bounce *bounce);

#endif
