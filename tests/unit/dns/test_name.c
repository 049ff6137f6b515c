/* test_name.c - names of users, made fit for DNS or refused with a reason. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "probe/dns/name.h"

TestSuite(name, .timeout = 5);

Test(name, names_become_lower_case_a_labels)
{
	static const struct {
		const char *text, *ascii;
	} table[] = {
		{ "example.jp", "example.jp" },
		{ "Example.JP.", "example.jp" },
		{ "_dmarc.example.jp", "_dmarc.example.jp" },
		{ "_25._tcp.mx.example.jp", "_25._tcp.mx.example.jp" },
		{ "ab--cd.de", "ab--cd.de" },
		{ "xn--r8jz45g.jp", "xn--r8jz45g.jp" },
		{ "jp", "jp" },
		{ "例え.jp", "xn--r8jz45g.jp" },
		{ "例え。ｊｐ", "xn--r8jz45g.jp" },
		{ "Bücher.example", "xn--bcher-kva.example" },
		{ "straße.de", "xn--strae-oqa.de" },
		{ "_dmarc.例え.jp", "_dmarc.xn--r8jz45g.jp" },
		{ "日本.例え.jp.", "xn--wgv71a.xn--r8jz45g.jp" },
	};
	char out[MX_NAME_MAX];

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct mx_error err = { 0 };

		cr_assert_eq(mx_name_to_ascii(table[i].text, out, &err), MX_OK, "%s: %s",
		    table[i].text, err.text);
		cr_assert_str_eq(out, table[i].ascii);
	}
}

Test(name, what_is_no_name_is_refused_with_a_reason)
{
	static const struct {
		const char *text, *reason;
	} table[] = {
		{ "", "empty" },
		{ ".", "empty" },
		{ "..", "empty label" },
		{ "a..b", "empty label" },
		{ ".a", "empty label" },
		{ "a.b..", "empty label" },
		{ "例え..jp", "empty label" },
		{ "exa mple.jp", "only letters" },
		{ "example.jp\r\nDATA", "only letters" },
		{ "user@example.jp", "only letters" },
		{ "example.jp>", "only letters" },
		{ "a\x7f.jp", "no domain name" },
		{ "\xff\xfe.jp", "no domain name" },
		{ "a\xe2\x80\x8f.jp", "no domain name" },
	};
	char out[MX_NAME_MAX];

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct mx_error err = { 0 };

		cr_assert_eq(mx_name_to_ascii(table[i].text, out, &err), MX_ERR_USAGE,
		    "row %zu gave %s", i, out);
		cr_assert_not_null(
		    strstr(err.text, table[i].reason), "row %zu: %s", i, err.text);
		cr_assert_str_eq(out, "");
	}
}

Test(name, lengths_are_those_of_dns)
{
	char label63[64], label64[65], text[400], out[MX_NAME_MAX];

	memset(label63, 'a', 63);
	memset(label64, 'a', 64);
	label63[63] = label64[64] = '\0';
	cr_assert_eq(mx_name_to_ascii(label63, out, NULL), MX_OK);
	cr_assert_eq(mx_name_to_ascii(label64, out, NULL), MX_ERR_USAGE);
	snprintf(text, sizeof text, "%s.%s.%s.%.61s", label63, label63, label63, label63);
	cr_assert_eq(strlen(text), 253);
	cr_assert_eq(mx_name_to_ascii(text, out, NULL), MX_OK);
	snprintf(text, sizeof text, "%s.%s.%s.%.62s", label63, label63, label63, label63);
	cr_assert_eq(mx_name_to_ascii(text, out, NULL), MX_ERR_USAGE);
}

Test(name, a_host_name_has_two_labels_of_letters_digits_hyphens)
{
	static const char *const good[] = { "mail.example.jp", "a.b", "x-y.z9.example",
		"3com.com", "1.2.3.4a" };
	static const char *const bad[] = { "", "localhost", ".", "a.", ".a", "a..b",
		"-a.b", "a-.b", "a_b.c", "a b.c", "a.b.", "203.0.113.5", "m\xc3\xa4il.de",
		"[203.0.113.5]" };

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		cr_assert(mx_name_is_fqdn(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		cr_assert_not(mx_name_is_fqdn(bad[i]), "%s", bad[i]);
}

Test(name, equality_ignores_case_and_one_trailing_dot)
{
	cr_assert(mx_name_equal("Example.JP.", "example.jp"));
	cr_assert(mx_name_equal("", "."));
	cr_assert_not(mx_name_equal("example.jp", "example.jp.."));
	cr_assert_not(mx_name_equal("example.jp", "example.j"));
	cr_assert_not(mx_name_equal("aexample.jp", "example.jp"));
}

Test(name, under_means_whole_labels)
{
	cr_assert(mx_name_under("example.jp", "example.jp"));
	cr_assert(mx_name_under("Mail.Example.jp.", "example.JP"));
	cr_assert_not(mx_name_under("badexample.jp", "example.jp"));
	cr_assert_not(mx_name_under("jp", "example.jp"));
	cr_assert_not(mx_name_under("example.jp", ""));
}
