/* pairs.c - reading pairs, their addresses and their events. */
#include "probe/store/pairs.h"

#include <stddef.h>

#include "probe/store/writer.h"

size_t
mx_store_visits(struct mx_store *store, const char *source, const char *group)
{
	struct mx_error ignored = { 0 };
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows = mx_db_prepare(
	    db, "SELECT visits FROM pair WHERE source = ? AND grp = ?", &ignored);
	size_t visits = 0;

	if (rows == NULL)
		return 0;
	mx_db_bind(rows, "tt", source, group);
	if (mx_db_row(db, rows, &ignored))
		visits = (size_t)sqlite3_column_int64(rows, 0);
	mx_db_done(rows);
	return visits;
}

enum mx_err
mx_store_pairs(struct mx_store *store, const char *source, const char *group,
    bool (*each)(void *arg, const struct mx_store_pair *pair), void *arg,
    struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows = mx_db_prepare(db,
	    "SELECT id, source, grp, provider, destination, state, since_us, fold, "
	    "last_result, last_verdict, last_us, learned_us, "
	    "(SELECT count(*) FROM hop WHERE hop.pair = pair.id), "
	    "(SELECT count(*) FROM hop WHERE hop.pair = pair.id AND "
	    " hop.verdict IN ('accepted', 'recipient')) "
	    "FROM pair WHERE (?1 IS NULL OR source = ?1) AND (?2 IS NULL OR grp = ?2) "
	    "ORDER BY source, grp",
	    err);

	if (rows == NULL)
		return err->code;
	mx_db_bind(rows, "tt", source, group);
	while (mx_db_row(db, rows, err)) {
		struct mx_store_pair pair = {
			.id = sqlite3_column_int64(rows, 0),
			.source = mx_db_text(rows, 1),
			.group = mx_db_text(rows, 2),
			.provider = mx_db_text(rows, 3),
			.destination = mx_db_text(rows, 4),
			.state = mx_db_text(rows, 5),
			.since_us = sqlite3_column_int64(rows, 6),
			.fold = mx_db_text(rows, 7),
			.last_result = mx_db_text(rows, 8),
			.last_verdict = mx_db_text(rows, 9),
			.last_us = sqlite3_column_int64(rows, 10),
			.learned_us = sqlite3_column_int64(rows, 11),
			.hops = sqlite3_column_int64(rows, 12),
			.hops_accepting = sqlite3_column_int64(rows, 13),
		};

		if (!each(arg, &pair))
			break;
	}
	mx_db_done(rows);
	return err->code;
}

enum mx_err
mx_store_hops(struct mx_store *store, const char *source, const char *group,
    bool (*each)(void *arg, const struct mx_store_hop *hop), void *arg,
    struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows = mx_db_prepare(db,
	    "SELECT mx_host, address, verdict, result, time_us FROM hop WHERE pair = "
	    "(SELECT id FROM pair WHERE source = ? AND grp = ?) "
	    "ORDER BY time_us, mx_host, address",
	    err);

	if (rows == NULL)
		return err->code;
	mx_db_bind(rows, "tt", source, group);
	while (mx_db_row(db, rows, err)) {
		struct mx_store_hop hop = {
			.mx_host = mx_db_text(rows, 0),
			.address = mx_db_text(rows, 1),
			.verdict = mx_db_text(rows, 2),
			.result = mx_db_text(rows, 3),
			.time_us = sqlite3_column_int64(rows, 4),
		};

		if (!each(arg, &hop))
			break;
	}
	mx_db_done(rows);
	return err->code;
}

#define EVENT_COLUMNS                                                           \
	"event.id, time_us, source, grp, provider, old_state, new_state, why, " \
	"result FROM event JOIN pair ON pair.id = event.pair "

static enum mx_err
tell_events(struct mx_db *db, sqlite3_stmt *rows,
    bool (*each)(void *arg, const struct mx_store_event *event), void *arg,
    struct mx_error *err)
{
	while (mx_db_row(db, rows, err)) {
		struct mx_store_event event = {
			.id = sqlite3_column_int64(rows, 0),
			.time_us = sqlite3_column_int64(rows, 1),
			.source = mx_db_text(rows, 2),
			.group = mx_db_text(rows, 3),
			.provider = mx_db_text(rows, 4),
			.old_state = mx_db_text(rows, 5),
			.new_state = mx_db_text(rows, 6),
			.why = mx_db_text(rows, 7),
			.result = mx_db_text(rows, 8),
		};

		if (!each(arg, &event))
			break;
	}
	mx_db_done(rows);
	return err->code;
}

enum mx_err
mx_store_events(struct mx_store *store, const char *source, const char *group,
    int64_t since_us, bool (*each)(void *arg, const struct mx_store_event *event),
    void *arg, struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows = mx_db_prepare(db,
	    "SELECT " EVENT_COLUMNS "WHERE event.pair IN (SELECT id FROM pair WHERE "
	    " (?1 IS NULL OR source = ?1) AND (?2 IS NULL OR grp = ?2)) AND "
	    "time_us > ?3 ORDER BY time_us, event.id",
	    err);

	if (rows == NULL)
		return err->code;
	mx_db_bind(rows, "tti", source, group, since_us);
	return tell_events(db, rows, each, arg, err);
}

enum mx_err
mx_store_events_after(struct mx_store *store, int64_t id, int64_t most,
    bool (*each)(void *arg, const struct mx_store_event *event), void *arg,
    struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows = mx_db_prepare(db,
	    "SELECT " EVENT_COLUMNS "WHERE event.id > ? ORDER BY event.id LIMIT ?", err);

	if (rows == NULL)
		return err->code;
	mx_db_bind(rows, "ii", id, most);
	return tell_events(db, rows, each, arg, err);
}

int64_t
mx_store_last_event(struct mx_store *store, struct mx_error *err)
{
	struct mx_db *db = mx_store_reader(store);
	sqlite3_stmt *rows =
	    mx_db_prepare(db, "SELECT coalesce(max(id), 0) FROM event", err);
	int64_t id = 0;

	if (rows != NULL && mx_db_row(db, rows, err))
		id = sqlite3_column_int64(rows, 0);
	if (rows != NULL)
		mx_db_done(rows);
	return id;
}
