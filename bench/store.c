/*
 * store.c - a store as it looks after years: results written through the real writer, then what
 * `status` and `history` read of it; and a bare SQLite loop that inserts the same columns.
 *
 * usage: store DIRECTORY RESULTS [SOURCES [GROUPS]]
 * Everything is made in DIRECTORY, and stays there; without RESULTS (0) what is there is only read.
 */
#include <err.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/measure.h"
#include "probe/base/mem.h"
#include "probe/store/history.h"
#include "probe/store/pairs.h"
#include "probe/store/record.h"
#include "probe/watch/state_text.h"

#define SECOND_US INT64_C(1000000)
#define FIRST_US (INT64_C(1700000000) * SECOND_US)
#define BARE_RESULTS 200000 /* enough for a rate */
#define BATCH 1000          /* as the writer's own */
#define ASKED 20            /* pairs whose history is read */
#define HOSTS 4             /* addresses of a group */

static unsigned sources = 1000, groups = 20;

static double
now_seconds(void)
{
	return (double)measure_now().wall_us / 1e6;
}

/** What writing came to, by the wall clock and by CPU time of all threads. */
struct pace {
	double a_second, cpu_us;
};

static struct pace
pace_since(struct measure start, uint64_t count)
{
	struct measure now = measure_now();

	return (struct pace){
		.a_second = (double)count * 1e6 / (double)(now.wall_us - start.wall_us),
		.cpu_us = (double)(now.cpu_us - start.cpu_us) / (double)count,
	};
}

/* ---- results ---- */

struct made {
	char id[27], source[32], group[16], address[32], text[192];
	struct mx_store_result row;
};

/* One visit after another of every pair, as a schedule makes them; one in ten blocked. */
static const struct mx_store_result *
make(struct made *made, uint64_t number)
{
	unsigned pair = (unsigned)(number % ((uint64_t)sources * groups));
	unsigned source = pair % sources, group = pair / sources;
	uint64_t visit = number / ((uint64_t)sources * groups);
	bool is_blocked = pair % 10 == 0 && visit / 8 % 2 == 0;

	(void)snprintf(
	    made->id, sizeof made->id, "01BENCH%019llu", (unsigned long long)number);
	(void)snprintf(made->source, sizeof made->source, "10.%u.%u.%u", source >> 16,
	    source >> 8 & 255, source & 255);
	(void)snprintf(made->group, sizeof made->group, "group%u", group);
	(void)snprintf(made->address, sizeof made->address, "198.51.100.%u",
	    (unsigned)(visit % HOSTS) + 1);
	(void)snprintf(made->text, sizeof made->text,
	    is_blocked ? "5.7.1 Unfortunately, messages from [%s] weren't sent. Please "
			 "contact your Internet service provider (S3140)."
		       : "2.1.0 Ok %s",
	    made->source);
	made->row = (struct mx_store_result){
		.id = made->id,
		.time_us = FIRST_US + (int64_t)number * SECOND_US / 4,
		.source = made->source,
		.group = made->group,
		.provider = made->group,
		.destination = "example.org",
		.mx_host = "mx.example.org",
		.address = made->address,
		.helo = "mail.example.jp",
		.mail_from = "probe@example.jp",
		.depth = "mail",
		.reached = "mail",
		.verdict = is_blocked ? "blocked" : "accepted",
		.stage = "mail",
		.code = is_blocked ? 550 : 250,
		.enhanced = is_blocked ? "5.7.1" : "2.1.0",
		.text = made->text,
		.category = is_blocked ? "blocklist_own" : NULL,
		.confidence = 0.99,
	};
	return &made->row;
}

static void
fold(const void *arg, const struct mx_store_state *before,
    const struct mx_store_result *row, struct mx_store_step *out)
{
	struct mx_observation seen = {
		.time_us = row->time_us,
		.kind = row->code < 500 ? MX_OBSERVED_ACCEPT : MX_OBSERVED_BLOCK,
	};
	struct mx_pair_state pair;
	struct mx_state_change change;

	(void)arg;
	(void)snprintf(seen.host, sizeof seen.host, "%s", row->address);
	(void)mx_state_from_text(before != NULL ? before->fold : NULL, &pair);
	mx_state_observe(&mx_state_rules_default, &pair, &seen, &change);
	out->state = mx_state_name(change.after);
	out->since_us = change.after != change.before || before == NULL
			    ? row->time_us
			    : before->since_us;
	out->fold = mx_state_to_text(&pair);
	out->why = change.why;
	out->has_learned = true;
}

/* ---- writing ---- */

static void
must(enum mx_err code, const struct mx_error *error)
{
	if (code != MX_OK)
		errx(1, "%s", error->text);
}

/* Waits now and then, so that the queue stays short. */
static struct pace
write_results(const char *path, uint64_t count)
{
	struct mx_error error = { 0 };
	struct mx_store *store = mx_store_open(path, MX_STORE_WRITE, &error);
	struct made made;
	struct measure start = measure_now();

	must(error.code, &error);
	for (uint64_t i = 0; i < count; i++) {
		mx_store_record(store,
		    &(struct mx_store_record){ .row = make(&made, i), .fold = fold });
		if (i % (10 * BATCH) == 0)
			must(mx_store_wait(store, &error), &error);
	}
	must(mx_store_wait(store, &error), &error);
	mx_store_close(store);
	return pace_since(start, count);
}

/* ---- the peer: nothing but the row, into a table with the same columns and indexes ---- */

static void
run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		errx(1, "%s: %s", sql, sqlite3_errmsg(db));
}

static void
insert_bare(sqlite3_stmt *insert, const struct mx_store_result *row)
{
	const char *const texts[] = { row->id, row->source, row->group, row->destination,
		row->mx_host, row->address, row->helo, row->mail_from, row->depth,
		row->reached, row->verdict, row->stage, row->enhanced, row->text,
		row->category };
	int column = 1;

	(void)sqlite3_bind_int64(insert, column++, row->time_us);
	(void)sqlite3_bind_int64(insert, column++, row->code);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		(void)sqlite3_bind_text(insert, column++, texts[i], -1, SQLITE_STATIC);
	if (sqlite3_step(insert) != SQLITE_DONE)
		errx(1, "insert failed");
	(void)sqlite3_reset(insert);
}

static struct pace
write_bare(const char *path, uint64_t count)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *insert = NULL;
	struct made made;
	struct measure start = measure_now();

	if (sqlite3_open(path, &db) != SQLITE_OK)
		errx(1, "%s", path);
	run(db,
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
	    "CREATE TABLE result (time_us, code, id TEXT PRIMARY KEY, source, grp, "
	    "destination, mx_host, address, helo, mail_from, depth, reached, verdict, "
	    "stage, enhanced, text, category) WITHOUT ROWID;"
	    "CREATE INDEX by_pair ON result (source, grp, time_us);"
	    "CREATE INDEX by_time ON result (time_us); BEGIN");
	if (sqlite3_prepare_v2(db,
		"INSERT INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		-1, &insert, NULL) != SQLITE_OK)
		errx(1, "%s", sqlite3_errmsg(db));
	for (uint64_t i = 0; i < count; i++) {
		insert_bare(insert, make(&made, i));
		if (i % BATCH == BATCH - 1)
			run(db, "COMMIT; BEGIN");
	}
	run(db, "COMMIT");
	(void)sqlite3_finalize(insert);
	(void)sqlite3_close(db);
	return pace_since(start, count);
}

/* ---- reading ---- */

static bool
count_pair(void *arg, const struct mx_store_pair *pair)
{
	(void)pair;
	++*(uint64_t *)arg;
	return true;
}

static bool
count_result(void *arg, const struct mx_store_result *row)
{
	(void)row;
	++*(uint64_t *)arg;
	return true;
}

static void
read_matrix(struct mx_store *store)
{
	struct mx_error error = { 0 };

	for (int round = 0; round < 3; round++) {
		struct measure start = measure_now(), end;
		uint64_t count = 0;

		must(mx_store_pairs(store, NULL, NULL, count_pair, &count, &error),
		    &error);
		end = measure_now();
		printf("status: %llu pairs in %.1f ms, %.1f of CPU (aim: 100)\n",
		    (unsigned long long)count,
		    (double)(end.wall_us - start.wall_us) / 1e3,
		    (double)(end.cpu_us - start.cpu_us) / 1e3);
	}
}

static void
read_histories(struct mx_store *store)
{
	struct mx_error error = { 0 };
	double worst = 0, start, all = now_seconds();
	uint64_t count = 0;
	struct made made;

	for (unsigned i = 0; i < ASKED; i++) {
		struct mx_store_span span = { 0 };

		(void)make(&made, (uint64_t)i * 997 % ((uint64_t)sources * groups));
		span.source = made.source;
		span.group = made.group;
		start = now_seconds();
		must(
		    mx_store_history(store, &span, count_result, &count, &error), &error);
		if (now_seconds() - start > worst)
			worst = now_seconds() - start;
	}
	printf("history of a pair: %llu results in %.1f ms, at worst %.1f ms (aim: 50)\n",
	    (unsigned long long)(count / ASKED), (now_seconds() - all) * 1e3 / ASKED,
	    worst * 1e3);
}

static void
write_both(const char *directory, const char *path, uint64_t count)
{
	char *bare = mx_asprintf("%s/bare.db", directory);
	struct pace theirs =
	    write_bare(bare, count < BARE_RESULTS ? count : BARE_RESULTS);
	struct pace ours = write_results(path, count);
	struct stat facts;

	if (stat(path, &facts) != 0)
		err(1, "%s", path);
	printf("%llu results of %u sources at %u providers, %.0f MiB\n",
	    (unsigned long long)count, sources, groups,
	    (double)facts.st_size / 1024 / 1024);
	printf(
	    "inserting: %.0f a second (aim: 20000), %.1f us of CPU each; a bare loop that "
	    "only inserts the row: %.0f, %.1f us\nratio: %.2f of its rate, %.2f by CPU "
	    "time\n",
	    ours.a_second, ours.cpu_us, theirs.a_second, theirs.cpu_us,
	    ours.a_second / theirs.a_second, theirs.cpu_us / ours.cpu_us);
	(void)fflush(stdout);
	free(bare);
}

int
main(int argc, char **argv)
{
	struct mx_error error = { 0 };
	struct mx_store *store;
	uint64_t count;
	char *path;

	if (argc < 3)
		errx(64, "usage: store DIRECTORY RESULTS [SOURCES [GROUPS]]");
	count = strtoull(argv[2], NULL, 10);
	sources = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : sources;
	groups = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : groups;
	if (sources == 0 || groups == 0)
		errx(64, "sources and groups: from 1 on");
	path = mx_asprintf("%s/mxprobe.db", argv[1]);
	if (count > 0)
		write_both(argv[1], path, count);
	store = mx_store_open(path, MX_STORE_READ, &error);
	must(error.code, &error);
	read_matrix(store);
	read_histories(store);
	mx_store_close(store);
	free(path);
	return 0;
}
