/* scenario_files.c - a walk with fts, which sorts and does not follow links in circles. */
#include "probe/cmd/scenario_files.h"

#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#define SUFFIX ".yaml"

static void
add_path(struct mx_scenario_files *files, const char *path)
{
	files->paths = mx_grow(files->paths, files->count, sizeof *files->paths);
	files->paths[files->count++] = mx_strdup(path);
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool
is_scenario(const FTSENT *entry)
{
	size_t len = entry->fts_namelen, suffix = strlen(SUFFIX);

	if (entry->fts_info != FTS_F && entry->fts_info != FTS_SL)
		return false;
	/* What was named is meant, whatever it is called. */
	return entry->fts_level == FTS_ROOTLEVEL ||
	       (len > suffix && strcmp(entry->fts_name + len - suffix, SUFFIX) == 0);
}

enum mx_err
mx_scenario_files_add(
    struct mx_scenario_files *files, const char *path, struct mx_error *err)
{
	char *paths[] = { mx_strdup(path), NULL };
	FTS *tree = fts_open(paths, FTS_COMFOLLOW | FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	size_t before = files->count;
	enum mx_err result = MX_OK;
	const FTSENT *entry;

	while (tree != NULL && result == MX_OK && (entry = fts_read(tree)) != NULL) {
		if (entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS ||
		    entry->fts_info == FTS_DNR)
			result = mx_error_set(err, MX_ERR_CONFIG, "%s: %s",
			    entry->fts_path, strerror(entry->fts_errno));
		else if (is_scenario(entry))
			add_path(files, entry->fts_path);
	}
	if (result == MX_OK && files->count == before)
		result = mx_error_set(
		    err, MX_ERR_CONFIG, "%s: no scenario (*%s) below it", path, SUFFIX);
	if (tree != NULL)
		fts_close(tree);
	free(paths[0]);
	return result;
}

void
mx_scenario_files_clear(struct mx_scenario_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->paths[i]);
	free(files->paths);
	*files = (struct mx_scenario_files){ 0 };
}

const char *
mx_scenario_files_default_dir(void)
{
	const char *dir = getenv("MXPROBE_SCENARIOS");

	return dir != NULL && dir[0] != '\0' ? dir : MX_DATADIR "/scenarios";
}
