/* test_age.c - a request that nobody answers becomes overdue, once, with an event. */
#include "probe/watch/age.h"

#include <criterion/criterion.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/store/pairs.h"
#include "probe/watch/request.h"
#include "tests/unit/store/world.h"

TestSuite(age, .init = world_make, .fini = world_remove, .timeout = 60);

#define OPENED_US (INT64_C(1795305600) * MX_SECOND_US)

static void
on_done(void *arg, const struct mx_error *err)
{
	(void)arg;
	cr_expect_null(err);
}

static bool
see_event(void *arg, const struct mx_store_event *event)
{
	unsigned *overdue = arg;

	*overdue += strcmp(event->old_state, "delist_requested") == 0 &&
		    strcmp(event->new_state, "overdue") == 0 && event->result == NULL;
	return true;
}

static bool
see_pair(void *arg, const struct mx_store_pair *pair)
{
	unsigned *pairs = arg;

	(void)pair;
	(*pairs)++;
	return true;
}

static unsigned
overdue_after(struct mx_store *store, int64_t hours)
{
	unsigned overdue = 0;
	struct mx_error err = { 0 };

	mx_age_pair(store, &mx_state_rules_default, "192.0.2.1", "microsoft",
	    OPENED_US + hours * MX_HOUR_US, on_done, NULL);
	world_wait(store);
	cr_assert_eq(mx_store_events(
			 store, "192.0.2.1", "microsoft", 0, see_event, &overdue, &err),
	    MX_OK);
	return overdue;
}

Test(age, a_request_becomes_overdue_once)
{
	struct mx_store *store = world_open();
	struct mx_request request = {
		.source = "192.0.2.1", .group = "microsoft", .time_us = OPENED_US
	};

	mx_request_open(store, &mx_state_rules_default, &request, on_done, NULL);
	cr_expect_eq(overdue_after(store, 71), 0);
	cr_expect_eq(overdue_after(store, 73), 1);
	cr_expect_eq(overdue_after(store, 99), 1, "and not again");
	mx_store_close(store);
}

Test(age, a_pair_that_nobody_knows_stays_unknown)
{
	struct mx_store *store = world_open();
	struct mx_error err = { 0 };
	unsigned pairs = 0;

	cr_expect_eq(overdue_after(store, 100), 0);
	cr_assert_eq(mx_store_pairs(store, NULL, NULL, see_pair, &pairs, &err), MX_OK);
	cr_expect_eq(pairs, 0);
	mx_store_close(store);
}
