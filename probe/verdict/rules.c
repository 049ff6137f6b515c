/* rules.c - the rule set: every file of taxonomy/rules/, all of it or nothing. */
#include "probe/verdict/rules.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/base/yaml.h"
#include "probe/catalogue/files.h"
#include "probe/verdict/compile.h"
#include "probe/verdict/delay.h"
#include "probe/verdict/rule_schema.h"
#include "probe/verdict/matcher.h"
#include "probe/verdict/pack.h"
#include "probe/verdict/reading.h"

static enum mx_err
load_file(struct mx_rules *rules, const char *path, struct mx_error *err)
{
	struct mx_rule_file *file = &rules->files[rules->file_count];
	void *rows = NULL;

	if (mx_yaml_load_imaged(mx_catalogue_image(rules->catalogue), path,
		&mx_rules_schema, &rows, &file->count, err) != MX_OK)
		return MX_ERR_CONFIG;
	file->rows = rows;
	file->path = mx_strdup(path);
	rules->file_count++;
	return MX_OK;
}

/* Ours first, then the user's own. */
static enum mx_err
load_files(struct mx_rules *rules, struct mx_error *err)
{
	const char *own_dir = mx_taxonomy_own_dir();
	struct mx_paths paths, own = { 0 };
	enum mx_err code =
	    mx_paths_list(mx_catalogue_dir(rules->catalogue), "rules", &paths, err);

	if (code == MX_OK && own_dir != NULL)
		code = mx_paths_list_any(own_dir, "rules", &own, err);
	if (code == MX_OK)
		rules->files = mx_calloc(paths.count + own.count, sizeof *rules->files);
	for (size_t i = 0; code == MX_OK && i < paths.count; i++)
		code = load_file(rules, paths.items[i], err);
	rules->our_files = rules->file_count;
	for (size_t i = 0; code == MX_OK && i < own.count; i++)
		code = load_file(rules, own.items[i], err);
	mx_paths_clear(&paths);
	mx_paths_clear(&own);
	return code;
}

/* A rule of the user's with the same id takes the place of ours. */
static bool
is_replaced(const struct mx_rules *rules, size_t file, const char *id)
{
	if (file >= rules->our_files)
		return false;
	for (size_t f = rules->our_files; f < rules->file_count; f++)
		for (unsigned i = 0; i < rules->files[f].count; i++)
			if (strcmp(rules->files[f].rows[i].id, id) == 0)
				return true;
	return false;
}

static enum mx_err
compile_all(struct mx_rules *rules, const struct mx_sieve *saved, struct mx_error *err)
{
	for (size_t f = 0; f < rules->file_count; f++) {
		const struct mx_rule_file *file = &rules->files[f];

		for (unsigned i = 0; i < file->count; i++) {
			struct mx_rule *rule;

			if (is_replaced(rules, f, file->rows[i].id))
				continue;
			rules->rules =
			    mx_grow(rules->rules, rules->count, sizeof *rules->rules);
			rule = &rules->rules[rules->count++];
			if (mx_rule_compile(rules->catalogue, saved, file->path,
				&file->rows[i], rule, err) != MX_OK)
				return MX_ERR_CONFIG;
		}
	}
	return MX_OK;
}

static int
by_id(const void *a, const void *b)
{
	const struct mx_rule *left = a, *right = b;

	return strcmp(left->row->id, right->row->id);
}

static enum mx_err
sort_by_id(struct mx_rules *rules, struct mx_error *err)
{
	qsort(rules->rules, rules->count, sizeof *rules->rules, by_id);
	for (size_t i = 1; i < rules->count; i++) {
		const struct mx_rule *rule = &rules->rules[i];

		if (by_id(&rule[-1], rule) == 0)
			return mx_row_error(err, rule->path, rule->row->id, "id", NULL,
			    "\"%s\" is there twice (also in %s)", rule->row->id,
			    rule[-1].path);
	}
	return MX_OK;
}

static void
add_needle(struct mx_rules *rules, const char *word, const struct mx_list *list)
{
	struct mx_needle *needle;

	rules->needles = mx_grow(rules->needles, rules->needle_count, sizeof *needle);
	needle = &rules->needles[rules->needle_count++];
	needle->word = mx_strdup(word);
	needle->list = list;
	for (char *at = needle->word; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
}

static void
index_lists(struct mx_rules *rules)
{
	const struct mx_list *lists =
	    mx_catalogue_lists(rules->catalogue, &rules->list_count);

	rules->list_rule_ids = mx_calloc(rules->list_count, sizeof *rules->list_rule_ids);
	for (size_t i = 0; i < rules->list_count; i++) {
		rules->list_rule_ids[i] = mx_asprintf("list.%s", lists[i].id);
		for (size_t k = 0; k < lists[i].zone_count; k++)
			add_needle(rules, lists[i].zones[k], &lists[i]);
		for (size_t k = 0; k < lists[i].brand_count; k++)
			add_needle(rules, lists[i].brands[k], &lists[i]);
	}
}

/* NULL without an image, or when it was made by other libraries. */
static struct mx_sieve *
saved_sieve(const struct mx_catalogue *catalogue)
{
	size_t len = 0;
	const char *bytes =
	    mx_image_find(mx_catalogue_image(catalogue), mx_pack_sieve_key(), &len);

	return bytes != NULL ? mx_sieve_load(bytes, len) : NULL;
}

struct mx_rules *
mx_rules_load(const struct mx_catalogue *catalogue, struct mx_error *err)
{
	struct mx_rules *rules = mx_calloc(1, sizeof *rules);
	struct mx_sieve *saved = saved_sieve(catalogue);

	rules->catalogue = catalogue;
	if (load_files(rules, err) != MX_OK || compile_all(rules, saved, err) != MX_OK ||
	    sort_by_id(rules, err) != MX_OK) {
		mx_sieve_free(saved);
		mx_rules_free(rules);
		return NULL;
	}
	rules->delay = mx_delay_pattern();
	index_lists(rules);
	rules->matcher = mx_matcher_new(rules, saved);
	rules->desk = mx_desk_new();
	return rules;
}

const struct mx_category *
mx_rules_category(const struct mx_rules *rules, const char *id)
{
	return mx_catalogue_category(rules->catalogue, id);
}

static void
free_lists(struct mx_rules *rules)
{
	for (size_t i = 0; i < rules->needle_count; i++)
		free(rules->needles[i].word);
	free(rules->needles);
	for (size_t i = 0; i < rules->list_count; i++)
		free(rules->list_rule_ids[i]);
	free(rules->list_rule_ids);
}

void
mx_rules_free(struct mx_rules *rules)
{
	if (rules == NULL)
		return;
	for (size_t i = 0; i < rules->count; i++)
		mx_rule_clear(&rules->rules[i]);
	free(rules->rules);
	for (size_t i = 0; i < rules->file_count; i++) {
		mx_yaml_free(
		    &mx_rules_schema, rules->files[i].rows, rules->files[i].count);
		free(rules->files[i].path);
	}
	free(rules->files);
	free_lists(rules);
	if (rules->delay != NULL)
		mx_pattern_clear(rules->delay);
	free(rules->delay);
	mx_matcher_free(rules->matcher);
	mx_desk_free(rules->desk);
	free(rules);
}
