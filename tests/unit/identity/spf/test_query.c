/* test_query.c - who the sender is when little is said of him. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/identity/spf/query.h"

TestSuite(spf_query, .timeout = 20);

Test(spf_query, the_sender_is_made_whole)
{
	static const struct {
		const char *mail_from, *domain;
		const char *local, *sender_domain, *asked;
	} cases[] = {
		{ "a@b.example", NULL, "a", "b.example", "b.example" },
		{ "a@b.example", "c.example", "a", "b.example", "c.example" },
		{ "", NULL, "postmaster", "helo.example", "helo.example" },
		{ NULL, NULL, "postmaster", "helo.example", "helo.example" },
		{ "b.example", NULL, "postmaster", "b.example", "b.example" },
		{ "@b.example", NULL, "postmaster", "b.example", "b.example" },
		{ "\"a@b\"@c.example", NULL, "\"a@b\"", "c.example", "c.example" },
		{ "a@b\xc3\xbc"
		  "cher.example",
		    NULL, "a", "xn--bcher-kva.example", "xn--bcher-kva.example" },
		{ "a@\xff\xfe.example", NULL, "a", "\xff\xfe.example",
		    "\xff\xfe.example" },
	};
	struct mx_addr client;
	struct mx_spf_query query;

	cr_assert(mx_addr_parse("192.0.2.1", &client));
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct mx_spf_params params = { .client = &client,
			.helo = "helo.example",
			.mail_from = cases[i].mail_from,
			.domain = cases[i].domain };

		mx_spf_query_init(&query, &params, 7);
		cr_assert_str_eq(query.local, cases[i].local);
		cr_assert_str_eq(query.sender_domain, cases[i].sender_domain);
		cr_assert_str_eq(query.domain, cases[i].asked);
		cr_assert_str_eq(query.receiver, "unknown");
		cr_assert_eq(query.now_s, 7);
		mx_spf_query_clear(&query);
	}
}

Test(spf_query, a_client_wrapped_in_ipv6_is_ipv4)
{
	struct mx_addr client = { .family = AF_INET6,
		.bytes = { [10] = 0xff, [11] = 0xff, 192, 0, 2, 1 } };
	struct mx_spf_params params = { .client = &client, .helo = "h.example" };
	struct mx_spf_query query;
	char text[MX_ADDR_TEXT];

	mx_spf_query_init(&query, &params, 0);
	cr_assert_eq(query.client.family, AF_INET);
	cr_assert_str_eq(mx_addr_text(&query.client, text), "192.0.2.1");
	mx_spf_query_clear(&query);
}
