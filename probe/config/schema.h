/*
 * schema.h - which keys the file may have; private to config/.
 * In:   nothing.   Out: libcyaml's schema of struct mx_config_values.
 * Not:  no check of what a value says (check.h).
 */
#ifndef MX_CONFIG_SCHEMA_H
#define MX_CONFIG_SCHEMA_H

#include "probe/base/yaml.h"
#include "probe/config/config.h"

extern const cyaml_schema_value_t mx_config_schema;

#endif
