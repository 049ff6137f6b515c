/*
 * table.h - rows of several files as one array; private to catalogue/.
 * In:   files of one shape; first ours, then the user's own, whose rows take the place of ours with
 *       the same id.
 * Out:  the rows, and of each the file it came from.
 * Not:  no meaning of a row but that it begins with its id.
 */
#ifndef MX_CATALOGUE_TABLE_H
#define MX_CATALOGUE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <cyaml/cyaml.h>

#include "probe/base/err.h"
#include "probe/base/image.h"

/** One file as loaded; the strings of its rows belong to it. */
struct mx_sheet {
	char *path;
	void *rows;
	unsigned count;
};

struct mx_table {
	const cyaml_schema_value_t *schema;
	size_t row_size; /* of a struct whose first member is const char *id */
	struct mx_sheet *sheets;
	size_t sheet_count;
	void *rows; /* shallow copies, one behind the other */
	const char **paths;
	size_t count;
	size_t ours;    /* so many rows at the beginning come from our files, */
	bool *replaced; /* unless they have been replaced */
};

/** is_own: a file of the user's; none of ours may follow. */
enum mx_err mx_table_load(struct mx_table *table, const struct mx_image *image,
    const char *path, bool is_own, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_table_clear(struct mx_table *table);

#endif
