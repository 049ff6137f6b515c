/* test_yaml.c - each way to get a file wrong, and the exact line and field that is named. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/yaml.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

TestSuite(yaml, .timeout = 20);

/* A schema with one field of each kind that our files use. */
struct source {
	char *address, *helo;
	char **tags;
	unsigned tags_count;
	int tls;
};

struct world {
	char *about, *note;
	struct source *sources;
	unsigned sources_count;
	int64_t big;
	int8_t tiny;
	uint16_t port;
	uint64_t huge;
	double weight;
	bool own;
	unsigned flags;
	unsigned char bits;
};

static const cyaml_strval_t tls_words[] = { { "may", 0 }, { "require", 1 },
	{ "none", 2 } };
static const cyaml_strval_t flag_words[] = { { "red", 1 }, { "blue", 2 } };
static const cyaml_bitdef_t bit_words[] = { { "low", 0, 2 }, { "high", 2, 3 } };

static const cyaml_schema_value_t tag_schema = { CYAML_VALUE_STRING(
    CYAML_FLAG_POINTER, char *, 1, 10) };

static const cyaml_schema_field_t source_fields[] = {
	CYAML_FIELD_STRING_PTR(
	    "address", CYAML_FLAG_POINTER, struct source, address, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("helo", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct source, helo, 0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE("tags", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct source, tags, &tag_schema, 1, 3),
	CYAML_FIELD_ENUM("tls", CYAML_FLAG_OPTIONAL, struct source, tls, tls_words, 3),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t source_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct source, source_fields) };

static const cyaml_schema_field_t world_fields[] = {
	CYAML_FIELD_STRING_PTR("about", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct world, about, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("note", CYAML_FLAG_POINTER_NULL_STR | CYAML_FLAG_OPTIONAL,
	    struct world, note, 0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE("sources", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct world, sources, &source_schema, 0, CYAML_UNLIMITED),
	CYAML_FIELD_INT("big", CYAML_FLAG_OPTIONAL, struct world, big),
	CYAML_FIELD_INT("tiny", CYAML_FLAG_OPTIONAL, struct world, tiny),
	CYAML_FIELD_UINT("port", CYAML_FLAG_OPTIONAL, struct world, port),
	CYAML_FIELD_UINT("huge", CYAML_FLAG_OPTIONAL, struct world, huge),
	CYAML_FIELD_FLOAT("weight", CYAML_FLAG_OPTIONAL, struct world, weight),
	CYAML_FIELD_BOOL("own", CYAML_FLAG_OPTIONAL, struct world, own),
	CYAML_FIELD_FLAGS(
	    "flags", CYAML_FLAG_OPTIONAL, struct world, flags, flag_words, 2),
	CYAML_FIELD_BITFIELD(
	    "bits", CYAML_FLAG_OPTIONAL, struct world, bits, bit_words, 2),
	CYAML_FIELD_IGNORE("whatever", CYAML_FLAG_OPTIONAL), CYAML_FIELD_END
};

static const cyaml_schema_value_t world_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_POINTER, struct world, world_fields) };

static const cyaml_schema_value_t list_schema = { CYAML_VALUE_SEQUENCE(
    CYAML_FLAG_POINTER, struct source, &source_schema, 0, CYAML_UNLIMITED) };

static enum mx_err
load(const char *text, size_t len, struct world **world, struct mx_error *err)
{
	void *out = &out; /* anything but NULL */
	enum mx_err code =
	    mx_yaml_load_text("f.yaml", text, len, &world_schema, &out, NULL, err);

	if (code != MX_OK)
		cr_assert_null(out);
	*world = out;
	return code;
}

static void
expect_error(const char *text, size_t len, const char *message)
{
	struct mx_error err = { 0 };
	struct world *world;

	cr_assert_eq(load(text, len, &world, &err), MX_ERR_CONFIG, "accepted: %s", text);
	cr_assert_str_eq(err.text, message);
}

Test(yaml, a_good_text_fills_the_struct)
{
	static const char text[] =
	    "about: \"\"\n"
	    "note: ~\n"
	    "sources:\n"
	    "  - {address: 203.0.113.5, tls: require, tags: [a, b]}\n"
	    "  - address: fe80::1%eth0\n"
	    "big: -9223372036854775808\n"
	    "tiny: -128\n"
	    "port: 65535\n"
	    "huge: 18446744073709551615\n"
	    "weight: 0.25\n"
	    "own: no\n"
	    "flags: [red, blue]\n"
	    "bits: {low: 3, high: 1}\n"
	    "whatever: {a: [1, {b: c}], a: again}\n";
	struct mx_error err = { 0 };
	struct world *world;

	cr_assert_eq(load(text, strlen(text), &world, &err), MX_OK, "%s", err.text);
	cr_assert_str_eq(world->about, "");
	cr_assert_null(world->note);
	cr_assert_eq(world->sources_count, 2);
	cr_assert_str_eq(world->sources[0].tags[1], "b");
	cr_assert_eq(world->sources[0].tls, 1);
	cr_assert_str_eq(world->sources[1].address, "fe80::1%eth0");
	cr_assert_eq(world->big, INT64_MIN);
	cr_assert_eq(world->tiny, -128);
	cr_assert_eq(world->port, 65535);
	cr_assert_eq(world->huge, UINT64_MAX);
	cr_assert_float_eq(world->weight, 0.25, 0);
	cr_assert_not(world->own);
	cr_assert_eq(world->flags, 3);
	cr_assert_eq(world->bits, 7);
	mx_yaml_free(&world_schema, world, 0);
}

Test(yaml, a_list_at_the_top_is_counted)
{
	static const char text[] = "- address: a\n- address: b\n- address: c\n";
	struct mx_error err = { 0 };
	struct source *sources;
	void *out;
	unsigned count;

	cr_assert_eq(
	    mx_yaml_load_text("f", text, strlen(text), &list_schema, &out, &count, &err),
	    MX_OK);
	sources = out;
	cr_assert_eq(count, 3);
	cr_assert_str_eq(sources[2].address, "c");
	mx_yaml_free(&list_schema, out, count);
}

/* clang-format off */
Test(yaml, every_error_names_line_and_field)
{
	static const struct {
		const char *text, *message;
	} table[] = {
		/* keys */
		{ "about: x\nsources:\n  - address: a\n    # remark\n\n    hello: b\n",
		  "f.yaml:6: sources[0].hello: unknown key \"hello\" (did you mean \"helo\"?)" },
		{ "sources:\n  - address: a\n  - address: b\n    colour: c\n",
		  "f.yaml:4: sources[1].colour: unknown key \"colour\" (known here: address, helo, tags, tls)" },
		{ "about: x\n\nabout: y\n",
		  "f.yaml:3: about: duplicate key \"about\" (first on line 1)" },
		{ "sources:\n- address: a\n  helo: b\n  helo: c\n",
		  "f.yaml:4: sources[0].helo: duplicate key \"helo\" (first on line 3)" },
		{ "about: x\nsources:\n  - address: a\n  - helo: b\n",
		  "f.yaml:4: sources[1].address: is missing" },
		{ "About: x\n", "f.yaml:1: About: unknown key \"About\" (did you mean \"about\"?)" },
		{ "? [a]\n: b\n", "f.yaml:1: a key must be a word" },
		{ "\"ab\\0out\": x\n",
		  "f.yaml:1: ab: unknown key \"ab\\x00out\" (known here: about, note, sources, big, tiny, port, "
		  "huge, weight, own, flags, bits, whatever)" },
		{ "base: &b {address: a}\nsources: [*b]\n",
		  "f.yaml:1: base: unknown key \"base\" (known here: about, note, sources, big, tiny, port, huge, "
		  "weight, own, flags, bits, whatever)" },
		/* kinds */
		{ "sources: x\n", "f.yaml:1: sources: must be a list, found a single value" },
		{ "about: x\nsources:\n", "f.yaml:2: sources: must be a list, found nothing" },
		{ "sources:\n  - x\n",
		  "f.yaml:2: sources[0]: must be a mapping (key: value), found a single value" },
		{ "about:\n  - x\n", "f.yaml:2: about: must be a single value, found a list" },
		{ "about: {a: b}\n",
		  "f.yaml:1: about: must be a single value, found a mapping (key: value)" },
		{ "- a\n", "f.yaml:1: must be a mapping (key: value), found a list" },
		{ "x\n", "f.yaml:1: must be a mapping (key: value), found a single value" },
		/* values */
		{ "about:\n", "f.yaml:1: about: has no value (\"\" is the empty text; or remove the line)" },
		{ "about: \"a\\0b\"\n", "f.yaml:1: about: must not contain a NUL byte" },
		{ "sources:\n- address: a\n  tls: maybe\n",
		  "f.yaml:3: sources[0].tls: must be one of may, require, none, found \"maybe\"" },
		{ "sources:\n- address: a\n  tls: 1\n",
		  "f.yaml:3: sources[0].tls: must be one of may, require, none, found \"1\"" },
		{ "flags: [red, green]\n",
		  "f.yaml:1: flags[1]: must be one of red, blue, found \"green\"" },
		{ "own: maybe\n", "f.yaml:1: own: must be true or false, found \"maybe\"" },
		{ "own: 1\n", "f.yaml:1: own: must be true or false, found \"1\"" },
		{ "port: 65536\n", "f.yaml:1: port: must be a whole number from 0 to 65535, found \"65536\"" },
		{ "port: -1\n", "f.yaml:1: port: must be a whole number from 0 to 65535, found \"-1\"" },
		{ "port: 25a\n", "f.yaml:1: port: must be a whole number from 0 to 65535, found \"25a\"" },
		{ "port: 025\n", "f.yaml:1: port: must be a whole number from 0 to 65535, found \"025\"" },
		{ "port: 0x19\n", "f.yaml:1: port: must be a whole number from 0 to 65535, found \"0x19\"" },
		{ "port: \" 25\"\n", "f.yaml:1: port: must be a whole number from 0 to 65535, found \" 25\"" },
		{ "tiny: 128\n", "f.yaml:1: tiny: must be a whole number from -128 to 127, found \"128\"" },
		{ "tiny: \"-\"\n", "f.yaml:1: tiny: must be a whole number from -128 to 127, found \"-\"" },
		{ "big: 9223372036854775808\n",
		  "f.yaml:1: big: must be a whole number from -9223372036854775808 to 9223372036854775807, "
		  "found \"9223372036854775808\"" },
		{ "huge: 18446744073709551616\n",
		  "f.yaml:1: huge: must be a whole number from 0 to 18446744073709551615, found "
		  "\"18446744073709551616\"" },
		{ "weight: nan\n", "f.yaml:1: weight: must be a number, found \"nan\"" },
		{ "weight: 1e999\n", "f.yaml:1: weight: must be a number, found \"1e999\"" },
		{ "weight: 1.5x\n", "f.yaml:1: weight: must be a number, found \"1.5x\"" },
		{ "own: \"\\e[31m\"\n", "f.yaml:1: own: must be true or false, found \"\\x1b[31m\"" },
		{ "own: 0123456789012345678901234567890123456789012345678901234567890123456789\n",
		  "f.yaml:1: own: must be true or false, found "
		  "\"012345678901234567890123456789012345678901234567890123456789...\"" },
		/* lengths and counts */
		{ "sources:\n- address: a\n  tags:\n  - \"\"\n",
		  "f.yaml:4: sources[0].tags[0]: is too short (0 bytes, at least 1)" },
		{ "sources:\n- address: a\n  tags: [b, 12345678901]\n",
		  "f.yaml:3: sources[0].tags[1]: is too long (11 bytes, at most 10)" },
		{ "sources:\n- address: a\n  tags: []\n",
		  "f.yaml:3: sources[0].tags: needs at least 1 item, has 0" },
		{ "sources:\n- address: a\n  tags:\n  - a\n  - b\n  - c\n  - d\n",
		  "f.yaml:7: sources[0].tags: may have 3 items at most" },
		/* the document */
		{ "", "f.yaml:1: the file is empty" },
		{ "# only a remark\n\n", "f.yaml:1: the file is empty" },
		{ "---\n", "f.yaml:2: must be a mapping (key: value), found nothing" },
		{ "about: x\n---\nabout: y\n",
		  "f.yaml:2: a second document (---) begins here; one file holds one" },
		{ "sources: &s\n- address: a\nabout: *s\n",
		  "f.yaml:3: about: aliases (*s) are not supported; write the value out" },
		{ "whatever: &w\n  - *w\n",
		  "f.yaml:2: whatever: aliases (*w) are not supported; write the value out" },
		/* not YAML at all */
		{ "about: [a\n", "f.yaml:1: about: must be a single value, found a list" },
		{ "sources: [a: b\n",
		  "f.yaml:1: sources[0].a: unknown key \"a\" (known here: address, helo, tags, tls)" },
		{ "about: \"a\nnote: b\n",
		  "f.yaml:3: not valid YAML: while scanning a quoted scalar, found unexpected end of stream" },
		{ "about: x\n\tnote: b\n",
		  "f.yaml:2: not valid YAML: while scanning a plain scalar, found a tab character that violates "
		  "indentation" },
		{ "about: x\nnote: \xff\n", "f.yaml:2: not valid YAML: invalid leading UTF-8 octet" },
		{ "about: x\n\nnote: \033[31m\n",
		  "f.yaml:3: not valid YAML: control characters are not allowed" },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		expect_error(table[i].text, strlen(table[i].text), table[i].message);
}
/* clang-format on */

Test(yaml, a_value_only_libcyaml_judges_still_names_its_line)
{
	struct mx_error err = { 0 };
	struct world *world;

	cr_assert_eq(load("about: x\nbits: {low: 9}\n", 23, &world, &err), MX_ERR_CONFIG);
	cr_assert_not_null(strstr(err.text, "f.yaml: "), "%s", err.text);
	cr_assert_not_null(strstr(err.text, "line: 2"), "%s", err.text);
	cr_assert_not_null(strstr(err.text, "bits"), "%s", err.text);
}

/* Cut anywhere, a good file is either good or an error: never a crash, never half loaded. */
Test(yaml, cut_anywhere_it_is_an_error_or_a_file)
{
	static const char text[] =
	    "about: \"x\\ny\"\nsources:\n  - {address: a, tls: may}\n"
	    "flags: [red]\nbits: {low: 1}\nwhatever: [{a: b}, c]\nport: 25\n";

	for (size_t len = 0; len < sizeof text; len++) {
		struct mx_error err = { 0 };
		struct world *world;

		if (load(text, len, &world, &err) == MX_OK)
			mx_yaml_free(&world_schema, world, 0);
		else
			cr_assert_eq(strncmp(err.text, "f.yaml:", 7), 0, "%s", err.text);
	}
}

Test(yaml, four_mebibytes_and_no_more)
{
	size_t most = 4u << 20;
	char *text = malloc(most + 1);
	struct mx_error err = { 0 };
	struct world *world;

	memset(text, '\n', most + 1);
	memcpy(text, "about: x", 8);
	cr_assert_eq(load(text, most, &world, &err), MX_OK, "%s", err.text);
	mx_yaml_free(&world_schema, world, 0);
	expect_error(text, most + 1, "f.yaml: larger than 4 MiB");
	free(text);
}

/* libyaml's time grows with the square of the depth: without a limit this takes minutes. */
Test(yaml, deep_nesting_is_stopped_early)
{
	char text[10 + 1000000];

	memset(text, '[', sizeof text);
	memcpy(text, "whatever: ", 10);
	expect_error(text, sizeof text, "f.yaml:1: whatever: is nested too deep");
	memcpy(text, "about:    ", 10);
	expect_error(
	    text, sizeof text, "f.yaml:1: about: must be a single value, found a list");
}

/* ---- files ---- */

static char file[] = "/tmp/mxprobe-test-yaml-XXXXXX";

static void
make_file(void)
{
	int fd = mkstemp(file);

	cr_assert_geq(fd, 0);
	close(fd);
}

static void
remove_file(void)
{
	unlink(file);
}

static void
expect_file_error(const char *path, const char *what, int sys)
{
	struct mx_error err = { 0 };
	char message[200];
	void *out = &out;

	cr_assert_eq(
	    mx_yaml_load_file(path, &world_schema, &out, NULL, &err), MX_ERR_CONFIG);
	snprintf(message, sizeof message, "%s: %s", path, what);
	cr_assert_str_eq(err.text, message);
	cr_assert_eq(err.sys, sys);
	cr_assert_null(out);
}

Test(yaml, a_file_is_loaded, .init = make_file, .fini = remove_file)
{
	FILE *stream = fopen(file, "w");
	struct mx_error err = { 0 };
	struct world *world;
	void *out;

	fputs("about: from a file\n", stream);
	fclose(stream);
	cr_assert_eq(mx_yaml_load_file(file, &world_schema, &out, NULL, &err), MX_OK);
	world = out;
	cr_assert_str_eq(world->about, "from a file");
	mx_yaml_free(&world_schema, out, 0);
}

Test(yaml, a_file_over_the_limit_is_not_swallowed, .init = make_file, .fini = remove_file)
{
	cr_assert_eq(truncate(file, (4 << 20) + 1), 0);
	expect_file_error(file, "larger than 4 MiB", 0);
}

Test(yaml, what_is_no_file_is_refused_without_waiting, .init = make_file,
    .fini = remove_file)
{
	expect_file_error("/nonexistent/f.yaml", "No such file or directory", ENOENT);
	expect_file_error("/", "Is a directory", EISDIR);
	expect_file_error("/dev/zero", "not a regular file", 0);
	remove_file();
	cr_assert_eq(mkfifo(file, 0600), 0);
	expect_file_error(file, "not a regular file", 0);
}
