/*
 * yaml.h - strict YAML files into structs, with errors a person can act on.
 * In:   a path and a libcyaml schema.   Out: the loaded struct, or "FILE:LINE: FIELD: what is wrong".
 * Not:  no knowledge of any particular file format.
 */
#ifndef MX_BASE_YAML_H
#define MX_BASE_YAML_H

#include <stdbool.h>
#include <cyaml/cyaml.h>

#include "probe/base/err.h"
#include "probe/base/image.h"

/** Load path into *out (an allocated struct or sequence; free with mx_yaml_free and the same
 *  schema). seq_count is for top-level sequences, else NULL. Unknown keys, duplicate keys, wrong
 *  types, values without content, aliases, NUL bytes, an empty file, a second document, a file over
 *  4 MiB and one that is not regular are MX_ERR_CONFIG errors that name file, line and field.
 *  Numbers are decimal, booleans true/false/yes/no/on/off, enum values words of the schema.
 *  A file that can't be opened is MX_ERR_CONFIG too, with err->sys its errno. *out is NULL then. */
enum mx_err mx_yaml_load_file(const char *path, const cyaml_schema_value_t *schema,
    void **out, unsigned *seq_count, struct mx_error *err)
    __attribute__((warn_unused_result));
/** The same, and quicker when the image holds what this very text was loaded into before; image
 *  may be NULL. The schema is one that yaml_pack.h can pack. */
enum mx_err mx_yaml_load_imaged(const struct mx_image *image, const char *path,
    const cyaml_schema_value_t *schema, void **out, unsigned *seq_count,
    struct mx_error *err) __attribute__((warn_unused_result));
/** The text of such a file, at most 4 MiB, for who wants its bytes. *text is initialised here and
 *  cleared by the caller, in case of failure too. */
enum mx_err mx_yaml_read_file(const char *path, struct mx_buf *text, struct mx_error *err)
    __attribute__((warn_unused_result));
/** mx_yaml_load_file from memory; name stands for the path in messages. */
enum mx_err mx_yaml_load_text(const char *name, const char *text, size_t len,
    const cyaml_schema_value_t *schema, void **out, unsigned *seq_count,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_yaml_free(const cyaml_schema_value_t *schema, void *data, unsigned seq_count);

#endif
