/* result_columns.c - the table, and what is done with each of its rows alike. */
#include "probe/store/result_columns.h"

#include <string.h>

#include "probe/base/mem.h"

#define COLUMN(member, kind)                                            \
	{                                                               \
#member, kind, offsetof(struct mx_store_result, member) \
	}

/* clang-format off */
const struct mx_result_column mx_result_columns[MX_RESULT_COLUMNS] = {
	COLUMN(id, 't'),            COLUMN(time_us, 'i'),      COLUMN(destination, 't'),
	COLUMN(mx_host, 't'),       COLUMN(address, 't'),      COLUMN(helo, 't'),
	COLUMN(mail_from, 't'),     COLUMN(rcpt, 't'),         COLUMN(depth, 't'),
	COLUMN(reached, 't'),       COLUMN(verdict, 't'),      COLUMN(stage, 't'),
	COLUMN(code, 'i'),          COLUMN(enhanced, 't'),     COLUMN(text, 't'),
	COLUMN(category, 't'),      COLUMN(about, 't'),        COLUMN(permanence, 't'),
	COLUMN(authority, 't'),     COLUMN(list, 't'),         COLUMN(provider_code, 't'),
	COLUMN(listed_value, 't'),  COLUMN(delist_url, 't'),   COLUMN(rule, 't'),
	COLUMN(remedy, 't'),        COLUMN(confidence, 'r'),   COLUMN(seen_source, 't'),
	COLUMN(note, 't'),
};

/* The pair's, which are not columns of this table but belong to a copy. */
static const size_t pair_strings[] = {
	offsetof(struct mx_store_result, source),
	offsetof(struct mx_store_result, group),
	offsetof(struct mx_store_result, provider),
};
/* clang-format on */

#define PAIR_STRINGS (sizeof pair_strings / sizeof *pair_strings)

static const char **
string_at(struct mx_store_result *row, size_t offset)
{
	return (const char **)(void *)((char *)row + offset);
}

static const void *
value_at(const struct mx_store_result *row, size_t offset)
{
	return (const char *)row + offset;
}

void
mx_result_bind(sqlite3_stmt *statement, int first, const struct mx_store_result *row)
{
	for (int i = 0; i < MX_RESULT_COLUMNS; i++) {
		const struct mx_result_column *column = &mx_result_columns[i];
		const void *value = value_at(row, column->offset);

		if (column->kind == 't')
			(void)sqlite3_bind_text(statement, first + i,
			    *(const char *const *)value, -1, SQLITE_STATIC);
		else if (column->kind == 'i')
			(void)sqlite3_bind_int64(
			    statement, first + i, *(const int64_t *)value);
		else
			(void)sqlite3_bind_double(
			    statement, first + i, *(const double *)value);
	}
}

void
mx_result_read(sqlite3_stmt *statement, int first, struct mx_store_result *row)
{
	for (int i = 0; i < MX_RESULT_COLUMNS; i++) {
		const struct mx_result_column *column = &mx_result_columns[i];
		void *value = (char *)row + column->offset;

		if (column->kind == 't')
			*(const char **)value = mx_db_text(statement, first + i);
		else if (column->kind == 'i')
			*(int64_t *)value = sqlite3_column_int64(statement, first + i);
		else
			*(double *)value = sqlite3_column_double(statement, first + i);
	}
}

/* The i-th string of a row: its columns, then its pair. NULL when column i is a number. */
static const char **
nth_string(struct mx_store_result *row, size_t i)
{
	if (i >= MX_RESULT_COLUMNS)
		return string_at(row, pair_strings[i - MX_RESULT_COLUMNS]);
	return mx_result_columns[i].kind == 't'
		   ? string_at(row, mx_result_columns[i].offset)
		   : NULL;
}

struct mx_store_result *
mx_store_result_copy(const struct mx_store_result *row)
{
	struct mx_store_result plain = *row, *copy;
	size_t size = sizeof *copy;
	char *end;

	for (size_t i = 0; i < MX_RESULT_COLUMNS + PAIR_STRINGS; i++) {
		const char **text = nth_string(&plain, i);

		if (text != NULL && *text != NULL)
			size += strlen(*text) + 1;
	}
	copy = mx_reallocarray(NULL, size, 1);
	*copy = plain;
	end = (char *)(copy + 1);
	for (size_t i = 0; i < MX_RESULT_COLUMNS + PAIR_STRINGS; i++) {
		const char **text = nth_string(copy, i);

		if (text == NULL || *text == NULL)
			continue;
		size = strlen(*text) + 1;
		*text = memcpy(end, *text, size);
		end += size;
	}
	return copy;
}
