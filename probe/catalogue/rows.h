/*
 * rows.h - what the catalogue holds; private to catalogue/.
 * In:   rows as load.c read them.   Out: the arrays that lookup.c searches.
 * Not:  no file, no schema.
 */
#ifndef MX_CATALOGUE_ROWS_H
#define MX_CATALOGUE_ROWS_H

#include "probe/catalogue/catalogue.h"

/** One provider file as loaded; the rows' strings belong to it. */
struct mx_provider_file {
	char *path;
	struct mx_provider *rows;
	unsigned count;
};

struct mx_catalogue {
	char *dir;
	struct mx_image *image; /* DIR.image; NULL: there is none */
	char *categories_path, *lists_path, *remedies_path;
	struct mx_category *categories;
	unsigned category_count;
	struct mx_list *lists;
	unsigned list_count;
	struct mx_remedy *remedies;
	unsigned remedy_count;
	struct mx_provider_file *files;
	size_t file_count;
	struct mx_provider *providers; /* all files' rows, one behind the other */
	size_t provider_count;
};

#endif
