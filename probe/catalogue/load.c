/* load.c - reads the data directory, all of it or nothing. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/mem.h"
#include "probe/base/yaml.h"
#include "probe/catalogue/check.h"
#include "probe/catalogue/files.h"
#include "probe/catalogue/rows.h"
#include "probe/catalogue/schema.h"

const char *
mx_catalogue_default_dir(void)
{
	const char *dir = getenv("MXPROBE_TAXONOMY");

	return dir != NULL && dir[0] != '\0' ? dir : MX_DATADIR "/taxonomy";
}

/* NAME of the data directory, then that of the user's own, if there is one. */
static enum mx_err
load_table(struct mx_catalogue *c, struct mx_table *table, const char *name,
    struct mx_error *err)
{
	const char *own_dir = mx_taxonomy_own_dir();
	char *path = mx_asprintf("%s/%s", c->dir, name);
	enum mx_err code = mx_table_load(table, c->image, path, false, err);

	free(path);
	if (code != MX_OK || own_dir == NULL)
		return code;
	path = mx_asprintf("%s/%s", own_dir, name);
	if (access(path, F_OK) == 0)
		code = mx_table_load(table, NULL, path, true, err);
	free(path);
	return code;
}

static enum mx_err
load_folder(struct mx_catalogue *c, struct mx_table *table, const struct mx_paths *paths,
    bool is_own, struct mx_error *err)
{
	enum mx_err code = MX_OK;

	for (size_t i = 0; code == MX_OK && i < paths->count; i++)
		code = mx_table_load(
		    table, is_own ? NULL : c->image, paths->items[i], is_own, err);
	return code;
}

static enum mx_err
load_providers(struct mx_catalogue *c, struct mx_error *err)
{
	const char *own_dir = mx_taxonomy_own_dir();
	struct mx_paths paths;
	enum mx_err code = mx_paths_list(c->dir, "providers", &paths, err);

	if (code == MX_OK)
		code = load_folder(c, &c->provider_table, &paths, false, err);
	mx_paths_clear(&paths);
	if (code != MX_OK || own_dir == NULL)
		return code;
	code = mx_paths_list_any(own_dir, "providers", &paths, err);
	if (code == MX_OK)
		code = load_folder(c, &c->provider_table, &paths, true, err);
	mx_paths_clear(&paths);
	return code;
}

/* The leaves are a contract with whoever reads results; they are not added to. */
static enum mx_err
refuse_own_categories(struct mx_error *err)
{
	const char *own_dir = mx_taxonomy_own_dir();
	char *path;
	enum mx_err code = MX_OK;

	if (own_dir == NULL)
		return MX_OK;
	path = mx_asprintf("%s/categories.yaml", own_dir);
	if (access(path, F_OK) == 0)
		code = mx_error_set(err, MX_ERR_CONFIG,
		    "%s:1: id: categories are fixed; only lists, providers, rules and "
		    "remedies can be added",
		    path);
	free(path);
	return code;
}

static enum mx_err
load_categories(struct mx_catalogue *c, struct mx_error *err)
{
	void *rows = NULL;

	if (mx_yaml_load_imaged(c->image, c->categories_path, &mx_categories_schema,
		&rows, &c->category_count, err) != MX_OK)
		return MX_ERR_CONFIG;
	c->categories = rows;
	return refuse_own_categories(err);
}

static enum mx_err
load_tables(struct mx_catalogue *c, struct mx_error *err)
{
	if (load_categories(c, err) != MX_OK ||
	    load_table(c, &c->list_table, "lists.yaml", err) != MX_OK ||
	    load_table(c, &c->remedy_table, "remedies.yaml", err) != MX_OK ||
	    load_providers(c, err) != MX_OK)
		return MX_ERR_CONFIG;
	c->lists = c->list_table.rows;
	c->list_count = c->list_table.count;
	c->remedies = c->remedy_table.rows;
	c->remedy_count = c->remedy_table.count;
	c->providers = c->provider_table.rows;
	c->provider_count = c->provider_table.count;
	mx_catalogue_sort_suffixes(c);
	return MX_OK;
}

/* Beside the directory, not in it: whoever copies or edits the directory has no stale image. */
static struct mx_image *
open_image(const char *dir)
{
	char *path = mx_asprintf("%s.image", dir);
	struct mx_image *image = mx_image_open(path);

	free(path);
	return image;
}

struct mx_catalogue *
mx_catalogue_load(const char *dir, struct mx_error *err)
{
	struct mx_catalogue *c = mx_calloc(1, sizeof *c);

	c->dir = mx_strdup(dir != NULL ? dir : mx_catalogue_default_dir());
	c->categories_path = mx_asprintf("%s/categories.yaml", c->dir);
	c->list_table = (struct mx_table){ .schema = &mx_lists_schema,
		.row_size = sizeof(struct mx_list) };
	c->remedy_table = (struct mx_table){ .schema = &mx_remedies_schema,
		.row_size = sizeof(struct mx_remedy) };
	c->provider_table = (struct mx_table){ .schema = &mx_providers_schema,
		.row_size = sizeof(struct mx_provider) };
	c->image = open_image(c->dir);
	if (load_tables(c, err) != MX_OK || mx_catalogue_check(c, err) != MX_OK) {
		mx_catalogue_free(c);
		return NULL;
	}
	return c;
}

void
mx_catalogue_free(struct mx_catalogue *catalogue)
{
	if (catalogue == NULL)
		return;
	mx_yaml_free(
	    &mx_categories_schema, catalogue->categories, catalogue->category_count);
	mx_table_clear(&catalogue->list_table);
	mx_table_clear(&catalogue->remedy_table);
	mx_table_clear(&catalogue->provider_table);
	free(catalogue->suffixes);
	free(catalogue->categories_path);
	mx_image_close(catalogue->image);
	free(catalogue->dir);
	free(catalogue);
}
