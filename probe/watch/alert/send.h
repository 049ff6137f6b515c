/*
 * send.h - one notice on its way to one receiver.
 * In:   a receiver, a notice as it waits in the outbox.
 * Out:  taken, to be tried again, or refused for good; exactly once.
 * Not:  no queue, no second try (post.h).
 */
#ifndef MX_WATCH_ALERT_SEND_H
#define MX_WATCH_ALERT_SEND_H

#include "probe/dns/resolver.h"
#include "probe/net/fetch.h"
#include "probe/watch/alert/receiver.h"

/** What all senders use. Strings own, but for those of the callers. */
struct mx_send_tools {
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	struct mx_fetcher *fetcher;
	const char *mail_from, *via, *password_file, *ca_file; /* for mail; may be NULL */
};

/** Borrowed until the start call returns. */
struct mx_send_notice {
	const char *id, *topic, *body;
	int64_t created_us;
};

enum mx_send_end {
	MX_SEND_TAKEN,
	MX_SEND_AGAIN,  /* later, perhaps */
	MX_SEND_REFUSED /* never */
};
struct mx_send_outcome {
	enum mx_send_end end;
	int64_t
	    asked_us; /* the receiver wants to be left alone for so long; 0: nothing said */
	const char *why; /* a sentence, safe to show; never NULL */
};

struct mx_send;
/** done is called once, from the loop; the outcome is borrowed until it returns, the handle dies
 *  before. receiver and tools must live as long. */
struct mx_send *mx_send_start(const struct mx_receiver *receiver,
    const struct mx_send_tools *tools, const struct mx_send_notice *notice,
    void (*done)(void *arg, const struct mx_send_outcome *outcome), void *arg);
/** done never comes then. NULL is taken. */
void mx_send_cancel(struct mx_send *send);

#endif
