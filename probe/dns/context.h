/*
 * context.h - libunbound, set up our way: the one file that knows it.
 * In:   name servers to forward to, a trust anchor; questions.   Out: parsed answers.
 * Not:  no queue, no deadline, no promise when the callback comes (resolver.h makes them).
 */
#ifndef MX_DNS_CONTEXT_H
#define MX_DNS_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/addr.h"
#include "probe/base/err.h"
#include "probe/dns/resolver.h"
#include "probe/net/loop.h"

/** How many questions one context is sized for; more at once take time and memory out of all
 *  proportion (10,000 at once: half the speed of 500, ten times the memory). */
#define MX_DNS_CONTEXT_QUESTIONS 500

struct mx_dns_context;

struct mx_dns_context_params {
	const struct mx_addr *forwarders; /* port 0 means 53 */
	size_t forwarder_count;           /* 0: full recursion */
	const char *anchor; /* file of DS or DNSKEY records; NULL: no validation */
	bool public_root; /* the anchor is that of the public root, which denies test. */
};

/** NULL with MX_ERR_USAGE when the anchor file is unreadable or malformed, else with
 *  MX_ERR_RESOLVER. Nothing is sent. */
struct mx_dns_context *mx_dns_context_new(struct mx_loop *loop,
    const struct mx_dns_context_params *params, struct mx_error *err);
/** NULL is taken. Questions under way may be answered (SERVFAIL) from inside this call, and are
 *  forgotten otherwise. Never from inside an answered callback. */
void mx_dns_context_free(struct mx_dns_context *context);

/** A question under way. Its memory is the asker's and stays put until it has been answered or
 *  cancelled, and until the ask has returned. */
struct mx_dns_question {
	enum mx_dns_type type;
	/** What *answer holds may be taken (zero it then). Nothing may be asked from here. */
	void (*answered)(void *arg, struct mx_dns_answer *answer);
	void *arg;
	struct mx_dns_context *context; /* private from here on */
	int id;
};

/** Ask. What the cache knows is answered from inside this call. False, and nothing called, when
 *  libunbound does not take the question. */
bool mx_dns_context_ask(struct mx_dns_context *context, const char *name,
    struct mx_dns_question *question) __attribute__((warn_unused_result));
/** answered never comes then. Only for a question that has been asked and not answered. */
void mx_dns_context_cancel(struct mx_dns_question *question);

#endif
