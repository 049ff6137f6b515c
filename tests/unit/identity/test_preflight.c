/* test_preflight.c - worlds in DNS, and the rows they give. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/identity/preflights.h"
#include "tests/support/dns_server.h"

#define SECOND_US INT64_C(1000000)

/* clang-format off */
static const struct dns_row rows[] = {
	/* all in order */
	{ "1.2.0.192.in-addr.arpa", MX_DNS_PTR, "mail.good.test" },
	{ "mail.good.test", MX_DNS_A, "192.0.2.1" },
	{ "mail.good.test", MX_DNS_TXT, "v=spf1 a -all" },
	{ "good.test", MX_DNS_MX, "10 mail.good.test" },
	{ "good.test", MX_DNS_TXT, "v=spf1 ip4:192.0.2.1 exp=why.good.test -all" },
	{ "why.good.test", MX_DNS_TXT, "%{i} is not ours" },
	{ "_dmarc.good.test", MX_DNS_TXT, "v=DMARC1; p=reject; sp=none" },
	{ "s1._domainkey.good.test", MX_DNS_TXT, "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" },
	{ "s2._domainkey.good.test", MX_DNS_TXT, "v=DKIM1; p=" },
	{ "s3._domainkey.good.test", MX_DNS_TXT, "v=DKIM1; p=" },
	{ "s3._domainkey.good.test", MX_DNS_TXT, "v=DKIM1; p=AAAA" },
	{ "s4._domainkey.good.test", DNS_ANY, "!servfail" },
	{ "sub.good.test", MX_DNS_A, "192.0.2.1" },
	{ "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
	    MX_DNS_PTR, "mail6.good.test" },
	{ "mail6.good.test", MX_DNS_AAAA, "2001:db8::1" },

	/* PTR of every kind */
	{ "2.2.0.192.in-addr.arpa", MX_DNS_PTR, "elsewhere.test" },
	{ "elsewhere.test", MX_DNS_A, "192.0.2.99" },
	{ "3.2.0.192.in-addr.arpa", MX_DNS_PTR, "mail3.test" },
	{ "3.2.0.192.in-addr.arpa", MX_DNS_PTR, "old.test" },
	{ "mail3.test", MX_DNS_A, "192.0.2.3" },
	{ "4.2.0.192.in-addr.arpa", MX_DNS_PTR, "h192-0-2-4.dsl.test" },
	{ "h192-0-2-4.dsl.test", MX_DNS_A, "192.0.2.4" },
	{ "5.2.0.192.in-addr.arpa", DNS_ANY, "!servfail" },
	{ "6.2.0.192.in-addr.arpa", MX_DNS_PTR, "a.test" }, { "6.2.0.192.in-addr.arpa", MX_DNS_PTR, "b.test" },
	{ "6.2.0.192.in-addr.arpa", MX_DNS_PTR, "c.test" }, { "6.2.0.192.in-addr.arpa", MX_DNS_PTR, "d.test" },
	{ "a.test", MX_DNS_A, "192.0.2.6" }, { "b.test", MX_DNS_A, "192.0.2.6" },
	{ "c.test", MX_DNS_A, "192.0.2.6" }, { "d.test", MX_DNS_A, "192.0.2.6" },

	/* HELO */
	{ "fail.test", DNS_ANY, "!servfail" },
	{ "silent.test", DNS_ANY, "!drop" },
	{ "_dmarc.silent.test", DNS_ANY, "!drop" },
	{ "_dmarc.fail.test", DNS_ANY, "!servfail" },
	{ "mx.dest.test", MX_DNS_A, "192.0.2.99" },

	/* senders */
	{ "null.test", MX_DNS_MX, "0 ." },
	{ "nowhere.test", MX_DNS_MX, "10 gone.nowhere.test" },
	{ "half.test", MX_DNS_MX, "10 mail.good.test" },
	{ "half.test", MX_DNS_MX, "20 gone.half.test" },
	{ "address.test", MX_DNS_A, "192.0.2.1" },
	{ "empty.test", MX_DNS_TXT, "neither MX nor address" },

	/* DMARC */
	{ "several.test", MX_DNS_A, "192.0.2.1" },
	{ "_dmarc.several.test", MX_DNS_TXT, "v=DMARC1; p=none" },
	{ "_dmarc.several.test", MX_DNS_TXT, "v=DMARC1; p=reject" },
	{ "_dmarc.wild.test", MX_DNS_TXT, "v=spf1 -all" },
	{ "_dmarc.wild.test", MX_DNS_TXT, "v=DMARC1; p=quarantine" },
	{ "_dmarc.broken.test", MX_DNS_TXT, "v=DMARC1; p=nothing" },
	{ "_dmarc.half.way.test", MX_DNS_TXT, "v=DMARC1; p=none" },
	{ "_dmarc.example.co.jp", MX_DNS_TXT, "v=DMARC1; p=reject; sp=quarantine" },
	{ "_dmarc.co.jp", MX_DNS_TXT, "v=DMARC1; p=none" },
	{ "_dmarc.top.fail.test", MX_DNS_TXT, "v=DMARC1; p=none" },
	/* SPF */
	{ "soft.test", MX_DNS_TXT, "v=spf1 ~all" },
	{ "hard.test", MX_DNS_TXT, "v=spf1 -all" },
	{ "neutral.test", MX_DNS_TXT, "v=spf1 ?all" },
	{ "perm.test", MX_DNS_TXT, "v=spf1 ipv4:192.0.2.1 -all" },
};
/* clang-format on */

static struct dns_world world;
static struct mx_preflight *found;
static size_t calls;

static void
setup(void)
{
	dns_world_open(&world, rows, sizeof rows / sizeof rows[0]);
}

static void
teardown(void)
{
	mx_preflight_free(found);
	dns_world_close(&world);
}

TestSuite(preflight, .init = setup, .fini = teardown, .timeout = 30);

static void
take(void *arg, struct mx_preflight *preflight)
{
	cr_assert_eq(arg, world.loop);
	calls++;
	found = preflight;
	mx_loop_stop(world.loop);
}

static const char *const selectors[] = { "s1", "s2", "s3", "s4", "s5" };
static const char *const destinations[] = { "dest.test" };

static struct mx_preflight_params
params_of(const char *source, const char *helo, const char *mail_from)
{
	struct mx_preflight_params params = {
		.loop = world.loop,
		.resolver = world.resolver,
		.helo = helo,
		.mail_from = mail_from,
		.destinations = destinations,
		.destination_count = 1,
		.timeout_us = 10 * SECOND_US,
	};

	cr_assert(mx_addr_parse(source, &params.source));
	return params;
}

static void
run(const struct mx_preflight_params *params)
{
	mx_preflight_free(found);
	found = NULL;
	calls = 0;
	cr_assert_not_null(mx_preflight_start(params, take, world.loop));
	cr_assert_eq(calls, 0, "done from inside the call");
	mx_loop_run(world.loop);
	cr_assert_eq(calls, 1);
}

static void
look(const char *source, const char *helo, const char *mail_from)
{
	struct mx_preflight_params params = params_of(source, helo, mail_from);

	run(&params);
}

/* The nth row of that name. */
static const struct mx_check *
row(const char *check, size_t nth)
{
	for (size_t i = 0; i < found->checks.count; i++)
		if (strcmp(found->checks.items[i].check, check) == 0 && nth-- == 0)
			return &found->checks.items[i];
	cr_assert_fail("no row %s", check);
	return NULL;
}

static void
expect_row(const char *check, size_t nth, enum mx_check_result result, const char *hint)
{
	const struct mx_check *r = row(check, nth);
	const char *words = r->found != NULL ? r->found : "",
		   *advice = r->advice != NULL ? r->advice : "";

	cr_assert_eq(r->result, result, "%s is %s: %s; %s", check,
	    mx_check_result_name(r->result), words, advice);
	cr_assert(strstr(words, hint) != NULL || strstr(advice, hint) != NULL,
	    "%s: %s; %s", check, words, advice);
	/* Whatever is wrong has something to change. */
	if (result == MX_CHECK_WARN || result == MX_CHECK_FAIL)
		cr_assert_neq(*advice, '\0', "%s", check);
}

static void
expect(const char *check, enum mx_check_result result, const char *hint)
{
	expect_row(check, 0, result, hint);
}

Test(preflight, all_in_order_passes_and_chooses_the_helo)
{
	struct mx_preflight_params params =
	    params_of("192.0.2.1", NULL, "probe@good.test");

	params.selectors = selectors;
	params.selector_count = 1;
	run(&params);
	for (size_t i = 0; i < found->checks.count; i++)
		cr_assert_eq(found->checks.items[i].result, MX_CHECK_PASS, "%s",
		    found->checks.items[i].check);
	cr_assert_eq(found->checks.count, 12);
	cr_assert_str_eq(found->helo, "mail.good.test");
	cr_assert_str_eq(found->mail_from, "probe@good.test");
	cr_assert(found->has_mail_from_spf && found->has_helo_spf);
	cr_assert_eq(found->mail_from_spf, MX_SPF_PASS);
	cr_assert_eq(found->helo_spf, MX_SPF_PASS);
	cr_assert_null(found->explanation);
	cr_assert_str_eq(found->checks.items[0].check, "ptr");
}

Test(preflight, ptr_names_of_every_kind)
{
	look("192.0.2.2", "mail.good.test", NULL);
	expect("ptr", MX_CHECK_PASS, "elsewhere.test");
	expect("fcrdns", MX_CHECK_FAIL, "publish elsewhere.test A 192.0.2.2");
	look("192.0.2.3", NULL, NULL);
	expect("ptr", MX_CHECK_PASS, "mail3.test, old.test");
	expect("fcrdns", MX_CHECK_WARN, "mail3.test leads back, old.test has no address");
	look("192.0.2.4", NULL, NULL);
	expect("fcrdns", MX_CHECK_PASS, "leads back");
	expect("ptr_generic", MX_CHECK_WARN, "192-0-2-4");
	look("192.0.2.5", NULL, NULL);
	expect("ptr", MX_CHECK_UNKNOWN, "SERVFAIL");
	expect("fcrdns", MX_CHECK_UNKNOWN, "not known");
	look("192.0.2.6", NULL, NULL);
	expect("ptr", MX_CHECK_WARN, "4 PTR records");
	look("192.0.2.77", NULL, NULL);
	expect("ptr", MX_CHECK_FAIL, "77.2.0.192.in-addr.arpa PTR");
	expect("fcrdns", MX_CHECK_FAIL, "no PTR name");
	cr_assert_str_eq(found->helo, "[192.0.2.77]");
	look("2001:db8::1", NULL, NULL);
	expect("fcrdns", MX_CHECK_PASS, "mail6.good.test leads back");
	expect("helo_resolves", MX_CHECK_PASS, "2001:db8::1");
}

Test(preflight, any_helo_is_judged)
{
	static const struct {
		const char *helo, *check;
		enum mx_check_result result;
		const char *hint;
	} table[] = {
		{ "mail.good.test", "helo_syntax", MX_CHECK_PASS, "" },
		{ "mail.good.test", "helo_borrowed", MX_CHECK_PASS, "" },
		{ "", "helo_syntax", MX_CHECK_FAIL, "empty" },
		{ "two words", "helo_syntax", MX_CHECK_FAIL, "letters, digits" },
		{ "two words", "helo_resolves", MX_CHECK_FAIL, "no name" },
		{ "under_score.test", "helo_syntax", MX_CHECK_FAIL, "underscore" },
		{ "dots..test", "helo_syntax", MX_CHECK_FAIL, "empty label" },
		{ "dot.test.", "helo_syntax", MX_CHECK_FAIL, "empty label" },
		{ "-x.test", "helo_syntax", MX_CHECK_FAIL, "hyphen" },
		{ "m\xc3\xa4il.test", "helo_syntax", MX_CHECK_FAIL, "letters, digits" },
		{ "192.0.2.1", "helo_syntax", MX_CHECK_FAIL, "brackets" },
		{ "192.0.2.1", "helo_resolves", MX_CHECK_FAIL, "no name" },
		{ "[192.0.2.500]", "helo_syntax", MX_CHECK_FAIL, "address literal" },
		{ "[192.0.2.1]", "helo_syntax", MX_CHECK_PASS, "" },
		{ "[192.0.2.1]", "helo_resolves", MX_CHECK_PASS, "own" },
		{ "[192.0.2.1]", "helo_ptr", MX_CHECK_WARN, "address literal" },
		{ "[192.0.2.2]", "helo_resolves", MX_CHECK_FAIL, "another address" },
		{ "elsewhere.test", "helo_resolves", MX_CHECK_WARN, "192.0.2.99" },
		{ "elsewhere.test", "helo_ptr", MX_CHECK_WARN, "mail.good.test" },
		{ "absent.test", "helo_resolves", MX_CHECK_FAIL,
		    "absent.test A 192.0.2.1" },
		{ "mail6.good.test", "helo_resolves", MX_CHECK_WARN, "2001:db8::1" },
		{ "fail.test", "helo_resolves", MX_CHECK_UNKNOWN, "SERVFAIL" },
		{ "localhost", "helo_borrowed", MX_CHECK_FAIL, "every host" },
		{ "mailhost", "helo_borrowed", MX_CHECK_FAIL, "bare name" },
		{ "gmail.com", "helo_borrowed", MX_CHECK_FAIL, "mailbox provider" },
		{ "mx.dest.test", "helo_borrowed", MX_CHECK_FAIL,
		    "destination dest.test" },
		{ "dest.test", "helo_borrowed", MX_CHECK_FAIL, "destination dest.test" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		look("192.0.2.1", table[i].helo, NULL);
		cr_assert_str_eq(found->helo, table[i].helo);
		expect(table[i].check, table[i].result, table[i].hint);
	}
}

Test(preflight, any_sender_is_judged)
{
	static const struct {
		const char *mail_from;
		enum mx_check_result result;
		const char *hint;
	} table[] = {
		{ "a@good.test", MX_CHECK_PASS, "MX 10 mail.good.test" },
		{ "a@GOOD.test", MX_CHECK_PASS, "MX 10 mail.good.test" },
		{ "a@address.test", MX_CHECK_PASS, "no MX record, but an address" },
		{ "", MX_CHECK_PASS, "null sender" },
		{ "a@half.test", MX_CHECK_WARN, "gone.half.test" },
		{ "a@null.test", MX_CHECK_FAIL, "null MX" },
		{ "a@nowhere.test", MX_CHECK_FAIL, "gone.nowhere.test" },
		{ "a@empty.test", MX_CHECK_FAIL, "empty.test MX 10" },
		{ "a@absent.test", MX_CHECK_FAIL, "NXDOMAIN" },
		{ "a@fail.test", MX_CHECK_UNKNOWN, "SERVFAIL" },
		{ "a@[192.0.2.1]", MX_CHECK_FAIL, "no domain" },
		{ "nobody", MX_CHECK_FAIL, "no domain" },
		{ "a@", MX_CHECK_FAIL, "no domain" },
		{ "a@b c", MX_CHECK_FAIL, "no domain" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		look("192.0.2.1", "mail.good.test", table[i].mail_from);
		expect("sender_domain", table[i].result, table[i].hint);
	}
}

Test(preflight, without_a_sender_nothing_is_said_of_one)
{
	look("192.0.2.1", NULL, NULL);
	cr_assert_eq(found->checks.count, 8);
	cr_assert_not(found->has_mail_from_spf);
	cr_assert_null(found->mail_from);
}

Test(preflight, the_null_sender_is_the_helo_names)
{
	look("192.0.2.1", NULL, "");
	cr_assert_eq(found->mail_from_spf, MX_SPF_PASS);
	expect("spf_mail_from", MX_CHECK_PASS, "mail.good.test TXT");
	expect("dmarc", MX_CHECK_PASS, "policy none: _dmarc.good.test");
}

Test(preflight, dmarc_is_found_up_to_the_organisational_domain)
{
	static const struct {
		const char *mail_from;
		enum mx_check_result result;
		const char *hint;
	} table[] = {
		{ "a@good.test", MX_CHECK_PASS, "policy reject: _dmarc.good.test" },
		{ "a@sub.good.test", MX_CHECK_PASS, "policy none: _dmarc.good.test" },
		{ "a@x.y.z.good.test", MX_CHECK_PASS, "policy none: _dmarc.good.test" },
		{ "a@mail.example.co.jp", MX_CHECK_PASS,
		    "policy quarantine: _dmarc.example.co.jp" },
		{ "a@other.co.jp", MX_CHECK_WARN, "publish _dmarc.other.co.jp TXT" },
		{ "a@wild.test", MX_CHECK_PASS, "policy quarantine" },
		{ "a@several.test", MX_CHECK_FAIL, "several records" },
		{ "a@broken.test", MX_CHECK_FAIL, "p=nothing" },
		{ "a@x.half.way.test", MX_CHECK_WARN, "_dmarc.way.test" },
		{ "a@absent.test", MX_CHECK_WARN, "publish _dmarc.absent.test" },
		{ "a@fail.test", MX_CHECK_UNKNOWN, "SERVFAIL" },
		{ "a@x.fail.test", MX_CHECK_UNKNOWN, "_dmarc.fail.test" },
		{ "a@top.fail.test", MX_CHECK_PASS, "policy none" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		look("192.0.2.1", "mail.good.test", table[i].mail_from);
		expect("dmarc", table[i].result, table[i].hint);
	}
}

Test(preflight, each_selector_has_its_row)
{
	struct mx_preflight_params params =
	    params_of("192.0.2.1", NULL, "probe@good.test");

	params.selectors = selectors;
	params.selector_count = sizeof selectors / sizeof selectors[0];
	run(&params);
	expect_row("dkim", 0, MX_CHECK_PASS, "s1._domainkey.good.test TXT \"v=DKIM1");
	expect_row("dkim", 1, MX_CHECK_FAIL, "revoked");
	expect_row("dkim", 2, MX_CHECK_FAIL, "2 TXT records");
	expect_row("dkim", 3, MX_CHECK_UNKNOWN, "SERVFAIL");
	expect_row("dkim", 4, MX_CHECK_FAIL, "publish s5._domainkey.good.test");
}

Test(preflight, spf_results_become_rows)
{
	static const struct {
		const char *mail_from;
		enum mx_check_result result;
		const char *hint;
	} table[] = {
		{ "a@good.test", MX_CHECK_FAIL,
		    "publish good.test TXT \"v=spf1 ip4:192.0.2.2 ip4:192.0.2.1 "
		    "exp=why.good.test -all\"" },
		{ "a@soft.test", MX_CHECK_WARN, "softfail" },
		{ "a@neutral.test", MX_CHECK_WARN, "neutral" },
		{ "a@absent.test", MX_CHECK_WARN, "v=spf1 ip4:192.0.2.2 -all" },
		{ "a@perm.test", MX_CHECK_FAIL, "correct the SPF record of perm.test" },
		{ "a@fail.test", MX_CHECK_UNKNOWN, "temperror" },
		{ "a@gmail.com", MX_CHECK_WARN, "a domain of your own" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		look("192.0.2.2", "elsewhere.test", table[i].mail_from);
		expect("spf_mail_from", table[i].result, table[i].hint);
	}
	look("192.0.2.2", "elsewhere.test", "a@good.test");
	cr_assert_str_eq(found->explanation, "192.0.2.2 is not ours");
}

Test(preflight, the_explanation_is_of_the_senders_domain_where_there_is_one)
{
	look("192.0.2.2", "good.test", "a@hard.test");
	cr_assert_eq(found->mail_from_spf, MX_SPF_FAIL);
	cr_assert_eq(found->helo_spf, MX_SPF_FAIL);
	cr_assert_null(found->explanation);
	look("192.0.2.2", "good.test", NULL);
	cr_assert_str_eq(found->explanation, "192.0.2.2 is not ours");
}

/* Nothing DNS leaves open may read as a fault, and none of it takes longer than was granted. */
Test(preflight, silence_is_unknown_at_the_deadline)
{
	struct mx_preflight_params params =
	    params_of("192.0.2.1", "silent.test", "a@silent.test");
	int64_t began_us = mx_clock_mono_us();

	params.timeout_us = 300000;
	run(&params);
	cr_assert_lt(mx_clock_mono_us() - began_us, 5 * SECOND_US);
	expect("helo_resolves", MX_CHECK_UNKNOWN, "silent.test");
	expect("sender_domain", MX_CHECK_UNKNOWN, "silent.test");
	expect("spf_mail_from", MX_CHECK_UNKNOWN, "temperror");
	expect("spf_helo", MX_CHECK_UNKNOWN, "temperror");
	expect("dmarc", MX_CHECK_UNKNOWN, "_dmarc.silent.test");
	cr_assert_eq(mx_checks_count(&found->checks, MX_CHECK_FAIL), 0);
}

Test(preflight, a_known_ptr_name_is_not_asked_again)
{
	char text[] = "mail.good.test";
	struct mx_fcrdns_name name = { text, MX_FORWARD_BACK };
	struct mx_fcrdns fcrdns = {
		.result = MX_FCRDNS_PASS,
		.name = name.name,
		.names = &name,
		.name_count = 1,
		.ptr_count = 1,
	};
	struct mx_preflight_params params = params_of("192.0.2.1", NULL, NULL);

	params.fcrdns = &fcrdns;
	run(&params);
	cr_assert_str_eq(found->helo, "mail.good.test");
	expect("fcrdns", MX_CHECK_PASS, "leads back");
	cr_assert_eq(dns_server_asked(world.server, "1.2.0.192.in-addr.arpa"), 0);
}

static void
never(void *arg, struct mx_preflight *preflight)
{
	(void)arg, (void)preflight;
	cr_assert_fail("done was called");
}

Test(preflight, a_cancelled_search_is_never_done)
{
	struct mx_preflight_params params = params_of("192.0.2.1", NULL, "a@good.test");

	params.selectors = selectors;
	params.selector_count = 2;
	mx_preflight_cancel(mx_preflight_start(&params, never, NULL));
	mx_preflight_cancel(NULL);
	look("192.0.2.1", NULL, NULL);
}

/* ---- many ----------------------------------------------------------------------------------- */

#define MANY 40

static bool told[MANY];
static size_t told_count;

static void
on_one(void *arg, size_t index, struct mx_preflight *preflight)
{
	cr_assert_eq(arg, told);
	cr_assert_not(told[index]);
	cr_assert_eq(preflight->source.bytes[3], index + 1);
	told[index] = true;
	mx_preflight_free(preflight);
	if (++told_count == MANY)
		mx_loop_stop(world.loop);
}

static struct mx_preflights *
start_many(int64_t timeout_us, bool one_deadline)
{
	struct mx_preflights_params params = {
		.common = params_of("192.0.2.1", NULL, NULL),
		.one_deadline = one_deadline,
		.at_once = 3,
		.done = on_one,
		.arg = told,
	};
	struct mx_preflights *all;

	params.common.timeout_us = timeout_us;
	all = mx_preflights_new(&params);
	for (size_t i = 0; i < MANY; i++) {
		struct mx_preflight_subject subject = { .helo = "silent.test" };

		subject.source = params.common.source;
		subject.source.bytes[3] = (uint8_t)(i + 1);
		mx_preflights_add(all, i, &subject);
	}
	return all;
}

Test(preflight, of_many_each_is_told_once_and_one_deadline_ends_all)
{
	int64_t began_us = mx_clock_mono_us();
	struct mx_preflights *all = start_many(SECOND_US, true);

	mx_loop_run(world.loop);
	cr_assert_eq(told_count, MANY);
	/* 40 with three at once, each for its own second, would be 13 s. */
	cr_assert_lt(mx_clock_mono_us() - began_us, 6 * SECOND_US);
	mx_preflights_free(all);
}

Test(preflight, many_may_be_dropped_half_way)
{
	mx_preflights_free(start_many(SECOND_US, false));
	mx_preflights_free(NULL);
	look("192.0.2.1", NULL, NULL);
	cr_assert_eq(told_count, 0);
}
