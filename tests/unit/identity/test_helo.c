/* test_helo.c - the name we greet with is our own, or none. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/identity/helo.h"

TestSuite(helo, .timeout = 5);

Test(helo, host_names_and_literals_may_be_greeted_with)
{
	static const char *const good[] = { "mail.example.jp", "MAIL.Example.JP", "a.b",
		"203-0-113-5.example.jp", "[203.0.113.5]", "[IPv6:2001:db8::1]",
		"[ipv6:2001:DB8::1]", "notgmail.com", "gmail.com.example.jp",
		"p1.ocn.ne.jp", "xn--r8jz45g.jp" };

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct mx_error err = { 0 };

		cr_assert_eq(mx_helo_check(good[i], &err), MX_OK, "%s", err.text);
	}
}

Test(helo, what_may_never_be_one_is_refused_with_a_reason)
{
	static const struct {
		const char *helo, *reason;
	} table[] = {
		{ "", "empty" },
		{ "mail.example.jp\r\nMAIL FROM:<>", "printable ASCII" },
		{ "mail example.jp", "printable ASCII" },
		{ "mail.example.jp>", "printable ASCII" },
		{ "m\xc3\xa4il.example.jp", "printable ASCII" },
		{ "mail\x7f.example.jp", "printable ASCII" },
		{ "localhost", "every host calls itself that" },
		{ "LOCALHOST", "every host calls itself that" },
		{ "localhost.localdomain", "every host calls itself that" },
		{ "mail.localdomain", "every host calls itself that" },
		{ "mail", "full host name" },
		{ "mail.", "full host name" },
		{ "my_mail.example.jp", "full host name" },
		{ "-mail.example.jp", "full host name" },
		{ "203.0.113.5", "in brackets" },
		{ "2001:db8::1", "in brackets" },
		{ "[203.0.113.500]", "address literal" },
		{ "[2001:db8::1]", "address literal" },
		{ "[IPv6:203.0.113.5]", "address literal" },
		{ "[IPv6:fe80::1%lo]", "address literal" },
		{ "[203.0.113.5", "address literal" },
		{ "[]", "address literal" },
		{ "[mail.example.jp]", "address literal" },
		{ "gmail.com", "provider" },
		{ "mail.google.com", "provider" },
		{ "Outlook.COM", "provider" },
		{ "mx.docomo.ne.jp", "provider" },
		{ "yahoo.co.jp", "provider" },
		{ "i.softbank.jp", "provider" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct mx_error err = { 0 };

		cr_assert_eq(mx_helo_check(table[i].helo, &err), MX_ERR_USAGE, "%s",
		    table[i].helo);
		cr_assert_not_null(
		    strstr(err.text, table[i].reason), "%s: %s", table[i].helo, err.text);
	}
}

Test(helo, too_long_is_refused)
{
	char helo[MX_HELO_MAX + 1];

	for (size_t i = 0; i < MX_HELO_MAX; i++)
		helo[i] = i % 2 == 0 ? 'a' : '.';
	helo[MX_HELO_MAX] = '\0';
	cr_assert_eq(mx_helo_check(helo, NULL), MX_ERR_USAGE);
}

Test(helo, the_destinations_own_names_are_not_borrowed)
{
	static const struct {
		const char *helo, *destination, *mx_host;
		bool borrowed;
	} table[] = {
		{ "example.test", "example.test", NULL, true },
		{ "mail.Example.test", "example.test", NULL, true },
		{ "mx1.isp.test", "example.test", "mx1.isp.test", true },
		{ "a.mx1.isp.test", "example.test", "mx1.isp.test", true },
		{ "mail.isp.test", "example.test", "mx1.isp.test", false },
		{ "mail.example.jp", "example.test", "mx1.isp.test", false },
		{ "notexample.test", "example.test", NULL, false },
		{ "[203.0.113.5]", "example.test", "mx1.isp.test", false },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct mx_error err = { 0 };
		enum mx_err code = mx_helo_check_borrowed(
		    table[i].helo, table[i].destination, table[i].mx_host, &err);

		cr_assert_eq(
		    code, table[i].borrowed ? MX_ERR_USAGE : MX_OK, "row %zu", i);
		if (table[i].borrowed)
			cr_assert_not_null(strstr(err.text, table[i].helo));
	}
}

/* warning NULL: none may be given; else a part of it. */
static void
assert_choice(const char *wanted, const struct mx_fcrdns *fcrdns, const char *source,
    const char *helo, const char *warning)
{
	char out[MX_HELO_MAX], *given = NULL;
	struct mx_addr addr;

	cr_assert(mx_addr_parse(source, &addr));
	mx_helo_choose(wanted, fcrdns, &addr, out, &given);
	cr_assert_str_eq(out, helo);
	if (warning == NULL)
		cr_assert_null(given, "%s", given);
	else
		cr_assert(given != NULL && strstr(given, warning) != NULL, "warning: %s",
		    given);
	free(given);
}

static char host_name[] = "mail.example.jp", local_name[] = "localhost",
	    gmail_name[] = "mail.google.com";

Test(helo, the_confirmed_name_is_taken_when_none_is_wanted)
{
	struct mx_fcrdns pass = { .result = MX_FCRDNS_PASS, .name = host_name };

	assert_choice(NULL, &pass, "203.0.113.5", "mail.example.jp", NULL);
}

Test(helo, the_literal_is_the_last_resort_and_warned_about)
{
	struct mx_fcrdns none = { .result = MX_FCRDNS_NO_PTR, .name = NULL };
	struct mx_fcrdns mismatch = { .result = MX_FCRDNS_MISMATCH, .name = host_name };
	struct mx_fcrdns unknown = { .result = MX_FCRDNS_UNKNOWN, .name = NULL };
	struct mx_fcrdns local = { .result = MX_FCRDNS_PASS, .name = local_name };
	struct mx_fcrdns foreign = { .result = MX_FCRDNS_PASS, .name = gmail_name };

	assert_choice(NULL, &none, "203.0.113.5", "[203.0.113.5]", "no PTR record");
	assert_choice(NULL, &mismatch, "203.0.113.5", "[203.0.113.5]", "lead back");
	assert_choice(
	    NULL, &unknown, "2001:db8::1", "[IPv6:2001:db8::1]", "could not tell");
	assert_choice(NULL, NULL, "2001:db8::1", "[IPv6:2001:db8::1]", "could not tell");
	assert_choice(NULL, &local, "127.0.0.1", "[127.0.0.1]", "cannot be a HELO");
	assert_choice(NULL, &foreign, "203.0.113.5", "[203.0.113.5]", "cannot be a HELO");
}

Test(helo, what_is_wanted_is_taken_and_doubted_only_when_dns_says_otherwise)
{
	struct mx_fcrdns pass = { .result = MX_FCRDNS_PASS, .name = host_name };
	struct mx_fcrdns none = { .result = MX_FCRDNS_NO_PTR, .name = NULL };
	struct mx_fcrdns mismatch = { .result = MX_FCRDNS_MISMATCH, .name = host_name };
	struct mx_fcrdns unknown = { .result = MX_FCRDNS_UNKNOWN, .name = NULL };

	assert_choice("Mail.Example.jp", &pass, "203.0.113.5", "Mail.Example.jp", NULL);
	assert_choice("a.example.jp", &pass, "203.0.113.5", "a.example.jp",
	    "not the name DNS confirms for 203.0.113.5: mail.example.jp");
	assert_choice(
	    "a.example.jp", &none, "203.0.113.5", "a.example.jp", "no PTR record");
	assert_choice("a.example.jp", &none, "127.0.0.2", "a.example.jp", NULL);
	assert_choice(
	    "a.example.jp", &mismatch, "203.0.113.5", "a.example.jp", "lead back");
	assert_choice("a.example.jp", &unknown, "203.0.113.5", "a.example.jp", NULL);
	assert_choice("a.example.jp", NULL, "203.0.113.5", "a.example.jp", NULL);
	assert_choice("[203.0.113.5]", &pass, "203.0.113.5", "[203.0.113.5]", "literal");
}
