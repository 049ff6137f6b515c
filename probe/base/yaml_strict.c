/* yaml_strict.c - libyaml's events and the schema, walked side by side. */
#include "probe/base/yaml_strict.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/base/nearest.h"
#include "probe/base/yaml_walk.h"

#define DEPTH_MOST 64 /* a schema may contain itself; libyaml's time is depth squared */

static bool check_value(struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema);

/* ---- single values ---- */

static bool
is_word(const cyaml_schema_value_t *schema, const char *word, const char *text)
{
	if (schema->flags & CYAML_FLAG_CASE_INSENSITIVE)
		return strcasecmp(word, text) == 0;
	return strcmp(word, text) == 0;
}

static bool
check_enum(
    struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema, const char *text)
{
	struct mx_buf wanted;
	uint32_t i;

	for (i = 0; i < schema->enumeration.count; i++)
		if (is_word(schema, schema->enumeration.strings[i].str, text))
			return true;
	mx_buf_init(&wanted, 500);
	(void)mx_buf_addstr(&wanted, "must be one of ");
	for (i = 0; i < schema->enumeration.count; i++)
		if (!mx_buf_addf(&wanted, "%s%s", i > 0 ? ", " : "",
			schema->enumeration.strings[i].str))
			break;
	mx_yaml_walk_fail_found(walk, wanted.data);
	mx_buf_clear(&wanted);
	return false;
}

static bool
check_bool(
    struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema, const char *text)
{
	static const char *const words[] = { "true", "false", "yes", "no", "on", "off" };
	size_t i;

	(void)schema;
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcasecmp(words[i], text) == 0)
			return true;
	return mx_yaml_walk_fail_found(walk, "must be true or false");
}

/* Decimal only: "010" is 8 to some and 10 to others, so it is nobody's. */
static bool
is_decimal(const char *text)
{
	text += text[0] == '-';
	if (text[0] == '0' && text[1] != '\0')
		return false;
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static bool
check_int(struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema, const char *text)
{
	int64_t most = (int64_t)(UINT64_MAX >> (65 - schema->data_size * 8)),
		least = -most - 1;
	char wanted[100];
	long long number;

	errno = 0;
	number = strtoll(text, NULL, 10);
	if (is_decimal(text) && errno == 0 && number >= least && number <= most)
		return true;
	snprintf(wanted, sizeof wanted, "must be a whole number from %lld to %lld",
	    (long long)least, (long long)most);
	return mx_yaml_walk_fail_found(walk, wanted);
}

static bool
check_uint(
    struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema, const char *text)
{
	uint64_t most = UINT64_MAX >> (64 - schema->data_size * 8);
	char wanted[100];
	unsigned long long number;

	errno = 0;
	number = strtoull(text, NULL, 10);
	if (is_decimal(text) && text[0] != '-' && errno == 0 && number <= most)
		return true;
	snprintf(wanted, sizeof wanted, "must be a whole number from 0 to %llu",
	    (unsigned long long)most);
	return mx_yaml_walk_fail_found(walk, wanted);
}

static bool
check_float(
    struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema, const char *text)
{
	char *end;

	(void)schema;
	errno = 0;
	(void)strtod(text, &end);
	/* strtod() also knows spaces, hexadecimal, "inf" and "nan". */
	if (errno == 0 && end != text && *end == '\0' &&
	    text[strspn(text, "+-.0123456789eE")] == '\0')
		return true;
	return mx_yaml_walk_fail_found(walk, "must be a number");
}

static bool
check_string(
    struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema, const char *text)
{
	size_t len = strlen(text);

	if (len < schema->string.min)
		return mx_yaml_walk_fail(walk, mx_yaml_walk_line(walk),
		    "is too short (%zu bytes, at least %u)", len, schema->string.min);
	if (len > schema->string.max)
		return mx_yaml_walk_fail(walk, mx_yaml_walk_line(walk),
		    "is too long (%zu bytes, at most %u)", len, schema->string.max);
	return true;
}

static const char *
kind_of(const yaml_event_t *event)
{
	if (event->type == YAML_MAPPING_START_EVENT)
		return "a mapping (key: value)";
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return "a list";
	return event->data.scalar.length > 0 ? "a single value" : "nothing";
}

static bool
fail_kind(struct mx_yaml_walk *walk, const char *wanted)
{
	return mx_yaml_walk_fail(walk, mx_yaml_walk_line(walk), "must be %s, found %s",
	    wanted, kind_of(&walk->event));
}

static bool
check_scalar(struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema)
{
	static bool (*const checks[CYAML__TYPE_COUNT])(
	    struct mx_yaml_walk *, const cyaml_schema_value_t *, const char *) = {
		[CYAML_INT] = check_int,
		[CYAML_UINT] = check_uint,
		[CYAML_BOOL] = check_bool,
		[CYAML_ENUM] = check_enum,
		[CYAML_FLAGS] = check_enum, /* of one item of the list */
		[CYAML_FLOAT] = check_float,
		[CYAML_STRING] = check_string,
	};
	const char *text = (const char *)walk->event.data.scalar.value;

	if (walk->event.type != YAML_SCALAR_EVENT)
		return fail_kind(walk, "a single value");
	if (memchr(text, '\0', walk->event.data.scalar.length) != NULL)
		return mx_yaml_walk_fail(
		    walk, mx_yaml_walk_line(walk), "must not contain a NUL byte");
	if (text[0] == '\0' && walk->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		return mx_yaml_walk_fail(walk, mx_yaml_walk_line(walk),
		    "has no value (\"\" is the empty text; or remove the line)");
	return checks[schema->type] == NULL || checks[schema->type](walk, schema, text);
}

/* ---- lists ---- */

static bool
check_count(struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema,
    unsigned long line, size_t count)
{
	if (schema->type == CYAML_FLAGS)
		return true;
	if (count < schema->sequence.min)
		return mx_yaml_walk_fail(walk, line, "needs at least %u item%s, has %zu",
		    schema->sequence.min, schema->sequence.min == 1 ? "" : "s", count);
	if (count > schema->sequence.max)
		return mx_yaml_walk_fail(walk, line, "may have %u item%s at most",
		    schema->sequence.max, schema->sequence.max == 1 ? "" : "s");
	return true;
}

static bool
check_sequence(struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema)
{
	unsigned long line = mx_yaml_walk_line(walk);
	size_t count, path_len = walk->path.len;
	bool good;

	if (walk->event.type != YAML_SEQUENCE_START_EVENT)
		return fail_kind(walk, "a list");
	for (count = 0;; count++) {
		if (!mx_yaml_walk_next(walk))
			return false;
		if (walk->event.type == YAML_SEQUENCE_END_EVENT)
			return check_count(walk, schema, line, count);
		if (schema->type != CYAML_FLAGS && count == schema->sequence.max)
			return check_count(
			    walk, schema, mx_yaml_walk_line(walk), count + 1);
		mx_yaml_walk_enter_index(walk, count);
		good = schema->type == CYAML_FLAGS
			   ? check_scalar(walk, schema)
			   : check_value(walk, schema->sequence.entry);
		if (!good)
			return false;
		mx_buf_cut(&walk->path, path_len);
	}
}

/* ---- mappings ---- */

/* Every key of a mapping, in the order of the schema. Caller frees the array. */
static const char **
list_keys(const cyaml_schema_field_t *fields, size_t *count)
{
	const char **keys = NULL;

	for (*count = 0; fields[*count].key != NULL; ++*count) {
		keys = mx_grow(keys, *count, sizeof *keys);
		keys[*count] = fields[*count].key;
	}
	return keys;
}

static bool
fail_unknown(
    struct mx_yaml_walk *walk, const cyaml_schema_field_t *fields, const char *key)
{
	size_t count;
	const char **keys = list_keys(fields, &count);
	const char *near = mx_nearest(key, keys, count);
	char *quoted = mx_yaml_walk_quote(walk);
	struct mx_buf known;

	mx_buf_init(&known, 400);
	(void)mx_buf_addstr(&known, "known here: ");
	for (size_t i = 0; i < count; i++)
		if (!mx_buf_addf(&known, "%s%s", i > 0 ? ", " : "", keys[i]))
			break;
	if (near != NULL)
		mx_yaml_walk_fail(walk, mx_yaml_walk_line(walk),
		    "unknown key %s (did you mean \"%s\"?)", quoted, near);
	else
		mx_yaml_walk_fail(walk, mx_yaml_walk_line(walk), "unknown key %s (%s)",
		    quoted, known.data);
	mx_buf_clear(&known);
	free(quoted);
	free(keys);
	return false;
}

/* The schema's row for the current key, after noting on which line it stands; NULL on error. */
static const cyaml_schema_field_t *
take_key(
    struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema, unsigned long *lines)
{
	const cyaml_schema_field_t *fields = schema->mapping.fields;
	const char *key = (const char *)walk->event.data.scalar.value;
	size_t i;

	if (walk->event.type != YAML_SCALAR_EVENT) {
		mx_yaml_walk_fail(walk, mx_yaml_walk_line(walk), "a key must be a word");
		return NULL;
	}
	mx_yaml_walk_enter_key(walk, key);
	for (i = 0; fields[i].key != NULL && !is_word(schema, fields[i].key, key); i++)
		;
	if (fields[i].key == NULL || strlen(key) != walk->event.data.scalar.length) {
		fail_unknown(walk, fields, key);
		return NULL;
	}
	if (lines[i] != 0) {
		mx_yaml_walk_fail(walk, mx_yaml_walk_line(walk),
		    "duplicate key \"%s\" (first on line %lu)", fields[i].key, lines[i]);
		return NULL;
	}
	lines[i] = mx_yaml_walk_line(walk);
	return &fields[i];
}

static bool
check_required(struct mx_yaml_walk *walk, const cyaml_schema_field_t *fields,
    unsigned long line, const unsigned long *lines)
{
	size_t i;

	for (i = 0; fields[i].key != NULL; i++)
		if (lines[i] == 0 && !(fields[i].value.flags & CYAML_FLAG_OPTIONAL)) {
			mx_yaml_walk_enter_key(walk, fields[i].key);
			return mx_yaml_walk_fail(walk, line, "is missing");
		}
	return true;
}

static bool
check_fields(
    struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema, unsigned long *lines)
{
	unsigned long line = mx_yaml_walk_line(walk);
	size_t path_len = walk->path.len;
	const cyaml_schema_field_t *field;

	for (;;) {
		if (!mx_yaml_walk_next(walk))
			return false;
		if (walk->event.type == YAML_MAPPING_END_EVENT)
			return check_required(walk, schema->mapping.fields, line, lines);
		field = take_key(walk, schema, lines);
		if (field == NULL || !mx_yaml_walk_next(walk) ||
		    !check_value(walk, &field->value))
			return false;
		mx_buf_cut(&walk->path, path_len);
	}
}

static bool
check_mapping(struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema)
{
	unsigned long *lines; /* of each field's key, 0 when not seen */
	size_t count = 0;
	bool good;

	if (walk->event.type != YAML_MAPPING_START_EVENT)
		return fail_kind(walk, "a mapping (key: value)");
	while (schema->mapping.fields[count].key != NULL)
		count++;
	lines = mx_calloc(count, sizeof *lines);
	good = check_fields(walk, schema, lines);
	free(lines);
	return good;
}

/* ---- any value, and the document around it ---- */

/* To the end of a value nobody looks at, or that only libcyaml judges. */
static bool
skip_value(struct mx_yaml_walk *walk)
{
	unsigned depth = 0;

	for (;;) {
		if (depth > DEPTH_MOST)
			return mx_yaml_walk_fail(
			    walk, mx_yaml_walk_line(walk), "is nested too deep");
		if (walk->event.type == YAML_MAPPING_START_EVENT ||
		    walk->event.type == YAML_SEQUENCE_START_EVENT)
			depth++;
		else if (walk->event.type != YAML_SCALAR_EVENT)
			depth--;
		if (depth == 0)
			return true;
		if (!mx_yaml_walk_next(walk))
			return false;
	}
}

/* Flags are bit sets: POINTER_NULL contains POINTER, POINTER_NULL_STR contains both. */
static bool
has_flag(const cyaml_schema_value_t *schema, enum cyaml_flag flag)
{
	return (schema->flags & flag) == flag;
}

static bool
is_allowed_null(const struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema)
{
	static const char *const words[] = { "null", "Null", "NULL", "~" };
	const char *text = (const char *)walk->event.data.scalar.value;
	size_t i;

	if (walk->event.type != YAML_SCALAR_EVENT ||
	    !has_flag(schema, CYAML_FLAG_POINTER_NULL))
		return false;
	if (text[0] == '\0')
		return true;
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (has_flag(schema, CYAML_FLAG_POINTER_NULL_STR) &&
		    strcmp(words[i], text) == 0)
			return true;
	return false;
}

static bool
check_value(struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema)
{
	bool good;

	if (is_allowed_null(walk, schema))
		return true;
	if (++walk->depth > DEPTH_MOST)
		return mx_yaml_walk_fail(
		    walk, mx_yaml_walk_line(walk), "is nested too deep");
	if (schema->type == CYAML_MAPPING)
		good = check_mapping(walk, schema);
	else if (schema->type == CYAML_SEQUENCE || schema->type == CYAML_SEQUENCE_FIXED ||
		 schema->type == CYAML_FLAGS)
		good = check_sequence(walk, schema);
	else if (schema->type == CYAML_IGNORE || schema->type == CYAML_BITFIELD)
		good = skip_value(walk);
	else
		good = check_scalar(walk, schema);
	walk->depth--;
	return good;
}

static bool
advance(struct mx_yaml_walk *walk, unsigned events)
{
	while (events-- > 0)
		if (!mx_yaml_walk_next(walk))
			return false;
	return true;
}

static bool
check_stream(struct mx_yaml_walk *walk, const cyaml_schema_value_t *schema)
{
	if (!advance(walk, 2)) /* stream start, document start */
		return false;
	if (walk->event.type == YAML_STREAM_END_EVENT)
		return mx_yaml_walk_fail(walk, 1, "the file is empty");
	if (!advance(walk, 1) || !check_value(walk, schema))
		return false;
	if (!advance(walk, 2)) /* document end, stream end */
		return false;
	if (walk->event.type != YAML_STREAM_END_EVENT)
		return mx_yaml_walk_fail(walk, mx_yaml_walk_line(walk),
		    "a second document (---) begins here; one file holds one");
	return true;
}

enum mx_err
mx_yaml_check(const char *name, const char *text, size_t len,
    const cyaml_schema_value_t *schema, struct mx_error *err)
{
	struct mx_yaml_walk walk;
	bool good;

	if (!mx_yaml_walk_init(&walk, name, text, len, err))
		return mx_error_set(
		    err, MX_ERR_LIMIT, "%s: no memory for the YAML reader", name);
	good = check_stream(&walk, schema);
	mx_yaml_walk_clear(&walk);
	return good ? MX_OK : MX_ERR_CONFIG;
}
