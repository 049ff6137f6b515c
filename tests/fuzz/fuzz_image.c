/*
 * fuzz_image.c - properties of a worked-out taxonomy (taxonomy.image) of any bytes: it is not there,
 * or its pieces lie inside it; and rows that unpack from a piece pack to the same piece again.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/base/image.h"
#include "probe/base/yaml.h"
#include "probe/base/yaml_pack.h"
#include "tests/fuzz/fuzz.h"

/* A schema of the types that are packed; of its own, so that the corpus stays true to it. */
struct row {
	char *name, *note;
	unsigned number;
	int mode;
	char **tags;
	unsigned tags_count;
	struct row *parts;
	unsigned parts_count;
};

static const cyaml_strval_t modes[] = { { "open", 0 }, { "closed", 1 } };
static const cyaml_schema_value_t tag = { CYAML_VALUE_STRING(
    CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED) };
static const cyaml_schema_field_t row_fields[];
static const cyaml_schema_value_t row = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct row, row_fields) };
/* clang-format off */
static const cyaml_schema_field_t row_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct row, name, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("note", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct row, note, 0,
	    CYAML_UNLIMITED),
	CYAML_FIELD_UINT("number", CYAML_FLAG_OPTIONAL, struct row, number),
	CYAML_FIELD_ENUM("mode", CYAML_FLAG_OPTIONAL, struct row, mode, modes, 2),
	CYAML_FIELD_SEQUENCE("tags", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct row, tags, &tag,
	    0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE("parts", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct row, parts, &row,
	    0, CYAML_UNLIMITED),
	CYAML_FIELD_END
};
/* clang-format on */
static const cyaml_schema_value_t schema = { CYAML_VALUE_SEQUENCE(
    CYAML_FLAG_POINTER, struct row, &row, 0, CYAML_UNLIMITED) };

static void
open_as_file(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = memfd_create("image", MFD_CLOEXEC);
	struct mx_image *image;
	const char *piece;
	size_t len = 0;

	FUZZ_REQUIRE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	image = mx_image_open(path);
	piece = mx_image_find(image, 7, &len);
	for (size_t i = 0; piece != NULL && i < len; i++)
		FUZZ_REQUIRE(((const volatile char *)piece)[i] == piece[i]);
	mx_image_close(image);
	close(fd);
}

static void
unpack_rows(const uint8_t *data, size_t size)
{
	void *rows = NULL;
	unsigned count = 0;
	struct mx_buf again;

	if (!mx_yaml_unpack(&schema, (const char *)data, size, &rows, &count))
		return;
	mx_buf_init(&again, size);
	FUZZ_REQUIRE(mx_yaml_pack(&schema, rows, count, &again));
	FUZZ_REQUIRE(
	    again.len == size && (size == 0 || memcmp(again.data, data, size) == 0));
	mx_buf_clear(&again);
	mx_yaml_free(&schema, rows, count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	open_as_file(data, size);
	unpack_rows(data, size);
	return 0;
}
