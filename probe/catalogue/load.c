/* load.c - reads the data directory, all of it or nothing. */
#include <stdlib.h>
#include <string.h>

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

static enum mx_err
load_provider_file(struct mx_catalogue *c, const char *path, struct mx_error *err)
{
	struct mx_provider_file *file = &c->files[c->file_count];
	void *rows = NULL;

	if (mx_yaml_load_imaged(
		c->image, path, &mx_providers_schema, &rows, &file->count, err) != MX_OK)
		return MX_ERR_CONFIG;
	file->rows = rows;
	file->path = mx_strdup(path);
	c->file_count++;
	c->provider_count += file->count;
	return MX_OK;
}

/* One array over all files, so that callers can walk the providers without knowing of files. */
static void
gather_providers(struct mx_catalogue *c)
{
	size_t next = 0;

	c->providers = mx_calloc(c->provider_count, sizeof *c->providers);
	for (size_t f = 0; f < c->file_count; f++)
		for (unsigned i = 0; i < c->files[f].count; i++)
			c->providers[next++] = c->files[f].rows[i];
}

static enum mx_err
load_providers(struct mx_catalogue *c, struct mx_error *err)
{
	struct mx_paths paths;
	enum mx_err code = mx_paths_list(c->dir, "providers", &paths, err);

	if (code == MX_OK)
		c->files = mx_calloc(paths.count, sizeof *c->files);
	for (size_t i = 0; code == MX_OK && i < paths.count; i++)
		code = load_provider_file(c, paths.items[i], err);
	if (code == MX_OK)
		gather_providers(c);
	mx_paths_clear(&paths);
	return code;
}

static enum mx_err
load_tables(struct mx_catalogue *c, struct mx_error *err)
{
	void *rows = NULL;

	if (mx_yaml_load_imaged(c->image, c->categories_path, &mx_categories_schema,
		&rows, &c->category_count, err) != MX_OK)
		return MX_ERR_CONFIG;
	c->categories = rows;
	rows = NULL;
	if (mx_yaml_load_imaged(c->image, c->lists_path, &mx_lists_schema, &rows,
		&c->list_count, err) != MX_OK)
		return MX_ERR_CONFIG;
	c->lists = rows;
	rows = NULL;
	if (mx_yaml_load_imaged(c->image, c->remedies_path, &mx_remedies_schema, &rows,
		&c->remedy_count, err) != MX_OK)
		return MX_ERR_CONFIG;
	c->remedies = rows;
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
	c->lists_path = mx_asprintf("%s/lists.yaml", c->dir);
	c->remedies_path = mx_asprintf("%s/remedies.yaml", c->dir);
	c->image = open_image(c->dir);
	if (load_tables(c, err) != MX_OK || load_providers(c, err) != MX_OK ||
	    mx_catalogue_check(c, err) != MX_OK) {
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
	mx_yaml_free(&mx_lists_schema, catalogue->lists, catalogue->list_count);
	mx_yaml_free(&mx_remedies_schema, catalogue->remedies, catalogue->remedy_count);
	for (size_t i = 0; i < catalogue->file_count; i++) {
		mx_yaml_free(&mx_providers_schema, catalogue->files[i].rows,
		    catalogue->files[i].count);
		free(catalogue->files[i].path);
	}
	free(catalogue->files);
	free(catalogue->providers);
	free(catalogue->categories_path);
	free(catalogue->lists_path);
	free(catalogue->remedies_path);
	mx_image_close(catalogue->image);
	free(catalogue->dir);
	free(catalogue);
}
