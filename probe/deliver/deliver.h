/*
 * deliver.h - real test messages to mailboxes of the operator's, and what becomes of them.
 * In:   a relay, mailboxes (declared as own ones by whoever calls), their IMAP accounts.
 * Out:  one mx_delivery a mailbox: on its way, then for good; kept in the store.
 * Not:  no MX is ever connected to; no mailbox gets a second message within the ledger's interval.
 */
#ifndef MX_DELIVER_DELIVER_H
#define MX_DELIVER_DELIVER_H

#include "probe/deliver/delivery.h"
#include "probe/store/ledger.h"
#include "probe/verdict/rules.h"

struct mx_deliver_target {
	const char *mailbox;
	const struct mx_imap_account *inbox; /* NULL: nobody looks */
	const char *authserv; /* whose Authentication-Results count; NULL: the topmost */
	bool is_exempt;       /* a domain of our own: no floors but one at a time */
};

/** All borrowed until over() or mx_deliver_stop(). */
struct mx_deliver_params {
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	struct mx_store *store; /* attached to the loop */
	const struct mx_catalogue *catalogue;
	const struct mx_rules *rules;
	const struct mx_mail_route *route;
	const char *mail_from;
	const struct mx_deliver_target *targets;
	size_t target_count;
	const struct mx_imap_account *bounces; /* mail_from's mailbox, or NULL */
	struct mx_ledger_floors floors;
	int64_t wait_us; /* to look for a message after it was sent */
	int64_t poll_us; /* between two looks */
	bool clean;      /* remove what was found */
};

/** Called from the loop. */
struct mx_deliver_hooks {
	/** The relay has answered, or somebody is being looked for: what is known so far. May be NULL. */
	void (*progress)(void *arg, const struct mx_delivery *delivery, const char *what);
	/** One mailbox is done: once each, in the order in which they are. */
	void (*done)(void *arg, const struct mx_delivery *delivery);
	/** All are. Nothing comes behind it; mx_deliver_stop() is still due. */
	void (*over)(void *arg);
	void *arg;
};

struct mx_deliver;
/** Nothing is called from inside. Never NULL. */
struct mx_deliver *mx_deliver_start(
    const struct mx_deliver_params *params, const struct mx_deliver_hooks *hooks);
/** Breaks off what is under way, without a callback. NULL is taken. */
void mx_deliver_stop(struct mx_deliver *deliver);

#endif
