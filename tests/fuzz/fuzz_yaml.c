/*
 * fuzz_yaml.c - properties of reading any text as YAML against a schema:
 * it is loaded, or there is a one-line error that begins with file and line; and what our own
 * check lets pass, libcyaml takes (so that no message is ever libcyaml's, which names wrong lines).
 */
#include <string.h>

#include "probe/base/yaml.h"
#include "probe/config/schema.h"
#include "tests/fuzz/fuzz.h"

struct item {
	char *name;
	int mode;
	char **tags;
	unsigned tags_count;
	struct item *inner; /* a schema may contain itself */
};

struct world {
	char *about, *note;
	struct item *items;
	unsigned items_count;
	int small;
	uint64_t huge;
	double weight;
	bool own;
	unsigned flags;
};

static const cyaml_strval_t modes[] = { { "may", 0 }, { "require", 1 } };
static const cyaml_strval_t flags[] = { { "red", 1 }, { "blue", 2 } };
static const cyaml_schema_value_t tag = { CYAML_VALUE_STRING(
    CYAML_FLAG_POINTER, char *, 1, 20) };

static const cyaml_schema_field_t item_fields[] = { CYAML_FIELD_STRING_PTR("name",
							CYAML_FLAG_POINTER, struct item,
							name, 0, CYAML_UNLIMITED),
	CYAML_FIELD_ENUM("mode", CYAML_FLAG_OPTIONAL, struct item, mode, modes, 2),
	CYAML_FIELD_SEQUENCE("tags", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct item, tags, &tag, 1, 3),
	CYAML_FIELD_MAPPING_PTR("inner", CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL,
	    struct item, inner, item_fields),
	CYAML_FIELD_END };

static const cyaml_schema_value_t item = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct item, item_fields) };

static const cyaml_schema_field_t world_fields[] = {
	CYAML_FIELD_STRING_PTR("about", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct world, about, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("note", CYAML_FLAG_POINTER_NULL_STR | CYAML_FLAG_OPTIONAL,
	    struct world, note, 0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE("items", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct world, items, &item, 0, CYAML_UNLIMITED),
	CYAML_FIELD_INT("small", CYAML_FLAG_OPTIONAL, struct world, small),
	CYAML_FIELD_UINT("huge", CYAML_FLAG_OPTIONAL, struct world, huge),
	CYAML_FIELD_FLOAT("weight", CYAML_FLAG_OPTIONAL, struct world, weight),
	CYAML_FIELD_BOOL("own", CYAML_FLAG_OPTIONAL, struct world, own),
	CYAML_FIELD_FLAGS("flags", CYAML_FLAG_OPTIONAL, struct world, flags, flags, 2),
	CYAML_FIELD_IGNORE("whatever", CYAML_FLAG_OPTIONAL), CYAML_FIELD_END
};

static const cyaml_schema_value_t world = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_POINTER, struct world, world_fields) };

static void
load(const uint8_t *data, size_t size, const cyaml_schema_value_t *schema)
{
	struct mx_error err = { 0 };
	void *out = NULL;
	enum mx_err code =
	    mx_yaml_load_text("f", (const char *)data, size, schema, &out, NULL, &err);

	if (code == MX_OK) {
		FUZZ_REQUIRE(out != NULL && err.code == MX_OK);
		mx_yaml_free(schema, out, 0);
		return;
	}
	FUZZ_REQUIRE(code == MX_ERR_CONFIG && err.code == code && out == NULL);
	FUZZ_REQUIRE(strpbrk(err.text, "\n\r\033") == NULL);
	FUZZ_REQUIRE(
	    strncmp(err.text, "f:", 2) == 0 && err.text[2] >= '0' && err.text[2] <= '9');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	load(data, size, &world);
	load(data, size, &mx_config_schema);
	return 0;
}
