/*
 * settings.h - options and configuration file together: everything a probe run needs.
 * In:   parsed options, loaded configuration, the catalogue.
 * Out:  struct mx_probe_params, complete and checked; options beat the file.
 * Not:  no session yet; a refusal here means that nothing has been sent to anyone.
 */
#ifndef MX_CMD_SETTINGS_H
#define MX_CMD_SETTINGS_H

#include "probe/cmd/check_options.h"
#include "probe/cmd/limits.h"
#include "probe/cmd/preflight_settings.h"
#include "probe/config/config.h"
#include "probe/plan/target.h"
#include "probe/probe.h"

struct mx_settings {
	/* points into the rest, and into options and config */
	struct mx_probe_params params;
	struct mx_probe_source *sources;
	size_t source_count;
	struct mx_targets targets;
	char *mail_from; /* ASCII form */
	char **mailboxes;
	size_t mailbox_count;
	struct mx_dnsbl_key dnsbl_keys[MX_DNSBL_KEYS];
	char **own;
	size_t own_count;
	char **never; /* ASCII names and provider ids */
	size_t never_count;
	struct mx_limits limits;
	struct mx_place control; /* --control, else the file's */
};

/** All three must outlive *settings. MX_ERR_USAGE for what options say, MX_ERR_CONFIG (with file,
 *  line, field) for what the file says. Clear with mx_settings_clear in any case. */
enum mx_err mx_settings_make(struct mx_settings *settings,
    const struct mx_check_options *options, const struct mx_config *config,
    const struct mx_catalogue *catalogue, struct mx_error *err)
    __attribute__((warn_unused_result));
/** Only what the file says, for who wants to know whether it is right: everything that
 *  mx_settings_make would refuse in it but addresses and interfaces that this host doesn't have (now).
 *  *settings is for what a full file sets; the sources are missing from it. */
enum mx_err mx_settings_from_file(struct mx_settings *settings,
    const struct mx_check_options *none, const struct mx_config *config,
    const struct mx_catalogue *catalogue, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_settings_clear(struct mx_settings *settings);

#endif
