/* record.c - the pair first, for the rows refer to it. */
#include "probe/store/record.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/store/pair_row.h"
#include "probe/store/result_columns.h"
#include "probe/store/writer.h"

/** One record on its way; all own but fold_arg. */
struct work {
	struct mx_store_result *row;
	char *json;
	void (*fold)(const void *arg, const struct mx_store_state *before,
	    const struct mx_store_result *row, struct mx_store_step *out);
	const void *fold_arg;
	void (*done)(void *arg, const struct mx_error *err);
	void *arg;
};

static enum mx_err
insert_result(struct mx_db *db, const struct mx_store_result *row, int64_t pair,
    bool *is_new, struct mx_error *err)
{
	sqlite3_stmt *insert = mx_db_prepare(db,
	    "INSERT INTO result (id, time_us, destination, mx_host, address, "
	    "helo, mail_from, rcpt, depth, reached, verdict, stage, code, enhanced, text, "
	    "category, about, permanence, authority, list, provider_code, listed_value, "
	    "delist_url, rule, remedy, confidence, seen_source, note, pair) VALUES "
	    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
	    "?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
	    err);

	*is_new = false;
	if (insert == NULL)
		return err->code;
	mx_result_bind(insert, 1, row);
	(void)sqlite3_bind_int64(insert, MX_RESULT_COLUMNS + 1, pair);
	if (mx_db_finish(db, insert, err) == MX_OK)
		*is_new = sqlite3_changes(db->sqlite) > 0;
	return err->code;
}

static enum mx_err
insert_evidence(struct mx_db *db, const struct work *work, int64_t pair, bool keep,
    struct mx_error *err)
{
	sqlite3_stmt *insert;

	if (work->json == NULL)
		return MX_OK;
	insert = mx_db_prepare(db,
	    "INSERT INTO evidence (result, pair, time_us, keep, json) "
	    "VALUES (?, ?, ?, ?, ?) ON CONFLICT (result) DO NOTHING",
	    err);
	if (insert == NULL)
		return err->code;
	mx_db_bind(insert, "tiiit", work->row->id, pair, work->row->time_us,
	    (int64_t)keep, work->json);
	return mx_db_finish(db, insert, err);
}

static enum mx_err
put_hop(struct mx_db *db, const struct mx_store_result *row, int64_t pair,
    struct mx_error *err)
{
	sqlite3_stmt *put;

	/* Without an address, or without a connect, the address was not found in any state. */
	if (row->address == NULL || row->mx_host == NULL)
		return MX_OK;
	put = mx_db_prepare(db,
	    "INSERT OR REPLACE INTO hop (pair, mx_host, address, time_us, verdict, result) "
	    "VALUES (?, ?, ?, ?, ?, ?)",
	    err);
	if (put == NULL)
		return err->code;
	mx_db_bind(put, "ittitt", pair, row->mx_host, row->address, row->time_us,
	    row->verdict, row->id);
	return mx_db_finish(db, put, err);
}

/* The last of the old state is kept for good, as the first of the new one is. */
static enum mx_err
keep_last(struct mx_db *db, const struct mx_pair_row *pair, struct mx_error *err)
{
	sqlite3_stmt *update =
	    mx_db_prepare(db, "UPDATE evidence SET keep = 1 WHERE result = ?", err);

	if (update == NULL)
		return err->code;
	mx_db_bind(update, "t", pair->last_result);
	return mx_db_finish(db, update, err);
}

static enum mx_err
update_pair(struct mx_db *db, const struct mx_store_result *row,
    const struct mx_pair_row *pair, const struct mx_store_step *step,
    struct mx_error *err)
{
	sqlite3_stmt *update = mx_db_prepare(db,
	    "UPDATE pair SET state = ?, since_us = ?, fold = ?, provider = ?, "
	    "destination = ?, last_result = ?, last_us = ?, last_verdict = ?, "
	    "learned_us = coalesce(?, learned_us), visits = visits + ? WHERE id = ?",
	    err);

	if (update == NULL)
		return err->code;
	mx_db_bind(update, "tittttit", step->state, step->since_us, step->fold,
	    row->provider, row->destination, row->id, row->time_us, row->verdict);
	if (step->has_learned)
		(void)sqlite3_bind_int64(update, 9, row->time_us);
	(void)sqlite3_bind_int64(update, 10, row->mx_host != NULL);
	(void)sqlite3_bind_int64(update, 11, pair->id);
	return mx_db_finish(db, update, err);
}

static void
take_step(
    const struct work *work, const struct mx_pair_row *pair, struct mx_store_step *step)
{
	struct mx_store_state before = mx_pair_row_state(pair);

	*step =
	    (struct mx_store_step){ .state = pair->state, .since_us = pair->since_us };
	if (work->fold != NULL)
		work->fold(
		    work->fold_arg, pair->is_new ? NULL : &before, work->row, step);
	else
		step->fold = mx_strdup(pair->fold);
}

/* What follows from a result for its pair. */
static enum mx_err
fold_in(struct mx_db *db, const struct work *work, const struct mx_pair_row *pair,
    struct mx_error *err)
{
	struct mx_store_step step = { 0 };
	bool has_changed;

	take_step(work, pair, &step);
	has_changed = strcmp(step.state, pair->state) != 0;
	if (insert_evidence(db, work, pair->id, has_changed, err) == MX_OK &&
	    put_hop(db, work->row, pair->id, err) == MX_OK &&
	    mx_pair_row_event(db, pair, &step, work->row->time_us, work->row->id, err) ==
		MX_OK &&
	    (!has_changed || keep_last(db, pair, err) == MX_OK))
		(void)update_pair(db, work->row, pair, &step, err);
	free(step.fold);
	free(step.why);
	return err->code;
}

/* A result that is recorded twice is one result, and is folded in once. */
static enum mx_err
run(struct mx_db *db, void *arg, struct mx_error *err)
{
	const struct work *work = arg;
	const struct mx_pair_key key = {
		.source = work->row->source,
		.group = work->row->group,
		.provider = work->row->provider,
		.destination = work->row->destination,
		.time_us = work->row->time_us,
	};
	struct mx_pair_row pair = { 0 };
	bool is_new;

	if (mx_pair_row_find(db, &key, &pair, err) == MX_OK &&
	    insert_result(db, work->row, pair.id, &is_new, err) == MX_OK && is_new)
		(void)fold_in(db, work, &pair, err);
	mx_pair_row_clear(&pair);
	return err->code;
}

static void
answer(void *arg, const struct mx_error *err)
{
	struct work *work = arg;

	if (work->done != NULL)
		work->done(work->arg, err);
	free(work->row);
	free(work->json);
	free(work);
}

void
mx_store_record(struct mx_store *store, const struct mx_store_record *record)
{
	struct work *work = mx_calloc(1, sizeof *work);

	*work = (struct work){
		.row = mx_store_result_copy(record->row),
		.json = mx_strdup(record->json),
		.fold = record->fold,
		.fold_arg = record->fold_arg,
		.done = record->done,
		.arg = record->arg,
	};
	mx_store_submit(
	    store, &(struct mx_store_job){ .run = run, .answer = answer, .work = work });
}
