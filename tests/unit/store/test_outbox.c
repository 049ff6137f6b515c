/* test_outbox.c - no event is lost or taken twice; what is told of one topic stays in order. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "probe/store/outbox.h"
#include "probe/store/pairs.h"
#include "tests/unit/store/world.h"

TestSuite(outbox, .init = world_make, .fini = world_remove, .timeout = 60);

static void
next_state(const void *arg, const struct mx_store_state *before,
    const struct mx_store_result *row, struct mx_store_step *out)
{
	(void)arg;
	(void)before;
	*out = (struct mx_store_step){ .state = row->verdict, .since_us = row->time_us };
}

/* One event more: the pair's state is the verdict's word. */
static void
happen(struct mx_store *store, const char *source, const char *verdict)
{
	static int64_t time_s = 1000;
	struct mx_store_result row =
	    world_result(source, "example", time_s++, "192.0.2.1", verdict);

	mx_store_record(
	    store, &(struct mx_store_record){ .row = &row, .fold = next_state });
	world_wait(store);
}

static void
note_ours(void *arg, bool is_ours, const struct mx_error *err)
{
	cr_assert_null(err);
	*(bool *)arg = is_ours;
}

static bool
fill(struct mx_store *store, const char *receiver, int64_t from, int64_t to,
    const struct mx_outbox_row *rows, size_t count)
{
	bool is_ours = false;

	mx_outbox_fill(store, &(struct mx_outbox_filling){
				  .receiver = receiver,
				  .from = from,
				  .to = to,
				  .rows = rows,
				  .count = count,
				  .done = note_ours,
				  .arg = &is_ours,
			      });
	world_wait(store);
	return is_ours;
}

static int64_t
position(struct mx_store *store, const char *receiver)
{
	struct mx_error err = { 0 };
	int64_t event = 0;

	cr_assert_eq(mx_outbox_position(store, receiver, &event, &err), MX_OK);
	return event;
}

static struct mx_outbox_row
row_of(char *notice, char *topic)
{
	return (struct mx_outbox_row){
		.notice = notice,
		.topic = topic,
		.body = notice,
		.created_us = 5,
		.due_us = 5,
	};
}

#define ROW(notice, topic) row_of((char[]){ notice }, (char[]){ topic })

/* The notice to send next, and its row's id; "" when there is none. */
static const char *
next(struct mx_store *store, const char *receiver, int64_t *id)
{
	static char notice[32];
	struct mx_error err = { 0 };
	struct mx_outbox_row row;

	cr_assert_eq(mx_outbox_next(store, receiver, &row, &err), MX_OK);
	(void)snprintf(notice, sizeof notice, "%s", row.id != 0 ? row.notice : "");
	*id = row.id;
	mx_outbox_row_clear(&row);
	return notice;
}

static bool
count_event(void *arg, const struct mx_store_event *event)
{
	(void)event;
	++*(size_t *)arg;
	return true;
}

Test(outbox, a_new_receiver_is_told_of_what_comes_from_now_on)
{
	struct mx_store *store = world_open();
	struct mx_error err = { 0 };
	size_t count = 0;

	happen(store, "203.0.113.1", "blocked");
	cr_expect_eq(position(store, "mail"), -1);
	mx_outbox_enrol(store, "mail", NULL, NULL);
	world_wait(store);
	happen(store, "203.0.113.2", "blocked");
	cr_assert_eq(mx_store_events_after(
			 store, position(store, "mail"), 99, count_event, &count, &err),
	    MX_OK);
	cr_expect_eq(count, 1);
	/* Enrolled again, it stays where it is. */
	mx_outbox_enrol(store, "mail", NULL, NULL);
	world_wait(store);
	cr_expect_eq(position(store, "mail"), 1);
	mx_store_close(store);
}

Test(outbox, of_two_processes_that_take_the_same_events_one_does)
{
	struct mx_store *one = world_open(), *other = world_open();
	struct mx_outbox_row mine = ROW("N1", "t"), theirs = ROW("N2", "t");
	int64_t id;

	mx_outbox_enrol(one, "mail", NULL, NULL);
	world_wait(one);
	happen(one, "203.0.113.1", "blocked");
	cr_expect(fill(one, "mail", 0, 1, &mine, 1));
	cr_expect_not(fill(other, "mail", 0, 1, &theirs, 1));
	cr_expect_str_eq(next(other, "mail", &id), "N1");
	mx_outbox_drop(other, id, NULL, NULL);
	world_wait(other);
	cr_expect_str_eq(next(one, "mail", &id), "");
	mx_store_close(one);
	mx_store_close(other);
}

Test(outbox, what_is_told_of_one_topic_stays_in_order_and_holds_up_no_other)
{
	struct mx_store *store = world_open();
	struct mx_outbox_row rows[] = { ROW("A1", "a"), ROW("A2", "a"), ROW("B1", "b") };
	int64_t id;

	mx_outbox_enrol(store, "hook", NULL, NULL);
	world_wait(store);
	cr_assert(fill(store, "hook", 0, 9, rows, 3));
	cr_expect_str_eq(next(store, "hook", &id), "A1");
	mx_outbox_put_off(store, id, 100, NULL, NULL);
	world_wait(store);
	cr_expect_str_eq(next(store, "hook", &id), "B1");
	mx_outbox_drop(store, id, NULL, NULL);
	world_wait(store);
	cr_expect_str_eq(next(store, "hook", &id), "A1");
	mx_outbox_drop(store, id, NULL, NULL);
	world_wait(store);
	cr_expect_str_eq(next(store, "hook", &id), "A2");
	cr_expect_str_eq(next(store, "another", &id), "");
	mx_store_close(store);
}

Test(outbox, rows_that_cannot_be_put_in_leave_the_position_where_it_was)
{
	struct mx_store *store = world_open();
	struct mx_error err = { 0 };
	/* A notice goes in once: the second row is refused, and all with it. */
	struct mx_outbox_row rows[] = { ROW("A1", "a"), ROW("A1", "a") };
	int64_t count;

	mx_outbox_enrol(store, "hook", NULL, NULL);
	world_wait(store);
	mx_outbox_fill(store, &(struct mx_outbox_filling){
				  .receiver = "hook",
				  .from = 0,
				  .to = 9,
				  .rows = rows,
				  .count = 2,
				  .done = NULL,
			      });
	cr_expect_neq(mx_store_wait(store, &err), MX_OK);
	cr_expect_eq(position(store, "hook"), 0);
	err = (struct mx_error){ 0 };
	cr_assert_eq(mx_outbox_count(store, NULL, &count, &err), MX_OK);
	cr_expect_eq(count, 0);
	mx_store_close(store);
}
