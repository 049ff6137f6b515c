/* test_request.c - a request opens a case, and the pair knows of it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/store/cases.h"
#include "probe/store/pairs.h"
#include "probe/watch/request.h"
#include "probe/watch/state_text.h"
#include "tests/unit/store/world.h"

TestSuite(request, .init = world_make, .fini = world_remove, .timeout = 60);

static unsigned answers;

static void
on_done(void *arg, const struct mx_error *err)
{
	(void)arg;
	cr_expect_null(err);
	answers++;
}

static void
ask(struct mx_store *store, const char *ticket, int64_t time_us)
{
	struct mx_request request = {
		.source = "192.0.2.1",
		.group = "microsoft",
		.provider = "microsoft_consumer",
		.destination = "outlook.com",
		.ticket = ticket,
		.time_us = time_us,
	};

	mx_request_open(store, &mx_state_rules_default, &request, on_done, NULL);
	world_wait(store);
}

/** What was read back; own. */
struct seen {
	unsigned pairs, cases, events;
	char *state, *destination, *tickets[4], *why;
	int64_t since_us, expected_us;
	struct mx_pair_state fold;
};

static bool
see_pair(void *arg, const struct mx_store_pair *pair)
{
	struct seen *seen = arg;

	seen->pairs++;
	seen->state = mx_strdup(pair->state);
	seen->destination = mx_strdup(pair->destination);
	seen->since_us = pair->since_us;
	cr_expect(mx_state_from_text(pair->fold, &seen->fold));
	return true;
}

static bool
see_case(void *arg, const struct mx_store_case *one)
{
	struct seen *seen = arg;

	seen->tickets[seen->cases++] = mx_strdup(one->ticket);
	seen->expected_us = one->expected_us;
	return true;
}

static bool
see_event(void *arg, const struct mx_store_event *event)
{
	struct seen *seen = arg;

	seen->events++;
	free(seen->why);
	seen->why = mx_strdup(event->why);
	return true;
}

static void
see(struct mx_store *store, struct seen *seen)
{
	struct mx_error err = { 0 };

	*seen = (struct seen){ 0 };
	cr_assert_eq(mx_store_pairs(store, NULL, NULL, see_pair, seen, &err), MX_OK);
	cr_assert_eq(mx_store_cases(store, NULL, NULL, see_case, seen, &err), MX_OK);
	cr_assert_eq(mx_store_events(store, NULL, NULL, 0, see_event, seen, &err), MX_OK);
}

static void
clear(struct seen *seen)
{
	free(seen->state);
	free(seen->destination);
	free(seen->why);
	for (unsigned i = 0; i < seen->cases; i++)
		free(seen->tickets[i]);
}

Test(request, opens_a_case_of_a_pair_never_seen)
{
	struct mx_store *store = world_open();
	struct seen seen;

	ask(store, "SRX1", 1000);
	see(store, &seen);
	cr_expect_eq(answers, 1);
	cr_assert_eq(seen.pairs, 1);
	cr_expect_str_eq(seen.state, "delist_requested");
	cr_expect_str_eq(seen.destination, "outlook.com");
	cr_expect_eq(seen.since_us, 1000);
	cr_expect_eq(seen.fold.state, MX_STATE_DELIST_REQUESTED);
	cr_assert_eq(seen.cases, 1);
	cr_expect_str_eq(seen.tickets[0], "SRX1");
	cr_expect_eq(seen.expected_us, 1000 + mx_state_rules_default.expected_us);
	cr_assert_eq(seen.events, 1);
	cr_expect_str_eq(seen.why, "delisting requested");
	clear(&seen);
	mx_store_close(store);
}

Test(request, a_second_one_is_a_case_of_its_own_and_no_event)
{
	struct mx_store *store = world_open();
	struct seen seen;

	ask(store, "SRX1", 1000);
	ask(store, "SRX2", 2000);
	see(store, &seen);
	cr_expect_eq(seen.pairs, 1);
	cr_expect_eq(seen.since_us, 1000);
	cr_expect_eq(seen.fold.expected_us, 2000 + mx_state_rules_default.expected_us);
	cr_assert_eq(seen.cases, 2);
	cr_expect_str_eq(seen.tickets[0], "SRX2");
	cr_expect_eq(seen.events, 1);
	clear(&seen);
	mx_store_close(store);
}
