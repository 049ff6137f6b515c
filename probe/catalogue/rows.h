/*
 * rows.h - what the catalogue holds; private to catalogue/.
 * In:   rows as load.c read them.   Out: the arrays that lookup.c searches.
 * Not:  no file, no schema.
 */
#ifndef MX_CATALOGUE_ROWS_H
#define MX_CATALOGUE_ROWS_H

#include "probe/catalogue/catalogue.h"
#include "probe/catalogue/table.h"

/** Part of a host's name that says whose it is. */
struct mx_suffix {
	const char *text;
	size_t len; /* without a dot at the end */
	const struct mx_provider *provider;
};

/** The arrays are the tables' rows. */
struct mx_catalogue {
	char *dir;
	struct mx_image *image; /* DIR.image; NULL: there is none */
	char *categories_path;
	struct mx_category *categories;
	unsigned category_count;
	struct mx_table list_table, remedy_table, provider_table;
	struct mx_list *lists;
	size_t list_count;
	struct mx_remedy *remedies;
	size_t remedy_count;
	struct mx_provider *providers;
	size_t provider_count;
	struct mx_suffix *suffixes; /* own: of all providers, longest first */
	size_t suffix_count;
};

/** Once the providers are there. */
void mx_catalogue_sort_suffixes(struct mx_catalogue *c);

#endif
