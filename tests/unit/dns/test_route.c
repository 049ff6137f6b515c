/* test_route.c - from a domain to addresses, past everything a zone can hold. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/dns/route.h"
#include "tests/support/dns_server.h"

#define SECOND_US INT64_C(1000000)

/* clang-format off */
static const struct dns_row rows[] = {
	{ "good.test", MX_DNS_MX, "20 mx2.good.test" },
	{ "good.test", MX_DNS_MX, "10 mx1.good.test" },
	{ "mx1.good.test", MX_DNS_A, "192.0.2.1" },
	{ "mx1.good.test", MX_DNS_A, "192.0.2.2" },
	{ "mx1.good.test", MX_DNS_AAAA, "2001:db8::1" },
	{ "mx2.good.test", MX_DNS_AAAA, "2001:db8::2" },

	{ "null.test", MX_DNS_MX, "0 ." },
	{ "implicit.test", MX_DNS_A, "192.0.2.3" },
	{ "text.test", MX_DNS_TXT, "no mail here" },
	{ "silenthost.test", MX_DNS_A, "!drop" },
	{ "silenthost.test", MX_DNS_AAAA, "!drop" },
	{ "silenthost.test", MX_DNS_TXT, "x" },

	{ "alias.test", MX_DNS_CNAME, "good.test" },
	{ "aliasnomx.test", MX_DNS_CNAME, "implicit.test" },
	{ "cnamemx.test", MX_DNS_MX, "10 mx.cnamemx.test" },
	{ "mx.cnamemx.test", MX_DNS_CNAME, "edge.cnamemx.test" },
	{ "edge.cnamemx.test", MX_DNS_A, "192.0.2.4" },

	{ "fail.test", DNS_ANY, "!servfail" },
	{ "silent.test", DNS_ANY, "!drop" },

	{ "half.test", MX_DNS_MX, "10 mx.half.test" },
	{ "mx.half.test", MX_DNS_A, "!servfail" },
	{ "mx.half.test", MX_DNS_AAAA, "2001:db8::5" },

	{ "dead.test", MX_DNS_MX, "10 mx1.dead.test" },
	{ "dead.test", MX_DNS_MX, "20 mx2.dead.test" },
	{ "mx1.dead.test", DNS_ANY, "!servfail" },

	{ "slow.test", MX_DNS_MX, "10 mx.slow.test" },
	{ "mx.slow.test", DNS_ANY, "!drop" },

	{ "literal.test", MX_DNS_MX, "10 192.0.2.7" },
	{ "mixed.test", MX_DNS_MX, "5 192.0.2.7" },
	{ "mixed.test", MX_DNS_MX, "10 mx1.good.test" },
	{ "mixed.test", MX_DNS_MX, "0 ." },

	{ "many.test", MX_DNS_MX, "1 mx01.many.test" }, { "many.test", MX_DNS_MX, "2 mx02.many.test" },
	{ "many.test", MX_DNS_MX, "3 mx03.many.test" }, { "many.test", MX_DNS_MX, "4 mx04.many.test" },
	{ "many.test", MX_DNS_MX, "5 mx05.many.test" }, { "many.test", MX_DNS_MX, "6 mx06.many.test" },
	{ "many.test", MX_DNS_MX, "7 mx07.many.test" }, { "many.test", MX_DNS_MX, "8 mx08.many.test" },
	{ "many.test", MX_DNS_MX, "9 mx09.many.test" }, { "many.test", MX_DNS_MX, "10 mx10.many.test" },
	{ "many.test", MX_DNS_MX, "11 mx11.many.test" }, { "many.test", MX_DNS_MX, "12 mx12.many.test" },
	{ "many.test", MX_DNS_MX, "13 mx13.many.test" }, { "many.test", MX_DNS_MX, "14 mx14.many.test" },
	{ "many.test", MX_DNS_MX, "15 mx15.many.test" }, { "many.test", MX_DNS_MX, "16 mx16.many.test" },
	{ "many.test", MX_DNS_MX, "17 mx17.many.test" }, { "many.test", MX_DNS_MX, "18 mx18.many.test" },
	{ "many.test", MX_DNS_MX, "19 mx19.many.test" }, { "many.test", MX_DNS_MX, "20 mx20.many.test" },
	{ "*.many.test", MX_DNS_A, "192.0.2.20" },
};
/* clang-format on */

static struct dns_world world;
static size_t calls;
static struct mx_route *found;

static void
setup(void)
{
	dns_world_open(&world, rows, sizeof rows / sizeof rows[0]);
}

static void
teardown(void)
{
	mx_route_free(found);
	dns_world_close(&world);
}

TestSuite(route, .init = setup, .fini = teardown, .timeout = 20);

static void
keep(void *arg, struct mx_route *route)
{
	cr_assert_eq(arg, world.loop);
	calls++;
	found = route;
	mx_loop_stop(world.loop);
}

static const struct mx_route *
find(const char *domain, int64_t timeout_us)
{
	mx_route_free(found);
	found = NULL;
	calls = 0;
	cr_assert_not_null(
	    mx_route_find(world.resolver, domain, timeout_us, keep, world.loop));
	cr_assert_eq(calls, 0, "done from inside the call");
	mx_loop_run(world.loop);
	cr_assert_eq(calls, 1);
	cr_assert_str_eq(found->domain, domain);
	return found;
}

/* "10 mx1.good.test 192.0.2.1 192.0.2.2; 20 ..." */
static char *
as_text(const struct mx_route *route)
{
	char *text = mx_strdup("");

	for (size_t i = 0; i < route->host_count; i++) {
		const struct mx_route_host *host = &route->hosts[i];
		char *longer = mx_asprintf(
		    "%s%s%u %s", text, i > 0 ? "; " : "", host->preference, host->name);

		free(text);
		text = longer;
		for (size_t j = 0; j < host->addr_count; j++) {
			char addr[MX_ADDR_TEXT];

			longer = mx_asprintf(
			    "%s %s", text, mx_addr_text(&host->addrs[j], addr));
			free(text);
			text = longer;
		}
	}
	return text;
}

static void
assert_route(const struct mx_route *route, enum mx_route_kind kind,
    enum mx_dns_status status, const char *hosts)
{
	char *text = as_text(route);

	cr_assert_eq(route->kind, kind, "kind %d", (int)route->kind);
	cr_assert_eq(route->status, status, "status %d", (int)route->status);
	cr_assert_str_eq(text, hosts);
	free(text);
}

static void
assert_why(const struct mx_route *route, const char *part)
{
	cr_assert_not_null(route->why);
	cr_assert_not_null(strstr(route->why, part), "why: %s", route->why);
}

Test(route, hosts_in_order_with_every_address_v4_first)
{
	const struct mx_route *route = find("good.test", 10 * SECOND_US);

	assert_route(route, MX_ROUTE_MX, MX_DNS_OK,
	    "10 mx1.good.test 192.0.2.1 192.0.2.2 2001:db8::1; "
	    "20 mx2.good.test 2001:db8::2");
	cr_assert_null(route->why);
	cr_assert_null(route->remark);
	cr_assert_null(route->canonical);
	cr_assert_eq(route->hosts[0].status_a, MX_DNS_OK);
	cr_assert_eq(route->hosts[1].status_a, MX_DNS_NODATA);
	cr_assert_eq(route->hosts[1].status_aaaa, MX_DNS_OK);
	cr_assert_eq(route->hosts[0].dnssec, MX_DNSSEC_UNKNOWN);
}

Test(route, null_mx_takes_no_mail)
{
	const struct mx_route *route = find("null.test", 10 * SECOND_US);

	assert_route(route, MX_ROUTE_NULL, MX_DNS_OK, "");
	assert_why(route, "RFC 7505");
}

Test(route, a_domain_without_mx_is_its_own_exchanger)
{
	assert_route(find("implicit.test", 10 * SECOND_US), MX_ROUTE_IMPLICIT, MX_DNS_OK,
	    "0 implicit.test 192.0.2.3");
}

Test(route, a_domain_without_mx_and_address_has_no_route)
{
	const struct mx_route *route = find("text.test", 10 * SECOND_US);

	assert_route(route, MX_ROUTE_NONE, MX_DNS_NODATA, "0 text.test");
	assert_why(route, "neither MX record nor address");
}

Test(route, an_implicit_exchanger_that_cannot_be_looked_up_is_no_missing_one)
{
	const struct mx_route *route = find("silenthost.test", 400000);

	assert_route(route, MX_ROUTE_NONE, MX_DNS_TIMEOUT, "0 silenthost.test");
	assert_why(route, "--dns-server");
}

Test(route, failures_are_told_apart_in_words)
{
	assert_route(
	    find("nowhere.test", 10 * SECOND_US), MX_ROUTE_NONE, MX_DNS_NXDOMAIN, "");
	assert_why(found, "no such domain (NXDOMAIN)");
	assert_route(
	    find("fail.test", 10 * SECOND_US), MX_ROUTE_NONE, MX_DNS_SERVFAIL, "");
	assert_why(found,
	    "(SERVFAIL); try again later, or ask another resolver with --dns-server");
	assert_route(find("silent.test", 300000), MX_ROUTE_NONE, MX_DNS_TIMEOUT, "");
	assert_why(found, "(timeout)");
}

Test(route, cnames_are_tolerated_and_reported)
{
	assert_route(find("alias.test", 10 * SECOND_US), MX_ROUTE_MX, MX_DNS_OK,
	    "10 mx1.good.test 192.0.2.1 192.0.2.2 2001:db8::1; "
	    "20 mx2.good.test 2001:db8::2");
	cr_assert_str_eq(found->canonical, "good.test");

	assert_route(find("cnamemx.test", 10 * SECOND_US), MX_ROUTE_MX, MX_DNS_OK,
	    "10 mx.cnamemx.test 192.0.2.4");
	cr_assert_null(found->canonical);
	cr_assert_str_eq(found->hosts[0].canonical, "edge.cnamemx.test");

	assert_route(find("aliasnomx.test", 10 * SECOND_US), MX_ROUTE_IMPLICIT, MX_DNS_OK,
	    "0 aliasnomx.test 192.0.2.3");
	cr_assert_str_eq(found->canonical, "implicit.test");
	cr_assert_str_eq(found->hosts[0].canonical, "implicit.test");
}

Test(route, one_family_that_fails_does_not_spoil_the_other)
{
	const struct mx_route *route = find("half.test", 10 * SECOND_US);

	assert_route(route, MX_ROUTE_MX, MX_DNS_OK, "10 mx.half.test 2001:db8::5");
	cr_assert_eq(route->hosts[0].status_a, MX_DNS_SERVFAIL);
	cr_assert_eq(route->hosts[0].status_aaaa, MX_DNS_OK);
}

Test(route, hosts_without_any_address_keep_their_statuses)
{
	const struct mx_route *route = find("dead.test", 10 * SECOND_US);

	assert_route(route, MX_ROUTE_MX, MX_DNS_OK, "10 mx1.dead.test; 20 mx2.dead.test");
	cr_assert_eq(route->hosts[0].status_a, MX_DNS_SERVFAIL);
	cr_assert_eq(route->hosts[0].status_aaaa, MX_DNS_SERVFAIL);
	cr_assert_eq(route->hosts[1].status_a, MX_DNS_NXDOMAIN);
	assert_why(route, "no mail exchanger has an address; mx1.dead.test: "
			  "the name servers failed (SERVFAIL)");
	cr_assert(mx_route_lookup_failed(route));
}

Test(route, one_deadline_bounds_the_whole_search)
{
	int64_t began_us = mx_clock_mono_us();
	const struct mx_route *route = find("slow.test", 500000);
	int64_t took_us = mx_clock_mono_us() - began_us;

	assert_route(route, MX_ROUTE_MX, MX_DNS_OK, "10 mx.slow.test");
	cr_assert_eq(route->hosts[0].status_a, MX_DNS_TIMEOUT);
	cr_assert_geq(took_us, 500000);
	cr_assert_lt(took_us, 5 * SECOND_US);
}

Test(route, an_address_in_an_mx_record_is_no_host)
{
	const struct mx_route *route = find("literal.test", 10 * SECOND_US);

	cr_assert_not(mx_route_lookup_failed(route)); /* nothing had to be looked up */

	assert_route(route, MX_ROUTE_MX, MX_DNS_OK, "10 192.0.2.7");
	cr_assert_eq(route->hosts[0].status_a, MX_DNS_MALFORMED);
	assert_why(route, "192.0.2.7: that is no host name");
	cr_assert_eq(dns_server_asked(world.server, "192.0.2.7"), 0);
}

Test(route, odd_records_are_remarked_and_the_rest_used)
{
	const struct mx_route *route = find("mixed.test", 10 * SECOND_US);

	assert_route(route, MX_ROUTE_MX, MX_DNS_OK,
	    "5 192.0.2.7; 10 mx1.good.test 192.0.2.1 192.0.2.2 2001:db8::1");
	cr_assert_null(route->why);
	cr_assert_str_eq(route->remark, "a null MX beside other MX records is ignored; "
					"MX \"192.0.2.7\" names no host");
}

Test(route, twenty_hosts_are_looked_up_at_once)
{
	const struct mx_route *route = find("many.test", 10 * SECOND_US);

	cr_assert_eq(route->host_count, 20);
	for (size_t i = 0; i < 20; i++) {
		cr_assert_eq(route->hosts[i].preference, i + 1);
		cr_assert_eq(route->hosts[i].addr_count, 1);
	}
}

/* ---- --server ------------------------------------------------------------------------------- */

Test(route, a_named_server_is_looked_up_as_a_host)
{
	calls = 0;
	mx_route_find_host(
	    world.resolver, "mx1.good.test", 10 * SECOND_US, keep, world.loop);
	cr_assert_eq(calls, 0);
	mx_loop_run(world.loop);
	assert_route(found, MX_ROUTE_FIXED, MX_DNS_OK,
	    "0 mx1.good.test 192.0.2.1 192.0.2.2 2001:db8::1");
}

Test(route, a_named_server_without_address_is_no_route)
{
	static const struct {
		const char *host;
		enum mx_dns_status status;
		const char *why;
	} table[] = {
		{ "text.test", MX_DNS_NODATA, "the host has no address" },
		{ "nowhere.test", MX_DNS_NXDOMAIN, "NXDOMAIN" },
		{ "192.0.2.7", MX_DNS_NXDOMAIN, "NXDOMAIN" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		mx_route_find_host(
		    world.resolver, table[i].host, 10 * SECOND_US, keep, world.loop);
		mx_loop_run(world.loop);
		cr_assert_eq(found->kind, MX_ROUTE_NONE);
		cr_assert_eq(found->status, table[i].status);
		assert_why(found, table[i].why);
		mx_route_free(found);
		found = NULL;
	}
}

Test(route, an_address_needs_no_lookup)
{
	struct mx_addr addr;

	cr_assert(mx_addr_parse_port("[2001:db8::9]:2525", 25, &addr));
	found = mx_route_fixed("mx.example.test", &addr);
	assert_route(found, MX_ROUTE_FIXED, MX_DNS_OK, "0 mx.example.test 2001:db8::9");
	cr_assert_eq(found->hosts[0].addrs[0].port, 0);
}

/* 20 + 17 addresses, 32 places: each family gets its half when both want more. */
Test(route, more_addresses_than_we_hold_are_left_out_and_told)
{
	static char values[37][32];
	static struct dns_row crowd[38] = { { "crowd.test", MX_DNS_MX,
	    "10 mx.crowd.test" } };
	struct mx_resolver_params params = { .server_count = 1 };
	struct mx_addr addr;

	for (size_t i = 0; i < 37; i++) {
		snprintf(values[i], sizeof values[i],
		    i < 20 ? "192.0.2.%zu" : "2001:db8::%zu", i);
		crowd[i + 1] = (struct dns_row){ "mx.crowd.test",
			i < 20 ? MX_DNS_A : MX_DNS_AAAA, values[i] };
	}
	mx_resolver_free(world.resolver);
	dns_server_free(world.server);
	world.server = dns_server_new(world.loop, crowd, 38);
	addr = dns_server_addr(world.server);
	params.servers = &addr;
	world.resolver = mx_resolver_new(world.loop, &params, NULL);
	(void)find("crowd.test", 10 * SECOND_US);
	cr_assert_eq(found->hosts[0].addr_count, MX_ROUTE_ADDRS_MAX);
	cr_assert_eq(found->hosts[0].addrs[15].family, AF_INET);
	cr_assert_eq(found->hosts[0].addrs[16].family, AF_INET6);
	cr_assert(found->hosts[0].more_addrs);
	cr_assert_not_null(
	    strstr(found->remark, "mx.crowd.test has more than 32 addresses"));
}

/* ---- cancelling ----------------------------------------------------------------------------- */

static void
never(void *arg, struct mx_route *route)
{
	(void)arg;
	mx_route_free(route);
	cr_assert_fail("done was called");
}

Test(route, a_cancelled_search_is_never_done)
{
	struct mx_route_search *early =
	    mx_route_find(world.resolver, "slow.test", SECOND_US, never, NULL);
	struct mx_route_search *late =
	    mx_route_find(world.resolver, "slow.test", 600000, never, NULL);
	struct mx_route_search *host =
	    mx_route_find_host(world.resolver, "mx.slow.test", SECOND_US, never, NULL);

	mx_route_cancel(early);
	mx_route_cancel(host);
	mx_route_cancel(NULL);
	(void)find("slow.test", 300000); /* by then late waits for addresses */
	cr_assert_gt(dns_server_asked(world.server, "mx.slow.test"), 0);
	mx_route_cancel(late);
	(void)find("good.test", 10 * SECOND_US);
}
