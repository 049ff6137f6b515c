/* test_tlsa.c - which TLSA questions are asked, and what comes of answers that prove nothing. What
 * DNSSEC adds is tested with a real name server (tests/tls). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/dns/tlsa.h"
#include "tests/support/dns_server.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* clang-format off */
static const struct dns_row rows[] = {
	{ "mx.test", MX_DNS_A, "192.0.2.1" },
	{ "_25._tcp.edge.test", MX_DNS_TXT, "no TLSA here" },
	{ "_25._tcp.fail.test", DNS_ANY, "!servfail" },
	{ "_25._tcp.silent.test", DNS_ANY, "!drop" },
	{ "alias.test", MX_DNS_CNAME, "edge.test" },
};
/* clang-format on */

static struct dns_world world;
static size_t calls;

static void
setup(void)
{
	dns_world_open(&world, rows, COUNT(rows));
}

static void
teardown(void)
{
	dns_world_close(&world);
}

TestSuite(tlsa, .timeout = 20, .init = setup, .fini = teardown);

static void
on_done(void *arg)
{
	(void)arg;
	calls++;
	mx_loop_stop(world.loop);
}

/* A route to one host with one address, as secure as said. */
struct way {
	struct mx_route route;
	struct mx_route_host host;
	struct mx_addr addr;
	char domain[16], name[32], canonical[32];
};

static struct way *
way_to(struct way *way, enum mx_route_kind kind, enum mx_dnssec mx, enum mx_dnssec host,
    const char *name, const char *canonical)
{
	*way = (struct way){ .domain = "example.test" };
	strncpy(way->name, name, sizeof way->name - 1);
	strncpy(way->canonical, canonical, sizeof way->canonical - 1);
	way->host = (struct mx_route_host){ .name = way->name,
		.canonical = *canonical != '\0' ? way->canonical : NULL,
		.dnssec = host,
		.addrs = &way->addr,
		.addr_count = 1 };
	way->route = (struct mx_route){ .domain = way->domain,
		.kind = kind,
		.dnssec = mx,
		.hosts = &way->host,
		.host_count = 1 };
	return way;
}

static struct mx_tlsa_lookup *
start(const struct way *way, int64_t timeout_us, struct mx_dane *dane)
{
	struct mx_tlsa_question question = { &way->route, &way->host, 25, timeout_us };

	return mx_tlsa_lookup_start(world.resolver, &question, dane, on_done, NULL);
}

static struct mx_dane
look_up(const struct way *way, int64_t timeout_us)
{
	struct mx_dane dane;

	if (start(way, timeout_us, &dane) != NULL) {
		size_t before = calls;
		mx_loop_run(world.loop);
		cr_expect_eq(calls, before + 1);
	}
	return dane;
}

Test(tlsa, nothing_is_asked_where_the_way_is_not_signed)
{
	static const struct {
		enum mx_route_kind kind;
		enum mx_dnssec mx, host;
		enum mx_dane_result known;
	} ways[] = {
		{ MX_ROUTE_MX, MX_DNSSEC_UNKNOWN, MX_DNSSEC_UNKNOWN, MX_DANE_UNKNOWN },
		{ MX_ROUTE_MX, MX_DNSSEC_INSECURE, MX_DNSSEC_SECURE, MX_DANE_NONE },
		{ MX_ROUTE_MX, MX_DNSSEC_SECURE, MX_DNSSEC_INSECURE, MX_DANE_NONE },
		{ MX_ROUTE_IMPLICIT, MX_DNSSEC_INSECURE, MX_DNSSEC_INSECURE,
		    MX_DANE_NONE },
		{ MX_ROUTE_FIXED, MX_DNSSEC_UNKNOWN, MX_DNSSEC_UNKNOWN, MX_DANE_UNKNOWN },
		{ MX_ROUTE_FIXED, MX_DNSSEC_UNKNOWN, MX_DNSSEC_INSECURE, MX_DANE_NONE },
	};

	for (size_t i = 0; i < COUNT(ways); i++) {
		struct way way;
		struct mx_dane dane;

		dane = look_up(
		    way_to(&way, ways[i].kind, ways[i].mx, ways[i].host, "mx.test", ""),
		    MX_SECOND_US);
		cr_expect_eq(dane.known, ways[i].known, "way %zu: %d", i, dane.known);
		cr_expect_eq(dane.count, 0);
		mx_dane_clear(&dane);
	}
	cr_expect_eq(calls, 0);
	cr_expect_eq(dns_server_asked(world.server, "_25._tcp.mx.test"), 0);
}

Test(tlsa, a_host_without_address_is_not_asked_for)
{
	struct way way;
	struct mx_dane dane;

	way_to(&way, MX_ROUTE_MX, MX_DNSSEC_SECURE, MX_DNSSEC_SECURE, "mx.test", "");
	way.host.addr_count = 0;
	dane = look_up(&way, MX_SECOND_US);
	cr_expect_eq(dane.known, MX_DANE_NONE);
	cr_expect_eq(calls, 0);
	mx_dane_clear(&dane);
}

Test(tlsa, no_record_is_none_and_no_answer_is_a_failed_lookup)
{
	static const struct {
		const char *host;
		enum mx_dane_result known;
	} hosts[] = {
		{ "mx.test", MX_DANE_NONE },
		{ "edge.test", MX_DANE_NONE },
		{ "fail.test", MX_DANE_LOOKUP_FAILED },
		{ "silent.test", MX_DANE_LOOKUP_FAILED },
	};

	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct way way;
		struct mx_dane dane = look_up(way_to(&way, MX_ROUTE_MX, MX_DNSSEC_SECURE,
						  MX_DNSSEC_SECURE, hosts[i].host, ""),
		    MX_SECOND_US / 2);

		cr_expect_eq(
		    dane.known, hosts[i].known, "%s: %d", hosts[i].host, dane.known);
		cr_expect_eq(dane.detail != NULL, dane.known == MX_DANE_LOOKUP_FAILED);
		mx_dane_clear(&dane);
	}
}

Test(tlsa, of_an_alias_the_far_end_is_asked_first_and_then_the_name_itself)
{
	struct way way;
	struct mx_dane dane = look_up(way_to(&way, MX_ROUTE_MX, MX_DNSSEC_SECURE,
					  MX_DNSSEC_SECURE, "alias.test", "edge.test"),
	    MX_SECOND_US);

	cr_expect_eq(dane.known, MX_DANE_NONE);
	cr_expect_eq(dns_server_asked(world.server, "_25._tcp.edge.test"), 1);
	cr_expect_eq(dns_server_asked(world.server, "_25._tcp.alias.test"), 1);
	mx_dane_clear(&dane);
}

Test(tlsa, an_alias_that_leaves_the_signed_zone_is_asked_for_itself_first)
{
	struct way way;
	struct mx_dane dane = look_up(way_to(&way, MX_ROUTE_MX, MX_DNSSEC_SECURE,
					  MX_DNSSEC_INSECURE, "alias.test", "edge.test"),
	    MX_SECOND_US);

	cr_expect_eq(dane.known, MX_DANE_NONE, "the alias itself is not signed here");
	cr_expect_eq(dns_server_asked(world.server, "alias.test"), 1);
	cr_expect_eq(dns_server_asked(world.server, "_25._tcp.alias.test"), 0);
	mx_dane_clear(&dane);
}

Test(tlsa, cancelled_it_never_calls)
{
	struct way way;
	struct mx_dane dane;
	struct mx_tlsa_lookup *lookup;

	way_to(&way, MX_ROUTE_MX, MX_DNSSEC_SECURE, MX_DNSSEC_SECURE, "silent.test", "");
	lookup = start(&way, MX_SECOND_US, &dane);
	cr_assert_not_null(lookup);
	mx_tlsa_lookup_cancel(lookup);
	mx_tlsa_lookup_cancel(NULL);
	mx_dane_clear(&dane);
	cr_expect_eq(calls, 0);
}
