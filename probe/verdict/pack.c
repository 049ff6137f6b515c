/* pack.c - every file's rows under the hash of its text, and the sieve. */
#include "probe/verdict/pack.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/hash.h"
#include "probe/base/mem.h"
#include "probe/base/yaml.h"
#include "probe/base/yaml_pack.h"
#include "probe/catalogue/files.h"
#include "probe/catalogue/schema.h"
#include "probe/verdict/matcher.h"
#include "probe/verdict/rule_schema.h"
#include "probe/verdict/rules.h"

#define PIECE_MOST (32U << 20)

struct pieces {
	struct mx_image_piece *items;
	size_t count;
};

static struct mx_image_piece *
add_piece(struct pieces *pieces, uint64_t key)
{
	struct mx_image_piece *piece;

	pieces->items = mx_grow(pieces->items, pieces->count, sizeof *pieces->items);
	piece = &pieces->items[pieces->count++];
	piece->key = key;
	mx_buf_init(&piece->bytes, PIECE_MOST);
	return piece;
}

static enum mx_err
pack_file(struct pieces *pieces, const char *path, const cyaml_schema_value_t *schema,
    struct mx_error *err)
{
	struct mx_buf text;
	void *rows = NULL;
	unsigned count = 0;
	enum mx_err code = mx_yaml_read_file(path, &text, err);

	if (code == MX_OK)
		code = mx_yaml_load_text(
		    path, text.data, text.len, schema, &rows, &count, err);
	if (code == MX_OK) {
		uint64_t key = mx_yaml_pack_key(schema, text.data, text.len);

		if (!mx_yaml_pack(schema, rows, count, &add_piece(pieces, key)->bytes))
			code =
			    mx_error_set(err, MX_ERR_CONFIG, "%s: can't be packed", path);
		mx_yaml_free(schema, rows, count);
	}
	mx_buf_clear(&text);
	return code;
}

static enum mx_err
pack_table(struct pieces *pieces, const char *dir, const char *name,
    const cyaml_schema_value_t *schema, struct mx_error *err)
{
	char *path = mx_asprintf("%s/%s", dir, name);
	enum mx_err code = pack_file(pieces, path, schema, err);

	free(path);
	return code;
}

static enum mx_err
pack_folder(struct pieces *pieces, const char *dir, const char *sub,
    const cyaml_schema_value_t *schema, struct mx_error *err)
{
	struct mx_paths paths;
	enum mx_err code = mx_paths_list(dir, sub, &paths, err);

	for (size_t i = 0; code == MX_OK && i < paths.count; i++)
		code = pack_file(pieces, paths.items[i], schema, err);
	mx_paths_clear(&paths);
	return code;
}

uint64_t
mx_pack_sieve_key(void)
{
	char pcre2[64] = "";
	const char *sieve = mx_sieve_version();

	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) < (int)sizeof pcre2)
		(void)pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
	return mx_hash(pcre2, strlen(pcre2), mx_hash(sieve, strlen(sieve), 0));
}

/* Only rules that load have their patterns in the sieve: that they are there is the proof that
 * they compile. */
static enum mx_err
pack_sieve(struct pieces *pieces, const char *dir, struct mx_error *err)
{
	struct mx_catalogue *catalogue = mx_catalogue_load(dir, err);
	struct mx_rules *rules = catalogue != NULL ? mx_rules_load(catalogue, err) : NULL;
	enum mx_err code = rules != NULL ? MX_OK : MX_ERR_CONFIG;

	if (rules != NULL && mx_matcher_choose(rules, MX_MATCHING_SIEVE) &&
	    !mx_sieve_save(
		mx_matcher_sieve(rules), &add_piece(pieces, mx_pack_sieve_key())->bytes))
		code = mx_error_set(err, MX_ERR_CONFIG, "%s: can't save the sieve", dir);
	mx_rules_free(rules);
	mx_catalogue_free(catalogue);
	return code;
}

enum mx_err
mx_pack_taxonomy(const char *dir, const char *path, struct mx_error *err)
{
	struct pieces pieces = { 0 };
	enum mx_err code = pack_sieve(&pieces, dir, err);

	if (code == MX_OK)
		code = pack_table(
		    &pieces, dir, "categories.yaml", &mx_categories_schema, err);
	if (code == MX_OK)
		code = pack_table(&pieces, dir, "lists.yaml", &mx_lists_schema, err);
	if (code == MX_OK)
		code =
		    pack_table(&pieces, dir, "remedies.yaml", &mx_remedies_schema, err);
	if (code == MX_OK)
		code = pack_folder(&pieces, dir, "providers", &mx_providers_schema, err);
	if (code == MX_OK)
		code = pack_folder(&pieces, dir, "rules", &mx_rules_schema, err);
	if (code == MX_OK)
		code = mx_image_write(path, pieces.items, pieces.count, err);
	for (size_t i = 0; i < pieces.count; i++)
		mx_buf_clear(&pieces.items[i].bytes);
	free(pieces.items);
	return code;
}
