/* test_alerts.c - events to commands, through the outbox, on a clock that runs as fast as is wanted. */
#include <criterion/criterion.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/store/outbox.h"
#include "probe/watch/alert/alerts.h"
#include "probe/watch/alert/receiver.h"
#include "tests/unit/store/world.h"
#include "tests/unit/watch/alert/events.h"

#define START_S INT64_C(1795305600)
#define TICK_MS 5

static struct mx_store *store;
static struct mx_catalogue *catalogue;
static struct mx_loop *loop;
static struct mx_resolver *resolver;
static struct mx_alerts *alerts;
static struct event *ticker;
static int64_t step_us;  /* that pass every 5 ms */
static int64_t until_us; /* the loop stops then */
static char *script;     /* what the command does */
static char *words[2];
static struct mx_config_alert entries[2];
static struct mx_config_values values;

/* ---- the world ---- */

static void
tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	mx_clock_advance(step_us);
	if (mx_clock_mono_us() >= until_us)
		mx_loop_stop(loop);
}

static void
begin(void)
{
	struct mx_error err = { 0 };
	struct timeval every = { 0, TICK_MS * 1000 };

	mx_clock_freeze(START_S * MX_SECOND_US);
	world_make();
	store = world_open();
	catalogue = mx_catalogue_load(NULL, &err);
	cr_assert_not_null(catalogue, "%s", err.text);
	loop = mx_loop_new(&err);
	resolver = mx_resolver_new(loop, &(struct mx_resolver_params){ 0 }, &err);
	cr_assert_not_null(resolver, "%s", err.text);
	cr_assert_eq(mx_store_attach(store, loop, &err), MX_OK, "%s", err.text);
	ticker = event_new(mx_loop_base(loop), -1, EV_PERSIST, tick, NULL);
	cr_assert_eq(event_add(ticker, &every), 0);
	script = mx_asprintf("%s/script", world_dir);
	words[0] = script;
	entries[0] = (struct mx_config_alert){ .command = words, .command_count = 1 };
	values = (struct mx_config_values){ .alerts = entries, .alert_count = 1 };
}

static void
end(void)
{
	mx_alerts_free(alerts);
	mx_store_detach(store);
	mx_store_close(store);
	event_free(ticker);
	mx_resolver_free(resolver);
	mx_loop_free(loop);
	mx_catalogue_free(catalogue);
	free(script);
	world_remove();
}

TestSuite(alerts, .init = begin, .fini = end, .timeout = 60);

static void
write_script(const char *text)
{
	FILE *file = fopen(script, "we");

	cr_assert_not_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", text);
	cr_assert_eq(fclose(file), 0);
	cr_assert_eq(chmod(script, 0755), 0);
}

static struct mx_alerts_params
params(void)
{
	return (struct mx_alerts_params){
		.loop = loop,
		.resolver = resolver,
		.store = store,
		.catalogue = catalogue,
		.config = &values,
	};
}

static void
start(void)
{
	struct mx_alerts_params all = params();
	struct mx_error err = { 0 };

	alerts = mx_alerts_new(&all, &err);
	cr_assert_not_null(alerts, "%s", err.text);
}

/* So much time passes, at that speed (real 5 ms each). */
static void
pass(int64_t us, int64_t each_us)
{
	step_us = each_us;
	until_us = mx_clock_mono_us() + us;
	mx_loop_run(loop);
}

static void
happen(const char *source, const char *state)
{
	events_happen(store, source, "yahoo", mx_clock_wall_us() / MX_SECOND_US, state);
	mx_alerts_poke(alerts);
}

static struct mx_alerts_counts
counted(void)
{
	struct mx_alerts_counts counts[MX_ALERTS_KINDS];

	mx_alerts_counts(alerts, counts);
	return counts[MX_ALERTS_COMMAND];
}

/* The file's text, "" where there is none. Caller frees. */
static char *
read_file(const char *name)
{
	char *path = mx_asprintf("%s/%s", world_dir, name);
	char *text = mx_calloc(65537, 1);
	FILE *file = fopen(path, "re");

	if (file != NULL) {
		(void)!fread(text, 1, 65536, file);
		fclose(file);
	}
	free(path);
	return text;
}

static size_t
count_lines(const char *name)
{
	char *text = read_file(name);
	size_t lines = 0;

	for (const char *c = text; *c != '\0'; c++)
		lines += *c == '\n';
	free(text);
	return lines;
}

/* ---- what others need real time for ---- */

static uint64_t
sent(void)
{
	return counted().sent;
}

static uint64_t
waiting(void)
{
	return counted().waiting;
}

static uint64_t
failed(void)
{
	return counted().failed;
}

/* Commands run as fast as this machine lets them: the clock crawls until there are so many. */
static void
expect_soon(uint64_t (*number)(void), uint64_t wanted, const char *what)
{
	for (int i = 0; i < 400 && number() != wanted; i++)
		pass(MX_SECOND_US / 100, MX_SECOND_US / 1000);
	cr_expect_eq(number(), wanted, "%s: %u", what, (unsigned)number());
}

/* ---- what is told ---- */

Test(alerts, that_come_within_half_a_minute_are_one_notice)
{
	write_script("cat >>\"${0%/*}/told\"; env >\"${0%/*}/env\"");
	start();
	pass(MX_SECOND_US, MX_SECOND_US / 10);
	happen("203.0.113.1", "blocked");
	pass(10 * MX_SECOND_US, MX_SECOND_US / 10);
	happen("203.0.113.2", "blocked");
	pass(15 * MX_SECOND_US, MX_SECOND_US / 10);
	cr_expect_eq(count_lines("told"), 0, "others may still come");
	pass(5 * MX_SECOND_US, MX_SECOND_US / 10);
	expect_soon(sent, 1, "sent");
	cr_expect_eq(count_lines("told"), 1);
	expect_soon(waiting, 0, "waiting");
	pass(120 * MX_SECOND_US, MX_SECOND_US / 2);
	cr_expect_eq(counted().sent, 1, "and it is not told again");
}

Test(alerts, tell_a_command_nothing_of_our_environment)
{
	char *env;

	setenv("SECRET", "s3cret", 1);
	write_script("env >\"${0%/*}/env\"");
	start();
	pass(MX_SECOND_US, MX_SECOND_US / 10);
	happen("203.0.113.1", "blocked");
	pass(31 * MX_SECOND_US, MX_SECOND_US / 10);
	expect_soon(sent, 1, "sent, although it did not read what it was told");
	env = read_file("env");
	cr_expect_null(strstr(env, "s3cret"), "%s", env);
	cr_expect_not_null(strstr(env, "MXPROBE_ID=01"), "%s", env);
	free(env);
}

static uint64_t
begun(void)
{
	return count_lines("pids");
}

/* What scripts that hang look for. */
static void
make_well(void)
{
	char *path = mx_asprintf("%s/well", world_dir);
	FILE *file = fopen(path, "we");

	cr_assert_not_null(file);
	(void)fclose(file);
	free(path);
}

Test(alerts, that_a_command_hangs_over_are_told_again_and_it_is_killed)
{
	write_script("echo $$ >>\"${0%/*}/pids\"; [ -f \"${0%/*}/well\" ] || sleep 1000");
	start();
	pass(MX_SECOND_US, MX_SECOND_US / 10);
	happen("203.0.113.1", "blocked");
	pass(31 * MX_SECOND_US, MX_SECOND_US / 10);
	expect_soon(begun, 1, "begun");
	cr_expect_eq(counted().failed, 0, "it has 30 s");
	pass(31 * MX_SECOND_US, MX_SECOND_US / 10);
	expect_soon(failed, 1, "failed");
	make_well();
	pass(7 * MX_SECOND_US, MX_SECOND_US / 10);
	expect_soon(sent, 1, "sent");
	cr_expect_eq(count_lines("pids"), 2);
}

Test(alerts, that_nobody_takes_are_given_up_after_three_days_and_counted)
{
	start();
	pass(MX_SECOND_US, MX_SECOND_US / 10);
	happen("203.0.113.1", "blocked");
	pass(71 * MX_HOUR_US, 300 * MX_SECOND_US);
	cr_expect_gt(counted().failed, 70);
	cr_expect_lt(counted().failed, 110);
	cr_expect_eq(counted().waiting, 1);
	pass(3 * MX_HOUR_US, 300 * MX_SECOND_US);
	cr_expect_eq(counted().waiting, 0);
	cr_expect_eq(counted().expired, 1);
	cr_expect_eq(counted().sent, 0);
}

/* Rows that nobody will take, for the only receiver. */
static void
crowd(size_t count)
{
	struct mx_receiver *receivers;
	struct mx_error err = { 0 };
	size_t made;

	cr_assert_eq(mx_receivers_make(&values, &receivers, &made, &err), MX_OK);
	for (size_t i = 0; i < count; i++) {
		char *id = mx_asprintf("NOTICE%zu", i);

		mx_outbox_put(store, receivers[0].key,
		    &(struct mx_outbox_row){
			.notice = id,
			.topic = id,
			.body = id,
			.created_us = mx_clock_wall_us(),
			.due_us = mx_clock_wall_us() + MX_HOUR_US,
		    },
		    NULL, NULL);
		free(id);
	}
	mx_receivers_free(receivers, made);
	world_wait(store);
}

Test(alerts, wait_as_events_while_a_thousand_notices_do)
{
	write_script("cat >>\"${0%/*}/told\"");
	crowd(1000);
	start();
	pass(MX_SECOND_US, MX_SECOND_US / 10);
	happen("203.0.113.1", "blocked");
	pass(120 * MX_SECOND_US, MX_SECOND_US / 2);
	cr_expect_eq(waiting(), 1000, "%u", (unsigned)waiting());
	/* A place becomes free. */
	mx_outbox_drop(store, 1, NULL, NULL);
	world_wait(store);
	pass(120 * MX_SECOND_US, MX_SECOND_US / 2);
	expect_soon(sent, 1, "sent");
}

static void
note_stop(void *arg)
{
	*(bool *)arg = true;
	mx_loop_stop(loop);
}

Test(alerts, under_way_hold_nobody_up_who_wants_to_stop_and_wait_for_the_next_time)
{
	bool has_stopped = false;

	write_script("echo $$ >>\"${0%/*}/pids\"; [ -f \"${0%/*}/well\" ] || sleep 1000; "
		     "cat >>\"${0%/*}/told\"");
	start();
	pass(MX_SECOND_US, MX_SECOND_US / 10);
	happen("203.0.113.1", "blocked");
	pass(31 * MX_SECOND_US, MX_SECOND_US / 10);
	expect_soon(begun, 1, "begun");
	mx_alerts_stop(alerts, note_stop, &has_stopped);
	pass(10 * MX_SECOND_US, MX_SECOND_US / 10);
	cr_assert(has_stopped);
	mx_alerts_free(alerts);
	make_well();
	start();
	expect_soon(sent, 1, "sent");
	cr_expect_eq(count_lines("told"), 1);
}

Test(alerts, are_told_to_whom_a_new_configuration_names)
{
	struct mx_alerts_params all = params();
	struct mx_error err = { 0 };
	char *other[] = { script, (char[]){ "other" } };

	write_script("cat >/dev/null; echo told >>\"${0%/*}/told$1\"");
	start();
	pass(MX_SECOND_US, MX_SECOND_US / 10);
	entries[0].command = other;
	entries[0].command_count = 2;
	cr_assert_eq(mx_alerts_reload(alerts, &all, &err), MX_OK, "%s", err.text);
	pass(MX_SECOND_US, MX_SECOND_US / 10);
	happen("203.0.113.1", "blocked");
	pass(31 * MX_SECOND_US, MX_SECOND_US / 10);
	expect_soon(sent, 1, "sent");
	cr_expect_eq(count_lines("told"), 0);
	cr_expect_eq(count_lines("toldother"), 1);
	/* A list that can't be used changes nothing. */
	entries[0] = (struct mx_config_alert){
		.mail = &(struct mx_config_mail){ .to = other, .to_count = 1 },
	};
	cr_expect_eq(mx_alerts_reload(alerts, &all, &err), MX_ERR_CONFIG);
	cr_expect_not_null(strstr(err.text, "mail_from"), "%s", err.text);
	happen("203.0.113.1", "clear");
	pass(31 * MX_SECOND_US, MX_SECOND_US / 10);
	expect_soon(sent, 2, "sent");
	cr_expect_eq(count_lines("toldother"), 2);
}

Test(alerts, report_at_their_times_what_is_not_clear)
{
	struct mx_config_report report = {
		.at = (char[]){ "*/10 * * * *" },
		.to = { .command = words, .command_count = 1 },
	};
	char *told;

	write_script("cat >>\"${0%/*}/told\"");
	events_happen(store, "203.0.113.1", "yahoo", START_S, "blocked");
	events_happen(store, "203.0.113.2", "yahoo", START_S, "unknown");
	values = (struct mx_config_values){ .reports = &report, .report_count = 1 };
	start();
	pass(590 * MX_SECOND_US, MX_SECOND_US);
	cr_expect_eq(count_lines("told"), 0);
	pass(11 * MX_SECOND_US, MX_SECOND_US / 10);
	expect_soon(sent, 1, "sent");
	told = read_file("told");
	cr_expect_eq(count_lines("told"), 1);
	cr_expect_not_null(
	    strstr(told, "\"title\":\"2 pairs: 1 unknown, 1 blocked\""), "%s", told);
	cr_expect_not_null(strstr(told, "mxprobe.status/1"), "%s", told);
	free(told);
	happen("203.0.113.1", "clear");
	pass(600 * MX_SECOND_US, MX_SECOND_US / 2);
	expect_soon(sent, 2, "sent");
	cr_expect_eq(count_lines("told"), 2, "and it is not told of events");
}

Test(alerts, of_times_that_are_none_are_refused)
{
	struct mx_config_report report = {
		.at = (char[]){ "at eight" },
		.to = { .command = words, .command_count = 1 },
	};
	struct mx_alerts_params all = params();
	struct mx_error err = { 0 };

	values = (struct mx_config_values){ .reports = &report, .report_count = 1 };
	cr_expect_null(mx_alerts_new(&all, &err));
	cr_expect_eq(err.code, MX_ERR_CONFIG);
	cr_expect_not_null(strstr(err.text, "reports[0].at: minutes"), "%s", err.text);
}

Test(alerts, of_one_store_are_told_by_one_and_by_the_other_when_that_has_ended)
{
	struct mx_alerts_params all = params();
	struct mx_error err = { 0 };
	struct mx_alerts *other;

	write_script("cat >>\"${0%/*}/told\"");
	start();
	pass(MX_SECOND_US, MX_SECOND_US / 10);
	other = mx_alerts_new(&all, &err);
	cr_assert_not_null(other, "%s", err.text);
	pass(MX_SECOND_US, MX_SECOND_US / 10);
	happen("203.0.113.1", "blocked");
	mx_alerts_poke(other);
	pass(150 * MX_SECOND_US, MX_SECOND_US / 2);
	expect_soon(sent, 1, "sent");
	pass(MX_SECOND_US, MX_SECOND_US / 100);
	cr_expect_eq(count_lines("told"), 1);
	mx_alerts_free(alerts);
	alerts = other;
	happen("203.0.113.1", "clear");
	pass(100 * MX_SECOND_US, MX_SECOND_US / 2);
	expect_soon(sent, 1, "sent by the other");
	cr_expect_eq(count_lines("told"), 2);
}
