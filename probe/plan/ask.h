/*
 * ask.h - how deep to go at one destination, and for which recipient.
 * In:   what the user wants, what the catalogue says of the provider, which mailboxes are
 *       declared there.
 * Out:  depth, RCPT, and a sentence where that is less than was asked for.
 * Not:  no lookup: the caller knows which mailboxes live behind the same MX.
 */
#ifndef MX_PLAN_ASK_H
#define MX_PLAN_ASK_H

#include <stdbool.h>

#include "probe/catalogue/catalogue.h"
#include "probe/plan/mailbox.h"

struct mx_ask {
	enum mx_stage depth;
	char rcpt[MX_MAILBOX_MAX]; /* "" when none is asked for */
	const char *note;          /* static text, or NULL */
};

struct mx_ask_wish {
	const struct mx_provider *provider; /* NULL: not in the catalogue */
	const char *destination;
	const char *mailbox;  /* a declared one behind the same MX, or NULL */
	bool others_declared; /* there are mailboxes, but none behind this MX */
	bool depth_given;
	enum mx_stage depth;
	bool has_mail_from;
};

/** Depth as given; else RCPT where a mailbox is declared, else the provider's, else RCPT to
 *  postmaster (RFC 5321 4.5.1 obliges every domain to accept it). Without a recipient the depth
 *  ends at MAIL, without a MAIL FROM at EHLO. */
struct mx_ask mx_ask_decide(const struct mx_ask_wish *wish);

#endif
