/* test_model.c - what the views read: in order, in step with the store, and growing old by itself. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/watch/request.h"
#include "probe/web/model.h"
#include "probe/web/site.h"
#include "tests/unit/store/world.h"

#define START_US (INT64_C(1800000000) * MX_SECOND_US)

static void
set_up(void)
{
	world_make();
	mx_clock_freeze(START_US);
}

TestSuite(model, .init = set_up, .fini = world_remove, .timeout = 60);

static void
put(struct mx_store *store, const char *source, const char *group, const char *verdict)
{
	struct mx_store_result row = world_result(
	    source, group, mx_clock_wall_us() / MX_SECOND_US, "198.51.100.1", verdict);

	mx_store_record(store, &(struct mx_store_record){ .row = &row });
	world_wait(store);
}

static struct mx_web
site_on(struct mx_store *store)
{
	return (struct mx_web){ .params = { .store = store,
				    .state_rules = &mx_state_rules_default } };
}

static struct mx_model *
model_of(struct mx_web *web)
{
	struct mx_error err = { 0 };
	struct mx_model *model = mx_model_new(web, &err);

	cr_assert_not_null(model, "%s", err.text);
	return model;
}

Test(model, rows_are_sorted_by_network_and_number)
{
	static const char *const sources[] = { "192.0.2.10", "203.0.113.1", "192.0.2.9",
		"2001:db8::1", "192.0.2.100" };
	static const char *const wanted[] = { "192.0.2.9", "192.0.2.10", "192.0.2.100",
		"203.0.113.1", "2001:db8::1" };
	struct mx_store *store = world_open();
	struct mx_web web = site_on(store);
	const struct mx_model *seen;
	struct mx_model *model;

	for (size_t i = 0; i < 5; i++)
		put(store, sources[i], i % 2 == 0 ? "b" : "a", "accepted");
	put(store, "192.0.2.9", "a", "blocked");
	model = model_of(&web);
	seen = mx_model_look(model);
	cr_assert_eq(seen->source_count, 5);
	cr_assert_eq(seen->column_count, 2);
	for (size_t i = 0; i < 5; i++)
		cr_expect_str_eq(seen->sources[i].source, wanted[i]);
	cr_expect_str_eq(seen->sources[0].cluster, "192.0.2.0/24");
	cr_expect_str_eq(seen->sources[4].cluster, "2001:db8::/64");
	cr_expect_eq(seen->sources[0].count, 2);
	cr_expect_str_eq(
	    mx_model_cell(seen, &seen->sources[0], &seen->columns[0])->group, "a");
	cr_expect_null(mx_model_cell(seen, &seen->sources[1], &seen->columns[0]));
	mx_model_free(model);
	mx_store_close(store);
}

Test(model, tags_bring_sources_together)
{
	const struct mx_web_source tags[] = { { "192.0.2.1", "web01" },
		{ "203.0.113.1", "web01" }, { "192.0.2.2", NULL } };
	struct mx_store *store = world_open();
	struct mx_web web = site_on(store);
	struct mx_model *model;

	for (size_t i = 0; i < 3; i++)
		put(store, tags[i].address, "a", "accepted");
	model = model_of(&web);
	web.params.sources = tags;
	web.params.source_count = 3;
	mx_model_regroup(model);
	cr_expect_str_eq(mx_model_look(model)->sources[0].cluster, "192.0.2.0/24");
	cr_expect_str_eq(model->sources[1].source, "192.0.2.1");
	cr_expect_str_eq(model->sources[2].source, "203.0.113.1");
	cr_expect_str_eq(model->sources[2].cluster, "web01");
	mx_model_free(model);
	mx_store_close(store);
}

Test(model, a_hint_is_enough_to_be_read_again)
{
	struct mx_store *store = world_open();
	struct mx_web web = site_on(store);
	struct mx_model *model;
	uint64_t version;

	put(store, "192.0.2.1", "a", "accepted");
	model = model_of(&web);
	version = mx_model_look(model)->version;
	put(store, "192.0.2.1", "a", "blocked");
	cr_expect_str_eq(mx_model_look(model)->pairs[0]->last_verdict, "accepted");
	cr_expect_eq(model->version, version, "nothing was said, nothing is read");
	mx_model_touch(model, "192.0.2.1", "a");
	cr_expect_str_eq(mx_model_look(model)->pairs[0]->last_verdict, "blocked");
	cr_expect_neq(model->version, version);

	/* One that nobody has heard of yet. */
	put(store, "192.0.2.0", "b", "accepted");
	mx_model_touch(model, "192.0.2.0", "b");
	cr_assert_eq(mx_model_look(model)->count, 2);
	cr_expect_str_eq(model->pairs[0]->source, "192.0.2.0");
	cr_expect_eq(model->source_count, 2);
	mx_model_free(model);
	mx_store_close(store);
}

Test(model, a_request_grows_overdue_while_nobody_writes)
{
	struct mx_store *store = world_open();
	struct mx_web web = site_on(store);
	const struct mx_state_rules *rules = &mx_state_rules_default;
	struct mx_model *model;

	mx_request_open(store, rules,
	    &(struct mx_request){ .source = "192.0.2.1",
		.group = "a",
		.destination = "a.test",
		.ticket = "1",
		.time_us = START_US },
	    NULL, NULL);
	world_wait(store);
	model = model_of(&web);
	cr_expect_str_eq(mx_model_look(model)->pairs[0]->state, "delist_requested");
	mx_clock_advance(rules->expected_us + rules->overdue_us + MX_SECOND_US);
	cr_expect_str_eq(mx_model_look(model)->pairs[0]->state, "overdue");
	cr_expect_eq(
	    model->pairs[0]->since_us, START_US + rules->expected_us + rules->overdue_us);
	cr_expect(model->pairs[0]->is_stale, "nothing was ever learned");
	mx_model_free(model);
	mx_store_close(store);
}

Test(model, finds_a_pair_by_group_or_destination)
{
	struct mx_store *store = world_open();
	struct mx_web web = site_on(store);
	struct mx_model *model;
	char destination[64];

	put(store, "192.0.2.1", "grp", "accepted");
	model = model_of(&web);
	(void)mx_model_look(model);
	cr_expect_not_null(mx_model_find(model, "192.0.2.1", "grp"));
	snprintf(destination, sizeof destination, "%s", model->pairs[0]->destination);
	cr_expect_not_null(mx_model_find(model, "192.0.2.1", destination));
	cr_expect_null(mx_model_find(model, "192.0.2.1", "other"));
	cr_expect_null(mx_model_find(model, "192.0.2.2", "grp"));
	cr_expect_null(mx_model_find(model, "x", "grp"));
	mx_model_free(model);
	mx_store_close(store);
}
