/*
 * config.h - the configuration file (mxprobe.yaml(5)), read strictly.
 * In:   --config FILE, else the first of the usual places that has one.
 * Out:  its values; every one of them is optional.
 * Not:  no defaults, no merging with options (cmd/settings.c), no lookup of names.
 */
#ifndef MX_CONFIG_CONFIG_H
#define MX_CONFIG_CONFIG_H

#include <stddef.h>

#include "probe/base/err.h"

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
 *  read. Addresses are checked for form here. Clear with mx_config_clear in any case. */
enum mx_err mx_config_load(struct mx_config *config, const char *given,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_config_clear(struct mx_config *config);

/** A value that its user refuses: MX_ERR_CONFIG "FILE:LINE: FIELD: WHY". field is a path such as
 *  "mailboxes[0]". */
enum mx_err mx_config_fault(const struct mx_config *config, const char *field,
    const char *why, struct mx_error *err);

#endif
