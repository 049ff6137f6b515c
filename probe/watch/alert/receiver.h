/*
 * receiver.h - one entry of the configuration's alerts or reports, as its sender wants it.
 * In:   the entry.   Out: a copy of its own, the key under which the store knows it, its name.
 * Not:  no secret is read, nothing is sent.
 */
#ifndef MX_WATCH_ALERT_RECEIVER_H
#define MX_WATCH_ALERT_RECEIVER_H

#include <stddef.h>
#include <stdint.h>

#include "probe/config/config.h"
#include "probe/net/fetch_url.h"
#include "probe/watch/alert/alerts.h"

/** All own. */
struct mx_receiver {
	enum mx_alerts_kind kind;
	char *key;  /* stands for it in the store: kind and target, without secrets */
	char *name; /* "alerts[1], the webhook at hooks.example.jp": for messages */
	char *at;   /* of reports: when (cron.h). NULL: is told of events */
	char **to;  /* mail: mailboxes; command: its words; NULL at the end */
	size_t to_count;
	struct mx_fetch_url url; /* webhook */
	enum mx_config_format format;
	char *secret_file, *ca_file; /* or NULL */
	char **only;
	size_t only_count;
	enum mx_config_severity least;
	int64_t group_wait_us;
};

/** Of all entries of alerts, then of reports; *count of them. MX_ERR_CONFIG names the entry. Free
 *  with mx_receivers_free in any case. */
enum mx_err mx_receivers_make(const struct mx_config_values *config,
    struct mx_receiver **receivers, size_t *count, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_receivers_free(struct mx_receiver *receivers, size_t count);
void mx_receiver_clear(struct mx_receiver *receiver);

#endif
