/* assets.c - a handful of rows; looking through them is quick enough. */
#include "probe/web/assets.h"

#include <string.h>

const struct mx_asset *
mx_asset_find(const char *path)
{
	for (size_t i = 0; i < mx_asset_count; i++)
		if (strcmp(mx_assets[i].path, path) == 0)
			return &mx_assets[i];
	return NULL;
}

const char *
mx_asset_path(const char *name)
{
	for (size_t i = 0; i < mx_asset_count; i++)
		if (strcmp(mx_assets[i].name, name) == 0)
			return mx_assets[i].path;
	return "";
}
