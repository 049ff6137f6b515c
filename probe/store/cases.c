/* cases.c - one table, written whole and read whole. */
#include "probe/store/cases.h"

#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/store/writer.h"

/** A case on its way; strings are own. */
struct work {
	struct mx_store_case one;
	char *source, *group, *ticket, *outcome, *note;
	void (*done)(void *arg, const struct mx_error *err);
	void *arg;
};

static enum mx_err
run(struct mx_db *db, void *arg, struct mx_error *err)
{
	const struct work *work = arg;
	const struct mx_store_case *one = &work->one;
	sqlite3_stmt *put = mx_db_prepare(db,
	    "INSERT OR REPLACE INTO delist_case (id, pair, ticket, outcome, opened_us, "
	    "expected_us, cleared_us, closed_us, step, note) VALUES (nullif(?, 0), "
	    "(SELECT id FROM pair WHERE source = ? AND grp = ?), ?, ?, ?, nullif(?, 0), "
	    "nullif(?, 0), nullif(?, 0), ?, ?)",
	    err);

	if (put == NULL)
		return err->code;
	mx_db_bind(put, "ittttiiiiit", one->id, work->source, work->group, work->ticket,
	    work->outcome, one->opened_us, one->expected_us, one->cleared_us,
	    one->closed_us, one->step, work->note);
	return mx_db_finish(db, put, err);
}

static void
answer(void *arg, const struct mx_error *err)
{
	struct work *work = arg;

	if (work->done != NULL)
		work->done(work->arg, err);
	free(work->source);
	free(work->group);
	free(work->ticket);
	free(work->outcome);
	free(work->note);
	free(work);
}

void
mx_store_put_case(struct mx_store *store, const struct mx_store_case *one,
    void (*done)(void *arg, const struct mx_error *err), void *arg)
{
	struct work *work = mx_calloc(1, sizeof *work);

	*work = (struct work){
		.one = *one,
		.source = mx_strdup(one->source),
		.group = mx_strdup(one->group),
		.ticket = mx_strdup(one->ticket),
		.outcome = mx_strdup(one->outcome),
		.note = mx_strdup(one->note),
		.done = done,
		.arg = arg,
	};
	mx_store_submit(
	    store, &(struct mx_store_job){ .run = run, .answer = answer, .work = work });
}

/* ---- steps ---- */

struct taking {
	int64_t id, done_steps, next;
	bool is_ours;
	void (*done)(void *arg, bool is_ours, const struct mx_error *err);
	void *arg;
};

static enum mx_err
run_taking(struct mx_db *db, void *arg, struct mx_error *err)
{
	struct taking *taking = arg;
	sqlite3_stmt *update = mx_db_prepare(
	    db, "UPDATE delist_case SET step = ? WHERE id = ? AND step = ?", err);

	if (update == NULL)
		return err->code;
	mx_db_bind(update, "iii", taking->next, taking->id, taking->done_steps);
	if (mx_db_finish(db, update, err) == MX_OK)
		taking->is_ours = sqlite3_changes(db->sqlite) > 0;
	return err->code;
}

static void
answer_taking(void *arg, const struct mx_error *err)
{
	struct taking *taking = arg;

	taking->done(taking->arg, err == NULL && taking->is_ours, err);
	free(taking);
}

void
mx_store_take_step(struct mx_store *store, int64_t id, int64_t done_steps, int64_t next,
    void (*done)(void *arg, bool is_ours, const struct mx_error *err), void *arg)
{
	struct taking *taking = mx_calloc(1, sizeof *taking);

	*taking = (struct taking){
		.id = id,
		.done_steps = done_steps,
		.next = next,
		.done = done,
		.arg = arg,
	};
	mx_store_submit(
	    store, &(struct mx_store_job){
		       .run = run_taking, .answer = answer_taking, .work = taking });
}

enum mx_err
mx_store_cases(struct mx_store *store, const char *source, const char *group,
    bool (*each)(void *arg, const struct mx_store_case *one), void *arg,
    struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows = mx_db_prepare(db,
	    "SELECT delist_case.id, source, grp, ticket, outcome, opened_us, expected_us, "
	    "cleared_us, closed_us, step, note FROM delist_case "
	    "JOIN pair ON pair.id = delist_case.pair "
	    "WHERE (?1 IS NULL OR source = ?1) AND (?2 IS NULL OR grp = ?2) "
	    "ORDER BY opened_us DESC, delist_case.id DESC",
	    err);

	if (rows == NULL)
		return err->code;
	mx_db_bind(rows, "tt", source, group);
	while (mx_db_row(db, rows, err)) {
		struct mx_store_case one = {
			.id = sqlite3_column_int64(rows, 0),
			.source = mx_db_text(rows, 1),
			.group = mx_db_text(rows, 2),
			.ticket = mx_db_text(rows, 3),
			.outcome = mx_db_text(rows, 4),
			.opened_us = sqlite3_column_int64(rows, 5),
			.expected_us = sqlite3_column_int64(rows, 6),
			.cleared_us = sqlite3_column_int64(rows, 7),
			.closed_us = sqlite3_column_int64(rows, 8),
			.step = sqlite3_column_int64(rows, 9),
			.note = mx_db_text(rows, 10),
		};

		if (!each(arg, &one))
			break;
	}
	mx_db_done(rows);
	return err->code;
}
