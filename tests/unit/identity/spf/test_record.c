/* test_record.c - the grammar of RFC 7208 12, right and wrong. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/identity/spf/record.h"

TestSuite(spf_record, .timeout = 20);

static bool
parse(const char *text, struct mx_spf_record *record, char **fault)
{
	*fault = NULL;
	cr_assert(mx_spf_record_is(text, strlen(text)), "%s", text);
	return mx_spf_record_parse(text, strlen(text), record, fault);
}

Test(spf_record, is_told_by_its_version_and_what_follows)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = { { "v=spf1", true }, { "v=spf1 ", true }, { "V=SPF1 -all", true },
		{ "v=spf10", false }, { "v=spf1\t-all", false }, { " v=spf1", false },
		{ "v=spf", false }, { "", false }, { "v=spf1-all", false },
		{ "v=spf2.0/pra", false } };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		cr_assert_eq(mx_spf_record_is(cases[i].text, strlen(cases[i].text)),
		    cases[i].is, "%s", cases[i].text);
}

Test(spf_record, each_mechanism_keeps_its_argument)
{
	static const struct {
		const char *term;
		enum mx_spf_mechanism mechanism;
		enum mx_spf_result qualifier;
		const char *domain;
		unsigned bits4, bits6;
	} cases[] = {
		{ "all", MX_SPF_ALL, MX_SPF_PASS, NULL, 32, 128 },
		{ "-ALL", MX_SPF_ALL, MX_SPF_FAIL, NULL, 32, 128 },
		{ "~include:x.example", MX_SPF_INCLUDE, MX_SPF_SOFTFAIL, "x.example", 32,
		    128 },
		{ "?a", MX_SPF_A, MX_SPF_NEUTRAL, NULL, 32, 128 },
		{ "+A/24", MX_SPF_A, MX_SPF_PASS, NULL, 24, 128 },
		{ "a//64", MX_SPF_A, MX_SPF_PASS, NULL, 32, 64 },
		{ "a/0//0", MX_SPF_A, MX_SPF_PASS, NULL, 0, 0 },
		{ "a:h.example/24//64", MX_SPF_A, MX_SPF_PASS, "h.example", 24, 64 },
		{ "a:foo/bar.example", MX_SPF_A, MX_SPF_PASS, "foo/bar.example", 32,
		    128 },
		{ "a:h.example.", MX_SPF_A, MX_SPF_PASS, "h.example.", 32, 128 },
		{ "mx:%{d2}/30", MX_SPF_MX, MX_SPF_PASS, "%{d2}", 30, 128 },
		{ "ptr:%{o}", MX_SPF_PTR, MX_SPF_PASS, "%{o}", 32, 128 },
		{ "exists:%{l1r-}.x.1-a", MX_SPF_EXISTS, MX_SPF_PASS, "%{l1r-}.x.1-a", 32,
		    128 },
		{ "exists:a=b.example", MX_SPF_EXISTS, MX_SPF_PASS, "a=b.example", 32,
		    128 },
		{ "ip4:192.0.2.1/8", MX_SPF_IP4, MX_SPF_PASS, NULL, 8, 128 },
		{ "ip6:2001:db8::/32", MX_SPF_IP6, MX_SPF_PASS, NULL, 32, 32 },
		{ "ip6:::ffff:192.0.2.1", MX_SPF_IP6, MX_SPF_PASS, NULL, 32, 128 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *text = mx_asprintf("v=spf1  %s ", cases[i].term), *fault;
		struct mx_spf_record record;
		const struct mx_spf_directive *got;

		cr_assert(parse(text, &record, &fault), "%s: %s", text, fault);
		cr_assert_eq(record.count, 1);
		got = &record.directives[0];
		cr_assert_str_eq(got->text, cases[i].term);
		cr_assert_eq(got->mechanism, cases[i].mechanism, "%s", text);
		cr_assert_eq(got->qualifier, cases[i].qualifier, "%s", text);
		cr_assert_eq(got->bits4, cases[i].bits4, "%s", text);
		cr_assert_eq(got->bits6, cases[i].bits6, "%s", text);
		cr_assert_eq(got->domain == NULL, cases[i].domain == NULL, "%s", text);
		if (got->domain != NULL)
			cr_assert_str_eq(got->domain, cases[i].domain);
		mx_spf_record_clear(&record);
		free(text);
	}
}

Test(spf_record, modifiers_stand_anywhere)
{
	struct mx_spf_record record;
	char *fault;

	cr_assert(
	    parse("v=spf1 exp=e.example a Redirect=r.example x.y_z-1=%{c}/ ip4=no -all",
		&record, &fault));
	cr_assert_eq(record.count, 2);
	cr_assert_str_eq(record.exp, "e.example");
	cr_assert_str_eq(record.redirect, "r.example");
	mx_spf_record_clear(&record);
}

Test(spf_record, whatever_is_wrong_is_told_with_its_term)
{
	static const char *const terms[] = { "foo", "all.", "all:x.example", "all/8",
		"include", "include:", "include:x", "include/24", "exists",
		"exists:", "a:", "a:x", "a:1.2.3.4", "a:x.example:25", "a/33", "a/024",
		"a/", "a//129", "a/24/64", "a//64/24", "a///64", "a:x.example//", "a:.",
		"a:x..", "ax", "mx:", "mx/1234", "ptr:", "ptr/24", "ptr//64", "ip4",
		"ip4:", "ip4:1.2.3", "ip4:1.2.3.04", "ip4:1.2.3.256", "ip4:1.2.3.4/33",
		"ip4:1.2.3.4//32", "ip4:1.2.3.4/", "ip4:x.example", "ip6",
		"ip6:2001:db8::/129", "ip6:1.2.3.4", "ip6:2001:db8::g",
		"ip6:2001:db8::1//64", "-", "+", "+-all", "=x", "1=x",
		"redirect:x.example", "redirect=", "redirect=x",
		"exp=", "exp=x.example/24", "-redirect=x.example", "a:%{x}.example",
		"a:%{d", "a:%", "a:%d.example", "a:%{d0}.example", "a:%{dr2}.example",
		"a:%{c}.example", "exp=%{t}.example", "exists:%{d.}x", "moo=%",
		"moo=%{q}", "m\too=x", "a:ex\xc3\xa4mple.org", "\200all",
		"a:x\x7f.example", "a,", "all," };

	for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
		char *text = mx_asprintf("v=spf1 a -all %s mx", terms[i]), *fault;
		struct mx_spf_record record;

		cr_assert_not(parse(text, &record, &fault), "%s", text);
		cr_assert_eq(record.count, 0);
		cr_assert_not_null(strstr(fault, terms[i]), "%s", fault);
		free(fault);
		free(text);
	}
}

Test(spf_record, a_modifier_that_counts_stands_once)
{
	static const char *const texts[] = { "v=spf1 exp=a.example exp=b.example",
		"v=spf1 redirect=a.example REDIRECT=a.example" };
	struct mx_spf_record record;
	char *fault;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		cr_assert_not(parse(texts[i], &record, &fault), "%s", texts[i]);
		free(fault);
	}
	cr_assert(parse("v=spf1 x=1 x=1", &record, &fault));
	mx_spf_record_clear(&record);
}

/* A block of just that size each time, so that a read past the end is seen. */
Test(spf_record, may_be_cut_anywhere)
{
	static const char whole[] =
	    "v=spf1 a:%{d2r-.}.example/24//64 ip6:2001:db8::/32 exists:%{l}.x.example "
	    "mx//0 redirect=%{o} moo=%{s}%%%_%- exp=%{p}.example.org ~all";

	for (size_t len = strlen("v=spf1"); len < sizeof whole; len++) {
		char *exact = mx_calloc(len, 1), *fault = NULL;
		struct mx_spf_record record;

		memcpy(exact, whole, len);
		if (mx_spf_record_is(exact, len) &&
		    !mx_spf_record_parse(exact, len, &record, &fault))
			cr_assert_not_null(fault);
		free(fault);
		mx_spf_record_clear(&record);
		free(exact);
	}
}

Test(spf_record, a_nul_is_a_byte_like_others)
{
	struct mx_spf_record record;
	char *fault;

	cr_assert_not(mx_spf_record_parse("v=spf1 ip4:192.0.2.1\0", 21, &record, &fault));
	free(fault);
	cr_assert_not(mx_spf_record_parse("v=spf1 a:x\0.example", 19, &record, &fault));
	free(fault);
}
