/*
 * yaml_strict.h - a YAML text held against its schema before libcyaml loads it.
 * In:   the text and the libcyaml schema.   Out: the first thing wrong, with its line and field.
 * Not:  loads nothing; only base/yaml.c calls it.
 *
 * libcyaml alone is neither strict nor exact enough: it takes "maybe" for true and "12a" for 12,
 * cuts strings at a NUL, passes over a second document, calls an empty file a success, and names
 * the line before the one where an unknown or repeated key stands.
 */
#ifndef MX_BASE_YAML_STRICT_H
#define MX_BASE_YAML_STRICT_H

#include <stdbool.h>
#include <cyaml/cyaml.h>

#include "probe/base/err.h"

/** name stands for the file in messages. Anchors may stand in the text; aliases are errors, as a
 *  few lines of them can unfold into gigabytes. */
enum mx_err mx_yaml_check(const char *name, const char *text, size_t len,
    const cyaml_schema_value_t *schema, struct mx_error *err)
    __attribute__((warn_unused_result));

#endif
