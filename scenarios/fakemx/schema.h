/*
 * schema.h - the keys of a scenario file, for libcyaml.
 * In:   -   Out: the schema that loads a struct mx_scenario.
 * Not:  what the values must mean to each other (check.h).
 */
#ifndef MX_FAKEMX_SCHEMA_H
#define MX_FAKEMX_SCHEMA_H

#include <cyaml/cyaml.h>

extern const cyaml_schema_value_t mx_scenario_schema;

#endif
