/*
 * schema.h - the shape of taxonomy/ files; private to catalogue/.
 * In:   -   Out: libcyaml schemas of top-level sequences, for mx_yaml_load_file().
 * Not:  no meaning: ids that refer to other rows are checked in check.c.
 */
#ifndef MX_CATALOGUE_SCHEMA_H
#define MX_CATALOGUE_SCHEMA_H

#include <cyaml/cyaml.h>

extern const cyaml_schema_value_t mx_categories_schema;
extern const cyaml_schema_value_t mx_providers_schema;
extern const cyaml_schema_value_t mx_lists_schema;
extern const cyaml_schema_value_t mx_remedies_schema;

#endif
