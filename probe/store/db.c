/* db.c - one place where SQLite's results become our errors. */
#include "probe/store/db.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

/* How long another process may hold the file before we give up on it. */
#define BUSY_MS 10000
/* How many others may turn a new file into a store just before us. */
#define WAL_TRIES 100

/* clang-format off */
#define READ_ONLY "can't be written; check the rights of file and directory, or name another file " \
    "with --store"

static const struct {
	int code;
	const char *what; /* behind "FILE: " */
} troubles[] = {
	{ SQLITE_FULL, "the disk is full; make room, or name another file with --store" },
	{ SQLITE_BUSY, "another process has kept it locked for 10 s; look who (fuser FILE), and try again" },
	{ SQLITE_LOCKED, "another process has kept it locked; try again" },
	{ SQLITE_READONLY, READ_ONLY },
	{ SQLITE_CORRUPT, "is damaged; move it away and start anew, or save what can be saved with "
	    "\"sqlite3 FILE .recover\"" },
	{ SQLITE_NOTADB, "is no store of mxprobe; name another file with --store" },
	{ SQLITE_PERM, "can't be opened: permission denied" },
	{ SQLITE_AUTH, "can't be opened: permission denied" },
	{ SQLITE_IOERR, "can't be read or written; the system's log may tell why" },
};
/* clang-format on */

/* No room for the log or its index is told as an I/O error. */
static bool
is_full(int code, int sys)
{
	return code == SQLITE_IOERR && (sys == ENOSPC || sys == EDQUOT || sys == EFBIG);
}

enum mx_err
mx_db_fail(struct mx_db *db, struct mx_error *err)
{
	int code = db->sqlite != NULL ? sqlite3_errcode(db->sqlite) & 0xff : SQLITE_NOMEM;
	int sys = db->sqlite != NULL ? sqlite3_system_errno(db->sqlite) : 0;

	if (is_full(code, sys))
		code = SQLITE_FULL;

	if (code == SQLITE_NOMEM)
		mx_out_of_memory();
	if (code == SQLITE_CANTOPEN)
		return mx_error_set(err, MX_ERR_SYSTEM,
		    "%s: can't be opened: %s; name another file with --store", db->path,
		    strerror(sys));
	for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
		if (troubles[i].code == code)
			return mx_error_set(
			    err, MX_ERR_SYSTEM, "%s: %s", db->path, troubles[i].what);
	return mx_error_set(
	    err, MX_ERR_SYSTEM, "%s: %s", db->path, sqlite3_errmsg(db->sqlite));
}

enum mx_err
mx_db_open(struct mx_db *db, const char *path, int flags, struct mx_error *err)
{
	*db = (struct mx_db){ .path = mx_strdup(path) };
	if (sqlite3_open_v2(path, &db->sqlite, flags | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		return mx_db_fail(db, err);
	sqlite3_extended_result_codes(db->sqlite, 0);
	(void)sqlite3_busy_timeout(db->sqlite, BUSY_MS);
	return MX_OK;
}

enum mx_err
mx_db_check_writable(struct mx_db *db, struct mx_error *err)
{
	if (sqlite3_db_readonly(db->sqlite, "main") != 1)
		return MX_OK;
	return mx_error_set(err, MX_ERR_SYSTEM, "%s: " READ_ONLY, db->path);
}

/* Whoever turns a new file into one with a write-ahead log needs it for himself, and SQLite calls no
 * busy handler then. An exclusive transaction waits for its turn; of those that come together the
 * first does it, and the others find it done. */
enum mx_err
mx_db_use_wal(struct mx_db *db, struct mx_error *err)
{
	static const char wal[] = "PRAGMA journal_mode = WAL";

	for (int i = 0; sqlite3_exec(db->sqlite, wal, NULL, NULL, NULL) != SQLITE_OK; i++)
		if (sqlite3_errcode(db->sqlite) != SQLITE_BUSY || i == WAL_TRIES)
			return mx_db_fail(db, err);
		else if (mx_db_exec(db, "BEGIN EXCLUSIVE; COMMIT", err) != MX_OK)
			return err->code;
	return mx_db_exec(db,
	    "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF; "
	    /* Results of many pairs lie far apart: 64 MiB of the index at hand, and the log
	     * taken over every 32 MiB rather than every 4. */
	    "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8192",
	    err);
}

void
mx_db_close(struct mx_db *db)
{
	for (size_t i = 0; i < MX_DB_STATEMENTS; i++)
		(void)sqlite3_finalize(db->statements[i].prepared);
	(void)sqlite3_close(db->sqlite);
	free(db->path);
	*db = (struct mx_db){ 0 };
}

enum mx_err
mx_db_exec(struct mx_db *db, const char *sql, struct mx_error *err)
{
	if (sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL) != SQLITE_OK)
		return mx_db_fail(db, err);
	return MX_OK;
}

void
mx_db_undo(struct mx_db *db, const char *sql)
{
	(void)sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);
}

/* One whose rows somebody still reads (a callback may ask what its caller asks) is left alone. */
static bool
is_free_for(const struct mx_db *db, size_t i, const char *sql)
{
	return strcmp(db->statements[i].sql, sql) == 0 &&
	       !sqlite3_stmt_busy(db->statements[i].prepared);
}

sqlite3_stmt *
mx_db_prepare(struct mx_db *db, const char *sql, struct mx_error *err)
{
	sqlite3_stmt *prepared = NULL;
	size_t i = 0;

	while (i < MX_DB_STATEMENTS - 1 && db->statements[i].sql != NULL &&
	       !is_free_for(db, i, sql))
		i++;
	if (db->statements[i].sql != NULL && is_free_for(db, i, sql))
		return db->statements[i].prepared;
	if (sqlite3_prepare_v3(db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared,
		NULL) != SQLITE_OK) {
		mx_db_fail(db, err);
		return NULL;
	}
	/* The last place is for whatever finds no other. */
	(void)sqlite3_finalize(db->statements[i].prepared);
	db->statements[i].sql = sql;
	db->statements[i].prepared = prepared;
	return prepared;
}

void
mx_db_bind(sqlite3_stmt *statement, const char *kinds, ...)
{
	va_list values;

	va_start(values, kinds);
	for (int i = 0; kinds[i] != '\0'; i++)
		if (kinds[i] == 't')
			(void)sqlite3_bind_text(statement, i + 1,
			    va_arg(values, const char *), -1, SQLITE_STATIC);
		else if (kinds[i] == 'i')
			(void)sqlite3_bind_int64(
			    statement, i + 1, va_arg(values, int64_t));
		else
			(void)sqlite3_bind_double(
			    statement, i + 1, va_arg(values, double));
	va_end(values);
}

enum mx_err
mx_db_finish(struct mx_db *db, sqlite3_stmt *statement, struct mx_error *err)
{
	int code = sqlite3_step(statement);
	enum mx_err result = MX_OK;

	if (code != SQLITE_DONE && code != SQLITE_ROW)
		result = mx_db_fail(db, err);
	mx_db_done(statement);
	return result;
}

bool
mx_db_row(struct mx_db *db, sqlite3_stmt *statement, struct mx_error *err)
{
	int code = sqlite3_step(statement);

	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE)
		(void)mx_db_fail(db, err);
	mx_db_done(statement);
	return false;
}

void
mx_db_done(sqlite3_stmt *statement)
{
	(void)sqlite3_reset(statement);
	(void)sqlite3_clear_bindings(statement);
}

const char *
mx_db_text(sqlite3_stmt *statement, int column)
{
	return (const char *)sqlite3_column_text(statement, column);
}
