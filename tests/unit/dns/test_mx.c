/* test_mx.c - what stands in MX records, put in order. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/dns/mx.h"

TestSuite(mx, .timeout = 5);

struct input {
	uint16_t preference;
	const char *name;
};

static struct mx_route *
read_records(const struct input *inputs, size_t count)
{
	struct mx_dns_answer answer = { .count = count };
	struct mx_route *route = mx_calloc(1, sizeof *route);

	answer.records = mx_calloc(count, sizeof *answer.records);
	for (size_t i = 0; i < count; i++) {
		answer.records[i].type = MX_DNS_MX;
		answer.records[i].preference = inputs[i].preference;
		answer.records[i].name = mx_strdup(inputs[i].name);
	}
	mx_route_read_mx(route, &answer);
	mx_dns_answer_clear(&answer);
	return route;
}

#define READ(...)                                 \
	read_records((struct input[])__VA_ARGS__, \
	    sizeof((struct input[])__VA_ARGS__) / sizeof(struct input))

/* "10 a, 20 b" */
static char *
as_text(const struct mx_route *route)
{
	char *text = mx_strdup("");

	for (size_t i = 0; i < route->host_count; i++) {
		char *longer = mx_asprintf("%s%s%u %s", text, i > 0 ? ", " : "",
		    route->hosts[i].preference, route->hosts[i].name);

		free(text);
		text = longer;
	}
	return text;
}

static void
assert_hosts(struct mx_route *route, const char *hosts, const char *remark)
{
	char *text = as_text(route);

	cr_assert_eq(route->kind, MX_ROUTE_MX);
	cr_assert_str_eq(text, hosts);
	if (remark == NULL)
		cr_assert_null(route->remark, "%s", route->remark);
	else
		cr_assert(route->remark != NULL && strstr(route->remark, remark) != NULL,
		    "remark: %s", route->remark);
	free(text);
	mx_route_free(route);
}

Test(mx, hosts_come_by_preference_then_name)
{
	assert_hosts(READ({ { 20, "c.test" }, { 10, "b.test" }, { 10, "A.test" },
			 { 0, "z.test" }, { 65535, "y.test" } }),
	    "0 z.test, 10 A.test, 10 b.test, 20 c.test, 65535 y.test", NULL);
}

Test(mx, a_host_named_twice_is_one_with_the_better_preference)
{
	assert_hosts(READ({ { 20, "a.test" }, { 10, "A.Test" }, { 15, "b.test" },
			 { 10, "a.test" } }),
	    "10 A.Test, 15 b.test", NULL);
}

Test(mx, the_root_alone_is_the_null_mx_whatever_its_preference)
{
	struct mx_route *route = READ({ { 7, "" } });

	cr_assert_eq(route->kind, MX_ROUTE_NULL);
	cr_assert_eq(route->host_count, 0);
	cr_assert_null(route->remark);
	mx_route_free(route);
}

Test(mx, the_root_beside_others_is_ignored_and_told)
{
	assert_hosts(READ({ { 0, "" }, { 10, "a.test" } }), "10 a.test",
	    "a null MX beside other MX records is ignored");
}

Test(mx, what_names_no_host_is_kept_told_and_never_looked_up)
{
	static const char *const junk[] = { "192.0.2.1", "2001:db8::1", "[192.0.2.1]",
		"mail\\032server.test", "a..b" };

	for (size_t i = 0; i < sizeof junk / sizeof junk[0]; i++) {
		struct mx_route *route =
		    READ({ { 10, junk[i] }, { 20, "good_one.test" } });

		cr_assert_eq(route->host_count, 2);
		cr_assert_eq(route->hosts[0].status_a, MX_DNS_MALFORMED, "%s", junk[i]);
		cr_assert_eq(route->hosts[0].status_aaaa, MX_DNS_MALFORMED);
		cr_assert_neq(route->hosts[1].status_a, MX_DNS_MALFORMED);
		cr_assert_not_null(strstr(route->remark, junk[i]));
		mx_route_free(route);
	}
}

Test(mx, more_hosts_than_we_hold_are_left_out_and_told)
{
	static struct input inputs[200];
	static char names[200][16];
	struct mx_route *route;

	for (size_t i = 0; i < 200; i++) {
		snprintf(names[i], sizeof names[i], "h%03zu.test", 199 - i);
		inputs[i] = (struct input){ 10, names[i] };
	}
	route = read_records(inputs, 200);
	cr_assert_eq(route->host_count, MX_ROUTE_HOSTS_MAX);
	cr_assert_str_eq(route->hosts[0].name, "h000.test");
	cr_assert_str_eq(route->hosts[63].name, "h063.test");
	cr_assert_not_null(strstr(route->remark, "more than 64"));
	mx_route_free(route);
}
