/*
 * preflight_settings.h - options and configuration file together: what one preflight run needs.
 * In:   parsed options, loaded configuration, the catalogue.
 * Out:  struct mx_preflight_run_params, complete; options beat the file.
 * Not:  no lookup.
 */
#ifndef MX_CMD_PREFLIGHT_SETTINGS_H
#define MX_CMD_PREFLIGHT_SETTINGS_H

#include "probe/cmd/preflight_options.h"
#include "probe/config/config.h"
#include "probe/plan/target.h"
#include "probe/run/preflight.h"

#define MX_DNSBL_KEYS 2 /* as many as struct mx_config_keys has */

struct mx_preflight_settings {
	/* points into the rest, and into options and config */
	struct mx_preflight_run_params params;
	struct mx_preflight_run_source *sources;
	size_t source_count;
	struct mx_targets targets;
	struct mx_dnsbl_key keys[MX_DNSBL_KEYS];
	size_t key_count;
};

/** The keys that the file gives, for mx_dnsbl_new(). Values are borrowed from config. */
size_t mx_settings_dnsbl_keys(
    const struct mx_config_values *values, struct mx_dnsbl_key out[MX_DNSBL_KEYS]);

/** All three must outlive *settings. MX_ERR_USAGE for what options say, MX_ERR_CONFIG for what the
 *  file says. Clear with mx_preflight_settings_clear in any case. */
enum mx_err mx_preflight_settings_make(struct mx_preflight_settings *settings,
    const struct mx_preflight_options *options, const struct mx_config *config,
    const struct mx_catalogue *catalogue, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_preflight_settings_clear(struct mx_preflight_settings *settings);

#endif
