/* test_dnsbl.c - a list is believed after its test entries, asked once, and read to the last bit. */
#include "probe/identity/dnsbl.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "tests/support/dns_server.h"

#define SECOND_US INT64_C(1000000)
#define KEY "0123456789abcdefghijklmnop"

#define ENTRY(zone)                                      \
	{                                                \
		"2.0.0.127." zone, MX_DNS_A, "127.0.0.2" \
	}
#define NAME_ENTRY(zone)                            \
	{                                           \
		"test." zone, MX_DNS_A, "127.0.0.2" \
	}

/* clang-format off */
static const struct dns_row rows[] = {
	/* ZEN: two parts at once, a policy entry, an IPv6 entry */
	ENTRY("zen.spamhaus.org"),
	{ "5.113.0.203.zen.spamhaus.org", MX_DNS_A, "127.0.0.4" },
	{ "5.113.0.203.zen.spamhaus.org", MX_DNS_A, "127.0.0.2" },
	{ "5.113.0.203.zen.spamhaus.org", MX_DNS_TXT, "see\x1b[31m https://check.spamhaus.org/" },
	{ "6.113.0.203.zen.spamhaus.org", MX_DNS_A, "127.0.0.10" },
	{ "7.113.0.203.zen.spamhaus.org", MX_DNS_A, "127.255.255.255" },
	{ "8.113.0.203.zen.spamhaus.org", DNS_ANY, "!servfail" },
	{ "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.zen.spamhaus.org", MX_DNS_A, "127.0.0.2" },
	{ "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.zen.spamhaus.org", MX_DNS_A, "127.0.0.3" },

	/* the same with a key, which the reason repeats */
	ENTRY(KEY ".zen.dq.spamhaus.net"),
	{ "5.113.0.203." KEY ".zen.dq.spamhaus.net", MX_DNS_A, "127.0.0.3" },
	{ "5.113.0.203." KEY ".zen.dq.spamhaus.net", MX_DNS_TXT, "5.113.0.203." KEY ".zen" },
	{ "dbltest.com." KEY ".dbl.dq.spamhaus.net", MX_DNS_A, "127.0.1.2" },
	{ "bad.example." KEY ".dbl.dq.spamhaus.net", MX_DNS_A, "127.0.1.4" },

	/* names */
	{ "dbltest.com.dbl.spamhaus.org", MX_DNS_A, "127.0.1.2" },
	{ "mail.bad.example.dbl.spamhaus.org", MX_DNS_A, "127.0.1.4" },
	{ "test.surbl.org.multi.surbl.org", MX_DNS_A, "127.0.0.254" },
	{ "bad.example.multi.surbl.org", MX_DNS_A, "127.0.0.72" },
	{ "bad.example.multi.surbl.org", MX_DNS_TXT, "" },

	/* lists that cannot be believed */
	{ "*.dead.test", MX_DNS_TXT, "no addresses at all" },
	{ "*.all.test", MX_DNS_A, "127.0.0.2" },
	{ "*.parked.test", MX_DNS_A, "198.51.100.9" },
	{ "*.public.test", MX_DNS_A, "127.255.255.254" },
	{ "*.down.test", DNS_ANY, "!servfail" },
	{ "2.0.0.127.half.test", DNS_ANY, "!servfail" },
	{ "1.0.0.127.half.test", MX_DNS_A, "127.0.0.2" },
	{ "*.silent.test", DNS_ANY, "!drop" },

	/* reputations */
	ENTRY("bl.mailspike.net"),
	{ "5.113.0.203.bl.mailspike.net", MX_DNS_A, "127.0.0.18" },
	{ "6.113.0.203.bl.mailspike.net", MX_DNS_A, "127.0.0.11" },

	ENTRY("dnsbl-2.uceprotect.net"),
	{ "5.113.0.203.dnsbl-2.uceprotect.net", MX_DNS_A, "127.0.0.2" },
	ENTRY("own.test"),
	{ "5.113.0.203.own.test", MX_DNS_A, "127.0.0.77" },
	{ "5.113.0.203.own.test", MX_DNS_TXT, "because" },
	ENTRY("rbl.your-server.de"),
	{ "1.0.0.127.rbl.your-server.de", MX_DNS_A, "127.0.0.2" },
	/* everything else does not exist */
};
/* clang-format on */

static struct dns_world world;
static struct mx_catalogue *catalogue;
static struct mx_dnsbl *dnsbl;

/* What the last search came to. */
static struct mx_checks checks;
static enum mx_dnsbl_state states[64];
static size_t state_count, calls, open_searches;

static void
setup(void)
{
	dns_world_open(&world, rows, sizeof rows / sizeof rows[0]);
	catalogue = mx_catalogue_load(NULL, NULL);
	cr_assert_not_null(catalogue);
}

static void
teardown(void)
{
	mx_checks_clear(&checks);
	mx_dnsbl_free(dnsbl);
	dnsbl = NULL;
	dns_world_close(&world);
	mx_catalogue_free(catalogue);
}

TestSuite(dnsbl, .init = setup, .fini = teardown, .timeout = 30);

static struct mx_dnsbl *
open_zones(const char *const *zones, size_t count, const char *key)
{
	const struct mx_dnsbl_key keys[] = { { "spamhaus_dqs", key }, { "abusix", key } };

	mx_dnsbl_free(dnsbl);
	dnsbl = mx_dnsbl_new(&(struct mx_dnsbl_params){ .loop = world.loop,
	    .resolver = world.resolver,
	    .catalogue = catalogue,
	    .zones = zones,
	    .zone_count = count,
	    .keys = keys,
	    .key_count = key != NULL ? 2 : 0 });
	return dnsbl;
}

static void
open_zone(const char *zone, const char *key)
{
	open_zones(&zone, 1, key);
}

static void
take(void *arg, const struct mx_dnsbl_answer *answers, size_t count)
{
	cr_assert_eq(arg, world.loop);
	cr_assert_leq(count, sizeof states / sizeof states[0]);
	calls++;
	state_count = count;
	for (size_t i = 0; i < count; i++)
		states[i] = answers[i].state;
	mx_dnsbl_checks(answers, count, &checks);
	if (--open_searches == 0)
		mx_loop_stop(world.loop);
}

static struct mx_dnsbl_search *
start(const char *address, const char *helo, const char *sender)
{
	struct mx_addr addr = { .family = AF_UNSPEC };

	cr_assert(address == NULL || mx_addr_parse(address, &addr));
	open_searches++;
	return mx_dnsbl_ask(
	    dnsbl, address != NULL ? &addr : NULL, helo, sender, take, world.loop);
}

static void
ask(const char *address, const char *helo, const char *sender)
{
	mx_checks_clear(&checks);
	calls = 0;
	cr_assert_not_null(start(address, helo, sender));
	cr_assert_eq(calls, 0, "done from inside the call");
	mx_loop_run(world.loop);
	cr_assert_eq(calls, 1);
}

static void
expect_row(size_t row, enum mx_check_result result, const char *check, const char *found,
    const char *advice)
{
	const struct mx_check *is = &checks.items[row];

	cr_assert_lt(row, checks.count);
	cr_assert_str_eq(is->check, check);
	cr_assert_eq(is->result, result, "%s: %s", check, is->found);
	cr_assert_str_eq(is->found, found);
	if (advice == NULL)
		cr_assert_null(is->advice, "%s", is->advice);
	else
		cr_assert_not_null(strstr(is->advice, advice), "%s", is->advice);
}

Test(dnsbl, each_way_to_answer_has_its_state_and_sentence)
{
	static const struct {
		const char *zone, *address;
		enum mx_dnsbl_state state;
		enum mx_check_result result;
		const char *found, *advice;
	} table[] = {
		{ "zen.spamhaus.org", "203.0.113.5", MX_DNSBL_LISTED, MX_CHECK_FAIL,
		    "127.0.0.2, 127.0.0.4 (Spamhaus SBL, XBL): see\x1b[31m "
		    "https://check.spamhaus.org/",
		    "https://check.spamhaus.org/" },
		{ "zen.spamhaus.org", "203.0.113.6", MX_DNSBL_LISTED, MX_CHECK_FAIL,
		    "127.0.0.10 (Spamhaus PBL)", "not meant to send mail directly" },
		{ "zen.spamhaus.org", "203.0.113.9", MX_DNSBL_NOT_LISTED, MX_CHECK_PASS,
		    "not listed", NULL },
		{ "zen.spamhaus.org", "203.0.113.7", MX_DNSBL_REFUSED, MX_CHECK_UNKNOWN,
		    "refused: 127.255.255.255 is no listing: asked too often",
		    "dnsbl: keys: spamhaus_dqs" },
		{ "zen.spamhaus.org", "203.0.113.8", MX_DNSBL_UNKNOWN, MX_CHECK_UNKNOWN,
		    "could not be asked: the name servers failed (SERVFAIL)",
		    "ask again later" },
		{ "zen.spamhaus.org", "2001:db8::1", MX_DNSBL_LISTED, MX_CHECK_FAIL,
		    "127.0.0.3 (Spamhaus CSS)", "https://check.spamhaus.org/" },
		{ "public.test", "203.0.113.5", MX_DNSBL_REFUSED, MX_CHECK_UNKNOWN,
		    "refused: 127.255.255.254 is no listing", "--dns-server" },
		{ "dead.test", "203.0.113.5", MX_DNSBL_UNUSABLE, MX_CHECK_UNKNOWN,
		    "unusable for IPv4: its test entry 127.0.0.2 is not listed, so "
		    "nothing is",
		    "it is dead" },
		{ "dead.test", "2001:db8::1", MX_DNSBL_UNUSABLE, MX_CHECK_UNKNOWN,
		    "unusable for IPv6: its test entry ::ffff:127.0.0.2 is not listed, "
		    "so nothing is",
		    "it is dead" },
		{ "all.test", "203.0.113.5", MX_DNSBL_UNUSABLE, MX_CHECK_UNKNOWN,
		    "unusable for IPv4: it lists 127.0.0.1, which no list does: it "
		    "lists everything",
		    "Leave it out" },
		{ "half.test", "203.0.113.5", MX_DNSBL_UNUSABLE, MX_CHECK_UNKNOWN,
		    "unusable for IPv4: it lists 127.0.0.1, which no list does: it "
		    "lists everything",
		    "Leave it out" },
		{ "parked.test", "203.0.113.5", MX_DNSBL_UNUSABLE, MX_CHECK_UNKNOWN,
		    "unusable: it answers 198.51.100.9, outside 127.0.0.0/8, as no "
		    "list does",
		    "rewrites" },
		{ "down.test", "203.0.113.5", MX_DNSBL_UNUSABLE, MX_CHECK_UNKNOWN,
		    "unusable for IPv4: no answer about its test entries: the name "
		    "servers failed (SERVFAIL)",
		    "are down" },
		{ "dnsbl.sorbs.net", "203.0.113.5", MX_DNSBL_UNUSABLE, MX_CHECK_UNKNOWN,
		    "unusable: the list has been closed", "nobody keeps it" },
		{ "zen.dq.spamhaus.net", "203.0.113.5", MX_DNSBL_REFUSED,
		    MX_CHECK_UNKNOWN, "not asked: it wants the key spamhaus_dqs",
		    "dnsbl: keys: spamhaus_dqs" },
		{ "own.test", "203.0.113.5", MX_DNSBL_LISTED, MX_CHECK_FAIL,
		    "127.0.0.77: because", "the keepers of own.test" },
		{ "bl.mailspike.net", "203.0.113.5", MX_DNSBL_NOT_LISTED, MX_CHECK_PASS,
		    "not listed: 127.0.0.18 (Mailspike: good reputation)", NULL },
		{ "bl.mailspike.net", "203.0.113.6", MX_DNSBL_LISTED, MX_CHECK_FAIL,
		    "127.0.0.11 (Mailspike: very bad reputation)",
		    "https://mailspike.io/ip_verify" },
		{ "dnsbl-2.uceprotect.net", "203.0.113.5", MX_DNSBL_LISTED, MX_CHECK_WARN,
		    "127.0.0.2 (UCEPROTECT Level 2: the network around it did)",
		    "Hardly a receiver" },
		/* lists 127.0.0.1, and is known for it */
		{ "rbl.your-server.de", "203.0.113.5", MX_DNSBL_NOT_LISTED, MX_CHECK_PASS,
		    "not listed", NULL },
	};
	char check[128];

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		open_zone(table[i].zone, NULL);
		ask(table[i].address, NULL, NULL);
		cr_assert_eq(checks.count, 1, "%s", table[i].zone);
		cr_assert_eq(states[0], table[i].state, "%s: %s", table[i].zone,
		    checks.items[0].found);
		snprintf(check, sizeof check, "dnsbl:%s", table[i].zone);
		expect_row(0, table[i].result, check, table[i].found, table[i].advice);
	}
	cr_assert_eq(dns_server_asked(world.server, "5.113.0.203.dnsbl.sorbs.net"), 0);
	cr_assert_eq(dns_server_asked(world.server, "5.113.0.203.dead.test"), 0,
	    "asked although dead");
}

Test(dnsbl, names_are_asked_where_names_are_listed)
{
	static const char *const zones[] = { "dbl.spamhaus.org", "multi.surbl.org",
		"zen.spamhaus.org" };

	open_zones(zones, 3, NULL);
	ask("203.0.113.9", "Mail.Bad.Example", "bad.example");
	cr_assert_eq(checks.count, 4);
	expect_row(0, MX_CHECK_FAIL, "dnsbl:dbl.spamhaus.org",
	    "mail.bad.example: 127.0.1.4 (Spamhaus DBL: phishing domain)",
	    "not the address");
	expect_row(
	    1, MX_CHECK_PASS, "dnsbl:dbl.spamhaus.org", "bad.example: not listed", NULL);
	/* Registered domains only: both names are the same one there. A sum of two lists. */
	expect_row(2, MX_CHECK_FAIL, "dnsbl:multi.surbl.org",
	    "bad.example: 127.0.0.72 (SURBL PH, ABUSE)", "https://surbl.org/");
	expect_row(3, MX_CHECK_PASS, "dnsbl:zen.spamhaus.org", "not listed", NULL);
	cr_assert_eq(
	    dns_server_asked(world.server, "mail.bad.example.zen.spamhaus.org"), 0);
	cr_assert_eq(dns_server_asked(world.server, "9.113.0.203.dbl.spamhaus.org"), 0);
}

Test(dnsbl, what_is_no_domain_name_is_not_asked)
{
	static const char *const odd[] = { "[203.0.113.5]", "203.0.113.5", "localhost",
		"", "a..b", "mail_.example..", "2001:db8::1" };

	open_zone("dbl.spamhaus.org", NULL);
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		ask("203.0.113.5", odd[i], odd[i]);
		cr_assert_eq(checks.count, 0, "%s", odd[i]);
	}
	ask(NULL, NULL, NULL);
	cr_assert_eq(checks.count, 0);
}

Test(dnsbl, a_list_is_tested_once_and_a_subject_asked_once_for_all_sources)
{
	char address[32], name[64];

	open_zone("zen.spamhaus.org", NULL);
	for (unsigned i = 0; i < 200; i++) {
		snprintf(address, sizeof address, "192.0.2.%u", i % 100);
		start(address, "mail.example.test", NULL);
	}
	mx_loop_run(world.loop);
	cr_assert_eq(calls, 200);
	cr_assert_eq(checks.count, 200);
	cr_assert_eq(mx_checks_count(&checks, MX_CHECK_PASS), 200);
	cr_assert_eq(dns_server_asked(world.server, "2.0.0.127.zen.spamhaus.org"), 1);
	cr_assert_eq(dns_server_asked(world.server, "1.0.0.127.zen.spamhaus.org"), 1);
	for (unsigned i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "%u.2.0.192.zen.spamhaus.org", i);
		cr_assert_eq(dns_server_asked(world.server, name), 1, "%s", name);
	}
	/* Later ones profit as well. */
	ask("192.0.2.1", NULL, NULL);
	cr_assert_eq(dns_server_asked(world.server, "1.2.0.192.zen.spamhaus.org"), 1);
}

Test(dnsbl, a_key_goes_in_front_and_is_never_shown)
{
	static const char *const named[] = { "zen.dq.spamhaus.net" };
	static const char *const inside[] = { KEY ".zen.dq.spamhaus.net" };

	for (int i = 0; i < 2; i++) {
		open_zones(i == 0 ? named : inside, 1, i == 0 ? KEY : NULL);
		ask("203.0.113.5", NULL, NULL);
		expect_row(0, MX_CHECK_FAIL, "dnsbl:zen.dq.spamhaus.net",
		    "127.0.0.3 (Spamhaus CSS): "
		    "5.113.0.203.**************************.zen",
		    "https://check.spamhaus.org/");
	}
	open_zone("zen.dq.spamhaus.net", "wrong");
	ask("203.0.113.5", NULL, NULL);
	cr_assert_eq(states[0], MX_DNSBL_UNUSABLE);
	cr_assert_not_null(strstr(checks.items[0].advice, "is the key valid?"));
	cr_assert_null(strstr(checks.items[0].found, "wrong"));
}

static bool
has_row(const char *check)
{
	for (size_t i = 0; i < checks.count; i++)
		if (strcmp(checks.items[i].check, check) == 0)
			return true;
	return false;
}

Test(dnsbl, without_zones_every_list_that_fits_is_asked_once)
{
	open_zones(NULL, 0, NULL);
	cr_assert_gt(mx_dnsbl_zone_count(dnsbl), 15);
	ask("203.0.113.5", "mail.bad.example", "bad.example");
	cr_assert(has_row("dnsbl:zen.spamhaus.org"));
	cr_assert(has_row("dnsbl:bl.spamcop.net"));
	cr_assert(has_row("dnsbl:dbl.spamhaus.org"));
	/* inside ZEN; needs a key; closed; of web addresses; no blocklist; IPv6 only */
	cr_assert(!has_row("dnsbl:sbl.spamhaus.org"));
	cr_assert(!has_row("dnsbl:zen.dq.spamhaus.net"));
	cr_assert(!has_row("dnsbl:dnsbl.sorbs.net"));
	cr_assert(!has_row("dnsbl:multi.surbl.org"));
	cr_assert(!has_row("dnsbl:list.dnswl.org"));
	cr_assert(!has_row("dnsbl:bl.ipv6.spameatingmonkey.net"));

	open_zones(NULL, 0, KEY);
	ask("203.0.113.5", "mail.bad.example", "bad.example");
	cr_assert(has_row("dnsbl:zen.dq.spamhaus.net"));
	cr_assert(has_row("dnsbl:authbl.dq.spamhaus.net"));
	cr_assert(!has_row("dnsbl:zen.spamhaus.org"), "asked with and without a key");
	cr_assert(!has_row("dnsbl:sbl.dq.spamhaus.net"));
	/* Its names are in no list of addresses, although they are one family. */
	cr_assert(has_row("dnsbl:combined.mail.abusix.zone"));
	cr_assert(has_row("dnsbl:dblack.mail.abusix.zone"));
	cr_assert(!has_row("dnsbl:black.mail.abusix.zone"));
}

Test(dnsbl, a_cancelled_search_is_never_heard_of)
{
	struct mx_dnsbl_search *search;

	open_zone("zen.spamhaus.org", NULL);
	search = start("203.0.113.5", NULL, NULL);
	mx_dnsbl_cancel(search);
	mx_dnsbl_cancel(NULL);
	open_searches--;
	calls = 0;
	ask("203.0.113.5", NULL, NULL);
	cr_assert_eq(checks.count, 1);

	/* Freed with a search under way. */
	start("203.0.113.6", NULL, NULL);
	mx_dnsbl_free(dnsbl);
	dnsbl = NULL;
}

Test(dnsbl, who_cannot_wait_hears_what_is_known)
{
	static const char *const zones[] = { "zen.spamhaus.org", "dead.test" };
	struct mx_dnsbl_search *search;

	open_zones(zones, 2, NULL);
	search = start("203.0.113.9", NULL, NULL);
	mx_dnsbl_conclude(search);
	mx_dnsbl_conclude(NULL);
	mx_loop_run(world.loop);
	cr_assert_eq(state_count, 2);
	cr_assert_eq(states[0], MX_DNSBL_UNKNOWN);
	expect_row(0, MX_CHECK_UNKNOWN, "dnsbl:zen.spamhaus.org",
	    "could not be asked: no name server answered in time (timeout)",
	    "ask again later");

	/* The question went on, and who asks later has its answer. */
	ask("203.0.113.9", NULL, NULL);
	cr_assert_eq(states[0], MX_DNSBL_NOT_LISTED);
}

static void
free_it(void *arg, const struct mx_dnsbl_answer *answers, size_t count)
{
	(void)arg, (void)answers;
	cr_assert_eq(count, 1);
	mx_dnsbl_free(dnsbl);
	dnsbl = NULL;
	mx_loop_stop(world.loop);
}

Test(dnsbl, done_may_free_everything)
{
	struct mx_addr addr;

	open_zone("zen.spamhaus.org", NULL);
	cr_assert(mx_addr_parse("203.0.113.5", &addr));
	mx_dnsbl_ask(dnsbl, &addr, NULL, NULL, free_it, NULL);
	mx_dnsbl_ask(dnsbl, &addr, NULL, NULL, free_it, NULL);
	mx_loop_run(world.loop);
	cr_assert_null(dnsbl);
}

/* While the test entries of a silent list take all the room, no other list is asked. */
static struct mx_timer *watch;
static bool watched;

static void
on_watch(void *arg)
{
	(void)arg;
	if (dns_server_asked(world.server, "2.0.0.127.silent.test") == 0 ||
	    dns_server_asked(world.server, "1.0.0.127.silent.test") == 0) {
		mx_timer_start(watch, 1000);
		return;
	}
	cr_assert_eq(dns_server_asked(world.server, "2.0.0.127.own.test"), 0);
	watched = true;
}

Test(dnsbl, no_more_questions_are_under_way_than_allowed)
{
	static const char *const zones[] = { "silent.test", "own.test", "all.test" };

	dnsbl = mx_dnsbl_new(&(struct mx_dnsbl_params){ .loop = world.loop,
	    .resolver = world.resolver,
	    .catalogue = catalogue,
	    .zones = zones,
	    .zone_count = 3,
	    .at_once = 2,
	    .timeout_us = SECOND_US / 2 });
	watch = mx_timer_new(world.loop, on_watch, NULL);
	mx_timer_start(watch, 0);
	ask("203.0.113.5", NULL, NULL);
	mx_timer_free(watch);
	cr_assert(watched);
	cr_assert_eq(state_count, 3);
	expect_row(0, MX_CHECK_UNKNOWN, "dnsbl:silent.test",
	    "unusable for IPv4: no answer about its test entries: no name server "
	    "answered in time (timeout)",
	    "are down");
	cr_assert_gt(dns_server_asked(world.server, "2.0.0.127.own.test"), 0);
}
