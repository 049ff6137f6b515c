/*
 * config_doubts.h - what is no error in a configuration, but probably not meant.
 * In:   a configuration that is right.   Out: one sentence a doubt, with file, line and field.
 * Not:  no lookup and no connection; only files and addresses of this host are looked at.
 */
#ifndef MX_CMD_CONFIG_DOUBTS_H
#define MX_CMD_CONFIG_DOUBTS_H

#include <stdio.h>

#include "probe/catalogue/catalogue.h"
#include "probe/config/config.h"

/** Prints them, one a line, and returns how many. */
unsigned mx_config_doubts(
    FILE *out, const struct mx_config *config, const struct mx_catalogue *catalogue);

#endif
