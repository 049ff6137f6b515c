#include "probe/plan/pace.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(pace, .timeout = 20);

#define SECOND 1000000LL

static struct mx_addr
addr(const char *text)
{
	struct mx_addr out;

	cr_assert(mx_addr_parse(text, &out));
	return out;
}

static struct mx_pace_key
key(const struct mx_addr *source, const char *group)
{
	return (struct mx_pace_key){ .source = source, .group = group };
}

Test(pace, one_session_at_a_time_per_source_and_group_even_when_exempt)
{
	struct mx_pace *pace = mx_pace_new();
	struct mx_addr one = addr("127.0.0.2"), two = addr("127.0.0.3");
	struct mx_pace_key first = key(&one, "example"), second = key(&two, "example");
	struct mx_pace_key elsewhere = key(&one, "other");

	first.exempt = second.exempt = elsewhere.exempt = true;
	cr_assert_eq(mx_pace_when(pace, &first, 0), 0);
	mx_pace_begin(pace, &first, 0);
	cr_expect_eq(mx_pace_when(pace, &first, 0), MX_PACE_WAIT_FOR_END);
	cr_expect_eq(mx_pace_when(pace, &second, 0), 0);
	cr_expect_eq(mx_pace_when(pace, &elsewhere, 0), 0);
	mx_pace_end(pace, &first);
	cr_expect_eq(mx_pace_when(pace, &first, 1), 1);
	mx_pace_free(pace);
}

Test(pace, two_at_once_in_a_group)
{
	struct mx_pace *pace = mx_pace_new();
	struct mx_addr sources[] = { addr("192.0.2.1"), addr("198.51.100.1"),
		addr("203.0.113.1") };
	struct mx_pace_key keys[] = { key(&sources[0], "g"), key(&sources[1], "g"),
		key(&sources[2], "g") };

	mx_pace_begin(pace, &keys[0], 0);
	cr_expect_eq(mx_pace_when(pace, &keys[1], 0), 0);
	mx_pace_begin(pace, &keys[1], 0);
	cr_expect_eq(mx_pace_when(pace, &keys[2], 0), MX_PACE_WAIT_FOR_END);
	mx_pace_end(pace, &keys[0]);
	cr_expect_eq(mx_pace_when(pace, &keys[2], 0), 0);
	mx_pace_free(pace);
}

Test(pace, six_a_minute_in_a_group)
{
	struct mx_pace *pace = mx_pace_new();
	int64_t now = 0;

	for (int i = 0; i < 7; i++) {
		char text[32];

		snprintf(text, sizeof text, "192.0.%d.1", i);

		struct mx_addr source = addr(text);
		struct mx_pace_key k = key(&source, "g");
		int64_t when = mx_pace_when(pace, &k, now);

		cr_expect_eq(when, i < 6 ? now : 60 * SECOND, "session %d: %lld", i,
		    (long long)when);
		now = when;
		mx_pace_begin(pace, &k, now);
		mx_pace_end(pace, &k);
		now += SECOND;
	}
	mx_pace_free(pace);
}

Test(pace, neighbours_in_a_24_are_20_seconds_apart)
{
	struct mx_pace *pace = mx_pace_new();
	struct mx_addr one = addr("203.0.113.5"), neighbour = addr("203.0.113.250");
	struct mx_addr far = addr("203.0.114.5");
	struct mx_pace_key a = key(&one, "g"), b = key(&neighbour, "g"),
			   c = key(&far, "g");

	mx_pace_begin(pace, &a, 0);
	cr_expect_eq(mx_pace_when(pace, &b, 1), 20 * SECOND);
	cr_expect_eq(mx_pace_when(pace, &c, 1), 1);
	b.group = "h";
	cr_expect_eq(mx_pace_when(pace, &b, 1), 1, "another provider does not see it");
	mx_pace_free(pace);
}

Test(pace, in_ipv6_a_64_is_one_neighbour)
{
	struct mx_pace *pace = mx_pace_new();
	struct mx_addr one = addr("2001:db8:0:1::5"),
		       neighbour = addr("2001:db8:0:1:ffff::1");
	struct mx_addr far = addr("2001:db8:0:2::5");
	struct mx_pace_key a = key(&one, "g"), b = key(&neighbour, "g"),
			   c = key(&far, "g");

	mx_pace_begin(pace, &a, 0);
	cr_expect_eq(mx_pace_when(pace, &b, 1), 20 * SECOND);
	cr_expect_eq(mx_pace_when(pace, &c, 1), 1);
	mx_pace_free(pace);
}

/* The whole day of a big sender at one provider: never a floor broken, nobody starved. */
Test(pace, a_thousand_sources_keep_every_floor)
{
	struct mx_pace *pace = mx_pace_new();
	int64_t now = 0, starts[1000];

	for (int i = 0; i < 1000; i++) {
		char text[32];

		snprintf(text, sizeof text, "192.%d.%d.%d", i / 250 % 4, i % 50, i % 250);

		struct mx_addr source = addr(text);
		struct mx_pace_key k = key(&source, "g");

		now = mx_pace_when(pace, &k, now);
		cr_assert_neq(now, MX_PACE_WAIT_FOR_END);
		mx_pace_begin(pace, &k, now);
		starts[i] = now;
		mx_pace_end(pace, &k);
		if (i >= 6)
			cr_assert_geq(starts[i] - starts[i - 6], 60 * SECOND);
	}
	cr_expect_leq(now, 1000 / 6 * 60 * SECOND + 20 * SECOND);
	mx_pace_free(pace);
}

Test(pace, floors_can_be_raised_and_never_lowered)
{
	static const struct mx_pace_floors raised = { 1, 2, 60 * SECOND },
					   lowered = { 100, 100, 1 };
	struct mx_pace *slow = mx_pace_new_raised(&raised),
		       *usual = mx_pace_new_raised(&lowered);
	struct mx_addr a = addr("203.0.113.1"), b = addr("203.0.113.2"),
		       c = addr("198.51.100.1"), d = addr("192.0.2.1");
	struct mx_pace_key first = key(&a, "g"), neighbour = key(&b, "g"),
			   second = key(&c, "g"), third = key(&d, "g");

	mx_pace_begin(slow, &first, SECOND);
	cr_expect_eq(mx_pace_when(slow, &second, SECOND), MX_PACE_WAIT_FOR_END);
	mx_pace_end(slow, &first);
	cr_expect_eq(mx_pace_when(slow, &neighbour, 2 * SECOND), 61 * SECOND);
	mx_pace_begin(slow, &second, 2 * SECOND);
	mx_pace_end(slow, &second);
	cr_expect_eq(mx_pace_when(slow, &third, 3 * SECOND), 61 * SECOND);

	mx_pace_begin(usual, &first, SECOND);
	cr_expect_eq(mx_pace_when(usual, &neighbour, 2 * SECOND), 21 * SECOND);
	mx_pace_begin(usual, &second, 2 * SECOND);
	cr_expect_eq(mx_pace_when(usual, &third, 3 * SECOND), MX_PACE_WAIT_FOR_END);
	mx_pace_free(slow);
	mx_pace_free(usual);
}
