/* test_generic.c - names out of a pool, and names that somebody has chosen. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/identity/generic.h"

TestSuite(generic, .timeout = 5);

static void
expect(const char *address, const char *name, const char *sign)
{
	struct mx_addr addr;
	char *found;

	cr_assert(mx_addr_parse(address, &addr));
	found = mx_generic_sign(name, &addr);
	if (sign == NULL)
		cr_assert_null(found, "%s of %s: %s", name, address, found);
	else
		cr_assert(found != NULL && strstr(found, sign) != NULL, "%s of %s: %s",
		    name, address, found != NULL ? found : "nothing");
	free(found);
}

Test(generic, an_address_in_the_name_shows)
{
	static const struct {
		const char *address, *name, *sign;
	} table[] = {
		{ "203.0.113.5", "203-0-113-5.example.net", "203-0-113-5" },
		{ "203.0.113.5", "host-203.0.113.5.example.net", "203.0.113.5" },
		{ "203.0.113.5", "5.113.0.203.example.net", "5.113.0.203" },
		{ "203.0.113.5", "x5x113x0x203.example.net", "5x113x0x203" },
		{ "203.0.113.5", "p203000113005.example.net", "203000113005" },
		{ "203.0.113.5", "cb007105.example.net", "cb007105" },
		{ "203.0.113.5", "ip203-0-113.example.net", "203-0-113" },
		{ "203.0.113.5", "h5.113.0.example.net", "5.113.0" },
		{ "198.51.100.23", "ns1.ip-198-51-100.eu", "198-51-100" },
		{ "2001:db8::1", "2001-db8--1.example.net", "2001-db8--1" },
		{ "2001:db8:1:2:a:b:c:d", "a-b-c-d.v6.example.net", "a-b-c-d" },
		{ "2001:db8::1",
		    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
		    "example.net",
		    "hexadecimal" },
		{ "2001:db8:1:2:1234:5678:9abc:def0", "h123456789abcdef0.example.net",
		    "hexadecimal" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		expect(table[i].address, table[i].name, table[i].sign);
}

Test(generic, words_of_access_lines_show)
{
	expect("203.0.113.5", "dynamic-7.example.net", "\"dynamic\"");
	expect("203.0.113.5", "abc.dsl.example.net", "\"dsl\"");
	expect("203.0.113.5", "p12.ppp3.tokyo.example.ne.jp", "\"ppp\"");
	expect("203.0.113.5", "static-ip-77.example.com", "\"static\"");
	expect("203.0.113.5", "dhcp7.example.com", "\"dhcp\"");
	expect("2001:db8::1", "cable.v6.example.com", "\"cable\"");
}

Test(generic, chosen_names_do_not)
{
	expect("203.0.113.5", "mail.example.jp", NULL);
	expect("203.0.113.5", "mx5.example.jp", NULL);
	expect("203.0.113.5", "smtp-113-5.example.jp", NULL);
	expect("203.0.113.5", "mail.dsl.net", NULL);
	expect("203.0.113.5", "mail.pool.example", NULL);
	expect("203.0.113.5", "dynamics.example.jp", NULL);
	/* the address is the inside of longer numbers */
	expect("1.2.3.4", "m11.2.3.44.example.jp", NULL);
	expect("203.0.113.5", "m1203-0-1139.example.jp", NULL);
	expect("2001:db8::1", "mail.example.jp", NULL);
	expect("2001:db8::1", "mail1.example.jp", NULL);
}
