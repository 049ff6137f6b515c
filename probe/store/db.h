/*
 * db.h - SQLite as the rest of store/ wants it: statements prepared once, errors that say what to do.
 * In:   SQL of our own.   Out: prepared statements; struct mx_error.
 * Not:  no thread, no schema. Only store/ may include this.
 */
#ifndef MX_STORE_DB_H
#define MX_STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "probe/base/err.h"

#define MX_DB_STATEMENTS 64

/** One connection: one thread at a time. */
struct mx_db {
	sqlite3 *sqlite;
	char *path;
	struct {
		const char *sql;
		sqlite3_stmt *prepared;
	} statements[MX_DB_STATEMENTS];
};

/** flags are sqlite3_open_v2's. Close with mx_db_close in any case. */
enum mx_err mx_db_open(struct mx_db *db, const char *path, int flags,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_db_close(struct mx_db *db);

/** MX_ERR_SYSTEM when SQLite could open it for reading only. */
enum mx_err mx_db_check_writable(struct mx_db *db, struct mx_error *err)
    __attribute__((warn_unused_result));
/** Write ahead: readers and the writer don't wait for each other, and a kill -9 loses nothing that was
 *  committed; only a power cut may lose the last moments, never the file. */
enum mx_err mx_db_use_wal(struct mx_db *db, struct mx_error *err)
    __attribute__((warn_unused_result));

/** What the connection's last call failed with: MX_ERR_SYSTEM, the file's name, what to do. */
enum mx_err mx_db_fail(struct mx_db *db, struct mx_error *err);
/** Several statements, without values or rows. */
enum mx_err mx_db_exec(struct mx_db *db, const char *sql, struct mx_error *err)
    __attribute__((warn_unused_result));
/** ROLLBACK and its like, where another failure is being told already. */
void mx_db_undo(struct mx_db *db, const char *sql);
/** Prepared once for each literal (sql must live as long as db), reset, without values. NULL and
 *  err when it cannot be prepared. Reset again when done (mx_db_done). */
sqlite3_stmt *mx_db_prepare(struct mx_db *db, const char *sql, struct mx_error *err);

/** Values, from 1 on: 't' const char * (NULL is NULL), 'i' int64_t, 'r' double. Borrowed until the
 *  statement is reset. */
void mx_db_bind(sqlite3_stmt *statement, const char *kinds, ...);
/** Step a statement that gives no row, and reset it. */
enum mx_err mx_db_finish(struct mx_db *db, sqlite3_stmt *statement, struct mx_error *err)
    __attribute__((warn_unused_result));
/** The next row: true; none left or an error: false, with err set in the latter case. The statement
 *  is reset when false. */
bool mx_db_row(struct mx_db *db, sqlite3_stmt *statement, struct mx_error *err);
void mx_db_done(sqlite3_stmt *statement);

/** Column as text; NULL is NULL. Borrowed until the next step. */
const char *mx_db_text(sqlite3_stmt *statement, int column);

#endif
