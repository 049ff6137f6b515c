/*
 * config_show.h - the configuration as it takes effect, for people and programs.
 * In:   a configuration that is right.   Out: every key that has a value, defaults filled in.
 * Not:  no secret: what is one shows as "(set)".
 */
#ifndef MX_CMD_CONFIG_SHOW_H
#define MX_CMD_CONFIG_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include "probe/config/config.h"

/** As YAML, which is a configuration file again where nothing in it is secret, or as JSON. */
void mx_config_show(FILE *out, const struct mx_config *config, bool is_json);

#endif
