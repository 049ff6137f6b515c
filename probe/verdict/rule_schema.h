/*
 * rule_schema.h - the shape of taxonomy/rules/ files; private to verdict/.
 * In:   -   Out: the libcyaml schema of a file of rules.
 * Not:  no check of what the fields refer to (compile.c).
 */
#ifndef MX_VERDICT_RULE_SCHEMA_H
#define MX_VERDICT_RULE_SCHEMA_H

#include <cyaml/cyaml.h>

extern const cyaml_schema_value_t mx_rules_schema;

#endif
