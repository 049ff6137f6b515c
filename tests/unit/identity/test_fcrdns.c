/* test_fcrdns.c - a PTR name counts only when it leads back. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/identity/fcrdns.h"
#include "tests/support/dns_server.h"

#define SECOND_US INT64_C(1000000)

/* clang-format off */
static const struct dns_row rows[] = {
	{ "1.2.0.192.in-addr.arpa", MX_DNS_PTR, "Mail.Example.TEST" },
	{ "mail.example.test", MX_DNS_A, "192.0.2.1" },

	{ "2.2.0.192.in-addr.arpa", MX_DNS_PTR, "elsewhere.example.test" },
	{ "elsewhere.example.test", MX_DNS_A, "192.0.2.99" },

	{ "3.2.0.192.in-addr.arpa", MX_DNS_PTR, "zz.example.test" },
	{ "3.2.0.192.in-addr.arpa", MX_DNS_PTR, "nowhere.example.test" },
	{ "3.2.0.192.in-addr.arpa", MX_DNS_PTR, "bb.example.test" },
	{ "zz.example.test", MX_DNS_A, "192.0.2.3" },
	{ "bb.example.test", MX_DNS_A, "192.0.2.98" },
	{ "bb.example.test", MX_DNS_A, "192.0.2.3" },

	{ "4.2.0.192.in-addr.arpa", DNS_ANY, "!servfail" },
	{ "5.2.0.192.in-addr.arpa", DNS_ANY, "!drop" },
	{ "6.2.0.192.in-addr.arpa", MX_DNS_TXT, "no PTR here" },

	{ "7.2.0.192.in-addr.arpa", MX_DNS_PTR, "fail.example.test" },
	{ "7.2.0.192.in-addr.arpa", MX_DNS_PTR, "elsewhere.example.test" },
	{ "fail.example.test", DNS_ANY, "!servfail" },

	{ "8.2.0.192.in-addr.arpa", MX_DNS_PTR, "fail.example.test" },
	{ "8.2.0.192.in-addr.arpa", MX_DNS_PTR, "mail8.example.test" },
	{ "mail8.example.test", MX_DNS_A, "192.0.2.8" },

	/* RFC 2317: the reverse zone of less than a /24 */
	{ "9.2.0.192.in-addr.arpa", MX_DNS_CNAME, "9.0-15.2.0.192.in-addr.arpa" },
	{ "9.0-15.2.0.192.in-addr.arpa", MX_DNS_PTR, "mail9.example.test" },
	{ "mail9.example.test", MX_DNS_CNAME, "host9.example.test" },
	{ "host9.example.test", MX_DNS_A, "192.0.2.9" },

	{ "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
	    MX_DNS_PTR, "mail6.example.test" },
	{ "mail6.example.test", MX_DNS_A, "192.0.2.1" },
	{ "mail6.example.test", MX_DNS_AAAA, "2001:db8::1" },

	/* twelve names; only the first ten are followed, and the one that fits is the last */
	{ "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a12.test" },
	{ "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a11.test" }, { "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a10.test" },
	{ "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a09.test" }, { "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a08.test" },
	{ "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a07.test" }, { "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a06.test" },
	{ "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a05.test" }, { "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a04.test" },
	{ "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a03.test" }, { "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a02.test" },
	{ "10.2.0.192.in-addr.arpa", MX_DNS_PTR, "a01.test" },
	{ "a12.test", MX_DNS_A, "192.0.2.10" },
};
/* clang-format on */

static struct dns_world world;
static struct mx_fcrdns found;
static size_t calls;

static void
setup(void)
{
	dns_world_open(&world, rows, sizeof rows / sizeof rows[0]);
}

static void
teardown(void)
{
	mx_fcrdns_clear(&found);
	dns_world_close(&world);
}

TestSuite(fcrdns, .init = setup, .fini = teardown, .timeout = 20);

static void
take(void *arg, struct mx_fcrdns *fcrdns)
{
	cr_assert_eq(arg, world.loop);
	calls++;
	found = *fcrdns;
	*fcrdns = (struct mx_fcrdns){ 0 };
	mx_loop_stop(world.loop);
}

static void
find(const char *address, int64_t timeout_us)
{
	struct mx_addr addr;

	mx_fcrdns_clear(&found);
	calls = 0;
	cr_assert(mx_addr_parse(address, &addr));
	cr_assert_not_null(
	    mx_fcrdns_find(world.resolver, &addr, timeout_us, take, world.loop));
	cr_assert_eq(calls, 0, "done from inside the call");
	mx_loop_run(world.loop);
	cr_assert_eq(calls, 1);
}

Test(fcrdns, each_case_has_its_result_and_name)
{
	static const struct {
		const char *address;
		enum mx_fcrdns_result result;
		const char *name;
	} table[] = {
		{ "192.0.2.1", MX_FCRDNS_PASS, "mail.example.test" },
		{ "192.0.2.2", MX_FCRDNS_MISMATCH, "elsewhere.example.test" },
		{ "192.0.2.3", MX_FCRDNS_PASS, "bb.example.test" }, /* alphabetical */
		{ "192.0.2.4", MX_FCRDNS_UNKNOWN, NULL },
		{ "192.0.2.6", MX_FCRDNS_NO_PTR, NULL },
		{ "192.0.2.99", MX_FCRDNS_NO_PTR, NULL },
		{ "192.0.2.7", MX_FCRDNS_UNKNOWN, "elsewhere.example.test" },
		{ "192.0.2.8", MX_FCRDNS_PASS, "mail8.example.test" },
		{ "192.0.2.9", MX_FCRDNS_PASS, "mail9.example.test" },
		{ "2001:db8::1", MX_FCRDNS_PASS, "mail6.example.test" },
		{ "192.0.2.10", MX_FCRDNS_MISMATCH, "a01.test" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		find(table[i].address, 10 * SECOND_US);
		cr_assert_eq(found.result, table[i].result, "%s: %d", table[i].address,
		    (int)found.result);
		if (table[i].name == NULL)
			cr_assert_null(found.name);
		else
			cr_assert_str_eq(found.name, table[i].name);
	}
	cr_assert_eq(dns_server_asked(world.server, "a10.test"), 1);
	cr_assert_eq(dns_server_asked(world.server, "a11.test"), 0);
}

Test(fcrdns, silence_is_unknown_at_the_deadline)
{
	int64_t began_us = mx_clock_mono_us();

	find("192.0.2.5", 200000);
	cr_assert_eq(found.result, MX_FCRDNS_UNKNOWN);
	cr_assert_geq(mx_clock_mono_us() - began_us, 200000);
}

static void
never(void *arg, struct mx_fcrdns *fcrdns)
{
	(void)arg, (void)fcrdns;
	cr_assert_fail("done was called");
}

Test(fcrdns, a_cancelled_search_is_never_done)
{
	struct mx_addr addr;
	struct mx_fcrdns_search *search;

	cr_assert(mx_addr_parse("192.0.2.1", &addr));
	search = mx_fcrdns_find(world.resolver, &addr, SECOND_US, never, NULL);
	mx_fcrdns_cancel(search);
	mx_fcrdns_cancel(NULL);
	find("192.0.2.2", 10 * SECOND_US);
	cr_assert_eq(found.result, MX_FCRDNS_MISMATCH);
}

/* What done does not take is cleared behind it. */
static void
leave(void *arg, struct mx_fcrdns *fcrdns)
{
	cr_assert_str_eq(fcrdns->name, "mail.example.test");
	mx_loop_stop(arg);
}

Test(fcrdns, a_result_nobody_takes_is_no_leak)
{
	struct mx_addr addr;

	cr_assert(mx_addr_parse("192.0.2.1", &addr));
	mx_fcrdns_find(world.resolver, &addr, SECOND_US * 10, leave, world.loop);
	mx_loop_run(world.loop);
}
