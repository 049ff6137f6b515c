/* outbox.c - every change is one job of the writer, hence one transaction. */
#include "probe/store/outbox.h"

#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/store/writer.h"

/* ---- changes that take a statement and a few values ---- */

/** Own. */
struct change {
	const char *sql; /* static */
	char *receiver;
	int64_t number, id;
	void (*done)(void *arg, const struct mx_error *err);
	void *arg;
};

static enum mx_err
run_change(struct mx_db *db, void *arg, struct mx_error *err)
{
	const struct change *change = arg;
	sqlite3_stmt *statement = mx_db_prepare(db, change->sql, err);

	if (statement == NULL)
		return err->code;
	if (change->receiver != NULL)
		mx_db_bind(statement, "t", change->receiver);
	else
		mx_db_bind(statement, "ii", change->id, change->number);
	return mx_db_finish(db, statement, err);
}

static void
answer_change(void *arg, const struct mx_error *err)
{
	struct change *change = arg;

	if (change->done != NULL)
		change->done(change->arg, err);
	free(change->receiver);
	free(change);
}

static void
submit_change(struct mx_store *store, const struct change *change)
{
	struct change *own = mx_calloc(1, sizeof *own);

	*own = *change;
	mx_store_submit(
	    store, &(struct mx_store_job){
		       .run = run_change, .answer = answer_change, .work = own });
}

void
mx_outbox_enrol(struct mx_store *store, const char *receiver,
    void (*done)(void *arg, const struct mx_error *err), void *arg)
{
	submit_change(
	    store, &(struct change){
		       .sql = "INSERT INTO outbox_position (receiver, event) "
			      "SELECT ?, (SELECT coalesce(max(id), 0) FROM event) "
			      "ON CONFLICT (receiver) DO NOTHING",
		       .receiver = mx_strdup(receiver),
		       .done = done,
		       .arg = arg,
		   });
}

void
mx_outbox_drop(struct mx_store *store, int64_t id,
    void (*done)(void *arg, const struct mx_error *err), void *arg)
{
	submit_change(store, &(struct change){
				 .sql = "DELETE FROM outbox WHERE id = ?1 AND ?2 = 0",
				 .id = id,
				 .done = done,
				 .arg = arg,
			     });
}

void
mx_outbox_put_off(struct mx_store *store, int64_t id, int64_t due_us,
    void (*done)(void *arg, const struct mx_error *err), void *arg)
{
	submit_change(store,
	    &(struct change){
		.sql = "UPDATE outbox SET tries = tries + 1, due_us = ?2 WHERE id = ?1",
		.id = id,
		.number = due_us,
		.done = done,
		.arg = arg,
	    });
}

/* ---- filling ---- */

/** All own. */
struct filling {
	char *receiver;
	int64_t from, to;
	struct mx_outbox_row *rows;
	size_t count;
	bool is_ours;
	void (*done)(void *arg, bool is_ours, const struct mx_error *err);
	void *arg;
};

static enum mx_err
move_position(struct mx_db *db, struct filling *filling, struct mx_error *err)
{
	sqlite3_stmt *update = mx_db_prepare(db,
	    "UPDATE outbox_position SET event = ? WHERE receiver = ? AND event = ?", err);

	if (update == NULL)
		return err->code;
	mx_db_bind(update, "iti", filling->to, filling->receiver, filling->from);
	if (mx_db_finish(db, update, err) == MX_OK)
		filling->is_ours = sqlite3_changes(db->sqlite) > 0;
	return err->code;
}

static enum mx_err
put_row(struct mx_db *db, const char *receiver, const struct mx_outbox_row *row,
    struct mx_error *err)
{
	sqlite3_stmt *insert = mx_db_prepare(db,
	    "INSERT INTO outbox (receiver, notice, topic, body, created_us, due_us) "
	    "VALUES (?, ?, ?, ?, ?, ?)",
	    err);

	if (insert == NULL)
		return err->code;
	mx_db_bind(insert, "ttttii", receiver, row->notice, row->topic, row->body,
	    row->created_us, row->due_us);
	return mx_db_finish(db, insert, err);
}

static enum mx_err
run_filling(struct mx_db *db, void *arg, struct mx_error *err)
{
	struct filling *filling = arg;

	if (move_position(db, filling, err) != MX_OK || !filling->is_ours)
		return err->code;
	for (size_t i = 0; i < filling->count; i++)
		if (put_row(db, filling->receiver, &filling->rows[i], err) != MX_OK)
			return err->code;
	return MX_OK;
}

static void
answer_filling(void *arg, const struct mx_error *err)
{
	struct filling *filling = arg;

	if (filling->done != NULL)
		filling->done(filling->arg, err == NULL && filling->is_ours, err);
	for (size_t i = 0; i < filling->count; i++)
		mx_outbox_row_clear(&filling->rows[i]);
	free(filling->rows);
	free(filling->receiver);
	free(filling);
}

static struct mx_outbox_row
copy_row(const struct mx_outbox_row *row)
{
	struct mx_outbox_row own = *row;

	own.notice = mx_strdup(row->notice);
	own.topic = mx_strdup(row->topic);
	own.body = mx_strdup(row->body);
	return own;
}

void
mx_outbox_fill(struct mx_store *store, const struct mx_outbox_filling *filling)
{
	struct filling *own = mx_calloc(1, sizeof *own);

	*own = (struct filling){
		.receiver = mx_strdup(filling->receiver),
		.from = filling->from,
		.to = filling->to,
		.rows = mx_calloc(filling->count + 1, sizeof *own->rows),
		.count = filling->count,
		.done = filling->done,
		.arg = filling->arg,
	};
	for (size_t i = 0; i < filling->count; i++)
		own->rows[i] = copy_row(&filling->rows[i]);
	mx_store_submit(
	    store, &(struct mx_store_job){
		       .run = run_filling, .answer = answer_filling, .work = own });
}

/* ---- one row ---- */

/** All own. */
struct putting {
	char *receiver;
	struct mx_outbox_row row;
	void (*done)(void *arg, const struct mx_error *err);
	void *arg;
};

static enum mx_err
run_putting(struct mx_db *db, void *arg, struct mx_error *err)
{
	const struct putting *putting = arg;

	return put_row(db, putting->receiver, &putting->row, err);
}

static void
answer_putting(void *arg, const struct mx_error *err)
{
	struct putting *putting = arg;

	if (putting->done != NULL)
		putting->done(putting->arg, err);
	mx_outbox_row_clear(&putting->row);
	free(putting->receiver);
	free(putting);
}

void
mx_outbox_put(struct mx_store *store, const char *receiver,
    const struct mx_outbox_row *row, void (*done)(void *arg, const struct mx_error *err),
    void *arg)
{
	struct putting *putting = mx_calloc(1, sizeof *putting);

	*putting = (struct putting){
		.receiver = mx_strdup(receiver),
		.row = copy_row(row),
		.done = done,
		.arg = arg,
	};
	mx_store_submit(
	    store, &(struct mx_store_job){
		       .run = run_putting, .answer = answer_putting, .work = putting });
}

/* ---- reading ---- */

static enum mx_err
read_number(struct mx_store *store, const char *sql, const char *receiver,
    int64_t *number, struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows = mx_db_prepare(db, sql, err);

	if (rows == NULL)
		return err->code;
	mx_db_bind(rows, "t", receiver);
	if (mx_db_row(db, rows, err))
		*number = sqlite3_column_int64(rows, 0);
	mx_db_done(rows);
	return err->code;
}

enum mx_err
mx_outbox_position(
    struct mx_store *store, const char *receiver, int64_t *event, struct mx_error *err)
{
	*event = -1;
	return read_number(store, "SELECT event FROM outbox_position WHERE receiver = ?",
	    receiver, event, err);
}

enum mx_err
mx_outbox_count(
    struct mx_store *store, const char *receiver, int64_t *count, struct mx_error *err)
{
	*count = 0;
	return read_number(store,
	    "SELECT count(*) FROM outbox WHERE ?1 IS NULL OR receiver = ?1", receiver,
	    count, err);
}

enum mx_err
mx_outbox_next(struct mx_store *store, const char *receiver, struct mx_outbox_row *row,
    struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows = mx_db_prepare(db,
	    "SELECT id, notice, topic, body, created_us, due_us, tries FROM outbox "
	    "WHERE id IN (SELECT min(id) FROM outbox WHERE receiver = ? GROUP BY topic) "
	    "ORDER BY due_us, id LIMIT 1",
	    err);

	*row = (struct mx_outbox_row){ 0 };
	if (rows == NULL)
		return err->code;
	mx_db_bind(rows, "t", receiver);
	if (mx_db_row(db, rows, err))
		*row = (struct mx_outbox_row){
			.id = sqlite3_column_int64(rows, 0),
			.notice = mx_strdup(mx_db_text(rows, 1)),
			.topic = mx_strdup(mx_db_text(rows, 2)),
			.body = mx_strdup(mx_db_text(rows, 3)),
			.created_us = sqlite3_column_int64(rows, 4),
			.due_us = sqlite3_column_int64(rows, 5),
			.tries = sqlite3_column_int64(rows, 6),
		};
	mx_db_done(rows);
	return err->code;
}

void
mx_outbox_row_clear(struct mx_outbox_row *row)
{
	free(row->notice);
	free(row->topic);
	free(row->body);
	*row = (struct mx_outbox_row){ 0 };
}
