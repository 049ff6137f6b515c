/* pair_row.c - a pair that nobody has heard of is unknown. */
#include "probe/store/pair_row.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#define UNKNOWN_STATE "unknown"

static enum mx_err
make(struct mx_db *db, const struct mx_pair_key *key, struct mx_pair_row *pair,
    struct mx_error *err)
{
	sqlite3_stmt *insert = mx_db_prepare(db,
	    "INSERT INTO pair (source, grp, provider, destination, state, since_us) "
	    "VALUES (?, ?, ?, ?, ?, ?)",
	    err);

	if (insert == NULL)
		return err->code;
	mx_db_bind(insert, "ttttti", key->source, key->group, key->provider,
	    key->destination, UNKNOWN_STATE, key->time_us);
	pair->is_new = true;
	pair->state = mx_strdup(UNKNOWN_STATE);
	pair->since_us = key->time_us;
	if (mx_db_finish(db, insert, err) == MX_OK)
		pair->id = sqlite3_last_insert_rowid(db->sqlite);
	return err->code;
}

enum mx_err
mx_pair_row_look(struct mx_db *db, const struct mx_pair_key *key,
    struct mx_pair_row *pair, struct mx_error *err)
{
	sqlite3_stmt *select = mx_db_prepare(db,
	    "SELECT id, state, since_us, fold, last_result FROM pair "
	    "WHERE source = ? AND grp = ?",
	    err);

	if (select == NULL)
		return err->code;
	mx_db_bind(select, "tt", key->source, key->group);
	if (!mx_db_row(db, select, err))
		return err->code;
	pair->id = sqlite3_column_int64(select, 0);
	pair->state = mx_strdup(mx_db_text(select, 1));
	pair->since_us = sqlite3_column_int64(select, 2);
	pair->fold = mx_strdup(mx_db_text(select, 3));
	pair->last_result = mx_strdup(mx_db_text(select, 4));
	mx_db_done(select);
	return MX_OK;
}

enum mx_err
mx_pair_row_find(struct mx_db *db, const struct mx_pair_key *key,
    struct mx_pair_row *pair, struct mx_error *err)
{
	if (mx_pair_row_look(db, key, pair, err) != MX_OK || pair->id != 0)
		return err->code;
	return make(db, key, pair, err);
}

void
mx_pair_row_clear(struct mx_pair_row *pair)
{
	free(pair->state);
	free(pair->fold);
	free(pair->last_result);
}

struct mx_store_state
mx_pair_row_state(const struct mx_pair_row *pair)
{
	return (struct mx_store_state){
		.state = pair->state,
		.since_us = pair->since_us,
		.fold = pair->fold,
	};
}

enum mx_err
mx_pair_row_put(struct mx_db *db, const struct mx_pair_row *pair,
    const struct mx_store_step *step, struct mx_error *err)
{
	sqlite3_stmt *update = mx_db_prepare(
	    db, "UPDATE pair SET state = ?, since_us = ?, fold = ? WHERE id = ?", err);

	if (update == NULL)
		return err->code;
	mx_db_bind(update, "titi", step->state, step->since_us, step->fold, pair->id);
	return mx_db_finish(db, update, err);
}

enum mx_err
mx_pair_row_event(struct mx_db *db, const struct mx_pair_row *pair,
    const struct mx_store_step *step, int64_t time_us, const char *result,
    struct mx_error *err)
{
	sqlite3_stmt *insert;

	if (strcmp(step->state, pair->state) == 0)
		return MX_OK;
	insert = mx_db_prepare(db,
	    "INSERT INTO event (pair, time_us, old_state, new_state, why, result) "
	    "VALUES (?, ?, ?, ?, ?, ?)",
	    err);
	if (insert == NULL)
		return err->code;
	mx_db_bind(insert, "iitttt", pair->id, time_us, pair->state, step->state,
	    step->why, result);
	return mx_db_finish(db, insert, err);
}
