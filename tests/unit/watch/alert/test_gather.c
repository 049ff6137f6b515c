/* test_gather.c - events become notices: one a provider and network, each event in one of them. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/watch/alert/gather.h"
#include "tests/unit/store/world.h"
#include "tests/unit/watch/alert/events.h"

static struct mx_store *store;
static struct mx_catalogue *catalogue;

static void
begin(void)
{
	struct mx_error err = { 0 };

	world_make();
	store = world_open();
	catalogue = mx_catalogue_load(NULL, &err);
	cr_assert_not_null(catalogue, "%s", err.text);
}

static void
end(void)
{
	mx_catalogue_free(catalogue);
	mx_store_close(store);
	world_remove();
}

TestSuite(gather, .init = begin, .fini = end, .timeout = 60);

static void
happen(const char *source, const char *group, int64_t time_s, const char *state)
{
	events_happen(store, source, group, time_s, state);
}

static void
gather(struct mx_gather params, struct mx_gathered *out)
{
	struct mx_error err = { 0 };

	params.store = store;
	params.catalogue = catalogue;
	if (params.now_us == 0)
		params.now_us = 5000 * MX_SECOND_US;
	if (params.least == MX_CONFIG_ANY_SEVERITY)
		params.least = MX_CONFIG_WARNING;
	cr_assert_eq(mx_gather(&params, out, &err), MX_OK, "%s", err.text);
}

/* A text of the notice ("title") or of one of its alerts. Borrowed from *tree. */
static const char *
text_of(const struct mx_outbox_row *row, json_t **tree, int alert, const char *key)
{
	json_t *object;

	if (*tree == NULL)
		*tree = json_loads(row->body, 0, NULL);
	cr_assert_not_null(*tree);
	object = alert < 0
		     ? *tree
		     : json_array_get(json_object_get(*tree, "alerts"), (size_t)alert);
	return json_string_value(json_object_get(object, key));
}

static size_t
count_alerts(const struct mx_outbox_row *row)
{
	json_t *tree = json_loads(row->body, 0, NULL);
	size_t count = json_array_size(json_object_get(tree, "alerts"));

	json_decref(tree);
	return count;
}

Test(gather, one_event_of_a_provider_is_one_notice_a_network_and_not_four_hundred)
{
	struct mx_gathered found;
	json_t *tree = NULL;
	char source[32];

	for (int i = 0; i < 400; i++) {
		(void)snprintf(
		    source, sizeof source, "203.0.%d.%d", 113 + i / 200, i % 200 + 1);
		happen(source, "microsoft_consumer", 1000 + i, "blocked");
	}
	gather((struct mx_gather){ 0 }, &found);
	cr_assert_eq(found.count, 2);
	cr_expect_eq(found.to, 400);
	cr_expect_str_eq(found.rows[0].topic, "microsoft_consumer 203.0.113.0/24");
	cr_expect_eq(count_alerts(&found.rows[0]), 200);
	cr_expect_eq(count_alerts(&found.rows[1]), 200);
	cr_expect_str_eq(text_of(&found.rows[0], &tree, -1, "title"),
	    "Outlook.com / Hotmail refuses 200 addresses of 203.0.113.0/24");
	json_decref(tree);
	mx_gathered_clear(&found);
}

Test(gather, networks_of_ipv6_are_sixty_four_bits)
{
	struct mx_gathered found;

	happen("2001:db8::1", "yahoo", 1000, "blocked");
	happen("2001:db8::ffff:1", "yahoo", 1001, "blocked");
	happen("2001:db8:0:1::1", "yahoo", 1002, "blocked");
	gather((struct mx_gather){ 0 }, &found);
	cr_assert_eq(found.count, 2);
	cr_expect_str_eq(found.rows[0].topic, "yahoo 2001:db8::/64");
	cr_expect_str_eq(found.rows[1].topic, "yahoo 2001:db8:0:1::/64");
	mx_gathered_clear(&found);
}

Test(gather, a_recovery_says_how_long_it_took_and_resolves_what_fired)
{
	struct mx_gathered fired, over;
	json_t *first = NULL, *last = NULL;

	happen("203.0.113.5", "yahoo", 1000, "blocked");
	gather((struct mx_gather){ 0 }, &fired);
	happen("203.0.113.5", "yahoo", 1500, "clearing");
	happen("203.0.113.5", "yahoo", 4600, "clear");
	gather((struct mx_gather){ .from = fired.to }, &over);
	cr_assert_eq(fired.count, 1);
	cr_assert_eq(over.count, 1);
	cr_expect_str_eq(text_of(&fired.rows[0], &first, 0, "fingerprint"),
	    text_of(&over.rows[0], &last, 0, "fingerprint"));
	cr_expect_str_eq(text_of(&fired.rows[0], &first, 0, "starts_at"),
	    text_of(&over.rows[0], &last, 0, "starts_at"));
	cr_expect_str_eq(text_of(&over.rows[0], &last, 0, "kind"), "recovered");
	cr_expect_str_eq(text_of(&over.rows[0], &last, -1, "status"), "resolved");
	cr_expect_not_null(strstr(over.rows[0].body, "\"time_to_clear_s\":3600"), "%s",
	    over.rows[0].body);
	json_decref(first);
	json_decref(last);
	mx_gathered_clear(&fired);
	mx_gathered_clear(&over);
}

Test(gather, what_is_not_wanted_is_passed_by)
{
	char *only[] = { (char[]){ "yahoo" } };
	struct mx_gathered found;

	happen("203.0.113.5", "google", 1000, "blocked");
	happen("203.0.113.5", "yahoo", 1001, "suspect");
	gather((struct mx_gather){ .only = only, .only_count = 1 }, &found);
	cr_expect_eq(found.count, 0);
	cr_expect_eq(found.to, 2, "it is not looked at again");
	mx_gathered_clear(&found);
	gather(
	    (struct mx_gather){ .only = only, .only_count = 1, .least = MX_CONFIG_INFO },
	    &found);
	cr_expect_eq(found.count, 1);
	mx_gathered_clear(&found);
}

Test(gather, of_one_problem_the_last_change_is_told_with_all_events)
{
	struct mx_gathered found;
	json_t *tree = NULL;

	happen("203.0.113.5", "yahoo", 1000, "blocked");
	happen("203.0.113.5", "yahoo", 1001, "clear");
	happen("203.0.113.5", "yahoo", 1002, "blocked");
	gather((struct mx_gather){ 0 }, &found);
	cr_assert_eq(found.count, 1);
	cr_expect_eq(count_alerts(&found.rows[0]), 1);
	cr_expect_str_eq(text_of(&found.rows[0], &tree, 0, "status"), "firing");
	cr_expect_not_null(strstr(found.rows[0].body, "\"events\":[1,2,3]"));
	json_decref(tree);
	mx_gathered_clear(&found);
}

Test(gather, what_is_older_than_three_days_is_counted_and_not_told)
{
	struct mx_gathered found;

	happen("203.0.113.5", "yahoo", 1000, "blocked");
	gather((struct mx_gather){ .now_us = (1000 + 73 * 3600) * MX_SECOND_US }, &found);
	cr_expect_eq(found.count, 0);
	cr_expect_eq(found.too_old, 1);
	cr_expect_eq(found.to, 1);
	mx_gathered_clear(&found);
}

Test(gather, more_than_a_notice_holds_goes_into_another)
{
	struct mx_gathered found;
	char source[64];

	for (int i = 0; i < 450; i++) {
		(void)snprintf(source, sizeof source, "2001:db8::%x", i + 1);
		happen(source, "yahoo", 1000 + i, "blocked");
	}
	gather((struct mx_gather){ 0 }, &found);
	cr_assert_eq(found.count, 2);
	cr_expect_eq(count_alerts(&found.rows[0]), 400);
	cr_expect_eq(count_alerts(&found.rows[1]), 50);
	mx_gathered_clear(&found);
}

Test(gather, hostile_bytes_stay_inside_their_text)
{
	struct mx_gathered found;
	json_t *tree;
	const json_t *reply;

	happen("203.0.113.5", "yahoo", 1000, "blocked");
	gather((struct mx_gather){ 0 }, &found);
	tree = json_loads(found.rows[0].body, 0, NULL);
	reply =
	    json_object_get(json_array_get(json_object_get(tree, "alerts"), 0), "reply");
	cr_expect_str_eq(json_string_value(json_object_get(reply, "text")),
	    "no \"\x1b[31m<script>\r\nX-Evil: 1\xef\xbf\xbd");
	cr_expect_null(strchr(found.rows[0].body, '\n'), "it is one line");
	json_decref(tree);
	mx_gathered_clear(&found);
}
