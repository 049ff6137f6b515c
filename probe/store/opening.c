/* opening.c - the pair first, should this be the first that is heard of it. */
#include "probe/store/opening.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/store/pair_row.h"
#include "probe/store/writer.h"

/** One opening on its way; strings are own. */
struct work {
	struct mx_store_opening opening;
	struct mx_store_case one;
	char *source, *group, *ticket, *outcome, *note, *provider, *destination;
};

static enum mx_err
write_case(struct mx_db *db, const struct work *work, const struct mx_pair_row *pair,
    struct mx_error *err)
{
	const struct mx_store_case *one = &work->one;
	sqlite3_stmt *insert = mx_db_prepare(db,
	    "INSERT INTO delist_case (pair, ticket, outcome, opened_us, expected_us, "
	    "cleared_us, closed_us, step, note) VALUES (?, ?, ?, ?, nullif(?, 0), "
	    "nullif(?, 0), nullif(?, 0), ?, ?)",
	    err);

	if (insert == NULL)
		return err->code;
	mx_db_bind(insert, "ittiiiiit", pair->id, work->ticket, work->outcome,
	    one->opened_us, one->expected_us, one->cleared_us, one->closed_us, one->step,
	    work->note);
	return mx_db_finish(db, insert, err);
}

static enum mx_err
run(struct mx_db *db, void *arg, struct mx_error *err)
{
	const struct work *work = arg;
	const struct mx_pair_key key = {
		.source = work->source,
		.group = work->group,
		.provider = work->provider,
		.destination = work->destination,
		.time_us = work->one.opened_us,
	};
	struct mx_pair_row pair = { 0 };
	struct mx_store_step step = { 0 };

	if (mx_pair_row_find(db, &key, &pair, err) == MX_OK) {
		struct mx_store_state before = mx_pair_row_state(&pair);

		work->opening.fold(
		    work->opening.fold_arg, pair.is_new ? NULL : &before, &step);
		if (mx_pair_row_put(db, &pair, &step, err) == MX_OK &&
		    mx_pair_row_event(db, &pair, &step, work->one.opened_us, NULL, err) ==
			MX_OK)
			(void)write_case(db, work, &pair, err);
	}
	free(step.fold);
	free(step.why);
	mx_pair_row_clear(&pair);
	return err->code;
}

static void
answer(void *arg, const struct mx_error *err)
{
	struct work *work = arg;

	if (work->opening.done != NULL)
		work->opening.done(work->opening.arg, err);
	free(work->source);
	free(work->group);
	free(work->ticket);
	free(work->outcome);
	free(work->note);
	free(work->provider);
	free(work->destination);
	free(work);
}

void
mx_store_open_case(struct mx_store *store, const struct mx_store_opening *opening)
{
	struct work *work = mx_calloc(1, sizeof *work);
	const struct mx_store_case *one = opening->one;

	*work = (struct work){
		.opening = *opening,
		.one = *one,
		.source = mx_strdup(one->source),
		.group = mx_strdup(one->group),
		.ticket = mx_strdup(one->ticket),
		.outcome = mx_strdup(one->outcome),
		.note = mx_strdup(one->note),
		.provider = mx_strdup(opening->provider),
		.destination = mx_strdup(opening->destination),
	};
	mx_store_submit(
	    store, &(struct mx_store_job){ .run = run, .answer = answer, .work = work });
}
