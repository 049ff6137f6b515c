/*
 * yaml_pack.h - rows that were loaded from YAML, as bytes that load without parsing.
 * In:   a libcyaml schema and the rows it describes.   Out: bytes, and the same rows from them.
 * Not:  no file (image.h), no check of what the rows mean: bytes come from rows that passed it.
 *
 * Of a schema's types: strings, enums, unsigned numbers, mappings, and sequences behind a pointer.
 */
#ifndef MX_BASE_YAML_PACK_H
#define MX_BASE_YAML_PACK_H

#include <stdbool.h>
#include <stdint.h>
#include <cyaml/cyaml.h>

#include "probe/base/buf.h"

/** Stands for the rows of this text in this schema: changes when either does. */
uint64_t mx_yaml_pack_key(
    const cyaml_schema_value_t *schema, const char *text, size_t len);
/** Append the rows. False when the schema has a type that can't be packed, or out is full. */
bool mx_yaml_pack(const cyaml_schema_value_t *schema, const void *rows, unsigned count,
    struct mx_buf *out);
/** The rows again, to be freed with mx_yaml_free; false, and nothing to free, when the bytes are
 *  not what mx_yaml_pack writes. */
bool mx_yaml_unpack(const cyaml_schema_value_t *schema, const char *bytes, size_t len,
    void **rows, unsigned *count);

#endif
