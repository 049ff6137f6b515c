/* test_macro.c - the examples of RFC 7208 7.4, and what they leave out. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/identity/spf/macro.h"

TestSuite(spf_macro, .timeout = 20);

static const char *
expand(const char *text, const char *client, struct mx_buf *out)
{
	struct mx_addr addr;
	struct mx_spf_values values = { .local = "strong-bad",
		.sender_domain = "email.example.com",
		.domain = "email.example.com",
		.client = &addr,
		.validated = "mx.example.org",
		.helo = "he_lo.example.net",
		.receiver = "rcv.example.net",
		.now_s = 1234567890 };

	cr_assert(mx_addr_parse(client, &addr));
	mx_buf_init(out, 4096);
	cr_assert_null(
	    mx_spf_macro_fault(text, strlen(text), MX_SPF_MACRO_EXPLANATION), "%s", text);
	cr_assert(mx_spf_macro_expand(text, strlen(text), &values, out), "%s", text);
	return out->len > 0 ? out->data : "";
}

Test(spf_macro, letters_and_transformers)
{
	static const char *const cases[][2] = {
		{ "%{s}", "strong-bad@email.example.com" },
		{ "%{o}", "email.example.com" },
		{ "%{d}", "email.example.com" },
		{ "%{d4}", "email.example.com" },
		{ "%{d3}", "email.example.com" },
		{ "%{d2}", "example.com" },
		{ "%{d1}", "com" },
		{ "%{dr}", "com.example.email" },
		{ "%{d2r}", "example.email" },
		{ "%{l}", "strong-bad" },
		{ "%{l-}", "strong.bad" },
		{ "%{lr}", "strong-bad" },
		{ "%{lr-}", "bad.strong" },
		{ "%{l1r-}", "strong" },
		{ "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com" },
		{ "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com" },
		{ "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}",
		    "3.2.0.192.in-addr.strong.lp._spf.example.com" },
		{ "%{p2}.trusted", "example.org.trusted" },
		{ "%{h}", "he_lo.example.net" },
		{ "%{h_}", "he.lo.example.net" },
		{ "%{h1_.}", "net" },
		{ "%{s1@}", NULL }, /* no delimiter */
		{ "%{d99999999999999999999}", "email.example.com" },
		{ "%{S}", "strong-bad%40email.example.com" },
		{ "%{L-}", "strong.bad" },
		{ "%{c} %{r} %{t}", "192.0.2.3 rcv.example.net 1234567890" },
		{ "%%%_%-", "% %20" },
		{ "", "" },
	};
	struct mx_buf out;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (cases[i][1] == NULL) {
			cr_assert_not_null(mx_spf_macro_fault(
			    cases[i][0], strlen(cases[i][0]), MX_SPF_MACRO_EXPLANATION));
			continue;
		}
		cr_assert_str_eq(expand(cases[i][0], "192.0.2.3", &out), cases[i][1]);
		mx_buf_clear(&out);
	}
}

Test(spf_macro, ipv6_is_told_by_its_nibbles)
{
	struct mx_buf out;

	cr_assert_str_eq(expand("%{ir}.%{v}", "2001:db8::cb01", &out),
	    "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6");
	mx_buf_clear(&out);
	cr_assert_str_eq(
	    expand("%{c} %{i2}", "2001:db8::cb01", &out), "2001:db8::cb01 0.1");
	mx_buf_clear(&out);
}

Test(spf_macro, is_refused_where_it_makes_no_sense)
{
	static const struct {
		const char *text;
		bool domain, modifier, explanation;
	} cases[] = {
		{ "x.example", true, true, true },
		{ "%{d}", true, true, true },
		{ "x.%%", true, true, true },
		{ "x", false, true, true },
		{ "", false, true, true },
		{ "x.1", false, true, true },
		{ "x.1-1", true, true, true },
		{ "x.-a", false, true, true },
		{ "x.a-", false, true, true },
		{ "a b.example", false, false, true },
		{ "%{c}.example", false, true, true },
		{ "%{R}.example", false, true, true },
		{ "%{t}", false, true, true },
		{ "%", false, false, false },
		{ "%{", false, false, false },
		{ "%{}", false, false, false },
		{ "%{d", false, false, false },
		{ "%{d2", false, false, false },
		{ "%{d2x}", false, false, false },
		{ "%{dr2}", false, false, false },
		{ "%{d0}", false, false, false },
		{ "%{d00}", false, false, false },
		{ "%{z}", false, false, false },
		{ "%x.example", false, false, false },
		{ "x\x80.example", false, false, false },
		{ "x\t.example", false, false, false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *text = cases[i].text;
		size_t len = strlen(text);

		cr_assert_eq(mx_spf_macro_fault(text, len, MX_SPF_MACRO_DOMAIN) == NULL,
		    cases[i].domain, "%s", text);
		cr_assert_eq(mx_spf_macro_fault(text, len, MX_SPF_MACRO_MODIFIER) == NULL,
		    cases[i].modifier, "%s", text);
		cr_assert_eq(
		    mx_spf_macro_fault(text, len, MX_SPF_MACRO_EXPLANATION) == NULL,
		    cases[i].explanation, "%s", text);
	}
}

Test(spf_macro, uses_tells_letters_in_either_case)
{
	cr_assert(mx_spf_macro_uses("x.%{p2}.y", 9, 'p'));
	cr_assert(mx_spf_macro_uses("%{P}", 4, 'p'));
	cr_assert_not(mx_spf_macro_uses("p.%%{p}", 7, 'p'));
	cr_assert_not(mx_spf_macro_uses("%{d}", 4, 'p'));
}

Test(spf_macro, stops_where_the_buffer_is_full)
{
	struct mx_addr addr = { .family = AF_INET };
	struct mx_spf_values values = { .local = "0123456789",
		.sender_domain = "x",
		.domain = "x",
		.client = &addr,
		.validated = "x",
		.helo = "x",
		.receiver = "x" };
	struct mx_buf out;

	mx_buf_init(&out, 15);
	cr_assert_not(mx_spf_macro_expand("%{l}%{l}", 8, &values, &out));
	mx_buf_clear(&out);
}
