/* yaml_pack.c - the schema is walked once to write and once to read, so that a new field of a row
 * needs no line here. */
#include "probe/base/yaml_pack.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/hash.h"
#include "probe/base/mem.h"
#include "probe/base/yaml.h"

/* Raise it when what is written for a type changes. */
#define PACK_FORMAT 1

/* The length written for a string or sequence that is not there. */
#define ABSENT UINT32_MAX

static bool
is_pointer(const cyaml_schema_value_t *schema)
{
	return (schema->flags & CYAML_FLAG_POINTER) != 0;
}

static bool
is_optional(const cyaml_schema_value_t *schema)
{
	return (schema->flags & CYAML_FLAG_OPTIONAL) != 0;
}

static bool
is_number(const cyaml_schema_value_t *schema)
{
	return !is_pointer(schema) && schema->data_size <= sizeof(uint64_t) &&
	       (schema->type == CYAML_UINT || schema->type == CYAML_ENUM);
}

static uint64_t
get_number(const void *from, size_t size)
{
	uint64_t number = 0;

	memcpy(&number, from, size); /* an image is not for another byte order */
	return number;
}

/* ---- the key ---- */

static uint64_t
hash_text(const char *text, uint64_t seed)
{
	return mx_hash(text, strlen(text), seed);
}

static uint64_t
hash_schema(const cyaml_schema_value_t *schema, uint64_t seed)
{
	const uint64_t kind[] = { schema->type, schema->flags, schema->data_size };
	uint64_t hash = mx_hash(kind, sizeof kind, seed);

	if (schema->type == CYAML_ENUM)
		for (uint32_t i = 0; i < schema->enumeration.count; i++)
			hash = hash_text(schema->enumeration.strings[i].str,
			    hash + (uint64_t)schema->enumeration.strings[i].val);
	if (schema->type == CYAML_SEQUENCE)
		hash = hash_schema(schema->sequence.entry, hash);
	if (schema->type == CYAML_MAPPING)
		for (const cyaml_schema_field_t *field = schema->mapping.fields;
		     field->key != NULL; field++)
			hash = hash_schema(&field->value, hash_text(field->key, hash));
	return hash;
}

uint64_t
mx_yaml_pack_key(const cyaml_schema_value_t *schema, const char *text, size_t len)
{
	return mx_hash(text, len, hash_schema(schema, PACK_FORMAT));
}

/* ---- writing ---- */

static bool pack_value(const cyaml_schema_value_t *schema, const char *at, uint64_t count,
    struct mx_buf *out);

static bool
pack_length(uint64_t len, struct mx_buf *out)
{
	uint32_t small = (uint32_t)len;

	return len <= ABSENT && mx_buf_add(out, &small, sizeof small);
}

static bool
pack_string(const char *text, struct mx_buf *out)
{
	size_t len = text != NULL ? strlen(text) : 0;

	if (text == NULL)
		return pack_length(ABSENT, out);
	return pack_length(len, out) && mx_buf_add(out, text, len);
}

static bool
pack_sequence(const cyaml_schema_value_t *entry, const char *items, uint64_t count,
    struct mx_buf *out)
{
	size_t size = is_pointer(entry) ? sizeof(void *) : entry->data_size;

	if (items == NULL)
		return pack_length(ABSENT, out);
	if (!pack_length(count, out))
		return false;
	for (uint64_t i = 0; i < count; i++)
		if (!pack_value(entry, items + i * size, 0, out))
			return false;
	return true;
}

static bool
pack_mapping(const cyaml_schema_field_t *field, const char *row, struct mx_buf *out)
{
	for (; field->key != NULL; field++)
		if (!pack_value(&field->value, row + field->data_offset,
			get_number(row + field->count_offset, field->count_size), out))
			return false;
	return true;
}

/* at: where the value, or the pointer to it, stands. count: of a sequence. */
static bool
pack_value(const cyaml_schema_value_t *schema, const char *at, uint64_t count,
    struct mx_buf *out)
{
	const char *pointed = NULL;

	if (is_number(schema))
		return mx_buf_add(out, at, schema->data_size);
	if (schema->type == CYAML_MAPPING && !is_pointer(schema))
		return pack_mapping(schema->mapping.fields, at, out);
	if (!is_pointer(schema))
		return false;
	memcpy(&pointed, at, sizeof pointed);
	if (schema->type == CYAML_STRING)
		return pack_string(pointed, out);
	return schema->type == CYAML_SEQUENCE &&
	       pack_sequence(schema->sequence.entry, pointed, count, out);
}

bool
mx_yaml_pack(const cyaml_schema_value_t *schema, const void *rows, unsigned count,
    struct mx_buf *out)
{
	return schema->type == CYAML_SEQUENCE && is_pointer(schema) &&
	       pack_sequence(schema->sequence.entry, rows, count, out);
}

/* ---- reading ---- */

struct reader {
	const char *at, *end;
};

static bool unpack_value(
    const cyaml_schema_value_t *schema, struct reader *reader, char *to, uint64_t *count);

static bool
take(struct reader *reader, void *to, size_t len)
{
	if ((size_t)(reader->end - reader->at) < len)
		return false;
	memcpy(to, reader->at, len);
	reader->at += len;
	return true;
}

static bool
is_enum_value(const cyaml_schema_value_t *schema, uint64_t number)
{
	for (uint32_t i = 0; i < schema->enumeration.count; i++)
		if ((uint64_t)schema->enumeration.strings[i].val == number)
			return true;
	return number == 0 && is_optional(schema);
}

static bool
unpack_number(const cyaml_schema_value_t *schema, struct reader *reader, char *to)
{
	if (!take(reader, to, schema->data_size))
		return false;
	return schema->type != CYAML_ENUM ||
	       is_enum_value(schema, get_number(to, schema->data_size));
}

static bool
unpack_string(const cyaml_schema_value_t *schema, struct reader *reader, char **to)
{
	uint32_t len;

	if (!take(reader, &len, sizeof len))
		return false;
	if (len == ABSENT)
		return is_optional(schema);
	if (len < schema->string.min || len > schema->string.max ||
	    (size_t)(reader->end - reader->at) < len ||
	    memchr(reader->at, '\0', len) != NULL)
		return false;
	*to = mx_strndup(reader->at, len);
	reader->at += len;
	return true;
}

/* *count grows with what is there, so that a half-read sequence can be freed. */
static bool
unpack_sequence(
    const cyaml_schema_value_t *schema, struct reader *reader, char **to, uint64_t *count)
{
	const cyaml_schema_value_t *entry = schema->sequence.entry;
	size_t size = is_pointer(entry) ? sizeof(void *) : entry->data_size;
	uint32_t len;

	if (!take(reader, &len, sizeof len))
		return false;
	if (len == ABSENT)
		return is_optional(schema) || schema->sequence.min == 0;
	/* every entry takes a byte at least: no length makes us reserve more than that */
	if (len < schema->sequence.min || len > schema->sequence.max ||
	    (size_t)(reader->end - reader->at) < len)
		return false;
	*to = mx_calloc((size_t)len + 1, size);
	while (*count < len) {
		++*count;
		if (!unpack_value(entry, reader, *to + (*count - 1) * size, NULL))
			return false;
	}
	return true;
}

static bool
unpack_mapping(const cyaml_schema_field_t *field, struct reader *reader, char *row)
{
	for (; field->key != NULL; field++) {
		uint64_t count = 0;
		bool done =
		    unpack_value(&field->value, reader, row + field->data_offset, &count);

		if (field->count_size > 0)
			memcpy(row + field->count_offset, &count, field->count_size);
		if (!done)
			return false;
	}
	return true;
}

static bool
unpack_value(
    const cyaml_schema_value_t *schema, struct reader *reader, char *to, uint64_t *count)
{
	char *pointed = NULL;
	bool done = false;

	if (is_number(schema))
		return unpack_number(schema, reader, to);
	if (schema->type == CYAML_MAPPING && !is_pointer(schema))
		return unpack_mapping(schema->mapping.fields, reader, to);
	if (!is_pointer(schema))
		return false;
	if (schema->type == CYAML_STRING)
		done = unpack_string(schema, reader, &pointed);
	else if (schema->type == CYAML_SEQUENCE && count != NULL)
		done = unpack_sequence(schema, reader, &pointed, count);
	memcpy(to, &pointed, sizeof pointed);
	return done;
}

bool
mx_yaml_unpack(const cyaml_schema_value_t *schema, const char *bytes, size_t len,
    void **rows, unsigned *count)
{
	struct reader reader = { bytes, bytes + len };
	uint64_t read = 0;
	char *items = NULL;
	bool done = schema->type == CYAML_SEQUENCE && is_pointer(schema) &&
		    unpack_sequence(schema, &reader, &items, &read) &&
		    reader.at == reader.end;

	*rows = items;
	*count = (unsigned)read;
	if (done)
		return true;
	if (items != NULL)
		mx_yaml_free(schema, items, *count);
	*rows = NULL;
	*count = 0;
	return false;
}
