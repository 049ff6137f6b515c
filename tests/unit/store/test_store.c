/* test_store.c - opening, and each way in which it may fail, with the sentence that says what to do. */
#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/mem.h"
#include "probe/store/schema.h"
#include "probe/store/store.h"
#include "tests/unit/store/world.h"

TestSuite(store, .init = world_make, .fini = world_remove, .timeout = 60);

static void
expect_refusal(const char *path, enum mx_store_mode mode, const char *words)
{
	struct mx_error err = { 0 };
	struct mx_store *store = mx_store_open(path, mode, &err);

	cr_expect_null(store, "%s was opened", path);
	cr_expect_eq(err.code, MX_ERR_SYSTEM, "%d", (int)err.code);
	cr_expect_not_null(
	    strstr(err.text, words), "\"%s\" lacks \"%s\"", err.text, words);
	cr_expect_not_null(
	    strstr(err.text, path), "\"%s\" does not name the file", err.text);
	mx_store_close(store);
}

static void
run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(
	    sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
write_file(const char *path, const char *bytes, size_t len)
{
	FILE *file = fopen(path, "w");

	cr_assert_eq(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

Test(store, is_made_with_its_directory_and_nobody_else_may_read_it)
{
	char *path = mx_asprintf("%s/deep/down/mxprobe.db", world_dir);
	char *directory = mx_asprintf("%s/deep", world_dir);
	struct mx_error err = { 0 };
	struct mx_store *store = mx_store_open(path, MX_STORE_WRITE, &err);
	struct stat facts;

	cr_assert_not_null(store, "%s", err.text);
	cr_expect_str_eq(mx_store_file(store), path);
	cr_assert_eq(stat(directory, &facts), 0);
	cr_expect_eq(facts.st_mode & 0777, 0700);
	cr_assert_eq(stat(path, &facts), 0);
	cr_expect_eq(facts.st_mode & 0777, 0600, "in a directory of others, too");
	mx_store_close(store);
	store = mx_store_open(path, MX_STORE_READ, &err);
	cr_expect_not_null(store, "%s", err.text);
	mx_store_close(store);
	free(path);
	free(directory);
}

Test(store, that_is_not_there_is_nothing_to_read)
{
	char *path = mx_asprintf("%s/none.db", world_dir);

	expect_refusal(path, MX_STORE_READ, "nothing has been recorded yet");
	cr_expect_neq(access(path, F_OK), 0, "reading must not make it");
	free(path);
}

Test(store, of_a_newer_mxprobe_is_left_alone)
{
	run_sql(world_path, "PRAGMA user_version = 99");
	expect_refusal(
	    world_path, MX_STORE_WRITE, "written by a newer mxprobe (schema 99");
	expect_refusal(
	    world_path, MX_STORE_READ, "written by a newer mxprobe (schema 99");
}

Test(store, of_another_program_is_left_alone)
{
	char *path = mx_asprintf("%s/other.db", world_dir);

	run_sql(path, "CREATE TABLE precious (x); INSERT INTO precious VALUES (1)");
	expect_refusal(path, MX_STORE_WRITE, "is no store of mxprobe");
	run_sql(path, "INSERT INTO precious VALUES (2)");
	free(path);
}

Test(store, that_is_no_database_or_damaged_says_so)
{
	char *path = mx_asprintf("%s/text.db", world_dir);
	char junk[8192];

	write_file(
	    path, "this is a text, and long enough to be looked at as a header", 59);
	expect_refusal(path, MX_STORE_WRITE, "is no store of mxprobe");
	memset(junk, 'x', sizeof junk);
	memcpy(junk, "SQLite format 3", 16);
	write_file(path, junk, sizeof junk);
	expect_refusal(path, MX_STORE_WRITE, path);
	free(path);
}

Test(store, that_only_root_may_write_says_so)
{
	cr_assert_eq(chmod(world_dir, 0755), 0);
	cr_assert_eq(chmod(world_path, 0444), 0);
	/* root may write everything */
	if (geteuid() == 0)
		cr_assert_eq(setuid(65534), 0);
	expect_refusal(world_path, MX_STORE_WRITE, "can't be written");
}

Test(store, in_a_directory_that_cannot_be_made_names_it)
{
	char *path = mx_asprintf("%s/file/mxprobe.db", world_dir);
	char *file = mx_asprintf("%s/file", world_dir);
	struct mx_error err = { 0 };

	write_file(file, "x", 1);
	cr_expect_null(mx_store_open(path, MX_STORE_WRITE, &err));
	cr_expect_not_null(strstr(err.text, "--store"), "%s", err.text);
	free(path);
	free(file);
}

static int64_t
number_in(const char *path, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *rows;
	int64_t number;

	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK, "%s",
	    sqlite3_errmsg(db));
	cr_assert_eq(sqlite3_step(rows), SQLITE_ROW);
	number = sqlite3_column_int64(rows, 0);
	sqlite3_finalize(rows);
	sqlite3_close(db);
	return number;
}

Test(store, of_version_one_is_brought_up_to_date_with_all_that_it_holds)
{
	struct mx_error err = { 0 };
	struct mx_store *store;

	/* What only later versions have goes: this is how the first release left it. */
	run_sql(world_path, "DROP TABLE outbox; DROP TABLE outbox_position;"
			    "DROP TABLE delivery;"
			    "INSERT INTO pair (source, grp, state, since_us) "
			    "VALUES ('203.0.113.5', 'example', 'blocked', 7);"
			    "PRAGMA user_version = 1");
	expect_refusal(world_path, MX_STORE_READ, "of an older schema (1)");
	store = mx_store_open(world_path, MX_STORE_WRITE, &err);
	cr_assert_not_null(store, "%s", err.text);
	mx_store_close(store);
	cr_expect_eq(number_in(world_path, "PRAGMA user_version"), MX_STORE_VERSION);
	cr_expect_eq(number_in(world_path, "SELECT count(*) FROM outbox"), 0);
	cr_expect_eq(number_in(world_path, "SELECT since_us FROM pair"), 7);
}

Test(store, path_is_the_one_given_else_the_state_directory)
{
	struct mx_error err = { 0 };
	char *path;

	path = mx_store_path("/tmp/x.db", &err);
	cr_expect_str_eq(path, "/tmp/x.db");
	free(path);
	setenv("XDG_STATE_HOME", "/tmp/state", 1);
	path = mx_store_path(NULL, &err);
	cr_expect_str_eq(path, "/tmp/state/mxprobe/mxprobe.db");
	free(path);
	setenv("XDG_STATE_HOME", "relative", 1);
	setenv("HOME", "/nonexistent/me", 1);
	path = mx_store_path(NULL, &err);
	cr_assert_not_null(path);
	cr_expect_eq(*path, '/', "%s", path);
	free(path);
}
