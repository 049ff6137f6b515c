/* test_eval.c - check_host() in worlds that are a few rows each. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/identity/spf/world.h"

#define A MX_DNS_A
#define AAAA MX_DNS_AAAA
#define MX MX_DNS_MX
#define PTR MX_DNS_PTR
#define TXT MX_DNS_TXT
#define FAILS NULL, MX_DNS_SERVFAIL

TestSuite(spf_eval, .timeout = 20);

/* clang-format off */
static const struct world_row rows[] = {
	{ "d.example", TXT, "unrelated", 0 },
	{ "d.example", TXT, "v=spf1 ip4:192.0.2.0/28 a:host.example -all exp=why.example", 0 },
	{ "why.example", TXT, "%{i} may not send as %{s}, says %{d}", 0 },
	{ "host.example", A, "198.51.100.1", 0 },
	{ "host.example", AAAA, "2001:db8::1", 0 },

	{ "two.example", TXT, "v=spf1 -all", 0 }, { "two.example", TXT, "v=spf1 +all", 0 },
	{ "bad.example", TXT, "v=spf1 +all ipv4:1.2.3.4", 0 },
	{ "no.example", TXT, "v=spf10 -all", 0 },
	{ "fails.example", TXT, FAILS },
	{ "bogus.example", TXT, NULL, MX_DNS_BOGUS },
	{ "empty.example", TXT, "v=spf1", 0 },

	{ "inc.example", TXT, "v=spf1 include:d.example ?all", 0 },
	{ "incno.example", TXT, "v=spf1 include:no.example +all", 0 },
	{ "incbad.example", TXT, "v=spf1 include:bad.example +all", 0 },
	{ "incfails.example", TXT, "v=spf1 include:fails.example +all", 0 },
	{ "inclabel.example", TXT, "v=spf1 include:%{h1} +all", 0 },
	{ "deep.example", TXT, "v=spf1 include:inc.example -all", 0 },

	{ "red.example", TXT, "v=spf1 redirect=d.example exp=other.example", 0 },
	{ "redno.example", TXT, "v=spf1 redirect=no.example", 0 },
	{ "redall.example", TXT, "v=spf1 redirect=no.example ?all", 0 },
	{ "loop.example", TXT, "v=spf1 include:loop.example -all", 0 },
	{ "redloop.example", TXT, "v=spf1 redirect=redloop.example", 0 },

	{ "mx.example", TXT, "v=spf1 mx -all", 0 },
	{ "mx.example", MX, "20 host.example", 0 }, { "mx.example", MX, "10 v.example", 0 },
	{ "nullmx.example", TXT, "v=spf1 mx -all", 0 }, { "nullmx.example", MX, "0", 0 },
	{ "mx11.example", TXT, "v=spf1 mx +all", 0 },
	{ "mx11.example", MX, "1 a.example", 0 }, { "mx11.example", MX, "2 a.example", 0 },
	{ "mx11.example", MX, "3 a.example", 0 }, { "mx11.example", MX, "4 a.example", 0 },
	{ "mx11.example", MX, "5 a.example", 0 }, { "mx11.example", MX, "6 a.example", 0 },
	{ "mx11.example", MX, "7 a.example", 0 }, { "mx11.example", MX, "8 a.example", 0 },
	{ "mx11.example", MX, "9 a.example", 0 }, { "mx11.example", MX, "10 a.example", 0 },
	{ "mx11.example", MX, "11 a.example", 0 },
	{ "order.example", TXT, "v=spf1 mx:orders.example -all", 0 },
	{ "orders.example", MX, "10 host.example", 0 }, { "orders.example", MX, "20 afails.example", 0 },
	{ "afails.example", A, FAILS }, { "afails.example", AAAA, FAILS },
	{ "afail.example", TXT, "v=spf1 a:afails.example -all", 0 },

	{ "void2.example", TXT, "v=spf1 a:v1.example exists:v2.example -all", 0 },
	{ "void3.example", TXT, "v=spf1 a:v1.example exists:v2.example mx:v3.example -all", 0 },
	{ "void3hit.example", TXT, "v=spf1 a:v1.example exists:v2.example all mx:v3.example", 0 },
	{ "odd.example", TXT, "v=spf1 a:%{h}..x.example a:%{h}..y.example a:%{h}..z.example ?all", 0 },

	{ "ten.example", TXT, "v=spf1 a:host.example a:host.example a:host.example a:host.example "
		"a:host.example a:host.example a:host.example a:host.example a:host.example "
		"a:host.example ip4:192.0.2.99 -all", 0 },
	{ "eleven.example", TXT, "v=spf1 a:host.example a:host.example a:host.example a:host.example "
		"a:host.example a:host.example a:host.example a:host.example a:host.example "
		"a:host.example redirect=d.example", 0 },

	{ "ptr.example", TXT, "v=spf1 ptr ?all", 0 },
	{ "ptrto.example", TXT, "v=spf1 ptr:ptr.example -all", 0 },
	{ "1.100.51.198.in-addr.arpa", PTR, "broken.example", 0 },
	{ "1.100.51.198.in-addr.arpa", PTR, "mail.ptr.example", 0 },
	{ "broken.example", A, FAILS },
	{ "mail.ptr.example", A, "198.51.100.1", 0 },
	{ "2.100.51.198.in-addr.arpa", PTR, "mail.ptr.example", 0 },
	{ "3.100.51.198.in-addr.arpa", PTR, FAILS },
	{ "p.example", TXT, "v=spf1 exists:%{p}.%{p2r}.x.example -all", 0 },
	{ "mail.ptr.example.ptr.mail.x.example", A, "127.0.0.2", 0 },
	{ "unknown.unknown.x.example", A, "127.0.0.3", 0 },

	{ "exists.example", TXT, "v=spf1 exists:%{l1r+-}.%{o}.%{v}.x.example -all", 0 },
	{ "list.exists.example.in-addr.x.example", A, "127.0.0.2", 0 },
	{ "list.exists.example.ip6.x.example", A, "127.0.0.2", 0 },
	{ "quoted.example", TXT, "v=spf1 exists:%{l}.x.example -all", 0 },
	{ "a\\032b.x.example", A, "127.0.0.2", 0 },

	{ "exptwo.example", TXT, "v=spf1 -all exp=two.example", 0 },
	{ "expbad.example", TXT, "v=spf1 -all exp=badtext.example", 0 },
	{ "badtext.example", TXT, "100%", 0 },
	{ "exputf.example", TXT, "v=spf1 -all exp=utf.example", 0 },
	{ "utf.example", TXT, "n\xc3\xb6", 0 },
	{ "expfails.example", TXT, "v=spf1 -all exp=fails.example", 0 },
	{ "expnone.example", TXT, "v=spf1 -all exp=nowhere.example", 0 },
	{ "expall.example", TXT, "v=spf1 -all exp=%{o}.%{d}.w.example", 0 },
	{ "expall.example.expall.example.w.example", TXT, "%{c} %{r} %{t} %{p} %{H}", 0 },

	{ "mapped.example", TXT, "v=spf1 ip6:::ffff:192.0.2.1 ip4:192.0.2.9 -all", 0 },
	{ "six.example", TXT, "v=spf1 ip6:2001:db8:8000::/33 ip4:0.0.0.0/0 a:host.example//126 -all", 0 },
	{ NULL, 0, NULL, 0 },
};

static const struct {
	const char *client, *mail_from, *result, *why;
} cases[] = {
	{ "192.0.2.15", "a@d.example", "pass", "matched ip4:192.0.2.0/28 in the record of d.example" },
	{ "192.0.2.16", "a@d.example", "fail", "matched -all in the record of d.example" },
	{ "198.51.100.1", "a@d.example", "pass", "matched a:host.example in the record of d.example" },
	{ "2001:db8::1", "a@d.example", "pass", "matched a:host.example" },
	{ "192.0.2.1", "a@nowhere.example", "none", "nowhere.example has no SPF record: no such domain (NXDOMAIN)" },
	{ "192.0.2.1", "a@host.example", "none", "has no SPF record" },
	{ "192.0.2.1", "a@no.example", "none", "no.example has no SPF record" },
	{ "192.0.2.1", "a@one", "none", "one is only one label (RFC 7208 4.3)" },
	{ "192.0.2.1", "a@[192.0.2.1]", "none", "is no domain name (RFC 7208 4.3)" },
	{ "192.0.2.1", "a@b..example", "none", "b..example is no domain name" },
	{ "192.0.2.1", "a@", "none", "there is no domain to ask about" },
	{ "192.0.2.1", "a@two.example", "permerror", "two.example has more than one SPF record (RFC 7208 4.5)" },
	{ "192.0.2.1", "a@bad.example", "permerror",
	    "syntax error in the record of bad.example: \"ipv4:1.2.3.4\": there is no such mechanism" },
	{ "192.0.2.1", "a@fails.example", "temperror", "TXT of fails.example: the name servers failed (SERVFAIL)" },
	{ "192.0.2.1", "a@bogus.example", "temperror", "DNSSEC" },
	{ "192.0.2.1", "a@empty.example", "neutral", "nothing in the record of empty.example matches" },

	{ "192.0.2.1", "a@inc.example", "pass",
	    "matched ip4:192.0.2.0/28 in the record of d.example, by include:d.example in the record of inc.example" },
	{ "192.0.2.99", "a@inc.example", "neutral", "matched ?all in the record of inc.example" },
	{ "192.0.2.1", "a@incno.example", "permerror",
	    "include:no.example in the record of incno.example: no SPF record there (RFC 7208 5.2)" },
	{ "192.0.2.1", "a@incbad.example", "permerror", "syntax error in the record of bad.example" },
	{ "192.0.2.1", "a@incfails.example", "temperror", "TXT of fails.example" },
	{ "192.0.2.1", "a@inclabel.example", "permerror", "no SPF record there" },
	{ "192.0.2.1", "a@deep.example", "pass", "by include:d.example in the record of inc.example, by include:inc.example" },

	{ "192.0.2.1", "a@red.example", "pass", "in the record of d.example" },
	{ "192.0.2.1", "a@redno.example", "permerror",
	    "redirect=no.example in the record of redno.example: no SPF record there (RFC 7208 6.1)" },
	{ "192.0.2.1", "a@redall.example", "neutral", "matched ?all" },
	{ "192.0.2.1", "a@loop.example", "permerror", "one term more than the 10 that may need DNS (RFC 7208 4.6.4)" },
	{ "192.0.2.1", "a@redloop.example", "permerror", "one term more than the 10" },

	{ "198.51.100.1", "a@mx.example", "pass", "matched mx" },
	{ "2001:db8::1", "a@mx.example", "pass", "matched mx" },
	{ "192.0.2.1", "a@mx.example", "fail", "matched -all" },
	{ "192.0.2.1", "a@nullmx.example", "fail", "matched -all" },
	{ "192.0.2.1", "a@mx11.example", "permerror", "mx11.example has 11 MX, more than 10 (RFC 7208 4.6.4)" },
	{ "198.51.100.1", "a@order.example", "pass", "matched mx:orders.example" },
	{ "198.51.100.2", "a@order.example", "temperror",
	    "mx:orders.example in the record of order.example: A of afails.example: the name servers failed (SERVFAIL)" },
	{ "2001:db8::9", "a@afail.example", "temperror", "AAAA of afails.example" },

	{ "192.0.2.1", "a@void2.example", "fail", "matched -all" },
	{ "192.0.2.1", "a@void3.example", "permerror",
	    "mx:v3.example in the record of void3.example: MX of v3.example is one lookup more than the 2 that may find nothing" },
	{ "192.0.2.1", "a@void3hit.example", "pass", "matched all" },
	{ "192.0.2.1", "a@odd.example", "neutral", "matched ?all" },
	{ "192.0.2.99", "a@ten.example", "pass", "matched ip4:192.0.2.99" },
	{ "192.0.2.99", "a@eleven.example", "permerror", "redirect=d.example in the record of eleven.example is one term more" },

	{ "198.51.100.1", "a@ptr.example", "pass", "matched ptr" },
	{ "198.51.100.1", "a@ptrto.example", "pass", "matched ptr:ptr.example" },
	{ "198.51.100.2", "a@ptr.example", "neutral", "matched ?all" },
	{ "198.51.100.3", "a@ptr.example", "neutral", "matched ?all" },
	{ "198.51.100.4", "a@ptr.example", "neutral", "matched ?all" },
	{ "198.51.100.1", "a@p.example", "pass", "matched exists" },
	{ "198.51.100.2", "a@p.example", "pass", "matched exists" },

	{ "192.0.2.1", "list-owner+bounce@exists.example", "pass", "matched exists" },
	{ "2001:db8::2", "list@exists.example", "pass", "matched exists" },
	{ "192.0.2.1", "other@exists.example", "fail", "matched -all" },
	{ "192.0.2.1", "a b@quoted.example", "pass", "matched exists" },
	{ "192.0.2.1", "\xc3\xb6@quoted.example", "fail", "matched -all" },

	{ "192.0.2.1", "a@mapped.example", "fail", "matched -all" },
	{ "192.0.2.9", "a@mapped.example", "pass", "matched ip4" },
	{ "2001:db8:8000::1", "a@six.example", "pass", "matched ip6" },
	{ "2001:db8:4000::1", "a@six.example", "fail", "matched -all" },
	{ "2001:db8::3", "a@six.example", "pass", "matched a:host.example//126" },
	{ "203.0.113.1", "a@six.example", "pass", "matched ip4:0.0.0.0/0" },
};
/* clang-format on */

static struct mx_spf_answer
check(const char *client, const char *mail_from, size_t *lookups)
{
	struct mx_spf_answer answer;
	struct mx_addr addr;
	struct mx_spf_params params = { .client = &addr,
		.helo = "mail.example",
		.mail_from = mail_from,
		.receiver = "mx.example" };

	cr_assert(mx_addr_parse(client, &addr));
	world_check(rows, &params, &answer, lookups);
	return answer;
}

Test(spf_eval, each_world_has_its_result_and_reason)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct mx_spf_answer answer =
		    check(cases[i].client, cases[i].mail_from, NULL);

		cr_assert_str_eq(mx_spf_result_name(answer.result), cases[i].result,
		    "%s from %s: %s", cases[i].mail_from, cases[i].client, answer.why);
		cr_assert_not_null(strstr(answer.why, cases[i].why), "%s: %s",
		    cases[i].mail_from, answer.why);
		mx_spf_answer_clear(&answer);
	}
}

Test(spf_eval, only_a_fail_is_explained_and_only_when_that_is_possible)
{
	static const struct {
		const char *mail_from, *explanation;
	} explained[] = {
		{ "a@d.example",
		    "192.0.2.77 may not send as a@d.example, says d.example" },
		{ "a@red.example",
		    "192.0.2.77 may not send as a@red.example, says d.example" },
		{ "a@expall.example",
		    "192.0.2.77 mx.example 1234567890 unknown mail.example" },
		{ "a@deep.example", NULL },
		{ "a@exptwo.example", NULL },
		{ "a@expbad.example", NULL },
		{ "a@exputf.example", NULL },
		{ "a@expfails.example", NULL },
		{ "a@expnone.example", NULL },
	};

	for (size_t i = 0; i < sizeof explained / sizeof explained[0]; i++) {
		struct mx_spf_answer answer =
		    check("192.0.2.77", explained[i].mail_from, NULL);

		cr_assert_eq(answer.result, MX_SPF_FAIL, "%s", explained[i].mail_from);
		if (explained[i].explanation == NULL)
			cr_assert_null(answer.explanation);
		else
			cr_assert_str_eq(answer.explanation, explained[i].explanation);
		mx_spf_answer_clear(&answer);
	}
}

Test(spf_eval, the_record_is_the_one_that_was_asked_for)
{
	struct mx_spf_answer answer = check("192.0.2.1", "a@inc.example", NULL);

	cr_assert_str_eq(answer.record, "v=spf1 include:d.example ?all");
	cr_assert_str_eq(answer.domain, "inc.example");
	mx_spf_answer_clear(&answer);
	answer = check("192.0.2.1", "a@nowhere.example", NULL);
	cr_assert_null(answer.record);
	mx_spf_answer_clear(&answer);
}

/* What stands behind the match is nobody's business. */
Test(spf_eval, looks_up_no_more_than_it_needs)
{
	static const struct {
		const char *client, *mail_from;
		size_t lookups;
	} counted[] = { { "192.0.2.1", "a@d.example", 1 },
		{ "192.0.2.99", "a@d.example", 3 }, /* a:host.example, and exp= */
		{ "192.0.2.1", "a@void3hit.example", 3 }, { "192.0.2.1", "a@one", 0 },
		{ "192.0.2.1", "a@bad.example", 1 }, { "192.0.2.1", "a@odd.example", 1 },
		{ "192.0.2.1", "a@mx11.example", 2 },
		{ "192.0.2.99", "a@ten.example", 2 } };
	size_t lookups;

	for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++) {
		struct mx_spf_answer answer =
		    check(counted[i].client, counted[i].mail_from, &lookups);

		cr_assert_eq(lookups, counted[i].lookups, "%s: %zu", counted[i].mail_from,
		    lookups);
		mx_spf_answer_clear(&answer);
	}
}

/* The addresses of all hosts are asked for at once. */
Test(spf_eval, needs_of_one_term_come_together)
{
	struct mx_spf_memo memo = { 0 };
	struct mx_addr client = { .family = AF_INET };
	struct mx_spf_params params = { .client = &client, .mail_from = "a@mx.example" };
	struct mx_dns_record text = {
		.type = TXT, .data = (uint8_t *)strdup("v=spf1 mx"), .len = 9
	};
	struct mx_dns_record hosts[2] = { { .type = MX, .name = strdup("a.example") },
		{ .type = MX, .name = strdup("b.example") } };
	struct mx_dns_answer texts = { .records = &text, .count = 1 },
			     exchangers = { .records = hosts, .count = 2 };
	struct mx_spf_answer answer;
	struct mx_spf_needs needs;
	struct mx_spf_query query;

	mx_spf_query_init(&query, &params, 0);
	mx_spf_memo_add(&memo, "mx.example", TXT, &texts);
	mx_spf_memo_add(&memo, "mx.example", MX, &exchangers);
	cr_assert_not(mx_spf_eval(&query, &memo, &answer, &needs));
	cr_assert_eq(needs.count, 2);
	cr_assert_str_eq(needs.items[0].name, "a.example");
	cr_assert_str_eq(needs.items[1].name, "b.example");
	cr_assert_eq(needs.items[1].type, A);
	mx_spf_needs_clear(&needs);
	mx_spf_memo_clear(&memo);
	mx_spf_query_clear(&query);
	free(text.data);
	free(hosts[0].name);
	free(hosts[1].name);
}
