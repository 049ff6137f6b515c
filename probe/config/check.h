/*
 * check.h - what the schema can't say of a value; private to config/.
 * In:   the values as loaded.   Out: MX_ERR_CONFIG that names file, line and field, or MX_OK.
 * Not:  nothing is looked up or opened: a file that is missing is no wrong configuration.
 */
#ifndef MX_CONFIG_CHECK_H
#define MX_CONFIG_CHECK_H

#include "probe/config/config.h"

/** MX_ERR_CONFIG: FIELD: "VALUE" is WHY. */
enum mx_err mx_config_refuse(const struct mx_config *config, const char *field,
    const char *value, const char *why, struct mx_error *err);

/** Sources, selectors, blocklists (check.c). */
enum mx_err mx_config_check(const struct mx_config *config, struct mx_error *err);
/** Reads every span's text, and holds floors and counts against what they may be (spans.c). */
enum mx_err mx_config_read_spans(struct mx_config *config, struct mx_error *err);
/** web, deliver and alerts (services.c). */
enum mx_err mx_config_check_services(
    const struct mx_config *config, struct mx_error *err);

#endif
