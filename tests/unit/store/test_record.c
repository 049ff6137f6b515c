/* test_record.c - what goes in comes out, states and their events with it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/store/history.h"
#include "probe/store/pairs.h"
#include "probe/store/state.h"
#include "tests/unit/store/world.h"

TestSuite(record, .init = world_make, .fini = world_remove, .timeout = 60);

/* A state machine as simple as can be: the state is the verdict, the fold counts results. */
static void
state_is_verdict(const void *arg, const struct mx_store_state *before,
    const struct mx_store_result *row, struct mx_store_step *out)
{
	int count = before != NULL ? (int)strtol(before->fold, NULL, 10) : 0;

	(void)arg;
	out->state = strcmp(row->verdict, "blocked") == 0 ? "blocked" : "clear";
	out->since_us = before != NULL && strcmp(before->state, out->state) == 0
			    ? before->since_us
			    : row->time_us;
	out->fold = mx_asprintf("%d", count + 1);
	out->why = mx_strdup("because");
	out->has_learned = true;
}

static void
record(struct mx_store *store, int64_t time_s, const char *address, const char *verdict)
{
	struct mx_store_result row =
	    world_result("192.0.2.1", "microsoft", time_s, address, verdict);
	char *json = mx_asprintf("{\"id\":\"%s\"}", row.id);

	mx_store_record(store, &(struct mx_store_record){
				   .row = &row, .json = json, .fold = state_is_verdict });
	free(json);
}

static struct mx_store *rows_store;

struct seen {
	size_t count;
	char text[4096];
};

static bool
see_pair(void *arg, const struct mx_store_pair *pair)
{
	struct seen *seen = arg;

	seen->count++;
	(void)snprintf(seen->text, sizeof seen->text,
	    "%s %s %s since %lld fold %s, %s at %lld, %lld of %lld", pair->source,
	    pair->group, pair->state, (long long)pair->since_us / 1000000, pair->fold,
	    pair->last_verdict, (long long)pair->last_us / 1000000,
	    (long long)pair->hops_accepting, (long long)pair->hops);
	return true;
}

static bool
see_event(void *arg, const struct mx_store_event *event)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->text);

	seen->count++;
	(void)snprintf(seen->text + len, sizeof seen->text - len, "%s>%s %s;",
	    event->old_state, event->new_state, event->why);
	return true;
}

static bool
see_result(void *arg, const struct mx_store_result *row)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->text);

	seen->count++;
	(void)snprintf(seen->text + len, sizeof seen->text - len, "%lld %s %lld %s %.1f;",
	    (long long)row->time_us / 1000000, row->verdict, (long long)row->code,
	    row->text, row->confidence);
	return true;
}

static bool
count_row(void *arg, const struct mx_store_result *row)
{
	struct seen *seen = arg;

	(void)row;
	seen->count++;
	return true;
}

Test(record, a_pairs_state_follows_its_results)
{
	struct mx_store *store = world_open();
	struct mx_error err = { 0 };
	struct seen pairs = { 0 }, events = { 0 };

	record(store, 10, "198.51.100.1", "blocked");
	record(store, 20, "198.51.100.2", "blocked");
	record(store, 30, "198.51.100.1", "accepted");
	world_wait(store);
	cr_assert_eq(mx_store_pairs(store, NULL, NULL, see_pair, &pairs, &err), MX_OK,
	    "%s", err.text);
	cr_expect_eq(pairs.count, 1);
	cr_expect_str_eq(pairs.text,
	    "192.0.2.1 microsoft clear since 30 fold 3, accepted at 30, 1 of 2");
	cr_assert_eq(
	    mx_store_events(store, NULL, "microsoft", 0, see_event, &events, &err),
	    MX_OK);
	cr_expect_str_eq(events.text, "unknown>blocked because;blocked>clear because;");
	mx_store_close(store);
}

Test(record, results_come_back_oldest_first_and_the_newest_ones_when_limited)
{
	struct mx_store *store = world_open();
	struct mx_error err = { 0 };
	struct seen all = { 0 }, last = { 0 }, none = { 0 };

	record(store, 30, "198.51.100.1", "accepted");
	record(store, 10, "198.51.100.1", "blocked");
	record(store, 20, "198.51.100.1", "throttled");
	world_wait(store);
	cr_assert_eq(
	    mx_store_history(store, &(struct mx_store_span){ .source = "192.0.2.1" },
		see_result, &all, &err),
	    MX_OK, "%s", err.text);
	cr_expect_str_eq(all.text,
	    "10 blocked 550 no 0.5;20 throttled 550 no 0.5;30 accepted 550 no 0.5;");
	cr_assert_eq(mx_store_history(store, &(struct mx_store_span){ .newest = 2 },
			 see_result, &last, &err),
	    MX_OK);
	cr_expect_str_eq(last.text, "20 throttled 550 no 0.5;30 accepted 550 no 0.5;");
	cr_assert_eq(
	    mx_store_history(store, &(struct mx_store_span){ .source = "192.0.2.2" },
		see_result, &none, &err),
	    MX_OK);
	cr_expect_eq(none.count, 0);
	mx_store_close(store);
}

Test(record, a_result_recorded_twice_is_one_result)
{
	struct mx_store *store = world_open();
	struct mx_store_result row = world_result("192.0.2.1", "g", 10, NULL, "failed");
	struct mx_error err = { 0 };
	struct seen seen = { 0 }, pairs = { 0 };

	for (int i = 0; i < 2; i++)
		mx_store_record(store,
		    &(struct mx_store_record){ .row = &row, .fold = state_is_verdict });
	world_wait(store);
	cr_assert_eq(mx_store_history(
			 store, &(struct mx_store_span){ 0 }, see_result, &seen, &err),
	    MX_OK);
	cr_expect_eq(seen.count, 1);
	cr_assert_eq(mx_store_pairs(store, NULL, NULL, see_pair, &pairs, &err), MX_OK);
	cr_expect_not_null(strstr(pairs.text, "fold 1,"), "%s", pairs.text);
	mx_store_close(store);
}

static void
expect_error(void *arg, const struct mx_error *err)
{
	cr_expect_not_null(err, "a result that was not written was reported as written");
	++*(int *)arg;
}

Test(record, a_row_that_cannot_be_written_is_an_error_and_the_others_stand)
{
	struct mx_store *store = world_open();
	struct mx_store_result bad = world_result("192.0.2.1", "g", 10, NULL, NULL);
	struct mx_error err = { 0 };
	struct seen seen = { 0 };
	int answers = 0;

	mx_store_record(store, &(struct mx_store_record){
				   .row = &bad, .done = expect_error, .arg = &answers });
	record(store, 20, "198.51.100.1", "accepted");
	cr_expect_eq(mx_store_wait(store, &err), MX_ERR_SYSTEM);
	cr_expect_eq(answers, 1);
	err = (struct mx_error){ 0 };
	cr_assert_eq(mx_store_history(
			 store, &(struct mx_store_span){ 0 }, see_result, &seen, &err),
	    MX_OK);
	cr_expect_str_eq(seen.text, "20 accepted 550 no 0.5;");
	mx_store_close(store);
}

/* Within a row of pairs: all pairs again. */
static bool
see_pairs_again(void *arg, const struct mx_store_pair *pair)
{
	struct seen inner = { 0 };
	struct mx_error err = { 0 };
	size_t *rows = arg;

	cr_assert_eq(mx_store_pairs(rows_store, NULL, NULL, see_pair, &inner, &err),
	    MX_OK, "%s", err.text);
	cr_expect_eq(inner.count, 2);
	cr_expect_not_null(pair->source);
	++*rows;
	return *rows < 10;
}

Test(record, what_is_being_read_can_be_asked_for_again)
{
	struct mx_error err = { 0 };
	size_t rows = 0;

	rows_store = world_open();
	for (int i = 0; i < 2; i++) {
		struct mx_store_result row = world_result(
		    i == 0 ? "192.0.2.1" : "192.0.2.2", "g", 10, NULL, "failed");

		mx_store_record(rows_store, &(struct mx_store_record){ .row = &row });
	}
	world_wait(rows_store);
	cr_assert_eq(
	    mx_store_pairs(rows_store, NULL, NULL, see_pairs_again, &rows, &err), MX_OK);
	cr_expect_eq(rows, 2);
	mx_store_close(rows_store);
}

Test(record, tidying_keeps_the_first_and_the_last_of_each_state)
{
	static const char *const verdicts[] = { "blocked", "blocked", "blocked",
		"accepted", "accepted" };
	static const bool is_kept[] = { true, false, true, true, false };
	struct mx_store *store = world_open();
	struct mx_error err = { 0 };
	char *ids[5];

	for (size_t i = 0; i < 5; i++) {
		record(store, 10 + (int64_t)i, "198.51.100.1", verdicts[i]);
		world_wait(store);
		ids[i] = mx_store_newest(store, "192.0.2.1", "microsoft", NULL, &err);
		cr_assert_not_null(ids[i]);
	}
	mx_store_tidy(store, 1000 * 1000000, 1000 * 1000000, NULL, NULL);
	world_wait(store);
	for (size_t i = 0; i < 5; i++) {
		char *json = mx_store_evidence(store, ids[i], &err);

		cr_expect_eq(json != NULL, is_kept[i], "result %zu", i);
		free(json);
		free(ids[i]);
	}
	mx_store_close(store);
}

struct answers {
	size_t good, bad;
};

static void
count_answer(void *arg, const struct mx_error *err)
{
	struct answers *answers = arg;

	if (err == NULL)
		answers->good++;
	else
		answers->bad++;
}

Test(record, every_record_is_answered_once)
{
	struct mx_store *store = world_open();
	struct answers answers = { 0 };

	for (int i = 0; i < 3000; i++) {
		struct mx_store_result row =
		    world_result("192.0.2.1", "g", i, NULL, "failed");

		mx_store_record(
		    store, &(struct mx_store_record){
			       .row = &row, .done = count_answer, .arg = &answers });
		if (i % 1000 == 0)
			world_wait(store);
	}
	world_wait(store);
	cr_expect_eq(answers.good, 3000);
	cr_expect_eq(answers.bad, 0);
	mx_store_close(store);
}

static void
expect_full(void *arg, const struct mx_error *err)
{
	size_t *failed = arg;

	if (err == NULL)
		return;
	cr_expect_not_null(strstr(err->text, "the disk is full"), "%s", err->text);
	++*failed;
}

Test(record, of_a_full_disk_every_result_is_either_written_or_reported)
{
	enum {
		RESULTS = 2000
	};
	struct mx_store *store = world_open();
	struct mx_error err = { 0 };
	struct seen seen = { 0 };
	size_t failed = 0;

	world_wait(store);
	/* As full as a disk can be, for this connection. */
	cr_assert_eq(mx_db_exec(&store->writing, "PRAGMA max_page_count = 60", &err),
	    MX_OK, "%s", err.text);
	for (int i = 0; i < RESULTS; i++) {
		struct mx_store_result row =
		    world_result("192.0.2.1", "g", i, NULL, "failed");

		mx_store_record(
		    store, &(struct mx_store_record){
			       .row = &row, .done = expect_full, .arg = &failed });
		if (i % 50 == 49 && mx_store_wait(store, &err) != MX_OK)
			err = (struct mx_error){ 0 }; /* goes on nevertheless */
	}
	cr_expect_eq(mx_store_wait(store, &err), MX_ERR_SYSTEM);
	cr_expect(failed > 0 && failed < RESULTS, "%zu", failed);
	err = (struct mx_error){ 0 };
	cr_assert_eq(
	    mx_store_history(store, &(struct mx_store_span){ 0 }, count_row, &seen, &err),
	    MX_OK);
	cr_expect_eq(
	    seen.count + failed, RESULTS, "%zu written, %zu failed", seen.count, failed);
	mx_store_close(store);
}
