/*
 * wording.h - a reply's words without what differs from one reply to the next; private to verdict/.
 * In:   folded text, and the addresses it quotes (normal.h).
 * Out:  the text that patterns read, and the way back from its places to those of the folded text.
 * Not:  no meaning. Nothing that a rule may ask for is taken away: a DNSBL's answer (127.0.0.2), a
 *       provider's code (S3140), a postmaster's mailbox and every name of a host stay as they are.
 *
 * A server says one sentence a million times, each with another client, recipient, queue id and
 * time. Where such a thing stands, the wording has a stand-in, so that the sentence means the same
 * whatever stood there, and is known again (recall.h).
 */
#ifndef MX_VERDICT_WORDING_H
#define MX_VERDICT_WORDING_H

#include <stddef.h>

struct mx_normal;

/** A piece of a text. */
struct mx_span {
	size_t at, len;
};

/** So many addresses and mailboxes get a stand-in; more are left as they are. */
#define MX_STAND_INS 32

/** Zeros behind the text: who reads it by words of eight bytes need not look at its end. */
#define MX_WORDING_PADDING 16

struct mx_stand_in {
	struct mx_span here; /* in the wording */
	struct mx_span said; /* in the folded text */
};

struct mx_wording {
	char *text; /* own; in lower case, MX_WORDING_PADDING zeros follow it */
	size_t len;
	struct mx_stand_in
	    stand_ins[MX_STAND_INS]; /* of another length than what was said */
	size_t count;
};

/** Clear it with mx_wording_clear. Of normal all but the wording is there. */
void mx_wording_init(struct mx_wording *wording, const struct mx_normal *normal);
void mx_wording_clear(struct mx_wording *wording);

/** A span of the wording as a span of the folded text. A stand-in that it cuts counts as a whole. */
struct mx_span mx_wording_said(
    const struct mx_wording *wording, const struct mx_span *span);

#endif
