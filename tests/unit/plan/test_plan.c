#include "probe/plan/plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/plan/group.h"

TestSuite(plan, .timeout = 20);

static struct mx_addr
addr(const char *text)
{
	struct mx_addr out;

	cr_assert(mx_addr_parse(text, &out), "%s", text);
	return out;
}

/* A route with one host per name, each with the addresses given. */
struct fixture {
	struct mx_route route;
	struct mx_route_host hosts[4];
	struct mx_addr addrs[4][4];
	char names[4][64];
};

static void
add_host(struct fixture *f, const char *name, const char *a, const char *b)
{
	struct mx_route_host *host = &f->hosts[f->route.host_count];
	struct mx_addr *addrs = f->addrs[f->route.host_count];

	f->route.kind = MX_ROUTE_MX;
	f->route.hosts = f->hosts;
	*host = (struct mx_route_host){ .addrs = addrs, .preference = 10 };
	host->name = f->names[f->route.host_count++];
	snprintf(host->name, sizeof f->names[0], "%s", name);
	if (a != NULL)
		addrs[host->addr_count++] = addr(a);
	if (b != NULL)
		addrs[host->addr_count++] = addr(b);
}

struct pairs {
	struct mx_addr source_addrs[2];
	const struct mx_addr *sources[2];
	struct fixture fixtures[3];
	struct mx_plan_destination destinations[3];
	struct mx_plan_input input;
};

static struct pairs *
setup(const char *source, size_t destinations)
{
	struct pairs *p = mx_calloc(1, sizeof *p);

	p->source_addrs[0] = addr(source);
	p->sources[0] = &p->source_addrs[0];
	for (size_t i = 0; i < destinations; i++) {
		p->destinations[i].route = &p->fixtures[i].route;
		p->destinations[i].group = "group";
	}
	p->input = (struct mx_plan_input){ .sources = p->sources,
		.source_count = 1,
		.destinations = p->destinations,
		.destination_count = destinations,
		.family = AF_UNSPEC,
		.port = 25 };
	return p;
}

Test(plan, one_address_and_one_to_fall_back_on)
{
	struct pairs *p = setup("192.0.2.1", 1);
	size_t count;

	add_host(&p->fixtures[0], "mx1.example.test", "198.51.100.1", "198.51.100.2");
	add_host(&p->fixtures[0], "mx2.example.test", "198.51.100.3", NULL);

	struct mx_visit *visits = mx_plan_make(&p->input, &count);

	cr_assert_eq(count, 1);
	cr_expect_eq(visits[0].kind, MX_VISIT_PROBE);
	cr_expect_eq(visits[0].hop_count, 2);
	cr_expect_eq(visits[0].hops[0].addr.port, 25);
	cr_expect_not(visits[0].every_hop);
	cr_expect_not(visits[0].exempt);
	free(visits);
	p->input.mx_all = true;
	visits = mx_plan_make(&p->input, &count);
	cr_expect_eq(visits[0].hop_count, 3);
	cr_expect(visits[0].every_hop);
	free(visits);
	free(p);
}

Test(plan, visits_begin_where_told_and_go_round)
{
	struct pairs *p = setup("192.0.2.1", 1);
	size_t count, start;

	add_host(&p->fixtures[0], "mx1.example.test", "198.51.100.1", "198.51.100.2");
	add_host(&p->fixtures[0], "mx2.example.test", "198.51.100.3", NULL);
	p->input.starts = &start;
	for (start = 0; start < 7; start++) {
		struct mx_visit *visits = mx_plan_make(&p->input, &count);

		cr_expect_eq(visits[0].address_count, 3);
		cr_expect_eq(visits[0].hop_count, 2);
		for (size_t hop = 0; hop < 2; hop++)
			cr_expect_eq(visits[0].hops[hop].addr.bytes[3],
			    1 + (start + hop) % 3, "start %zu, hop %zu", start, hop);
		cr_expect_str_eq(visits[0].hops[0].host->name,
		    start % 3 == 2 ? "mx2.example.test" : "mx1.example.test");
		free(visits);
	}
	free(p);
}

Test(plan, the_order_in_which_dns_tells_addresses_changes_nothing)
{
	struct pairs *p = setup("192.0.2.1", 1);
	size_t count, start = 1;
	struct mx_visit *visits;

	add_host(&p->fixtures[0], "mx.example.test", "198.51.100.2", "198.51.100.1");
	p->input.starts = &start;
	visits = mx_plan_make(&p->input, &count);
	cr_expect_eq(visits[0].hops[0].addr.bytes[3], 2);
	cr_expect_eq(visits[0].hops[1].addr.bytes[3], 1);
	free(visits);
	free(p);
}

Test(plan, counts_addresses_that_a_visit_leaves_out_and_none_of_another_family)
{
	struct pairs *p = setup("192.0.2.1", 1);
	size_t count;

	for (int i = 0; i < 3; i++)
		add_host(
		    &p->fixtures[0], "mx.example.test", "198.51.100.1", "198.51.100.2");
	add_host(&p->fixtures[0], "mx6.example.test", "198.51.100.3", "2001:db8::25");
	for (int i = 0; i < 3; i++)
		p->fixtures[0].addrs[i][p->fixtures[0].hosts[i].addr_count++] =
		    addr("198.51.100.9");
	p->input.mx_all = true;

	struct mx_visit *visits = mx_plan_make(&p->input, &count);

	cr_expect_eq(visits[0].address_count, 10);
	cr_expect_eq(visits[0].hop_count, MX_VISIT_HOPS);
	free(visits);
	free(p);
}

Test(plan, families_must_match_and_lack_of_one_is_said)
{
	struct pairs *p = setup("2001:db8::1", 1);
	size_t count;

	add_host(&p->fixtures[0], "mx1.example.test", "198.51.100.1", NULL);

	struct mx_visit *visits = mx_plan_make(&p->input, &count);

	cr_expect_eq(visits[0].kind, MX_VISIT_NO_FAMILY);
	free(visits);
	add_host(&p->fixtures[0], "mx2.example.test", "2001:db8::25", NULL);
	visits = mx_plan_make(&p->input, &count);
	cr_expect_eq(visits[0].kind, MX_VISIT_PROBE);
	cr_expect_eq(visits[0].hops[0].addr.family, AF_INET6);
	free(visits);
	p->input.family = AF_INET;
	visits = mx_plan_make(&p->input, &count);
	cr_expect_eq(visits[0].kind, MX_VISIT_NO_FAMILY);
	free(visits);
	free(p);
}

Test(plan, an_address_that_leads_back_to_us_is_not_the_destination)
{
	static const struct {
		const char *source, *address;
		enum mx_route_kind route;
		enum mx_visit_kind kind;
	} rows[] = {
		{ "192.0.2.1", "127.0.0.1", MX_ROUTE_MX, MX_VISIT_NOWHERE },
		{ "192.0.2.1", "0.0.0.0", MX_ROUTE_IMPLICIT, MX_VISIT_NOWHERE },
		{ "127.0.0.2", "0.0.0.0", MX_ROUTE_MX, MX_VISIT_NOWHERE },
		{ "2001:db8::1", "::1", MX_ROUTE_MX, MX_VISIT_NOWHERE },
		{ "127.0.0.2", "127.0.0.1", MX_ROUTE_MX, MX_VISIT_PROBE },
		{ "192.0.2.1", "127.0.0.1", MX_ROUTE_FIXED, MX_VISIT_PROBE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pairs *p = setup(rows[i].source, 1);
		struct mx_visit *visits;
		size_t count;

		add_host(&p->fixtures[0], "localhost", rows[i].address, NULL);
		p->fixtures[0].route.kind = rows[i].route;
		visits = mx_plan_make(&p->input, &count);
		cr_expect_eq(visits[0].kind, rows[i].kind, "%s from %s", rows[i].address,
		    rows[i].source);
		free(visits);
		free(p);
	}
}

Test(plan, an_address_that_leads_nowhere_is_passed_over)
{
	struct pairs *p = setup("192.0.2.1", 1);
	struct mx_visit *visits;
	size_t count;

	add_host(&p->fixtures[0], "mx1.example.test", "127.0.0.1", "198.51.100.25");
	visits = mx_plan_make(&p->input, &count);
	cr_expect_eq(visits[0].kind, MX_VISIT_PROBE);
	cr_assert_eq(visits[0].hop_count, 1);
	cr_expect_eq(visits[0].hops[0].addr.bytes[0], 198);
	cr_expect_not(visits[0].exempt);
	free(visits);
	free(p);
}

Test(plan, no_address_at_all_is_another_thing)
{
	struct pairs *p = setup("192.0.2.1", 1);
	size_t count;

	add_host(&p->fixtures[0], "mx1.example.test", NULL, NULL);

	struct mx_visit *visits = mx_plan_make(&p->input, &count);

	cr_expect_eq(visits[0].kind, MX_VISIT_NO_ROUTE);
	free(visits);
	free(p);
}

Test(plan, same_exchangers_share_a_visit_and_tenants_wait)
{
	struct pairs *p = setup("192.0.2.1", 3);
	size_t count;

	add_host(&p->fixtures[0], "mx1.example.test", "198.51.100.1", NULL);
	add_host(&p->fixtures[0], "mx2.example.test", "198.51.100.2", NULL);
	add_host(&p->fixtures[1], "MX2.example.test", "198.51.100.2", NULL);
	add_host(&p->fixtures[1], "mx1.example.test", "198.51.100.1", NULL);
	add_host(&p->fixtures[2], "mx3.example.test", "198.51.100.3", NULL);

	struct mx_visit *visits = mx_plan_make(&p->input, &count);

	cr_assert_eq(count, 3);
	cr_expect_eq(visits[0].kind, MX_VISIT_PROBE);
	cr_expect_eq(visits[1].kind, MX_VISIT_SHARED);
	cr_expect_eq(visits[1].first, 0);
	cr_expect_eq(visits[2].kind, MX_VISIT_SUPPRESSED);
	cr_expect_eq(visits[2].first, 0);
	free(visits);

	p->destinations[2].own = true;
	visits = mx_plan_make(&p->input, &count);
	cr_expect_eq(visits[2].kind, MX_VISIT_PROBE, "no floor for our own");
	cr_expect(visits[2].exempt);
	free(visits);
	free(p);
}

Test(plan, each_source_has_its_own_visits)
{
	struct pairs *p = setup("192.0.2.1", 2);
	size_t count;

	p->source_addrs[1] = addr("192.0.2.2");
	p->sources[1] = &p->source_addrs[1];
	p->input.source_count = 2;
	add_host(&p->fixtures[0], "mx1.example.test", "198.51.100.1", NULL);
	add_host(&p->fixtures[1], "mx1.example.test", "198.51.100.1", NULL);

	struct mx_visit *visits = mx_plan_make(&p->input, &count);

	cr_assert_eq(count, 4);
	cr_expect_eq(visits[2].kind, MX_VISIT_PROBE);
	cr_expect_eq(visits[3].kind, MX_VISIT_SHARED);
	cr_expect_eq(visits[3].first, 2);
	free(visits);
	free(p);
}

Test(plan, a_named_server_is_never_shared)
{
	struct pairs *p = setup("127.0.0.2", 2);
	size_t count;

	add_host(&p->fixtures[0], "127.0.0.1", "127.0.0.1", NULL);
	add_host(&p->fixtures[1], "127.0.0.1", "127.0.0.1", NULL);
	p->fixtures[0].route.kind = p->fixtures[1].route.kind = MX_ROUTE_FIXED;

	struct mx_visit *visits = mx_plan_make(&p->input, &count);

	cr_expect_eq(visits[1].kind, MX_VISIT_PROBE);
	cr_expect(visits[1].exempt, "loopback");
	free(visits);
	free(p);
}

Test(plan, a_provider_marked_never_is_never_probed)
{
	static const struct mx_provider never = { .id = "never", .probe = false };
	struct pairs *p = setup("127.0.0.2", 1);
	size_t count;

	add_host(&p->fixtures[0], "mx1.example.test", "127.0.0.1", NULL);
	p->destinations[0].provider = &never;

	struct mx_visit *visits = mx_plan_make(&p->input, &count);

	cr_expect_eq(visits[0].kind, MX_VISIT_NEVER);
	free(visits);
	free(p);
}

Test(plan, groups_follow_the_provider_or_the_registrable_domain)
{
	static const struct mx_provider google = { .id = "google" };
	char out[MX_NAME_MAX];

	cr_expect_str_eq(mx_group_name(&google, "aspmx.l.google.com", out), "google");
	cr_expect_str_eq(
	    mx_group_name(NULL, "mx1.mail.example.co.jp", out), "example.co.jp");
	cr_expect_str_eq(mx_group_name(NULL, "mx2.example.co.jp", out), "example.co.jp");
	cr_expect_str_eq(mx_group_name(NULL, "192.0.2.1", out), "192.0.2.1");
}
