/* ledger.c - one transaction looks at every floor and, when none objects, writes the session. */
#include "probe/store/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/store/ledger_time.h"
#include "probe/store/writer.h"

/* No session lasts so long: what has not ended by then, in whatever namespace, is dead. */
#define LEASE_US (30 * MX_MINUTE_US)
/* Rows older than the longest floor are of no use to anybody. */
#define KEEP_US (48 * MX_HOUR_US)

const struct mx_ledger_floors mx_ledger_floors_default = {
	.pair_us = 30 * MX_MINUTE_US, /* RFC 5321 4.5.4.1 */
	.blocked_us = 6 * MX_HOUR_US,
	.throttled_us = 2 * MX_HOUR_US,
	.throttled_most_us = 24 * MX_HOUR_US,
	.every_us = 6 * MX_HOUR_US,
	.group_at_once = 2,
	.group_a_minute = 6,
	.network_us = 20 * MX_SECOND_US,
};

/* clang-format off */
static const char *const kinds[] = {
	[MX_LEDGER_VISIT] = "visit",
	[MX_LEDGER_EVERY] = "every",
	[MX_LEDGER_STEP]  = "step",
	[MX_LEDGER_MESSAGE] = "message",
};
/* clang-format on */

/** A look at the ledger: what is asked, when, and what has been found so far. */
struct look {
	struct mx_db *db;
	const struct mx_ledger_key *key;
	const struct mx_ledger_floors *floors;
	struct mx_ledger_now now;
	struct mx_ledger_answer answer;
	struct mx_error *err;
};

/* ---- the row of a session ---- */

#define SESSION_COLUMNS "started_us, started_boot_us, boot, hold_us, outcome"

/* How long ago the session of this row was started, by the clock that can be trusted. A boot without
 * a name may be any. */
static int64_t
age_of(const struct look *look, sqlite3_stmt *row)
{
	int64_t age =
	    *look->now.boot != '\0' && strcmp(mx_db_text(row, 2), look->now.boot) == 0
		? look->now.boot_us - sqlite3_column_int64(row, 1)
		: look->now.wall_us - sqlite3_column_int64(row, 0);

	return age > 0 ? age : 0;
}

/* The span forbids what comes before it is over. The latest of all objections is told. */
static void
object(struct look *look, enum mx_ledger_why why, int64_t age_us, int64_t floor_us)
{
	int64_t until_us = look->now.wall_us + floor_us - age_us;

	if (age_us >= floor_us || look->answer.why == MX_LEDGER_UNDER_WAY)
		return;
	if (look->answer.why == MX_LEDGER_GRANTED || until_us > look->answer.until_us) {
		look->answer.why = why;
		look->answer.until_us = until_us;
		look->answer.floor_us = floor_us;
	}
}

static void
object_until_ended(struct look *look, enum mx_ledger_why why)
{
	look->answer.why = why;
	look->answer.until_us = look->answer.floor_us = 0;
}

/* ---- floors, one function each; false when the database failed ---- */

static bool
ask_under_way(struct look *look)
{
	sqlite3_stmt *rows = mx_db_prepare(look->db,
	    "SELECT 1 FROM session WHERE source = ? AND grp = ? AND ended_us IS NULL LIMIT 1",
	    look->err);

	if (rows == NULL)
		return false;
	mx_db_bind(rows, "tt", look->key->source, look->key->group);
	if (mx_db_row(look->db, rows, look->err))
		object_until_ended(look, MX_LEDGER_UNDER_WAY);
	mx_db_done(rows);
	return look->err->code == MX_OK;
}

static enum mx_ledger_why
why_held(const char *outcome)
{
	if (outcome != NULL && strcmp(outcome, "blocked") == 0)
		return MX_LEDGER_BLOCKED;
	return outcome != NULL && strcmp(outcome, "throttled") == 0 ? MX_LEDGER_THROTTLED
								    : MX_LEDGER_PAIR;
}

static bool
ask_pair(struct look *look)
{
	sqlite3_stmt *rows = mx_db_prepare(look->db,
	    "SELECT " SESSION_COLUMNS " FROM session WHERE source = ? AND grp = ? "
	    "ORDER BY id DESC LIMIT 1",
	    look->err);

	if (rows == NULL)
		return false;
	mx_db_bind(rows, "tt", look->key->source, look->key->group);
	if (mx_db_row(look->db, rows, look->err)) {
		enum mx_ledger_why why = why_held(mx_db_text(rows, 4));
		int64_t hold_us = sqlite3_column_int64(rows, 3);

		object(look, MX_LEDGER_PAIR, age_of(look, rows), look->floors->pair_us);
		if (hold_us > look->floors->pair_us &&
		    (why != MX_LEDGER_BLOCKED || look->key->kind != MX_LEDGER_STEP))
			object(look, why, age_of(look, rows), hold_us);
	}
	mx_db_done(rows);
	return look->err->code == MX_OK;
}

static bool
ask_every(struct look *look)
{
	sqlite3_stmt *rows;

	if (look->key->kind != MX_LEDGER_EVERY)
		return true;
	rows = mx_db_prepare(look->db,
	    "SELECT " SESSION_COLUMNS " FROM session WHERE source = ? AND grp = ? AND "
	    "kind = 'every' ORDER BY id DESC LIMIT 1",
	    look->err);
	if (rows == NULL)
		return false;
	mx_db_bind(rows, "tt", look->key->source, look->key->group);
	if (mx_db_row(look->db, rows, look->err))
		object(look, MX_LEDGER_EVERY_HOST, age_of(look, rows),
		    look->floors->every_us);
	mx_db_done(rows);
	return look->err->code == MX_OK;
}

/* Few sessions are open, while a group has thousands of the last two days: SQLite can't know that. */
static bool
ask_group_busy(struct look *look)
{
	sqlite3_stmt *rows = mx_db_prepare(look->db,
	    "SELECT count(*) FROM session INDEXED BY session_open "
	    "WHERE ended_us IS NULL AND grp = ?",
	    look->err);

	if (rows == NULL)
		return false;
	mx_db_bind(rows, "t", look->key->group);
	if (mx_db_row(look->db, rows, look->err) &&
	    sqlite3_column_int64(rows, 0) >= look->floors->group_at_once &&
	    look->answer.why == MX_LEDGER_GRANTED)
		object_until_ended(look, MX_LEDGER_GROUP_BUSY);
	mx_db_done(rows);
	return look->err->code == MX_OK;
}

/* The oldest of the last so many must be a minute old. */
static bool
ask_group_rate(struct look *look)
{
	sqlite3_stmt *rows = mx_db_prepare(look->db,
	    "SELECT " SESSION_COLUMNS " FROM session WHERE grp = ? "
	    "ORDER BY id DESC LIMIT 1 OFFSET ?",
	    look->err);

	if (rows == NULL)
		return false;
	mx_db_bind(
	    rows, "ti", look->key->group, (int64_t)look->floors->group_a_minute - 1);
	if (mx_db_row(look->db, rows, look->err))
		object(look, MX_LEDGER_GROUP_RATE, age_of(look, rows), MX_MINUTE_US);
	mx_db_done(rows);
	return look->err->code == MX_OK;
}

static bool
ask_network(struct look *look)
{
	sqlite3_stmt *rows = mx_db_prepare(look->db,
	    "SELECT " SESSION_COLUMNS " FROM session WHERE network = ? AND grp = ? "
	    "ORDER BY id DESC LIMIT 1",
	    look->err);

	if (rows == NULL)
		return false;
	mx_db_bind(rows, "tt", look->key->network, look->key->group);
	if (mx_db_row(look->db, rows, look->err))
		object(look, MX_LEDGER_NETWORK, age_of(look, rows),
		    look->floors->network_us);
	mx_db_done(rows);
	return look->err->code == MX_OK;
}

static enum mx_err
ask_floors(struct look *look)
{
	static bool (*const floors[])(struct look * look) = { ask_pair, ask_every,
		ask_group_rate, ask_network, ask_group_busy };

	if (!ask_under_way(look) || look->key->is_exempt)
		return look->err->code;
	for (size_t i = 0; i < sizeof floors / sizeof *floors; i++)
		if (look->answer.why != MX_LEDGER_UNDER_WAY && !floors[i](look))
			return look->err->code;
	return MX_OK;
}

/* ---- keeping the ledger true ---- */

static enum mx_err
end_dead_ones(struct look *look, const struct mx_ledger_process *self)
{
	sqlite3_stmt *open = mx_db_prepare(look->db,
	    "SELECT " SESSION_COLUMNS ", id, pid, pid_start, pid_space FROM session "
	    "WHERE ended_us IS NULL",
	    look->err);
	sqlite3_stmt *end = mx_db_prepare(look->db,
	    "UPDATE session SET ended_us = ?, outcome = 'aborted' WHERE id = ?",
	    look->err);

	if (open == NULL || end == NULL)
		return look->err->code;
	while (mx_db_row(look->db, open, look->err)) {
		struct mx_ledger_process process = {
			.pid = sqlite3_column_int64(open, 6),
			.start = sqlite3_column_int64(open, 7),
			.space = sqlite3_column_int64(open, 8),
		};

		if (strcmp(mx_db_text(open, 2), look->now.boot) == 0 &&
		    age_of(look, open) < LEASE_US && mx_ledger_may_live(&process, self))
			continue;
		mx_db_bind(end, "ii", look->now.wall_us, sqlite3_column_int64(open, 5));
		if (mx_db_finish(look->db, end, look->err) != MX_OK)
			break;
	}
	mx_db_done(open);
	return look->err->code;
}

/* Of another boot and later than now: somebody set the clock back. No floor may last for as long as
 * the clock was wrong, so these count from now on. */
static enum mx_err
anchor_future_ones(struct look *look)
{
	sqlite3_stmt *update = mx_db_prepare(look->db,
	    "UPDATE session SET started_us = ?1, started_boot_us = ?2, boot = ?3 "
	    "WHERE started_us > ?1 AND (boot <> ?3 OR boot = '')",
	    look->err);

	if (update == NULL)
		return look->err->code;
	mx_db_bind(update, "iit", look->now.wall_us, look->now.boot_us, look->now.boot);
	return mx_db_finish(look->db, update, look->err);
}

/* The oldest rows, a few a claim. */
static enum mx_err
forget_old_ones(struct look *look)
{
	sqlite3_stmt *removal = mx_db_prepare(look->db,
	    "DELETE FROM session WHERE id IN (SELECT id FROM session ORDER BY id LIMIT 4) "
	    "AND started_us < ? AND ended_us IS NOT NULL",
	    look->err);

	if (removal == NULL)
		return look->err->code;
	mx_db_bind(removal, "i", look->now.wall_us - KEEP_US);
	return mx_db_finish(look->db, removal, look->err);
}

static enum mx_err
write_session(struct look *look, const struct mx_ledger_process *self)
{
	const struct mx_ledger_key *key = look->key;
	sqlite3_stmt *insert = mx_db_prepare(look->db,
	    "INSERT INTO session (source, grp, network, kind, started_us, "
	    "started_boot_us, boot, pid, pid_start, pid_space) "
	    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    look->err);

	if (insert == NULL)
		return look->err->code;
	mx_db_bind(insert, "ttttiitiii", key->source, key->group, key->network,
	    kinds[key->kind], look->now.wall_us, look->now.boot_us, look->now.boot,
	    self->pid, self->start, self->space);
	if (mx_db_finish(look->db, insert, look->err) == MX_OK)
		look->answer.id = sqlite3_last_insert_rowid(look->db->sqlite);
	return look->err->code;
}

/* ---- claims ---- */

struct claim {
	struct mx_ledger_key key;
	char *source, *group, *network;
	struct mx_ledger_floors floors;
	struct mx_ledger_answer answer;
	void (*done)(
	    void *arg, const struct mx_ledger_answer *answer, const struct mx_error *err);
	void *arg;
};

static enum mx_err
run_claim(struct mx_db *db, void *work, struct mx_error *err)
{
	struct claim *claim = work;
	struct look look = {
		.db = db, .key = &claim->key, .floors = &claim->floors, .err = err
	};
	struct mx_ledger_process self;

	mx_ledger_now(&look.now);
	mx_ledger_self(&self);
	if (end_dead_ones(&look, &self) != MX_OK || anchor_future_ones(&look) != MX_OK ||
	    forget_old_ones(&look) != MX_OK || ask_floors(&look) != MX_OK)
		return err->code;
	if (look.answer.why == MX_LEDGER_GRANTED && write_session(&look, &self) != MX_OK)
		return err->code;
	claim->answer = look.answer;
	return MX_OK;
}

static void
answer_claim(void *work, const struct mx_error *err)
{
	struct claim *claim = work;

	claim->done(claim->arg, err == NULL ? &claim->answer : NULL, err);
	free(claim->source);
	free(claim->group);
	free(claim->network);
	free(claim);
}

void
mx_ledger_claim(struct mx_store *store, const struct mx_ledger_key *key,
    const struct mx_ledger_floors *floors,
    void (*done)(
	void *arg, const struct mx_ledger_answer *answer, const struct mx_error *err),
    void *arg)
{
	struct claim *claim = mx_calloc(1, sizeof *claim);

	claim->key = *key;
	claim->key.source = claim->source = mx_strdup(key->source);
	claim->key.group = claim->group = mx_strdup(key->group);
	claim->key.network = claim->network = mx_strdup(key->network);
	claim->floors = *floors;
	claim->done = done;
	claim->arg = arg;
	mx_store_submit(
	    store, &(struct mx_store_job){
		       .run = run_claim, .answer = answer_claim, .work = claim });
}

enum mx_err
mx_ledger_look(struct mx_store *store, const struct mx_ledger_key *key,
    const struct mx_ledger_floors *floors, struct mx_ledger_answer *answer,
    struct mx_error *err)
{
	struct look look = {
		.db = mx_store_reader(store), .key = key, .floors = floors, .err = err
	};

	mx_ledger_now(&look.now);
	*answer = (struct mx_ledger_answer){ 0 };
	if (ask_floors(&look) == MX_OK)
		*answer = look.answer;
	return err->code;
}

/* ---- ends ---- */

struct ending {
	int64_t id;
	char *outcome;
	struct mx_ledger_floors floors;
	void (*done)(void *arg, const struct mx_error *err);
	void *arg;
};

/* Twice the hold of the session before, when that was throttled as well. */
static int64_t
throttled_hold(struct mx_db *db, const struct ending *ending, struct mx_error *err)
{
	sqlite3_stmt *rows = mx_db_prepare(db,
	    "SELECT before.outcome, before.hold_us FROM session, session AS before "
	    "WHERE session.id = ? AND before.source = session.source AND "
	    "before.grp = session.grp AND before.id < session.id "
	    "ORDER BY before.id DESC LIMIT 1",
	    err);
	int64_t hold_us = ending->floors.throttled_us;

	if (rows == NULL)
		return 0;
	mx_db_bind(rows, "i", ending->id);
	if (mx_db_row(db, rows, err) &&
	    why_held(mx_db_text(rows, 0)) == MX_LEDGER_THROTTLED)
		hold_us = 2 * sqlite3_column_int64(rows, 1);
	mx_db_done(rows);
	return hold_us < ending->floors.throttled_most_us
		   ? hold_us
		   : ending->floors.throttled_most_us;
}

static enum mx_err
run_ending(struct mx_db *db, void *work, struct mx_error *err)
{
	const struct ending *ending = work;
	enum mx_ledger_why why = why_held(ending->outcome);
	int64_t hold_us = why == MX_LEDGER_BLOCKED     ? ending->floors.blocked_us
			  : why == MX_LEDGER_THROTTLED ? throttled_hold(db, ending, err)
						       : 0;
	sqlite3_stmt *update = mx_db_prepare(db,
	    "UPDATE session SET ended_us = ?, outcome = ?, hold_us = ? WHERE id = ?",
	    err);

	if (update == NULL || err->code != MX_OK)
		return err->code;
	mx_db_bind(
	    update, "itii", mx_clock_wall_us(), ending->outcome, hold_us, ending->id);
	return mx_db_finish(db, update, err);
}

static void
answer_ending(void *work, const struct mx_error *err)
{
	struct ending *ending = work;

	if (ending->done != NULL)
		ending->done(ending->arg, err);
	free(ending->outcome);
	free(ending);
}

void
mx_ledger_end(struct mx_store *store, int64_t id, const char *outcome,
    const struct mx_ledger_floors *floors,
    void (*done)(void *arg, const struct mx_error *err), void *arg)
{
	struct ending *ending = mx_calloc(1, sizeof *ending);

	*ending = (struct ending){ .id = id,
		.outcome = mx_strdup(outcome),
		.floors = *floors,
		.done = done,
		.arg = arg };
	mx_store_submit(
	    store, &(struct mx_store_job){
		       .run = run_ending, .answer = answer_ending, .work = ending });
}

/* ---- forgetting ---- */

static enum mx_err
run_forgetting(struct mx_db *db, void *arg, struct mx_error *err)
{
	const int64_t *id = arg;
	sqlite3_stmt *removal =
	    mx_db_prepare(db, "DELETE FROM session WHERE id = ?", err);

	if (removal == NULL)
		return err->code;
	mx_db_bind(removal, "i", *id);
	return mx_db_finish(db, removal, err);
}

static void
answer_forgetting(void *arg, const struct mx_error *err)
{
	(void)err; /* the floor holds then: the safe side */
	free(arg);
}

void
mx_ledger_forget(struct mx_store *store, int64_t id)
{
	int64_t *own = mx_calloc(1, sizeof *own);

	*own = id;
	mx_store_submit(
	    store, &(struct mx_store_job){
		       .run = run_forgetting, .answer = answer_forgetting, .work = own });
}
