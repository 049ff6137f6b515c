/* table.c - files loaded, rows gathered. */
#include "probe/catalogue/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/base/yaml.h"

static char *
row_at(const struct mx_table *table, const void *rows, size_t index)
{
	return (char *)(uintptr_t)rows + index * table->row_size;
}

static const char *
id_of(const char *row)
{
	const char *id;

	memcpy(&id, row, sizeof id);
	return id;
}

/* The row of ours that this one replaces; count when there is none. A row that an own file has
 * replaced already is not replaced again: the id is there twice then, and the check says so. */
static size_t
place_of(const struct mx_table *table, const char *row)
{
	for (size_t i = 0; i < table->ours; i++)
		if (!table->replaced[i] &&
		    strcmp(id_of(row_at(table, table->rows, i)), id_of(row)) == 0)
			return i;
	return table->count;
}

static void
gather(struct mx_table *table, const struct mx_sheet *sheet, bool is_own)
{
	table->rows = mx_reallocarray(
	    table->rows, table->count + sheet->count + 1, table->row_size);
	table->paths = mx_reallocarray(
	    table->paths, table->count + sheet->count + 1, sizeof(char *));
	for (unsigned i = 0; i < sheet->count; i++) {
		const char *row = row_at(table, sheet->rows, i);
		size_t at = is_own ? place_of(table, row) : table->count;

		memcpy(row_at(table, table->rows, at), row, table->row_size);
		table->paths[at] = sheet->path;
		if (is_own && at < table->ours)
			table->replaced[at] = true;
		else
			table->count++;
	}
	if (is_own)
		return;
	table->ours = table->count;
	table->replaced = mx_reallocarray(table->replaced, table->ours + 1, sizeof(bool));
	memset(table->replaced, 0, table->ours + 1);
}

enum mx_err
mx_table_load(struct mx_table *table, const struct mx_image *image, const char *path,
    bool is_own, struct mx_error *err)
{
	struct mx_sheet *sheet;
	void *rows = NULL;
	unsigned count;

	if (mx_yaml_load_imaged(image, path, table->schema, &rows, &count, err) != MX_OK)
		return MX_ERR_CONFIG;
	table->sheets = mx_grow(table->sheets, table->sheet_count, sizeof *table->sheets);
	sheet = &table->sheets[table->sheet_count++];
	*sheet = (struct mx_sheet){ mx_strdup(path), rows, count };
	gather(table, sheet, is_own);
	return MX_OK;
}

void
mx_table_clear(struct mx_table *table)
{
	for (size_t i = 0; i < table->sheet_count; i++) {
		mx_yaml_free(
		    table->schema, table->sheets[i].rows, table->sheets[i].count);
		free(table->sheets[i].path);
	}
	free(table->sheets);
	free(table->rows);
	free(table->paths);
	free(table->replaced);
}
