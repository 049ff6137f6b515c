/* test_ledger.c - each floor, and what must not get around it. */
#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/store/ledger.h"
#include "probe/store/ledger_time.h"
#include "tests/unit/store/world.h"

#define START_US (INT64_C(1700000000) * MX_SECOND_US)

static void
begin(void)
{
	mx_clock_freeze(START_US);
	world_make();
}

TestSuite(ledger, .init = begin, .fini = world_remove, .timeout = 60);

static void
keep_answer(void *arg, const struct mx_ledger_answer *answer, const struct mx_error *err)
{
	cr_assert_null(err, "%s", err != NULL ? err->text : "");
	*(struct mx_ledger_answer *)arg = *answer;
}

static struct mx_ledger_key
key_of(const char *source, const char *group)
{
	static char network[32];

	(void)snprintf(network, sizeof network, "%.8s", source);
	return (
	    struct mx_ledger_key){ .source = source, .group = group, .network = network };
}

static struct mx_ledger_answer
claim_key(struct mx_store *store, const struct mx_ledger_key *key)
{
	struct mx_ledger_answer answer = { 0 };

	mx_ledger_claim(store, key, &mx_ledger_floors_default, keep_answer, &answer);
	world_wait(store);
	return answer;
}

static struct mx_ledger_answer
claim(struct mx_store *store, const char *source, const char *group)
{
	struct mx_ledger_key key = key_of(source, group);

	return claim_key(store, &key);
}

static void
end(struct mx_store *store, int64_t id, const char *outcome)
{
	mx_ledger_end(store, id, outcome, &mx_ledger_floors_default, NULL, NULL);
	world_wait(store);
}

/* A session with that outcome, granted now. */
static void
visit(struct mx_store *store, const char *source, const char *group, const char *outcome)
{
	struct mx_ledger_answer answer = claim(store, source, group);

	cr_assert_eq(answer.why, MX_LEDGER_GRANTED, "why %d", (int)answer.why);
	end(store, answer.id, outcome);
}

static void
expect_until(
    const struct mx_ledger_answer *answer, enum mx_ledger_why why, int64_t after_us)
{
	cr_expect_eq(answer->why, why, "why %d, not %d", (int)answer->why, (int)why);
	cr_expect_eq(answer->until_us, START_US + after_us, "%lld s",
	    (long long)((answer->until_us - START_US) / MX_SECOND_US));
}

Test(ledger, half_an_hour_lies_between_two_sessions_of_a_pair)
{
	struct mx_store *store = world_open();
	struct mx_ledger_answer answer;

	visit(store, "192.0.2.1", "microsoft", "accepted");
	mx_clock_advance(30 * MX_MINUTE_US - 1);
	answer = claim(store, "192.0.2.1", "microsoft");
	expect_until(&answer, MX_LEDGER_PAIR, 30 * MX_MINUTE_US);
	mx_clock_advance(1);
	visit(store, "192.0.2.1", "microsoft", "accepted");
	mx_store_close(store);
}

Test(ledger, one_session_at_a_time_also_where_no_floor_holds)
{
	struct mx_store *store = world_open(), *other = world_open();
	struct mx_ledger_key key = key_of("127.0.0.1", "own");
	struct mx_ledger_answer first, second;

	key.is_exempt = true;
	first = claim_key(store, &key);
	second = claim_key(other, &key);
	cr_expect_eq(first.why, MX_LEDGER_GRANTED);
	cr_expect_eq(second.why, MX_LEDGER_UNDER_WAY);
	cr_expect_eq(second.until_us, 0);
	end(store, first.id, "accepted");
	second = claim_key(other, &key);
	cr_expect_eq(second.why, MX_LEDGER_GRANTED);
	mx_store_close(other);
	mx_store_close(store);
}

Test(ledger, a_block_holds_for_six_hours_but_for_a_step_of_a_case)
{
	struct mx_store *store = world_open();
	struct mx_ledger_key step = key_of("192.0.2.1", "microsoft");
	struct mx_ledger_answer answer;

	step.kind = MX_LEDGER_STEP;
	visit(store, "192.0.2.1", "microsoft", "blocked");
	mx_clock_advance(MX_HOUR_US);
	answer = claim(store, "192.0.2.1", "microsoft");
	expect_until(&answer, MX_LEDGER_BLOCKED, 6 * MX_HOUR_US);
	answer = claim_key(store, &step);
	cr_expect_eq(answer.why, MX_LEDGER_GRANTED);
	mx_store_close(store);
}

Test(ledger, a_throttle_holds_two_hours_then_four_up_to_a_day)
{
	static const int hours[] = { 2, 4, 8, 16, 24, 24 };
	struct mx_store *store = world_open();
	int64_t past_us = 0;

	for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
		struct mx_ledger_answer answer;

		visit(store, "192.0.2.1", "yahoo", "throttled");
		answer = claim(store, "192.0.2.1", "yahoo");
		expect_until(
		    &answer, MX_LEDGER_THROTTLED, past_us + hours[i] * MX_HOUR_US);
		mx_clock_advance(hours[i] * MX_HOUR_US);
		past_us += hours[i] * MX_HOUR_US;
	}
	visit(store, "192.0.2.1", "yahoo", "accepted");
	mx_clock_advance(MX_HOUR_US);
	visit(store, "192.0.2.1", "yahoo", "throttled");
	mx_clock_advance(2 * MX_HOUR_US);
	visit(store, "192.0.2.1", "yahoo", "accepted");
	mx_store_close(store);
}

Test(ledger, twenty_seconds_lie_between_sessions_of_a_network)
{
	struct mx_store *store = world_open();
	struct mx_ledger_answer answer;

	visit(store, "192.0.2.1", "microsoft", "accepted");
	answer = claim(store, "192.0.2.2", "microsoft");
	expect_until(&answer, MX_LEDGER_NETWORK, 20 * MX_SECOND_US);
	visit(store, "192.0.2.1", "google", "accepted");
	visit(store, "198.51.1", "microsoft", "accepted");
	mx_store_close(store);
}

Test(ledger, two_at_once_and_six_a_minute_go_to_a_group)
{
	static const char *const sources[] = { "10.0.0.1", "10.1.0.1", "10.2.0.1",
		"10.3.0.1", "10.4.0.1", "10.5.0.1", "10.6.0.1" };
	struct mx_store *store = world_open();
	struct mx_ledger_answer open[2], answer;

	for (int i = 0; i < 2; i++) {
		open[i] = claim(store, sources[i], "google");
		cr_assert_eq(open[i].why, MX_LEDGER_GRANTED);
	}
	answer = claim(store, sources[2], "google");
	cr_expect_eq(answer.why, MX_LEDGER_GROUP_BUSY);
	end(store, open[0].id, "accepted");
	end(store, open[1].id, "accepted");
	for (int i = 2; i < 6; i++)
		visit(store, sources[i], "google", "accepted");
	answer = claim(store, sources[6], "google");
	expect_until(&answer, MX_LEDGER_GROUP_RATE, MX_MINUTE_US);
	mx_clock_advance(MX_MINUTE_US);
	visit(store, sources[6], "google", "accepted");
	mx_store_close(store);
}

Test(ledger, every_address_is_visited_once_in_six_hours)
{
	struct mx_store *store = world_open();
	struct mx_ledger_key every = key_of("192.0.2.1", "microsoft");
	struct mx_ledger_answer answer;

	every.kind = MX_LEDGER_EVERY;
	answer = claim_key(store, &every);
	cr_assert_eq(answer.why, MX_LEDGER_GRANTED);
	end(store, answer.id, "accepted");
	mx_clock_advance(MX_HOUR_US);
	answer = claim_key(store, &every);
	expect_until(&answer, MX_LEDGER_EVERY_HOST, 6 * MX_HOUR_US);
	visit(store, "192.0.2.1", "microsoft", "accepted");
	mx_store_close(store);
}

static void
run_sql(const char *sql)
{
	sqlite3 *db;
	char *why = NULL;

	cr_assert_eq(sqlite3_open(world_path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &why), SQLITE_OK, "%s", why);
	sqlite3_close(db);
}

Test(ledger, a_process_that_died_is_counted_but_holds_nobody_up)
{
	struct mx_store *store = world_open();
	struct mx_ledger_answer answer = claim(store, "192.0.2.1", "microsoft");

	cr_assert_eq(answer.why, MX_LEDGER_GRANTED);
	/* The number belongs to somebody else by now: its process was started at another time. */
	run_sql("UPDATE session SET pid_start = pid_start + 1");
	answer = claim(store, "192.0.2.1", "microsoft");
	expect_until(&answer, MX_LEDGER_PAIR, 30 * MX_MINUTE_US);
	mx_clock_advance(30 * MX_MINUTE_US);
	visit(store, "192.0.2.1", "microsoft", "accepted");
	mx_store_close(store);
}

Test(ledger, a_process_that_nobody_buried_is_dead)
{
	struct mx_ledger_process self, other;
	int ends[2];
	pid_t pid;
	siginfo_t info;

	mx_ledger_self(&self);
	cr_expect(mx_ledger_may_live(&self, &self));
	cr_assert_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		mx_ledger_self(&other);
		_exit(write(ends[1], &other, sizeof other) != sizeof other);
	}
	cr_assert_eq(read(ends[0], &other, sizeof other), (ssize_t)sizeof other);
	cr_assert_eq(other.pid, pid);
	cr_assert_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	cr_expect_not(mx_ledger_may_live(&other, &self), "a zombie");
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	cr_expect_not(mx_ledger_may_live(&other, &self), "gone");
	other.space++;
	cr_expect(mx_ledger_may_live(&other, &self), "of another namespace: who knows");
}

Test(ledger, a_clock_that_was_set_does_not_shorten_or_lengthen_a_floor)
{
	struct mx_store *store = world_open();
	struct mx_ledger_answer answer;

	visit(store, "192.0.2.1", "microsoft", "accepted");
	/* This boot's own clock decides, whatever the wall clock says of that session. */
	run_sql("UPDATE session SET started_us = started_us - 86400000000");
	answer = claim(store, "192.0.2.1", "microsoft");
	cr_expect_eq(answer.why, MX_LEDGER_PAIR);
	run_sql("UPDATE session SET started_us = started_us + 864000000000");
	mx_clock_advance(30 * MX_MINUTE_US);
	visit(store, "192.0.2.1", "microsoft", "accepted");
	mx_store_close(store);
}

Test(ledger, a_session_of_another_boot_and_of_the_future_counts_from_now)
{
	struct mx_store *store = world_open();
	struct mx_ledger_answer answer;

	visit(store, "192.0.2.1", "microsoft", "blocked");
	run_sql(
	    "UPDATE session SET boot = 'another', started_us = started_us + 31536000000000");
	answer = claim(store, "192.0.2.1", "microsoft");
	expect_until(&answer, MX_LEDGER_BLOCKED, 6 * MX_HOUR_US);
	mx_clock_advance(6 * MX_HOUR_US);
	visit(store, "192.0.2.1", "microsoft", "accepted");
	mx_store_close(store);
}

Test(ledger, a_look_writes_nothing)
{
	struct mx_store *store = world_open();
	struct mx_ledger_key key = key_of("192.0.2.1", "microsoft");
	struct mx_ledger_answer answer;
	struct mx_error err = { 0 };

	for (int i = 0; i < 2; i++) {
		cr_assert_eq(
		    mx_ledger_look(store, &key, &mx_ledger_floors_default, &answer, &err),
		    MX_OK, "%s", err.text);
		cr_expect_eq(answer.why, MX_LEDGER_GRANTED);
	}
	visit(store, "192.0.2.1", "microsoft", "accepted");
	cr_assert_eq(
	    mx_ledger_look(store, &key, &mx_ledger_floors_default, &answer, &err), MX_OK);
	expect_until(&answer, MX_LEDGER_PAIR, 30 * MX_MINUTE_US);
	mx_store_close(store);
}
