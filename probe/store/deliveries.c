/* deliveries.c - one table, written whole and read whole. */
#include "probe/store/deliveries.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/store/writer.h"

#define TEXTS 14

/* In the order of the columns, but for time_us. */
static void
texts_of(struct mx_store_delivery *one, const char **out[TEXTS])
{
	const char **all[TEXTS] = { &one->id, &one->mailbox, &one->group, &one->provider,
		&one->source, &one->relay, &one->verdict, &one->place, &one->folder,
		&one->spf, &one->dkim, &one->dmarc, &one->summary, &one->json };

	for (size_t i = 0; i < TEXTS; i++)
		out[i] = all[i];
}

/** A delivery on its way; strings are own. */
struct work {
	struct mx_store_delivery one;
	char *texts[TEXTS];
	void (*done)(void *arg, const struct mx_error *err);
	void *arg;
};

static enum mx_err
run(struct mx_db *db, void *arg, struct mx_error *err)
{
	const struct work *work = arg;
	char *const *t = work->texts;
	sqlite3_stmt *put = mx_db_prepare(db,
	    "INSERT OR REPLACE INTO delivery (id, time_us, mailbox, grp, provider, source, "
	    "relay, verdict, place, folder, spf, dkim, dmarc, summary, json) "
	    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    err);

	if (put == NULL)
		return err->code;
	mx_db_bind(put, "tittttttttttttt", t[0], work->one.time_us, t[1], t[2], t[3],
	    t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12], t[13]);
	return mx_db_finish(db, put, err);
}

static void
answer(void *arg, const struct mx_error *err)
{
	struct work *work = arg;

	if (work->done != NULL)
		work->done(work->arg, err);
	for (size_t i = 0; i < TEXTS; i++)
		free(work->texts[i]);
	free(work);
}

void
mx_store_put_delivery(struct mx_store *store, const struct mx_store_delivery *one,
    void (*done)(void *arg, const struct mx_error *err), void *arg)
{
	struct work *work = mx_calloc(1, sizeof *work);
	const char **texts[TEXTS];

	*work = (struct work){ .one = *one, .done = done, .arg = arg };
	texts_of(&work->one, texts);
	for (size_t i = 0; i < TEXTS; i++)
		work->texts[i] = mx_strdup(*texts[i]);
	mx_store_submit(
	    store, &(struct mx_store_job){ .run = run, .answer = answer, .work = work });
}

bool
mx_store_delivery_is_of(const struct mx_store_delivery *one, const char *source)
{
	return source == NULL || one->source == NULL || strcmp(one->source, source) == 0;
}

enum mx_err
mx_store_deliveries(struct mx_store *store, const struct mx_store_delivery_span *span,
    bool (*each)(void *arg, const struct mx_store_delivery *one), void *arg,
    struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows = mx_db_prepare(db,
	    "SELECT id, mailbox, grp, provider, source, relay, verdict, place, folder, spf, "
	    "dkim, dmarc, summary, json, time_us FROM delivery "
	    "WHERE (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR grp = ?2) "
	    "AND (?3 IS NULL OR mailbox = ?3) AND time_us >= ?4 "
	    "ORDER BY time_us DESC, id DESC LIMIT iif(?5 > 0, ?5, -1)",
	    err);

	if (rows == NULL)
		return err->code;
	mx_db_bind(rows, "tttii", span->id, span->group, span->mailbox, span->since_us,
	    span->newest);
	while (mx_db_row(db, rows, err)) {
		struct mx_store_delivery one = { 0 };
		const char **texts[TEXTS];

		texts_of(&one, texts);
		for (int i = 0; i < TEXTS; i++)
			*texts[i] = mx_db_text(rows, i);
		one.time_us = sqlite3_column_int64(rows, TEXTS);
		if (!each(arg, &one))
			break;
	}
	mx_db_done(rows);
	return err->code;
}
