/*
 * config.h - the configuration file (mxprobe.yaml(5)), read strictly.
 * In:   --config FILE, else the first of the usual places that has one.
 * Out:  its values; every one of them is optional.
 * Not:  no defaults (cmd/limits.h), no merging with options (cmd/settings.c), no lookup of names.
 *
 * Nothing is kept between two loads: a daemon may load again and drop what it had.
 */
#ifndef MX_CONFIG_CONFIG_H
#define MX_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/err.h"

/** A span of time such as "4h". */
struct mx_config_span {
	char *text; /* NULL: not said, and us is 0 */
	int64_t us;
};

struct mx_config_source {
	char *address; /* an address or the name of an interface */
	char *helo;    /* NULL: not said, as for all below */
	char *seen_as;
	char **tags;
	unsigned tag_count;
};

/** Secrets: to be shown nowhere. */
struct mx_config_keys {
	char *spamhaus_dqs, *abusix; /* one DNS label each; NULL: not given */
};

struct mx_config_dnsbl {
	char **zones; /* domain names */
	unsigned zone_count;
	struct mx_config_keys keys;
};

/** Floors of the ledger: longer or fewer than what holds anyway, never the other way round. */
struct mx_config_politeness {
	struct mx_config_span interval, blocked, throttled, throttled_most, all_addresses,
	    network;
	unsigned at_once, per_minute; /* 0: not said */
};

/** What it takes for a pair to change its state (watch/state.h). */
struct mx_config_state {
	unsigned clear_accepts, clear_addresses; /* 0: not said */
	struct mx_config_span clear_span, suspect_gap, regress, expected, overdue;
};

struct mx_config_schedule {
	struct mx_config_span interval, blocked, checks;
};

struct mx_config_retention {
	struct mx_config_span results, transcripts;
};

/** Both or neither; absolute paths, as all files below. */
struct mx_config_tls {
	char *cert, *key;
};

struct mx_config_web {
	char *listen; /* ADDRESS:PORT or [IPV6]:PORT */
	struct mx_config_tls tls;
	char *token_file;
	char *users_file;
	char **names; /* of this host, for browsers */
	unsigned name_count;
	char *url; /* where people see the page, without a slash at its end */
};

/** Where to look for what was sent to one of the mailboxes, or for what bounced to mail_from. */
struct mx_config_inbox {
	char *mailbox;
	char *imap; /* imap[s]://[USER@]HOST[:PORT] */
	char *password_file,
	    *token_file; /* one of them; NULL: a credential, or asked for */
	char *authserv;  /* whose Authentication-Results count */
	char *ca_file;   /* NULL: the system's CAs */
};

struct mx_config_deliver {
	char *via; /* smtp://[USER@]HOST[:PORT] or smtps://... */
	char *password_file;
	char *ca_file;                  /* NULL: the system's CAs */
	bool tls_optional;              /* tls: may */
	struct mx_config_span interval; /* of the daemon; not said: it sends none */
	struct mx_config_inbox *inboxes;
	unsigned inbox_count;
};

struct mx_config_mail {
	char **to;
	unsigned to_count;
};

enum mx_config_format {
	MX_CONFIG_JSON,
	MX_CONFIG_ALERTMANAGER
};
/** The word that stands for it in the file. */
const char *mx_config_format_name(enum mx_config_format format);

struct mx_config_webhook {
	char *url; /* http:// or https://; may hold a secret in its path */
	enum mx_config_format format;
	char *secret_file;
	char *ca_file; /* NULL: the system's CAs */
};

/** How much an alert matters. 0 is "not said". */
enum mx_config_severity {
	MX_CONFIG_ANY_SEVERITY,
	MX_CONFIG_INFO,
	MX_CONFIG_WARNING,
	MX_CONFIG_CRITICAL
};
/** The word that stands for it in the file; "" for 0. */
const char *mx_config_severity_name(enum mx_config_severity severity);

/** Exactly one of the first three. */
struct mx_config_alert {
	struct mx_config_mail *mail;
	struct mx_config_webhook *webhook;
	char **command;
	unsigned command_count;
	/* which alerts: of these providers (ids, or groups; none: all), as grave as this */
	char **only;
	unsigned only_count;
	enum mx_config_severity min_severity;
	struct mx_config_span group_wait; /* alerts that come within it are one message */
};

/** The status of what is not clear, told at times of a clock. */
struct mx_config_report {
	char *at;                  /* as crontab(5) has it; checked by whoever uses it */
	struct mx_config_alert to; /* only its first three */
};

/** The keys of the file. Filled by libcyaml, hence its counts are unsigned. */
struct mx_config_values {
	struct mx_config_source *sources;
	unsigned source_count;
	char *mail_from;
	char **destinations;
	unsigned destination_count;
	char **mailboxes;
	unsigned mailbox_count;
	char **own;
	unsigned own_count;
	char **dkim_selectors; /* each of DNS labels */
	unsigned dkim_selector_count;
	struct mx_config_dnsbl dnsbl;
	char *store;
	char *control; /* HOST|ADDRESS[:PORT], checked by whoever uses it */
	char **never;  /* never probed: domains, hosts, provider ids */
	unsigned never_count;
	struct mx_config_politeness politeness;
	struct mx_config_state state;
	struct mx_config_retention retention;
	/* For the daemon and deliver. */
	struct mx_config_schedule schedule;
	struct mx_config_web web;
	struct mx_config_deliver deliver;
	struct mx_config_alert *alerts;
	unsigned alert_count;
	struct mx_config_report *reports;
	unsigned report_count;
};

struct mx_config {
	char *path; /* NULL: there is no file, and that is fine */
	char *text; /* as read, for mx_config_fault() */
	size_t len;
	struct mx_config_values *values; /* never NULL after mx_config_load */
};

/** given NULL: $XDG_CONFIG_HOME/mxprobe/mxprobe.yaml (~/.config without that variable), else
 *  mxprobe/mxprobe.yaml in the system's configuration directory, else no values. MX_ERR_CONFIG
 *  names file, line and field of what is unknown, doubled or malformed, or why the file can't be
 *  read. Addresses, spans, floors, files and URLs are checked for form here. Clear with mx_config_clear in any case. */
enum mx_err mx_config_load(struct mx_config *config, const char *given,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_config_clear(struct mx_config *config);

/** A value that its user refuses: MX_ERR_CONFIG "FILE:LINE: FIELD: WHY". field is a path such as
 *  "mailboxes[0]". */
enum mx_err mx_config_fault(const struct mx_config *config, const char *field,
    const char *why, struct mx_error *err);

#endif
