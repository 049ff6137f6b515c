/* history.c - by pair and time, which is what the index is sorted by. */
#include "probe/store/history.h"

#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/store/result_columns.h"
#include "probe/store/writer.h"

/* The newest ones first to cut at the limit, then the other way round. The index is named, or every
 * result might be looked at for the few of a pair. */
#define HISTORY(WHICH)                                                         \
	"SELECT source, grp, provider, " MX_RESULT_COLUMN_LIST " FROM result " \
	"JOIN pair ON pair.id = result.pair WHERE result.id IN ("              \
	" SELECT id FROM result " WHICH " time_us >= ?3 AND time_us < ?4 "     \
	" ORDER BY time_us DESC, id DESC LIMIT ?5) "                           \
	"ORDER BY result.time_us, result.id"

static const char of_all[] = HISTORY("INDEXED BY result_by_time WHERE");
static const char of_some[] =
    HISTORY("INDEXED BY result_by_pair WHERE pair IN (SELECT pair.id FROM pair WHERE "
	    "(?1 IS NULL OR source = ?1) AND (?2 IS NULL OR grp = ?2)) AND");

enum mx_err
mx_store_history(struct mx_store *store, const struct mx_store_span *span,
    bool (*each)(void *arg, const struct mx_store_result *row), void *arg,
    struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	bool is_all = span->source == NULL && span->group == NULL;
	sqlite3_stmt *rows = mx_db_prepare(db, is_all ? of_all : of_some, err);

	if (rows == NULL)
		return err->code;
	mx_db_bind(rows, "ttiii", span->source, span->group, span->since_us,
	    span->until_us > 0 ? span->until_us : INT64_MAX,
	    span->newest > 0 ? span->newest : INT64_C(-1));
	while (mx_db_row(db, rows, err)) {
		struct mx_store_result row = {
			.source = mx_db_text(rows, 0),
			.group = mx_db_text(rows, 1),
			.provider = mx_db_text(rows, 2),
		};

		mx_result_read(rows, 3, &row);
		if (!each(arg, &row))
			break;
	}
	mx_db_done(rows);
	return err->code;
}

enum mx_err
mx_store_find(struct mx_store *store, const char *result,
    bool (*each)(void *arg, const struct mx_store_result *row), void *arg,
    struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows = mx_db_prepare(db,
	    "SELECT source, grp, provider, " MX_RESULT_COLUMN_LIST " FROM result "
	    "JOIN pair ON pair.id = result.pair WHERE result.id = ?",
	    err);

	if (rows == NULL)
		return err->code;
	mx_db_bind(rows, "t", result);
	if (mx_db_row(db, rows, err)) {
		struct mx_store_result row = {
			.source = mx_db_text(rows, 0),
			.group = mx_db_text(rows, 1),
			.provider = mx_db_text(rows, 2),
		};

		mx_result_read(rows, 3, &row);
		(void)each(arg, &row);
	}
	mx_db_done(rows);
	return err->code;
}

static bool
copy_row(void *arg, const struct mx_store_result *row)
{
	*(struct mx_store_result **)arg = mx_store_result_copy(row);
	return false;
}

struct mx_store_result *
mx_store_load(struct mx_store *store, const char *result, struct mx_error *err)
{
	struct mx_store_result *row = NULL;

	if (mx_store_find(store, result, copy_row, &row, err) == MX_OK)
		return row;
	free(row);
	return NULL;
}

/* The first column of the first row. Caller frees. */
static char *
first_text(struct mx_db *db, sqlite3_stmt *rows, struct mx_error *err)
{
	char *text = NULL;

	if (mx_db_row(db, rows, err))
		text = mx_strdup(mx_db_text(rows, 0));
	mx_db_done(rows);
	return text;
}

char *
mx_store_evidence(struct mx_store *store, const char *result, struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows =
	    mx_db_prepare(db, "SELECT json FROM evidence WHERE result = ?", err);

	if (rows == NULL)
		return NULL;
	mx_db_bind(rows, "t", result);
	return first_text(db, rows, err);
}

char *
mx_store_newest(struct mx_store *store, const char *source, const char *group,
    const char *verdict, struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows = mx_db_prepare(db,
	    "SELECT result.id FROM result WHERE pair = "
	    "(SELECT id FROM pair WHERE source = ?1 AND grp = ?2) AND "
	    "(?3 IS NULL OR verdict = ?3) ORDER BY time_us DESC, result.id DESC LIMIT 1",
	    err);

	if (rows == NULL)
		return NULL;
	mx_db_bind(rows, "ttt", source, group, verdict);
	return first_text(db, rows, err);
}

/* ---- forgetting ---- */

struct tidying {
	int64_t results_us, evidence_us;
	void (*done)(void *arg, const struct mx_error *err);
	void *arg;
};

/* What a state begins or ends with stays, with its result. */
static const char *const removals[] = {
	"DELETE FROM evidence WHERE result IN (SELECT result FROM evidence "
	"WHERE keep = 0 AND time_us < ? LIMIT 2000)",
	"DELETE FROM result WHERE id IN (SELECT id FROM result WHERE time_us < ? AND "
	"NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.result = result.id AND keep = 1) "
	"LIMIT 2000)",
	"DELETE FROM delivery WHERE time_us < ?",
};

static enum mx_err
run_tidying(struct mx_db *db, void *work, struct mx_error *err)
{
	const struct tidying *tidying = work;
	const int64_t before[] = { tidying->evidence_us, tidying->results_us,
		tidying->results_us };

	for (size_t i = 0; i < sizeof removals / sizeof *removals; i++) {
		sqlite3_stmt *removal = mx_db_prepare(db, removals[i], err);

		if (removal == NULL)
			return err->code;
		mx_db_bind(removal, "i", before[i]);
		if (mx_db_finish(db, removal, err) != MX_OK)
			return err->code;
	}
	return MX_OK;
}

static void
answer_tidying(void *work, const struct mx_error *err)
{
	struct tidying *tidying = work;

	if (tidying->done != NULL)
		tidying->done(tidying->arg, err);
	free(tidying);
}

void
mx_store_tidy(struct mx_store *store, int64_t results_us, int64_t evidence_us,
    void (*done)(void *arg, const struct mx_error *err), void *arg)
{
	struct tidying *tidying = mx_calloc(1, sizeof *tidying);

	*tidying = (struct tidying){ results_us, evidence_us, done, arg };
	mx_store_submit(
	    store, &(struct mx_store_job){
		       .run = run_tidying, .answer = answer_tidying, .work = tidying });
}
