/*
 * result_columns.h - which member of struct mx_store_result is which column of the table.
 * In:   -   Out: one row a column: SQL is put together, values are bound, copied and read by it.
 * Not:  not the pair's own columns (source, group, provider), which stand in their table.
 *       Only store/ may include this.
 */
#ifndef MX_STORE_RESULT_COLUMNS_H
#define MX_STORE_RESULT_COLUMNS_H

#include <stddef.h>

#include "probe/store/db.h"
#include "probe/store/result_row.h"

struct mx_result_column {
	const char *name;
	char kind; /* 't', 'i', 'r' */
	size_t offset;
};

#define MX_RESULT_COLUMNS 28
extern const struct mx_result_column mx_result_columns[MX_RESULT_COLUMNS];

/** "id, time_us, ..." in the order of the table. */
#define MX_RESULT_COLUMN_LIST                                                               \
	"result.id, result.time_us, result.destination, result.mx_host, result.address, "   \
	"result.helo, result.mail_from, result.rcpt, result.depth, result.reached, "        \
	"result.verdict, result.stage, result.code, result.enhanced, result.text, "         \
	"result.category, result.about, result.permanence, result.authority, result.list, " \
	"result.provider_code, result.listed_value, result.delist_url, result.rule, "       \
	"result.remedy, result.confidence, result.seen_source, result.note"

/** Bind a row's columns to parameters from first on. */
void mx_result_bind(
    sqlite3_stmt *statement, int first, const struct mx_store_result *row);
/** Read them from columns from first on; strings borrowed until the next step. */
void mx_result_read(sqlite3_stmt *statement, int first, struct mx_store_result *row);

#endif
