/*
 * alerts.h - who wants to know is told: changes of state, by mail, webhook and command.
 * In:   a store with its events; receivers from the configuration.
 * Out:  each event in one notice a receiver, sent until it is taken or too old.
 * Not:  no session, no state is changed; how a notice looks is notice.h's business.
 *
 * All that must not be forgotten is in the store (store/outbox.h): whoever is killed goes on from
 * there. A receiver may see a notice again only when we die between its answer and our commit; the
 * notice's id is the same then.
 */
#ifndef MX_WATCH_ALERT_ALERTS_H
#define MX_WATCH_ALERT_ALERTS_H

#include <stddef.h>
#include <stdint.h>

#include "probe/catalogue/catalogue.h"
#include "probe/config/config.h"
#include "probe/dns/resolver.h"
#include "probe/net/loop.h"
#include "probe/store/store.h"
#include "probe/watch/state.h"

struct mx_alerts_params {
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	struct mx_store *store; /* for writing, attached to the loop */
	const struct mx_catalogue *catalogue;
	/* alerts, reports, mail_from and deliver are copied */
	const struct mx_config_values *config;
	const struct mx_state_rules
	    *state_rules; /* for reports; NULL: the default; copied */
	const char *page; /* where people see the page ("https://..."), or NULL; copied */
};

struct mx_alerts;

/** NULL when what a receiver needs is missing: MX_ERR_CONFIG says which and what. Without receivers
 *  there is nothing to do, and nothing is done. */
struct mx_alerts *mx_alerts_new(
    const struct mx_alerts_params *params, struct mx_error *err);
/** There may be new events in the store. Cheap: call it after every one. Without it they are found
 *  within a minute. */
void mx_alerts_poke(struct mx_alerts *alerts);
/** Other receivers, another catalogue; loop, resolver and store stay. What is under way goes on. On
 *  failure nothing has changed. */
enum mx_err mx_alerts_reload(
    struct mx_alerts *alerts, const struct mx_alerts_params *params, struct mx_error *err)
    __attribute__((warn_unused_result));
/** Nothing new is begun; done comes, from the loop, when what is under way has ended, within 10 s. What
 *  is left waits in the store. */
void mx_alerts_stop(struct mx_alerts *alerts, void (*done)(void *arg), void *arg);
/** After done of mx_alerts_stop, or at any time: then what is under way is broken off. Before the
 *  store is closed. NULL is taken. */
void mx_alerts_free(struct mx_alerts *alerts);

enum mx_alerts_kind {
	MX_ALERTS_MAIL,
	MX_ALERTS_WEBHOOK,
	MX_ALERTS_COMMAND,
	MX_ALERTS_KINDS
};
/** "mail", "webhook", "command". */
const char *mx_alerts_kind_name(enum mx_alerts_kind kind);

/** Since mx_alerts_new, but for waiting. */
struct mx_alerts_counts {
	uint64_t sent;
	uint64_t failed;  /* tries that will be made again */
	uint64_t refused; /* given up: the receiver will not have it */
	uint64_t expired; /* given up: too old */
	uint64_t waiting; /* now */
};
/** NULL alerts gives zeros. */
void mx_alerts_counts(
    const struct mx_alerts *alerts, struct mx_alerts_counts counts[MX_ALERTS_KINDS]);

#endif
