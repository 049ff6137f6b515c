/* aging.c - the row is written only where the state has changed. */
#include "probe/store/aging.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/store/pair_row.h"
#include "probe/store/writer.h"

/** One on its way; strings are own. */
struct work {
	struct mx_store_aging aging;
	char *source, *group;
};

static enum mx_err
go_on(struct mx_db *db, const struct mx_store_aging *aging,
    const struct mx_pair_row *pair, struct mx_error *err)
{
	struct mx_store_state before = mx_pair_row_state(pair);
	struct mx_store_step step = { 0 };

	aging->fold(aging->fold_arg, &before, &step);
	if (strcmp(step.state, pair->state) != 0 &&
	    mx_pair_row_put(db, pair, &step, err) == MX_OK)
		(void)!mx_pair_row_event(db, pair, &step, aging->time_us, NULL, err);
	free(step.fold);
	free(step.why);
	return err->code;
}

static enum mx_err
run(struct mx_db *db, void *arg, struct mx_error *err)
{
	const struct work *work = arg;
	const struct mx_pair_key key = {
		.source = work->source,
		.group = work->group,
	};
	struct mx_pair_row pair = { 0 };

	if (mx_pair_row_look(db, &key, &pair, err) == MX_OK && pair.id != 0)
		(void)!go_on(db, &work->aging, &pair, err);
	mx_pair_row_clear(&pair);
	return err->code;
}

static void
answer(void *arg, const struct mx_error *err)
{
	struct work *work = arg;

	if (work->aging.done != NULL)
		work->aging.done(work->aging.arg, err);
	free(work->source);
	free(work->group);
	free(work);
}

void
mx_store_age(struct mx_store *store, const struct mx_store_aging *aging)
{
	struct work *work = mx_calloc(1, sizeof *work);

	*work = (struct work){
		.aging = *aging,
		.source = mx_strdup(aging->source),
		.group = mx_strdup(aging->group),
	};
	mx_store_submit(
	    store, &(struct mx_store_job){ .run = run, .answer = answer, .work = work });
}
