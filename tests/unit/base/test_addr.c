/* test_addr.c - every form of an address, there and back. */
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>

#include "probe/base/addr.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

TestSuite(addr, .timeout = 5);

static struct mx_addr
parsed(const char *text)
{
	struct mx_addr addr;

	cr_assert(mx_addr_parse(text, &addr), "%s", text);
	return addr;
}

/* Canonical text as RFC 5952 wants it. */
static const struct {
	const char *in, *out;
	sa_family_t family;
} good[] = {
	{ "203.0.113.5", "203.0.113.5", AF_INET },
	{ "0.0.0.0", "0.0.0.0", AF_INET },
	{ "255.255.255.255", "255.255.255.255", AF_INET },
	{ "2001:DB8::1", "2001:db8::1", AF_INET6 },
	{ "2001:0db8:0:0:0:0:0:1", "2001:db8::1", AF_INET6 },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", AF_INET6 },
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1", AF_INET6 },
	{ "::", "::", AF_INET6 },
	{ "::1", "::1", AF_INET6 },
	{ "::ffff:192.0.2.7", "192.0.2.7", AF_INET },
	{ "::FFFF:C000:0207", "192.0.2.7", AF_INET },
	{ "fe80::1%lo", "fe80::1%lo", AF_INET6 },
	{ "fe80::1%1", "fe80::1%lo", AF_INET6 },
	{ "fe80::1%4000000000", "fe80::1%4000000000", AF_INET6 },
};

Test(addr, text_becomes_canonical)
{
	char text[MX_ADDR_TEXT];

	for (size_t i = 0; i < COUNT(good); i++) {
		struct mx_addr addr = parsed(good[i].in);

		cr_assert_eq(addr.family, good[i].family, "%s", good[i].in);
		cr_assert_eq(addr.port, 0);
		cr_assert_str_eq(mx_addr_text(&addr, text), good[i].out);
	}
}

Test(addr, anything_else_is_refused)
{
	static const char *const bad[] = {
		"", " ", "1.2.3", "1.2.3.4 ", " 1.2.3.4", "1.2.3.256", "01.2.3.4",
		"1.2.3.4.5", "0x7f.0.0.1", "2130706433", "1.2.3.4/24", "1.2.3.4:25",
		"[::1]", "::g", ":::", "1::2::3", "2001:db8::1%lo", "::1%lo",
		"1.2.3.4%lo", "fe80::1%", "fe80::1%nosuchinterface", "fe80::1%0",
		"fe80::1%4294967296", "mail.example.jp", "1.2.3.4\n", "localhost",
		"00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	};
	struct mx_addr addr;

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_assert_not(mx_addr_parse(bad[i], &addr), "%s", bad[i]);
}

Test(addr, port_in_each_of_its_spellings)
{
	static const struct {
		const char *in, *out;
	} table[] = {
		{ "192.0.2.1", "192.0.2.1:25" },
		{ "192.0.2.1:2525", "192.0.2.1:2525" },
		{ "192.0.2.1@53", "192.0.2.1:53" },
		{ "2001:db8::1", "[2001:db8::1]:25" },
		{ "2001:db8::1@53", "[2001:db8::1]:53" },
		{ "[2001:db8::1]", "[2001:db8::1]:25" },
		{ "[2001:db8::1]:65535", "[2001:db8::1]:65535" },
		{ "[fe80::1%lo]:1", "[fe80::1%lo]:1" },
		{ "::1", "[::1]:25" },
	};
	char text[MX_ADDR_TEXT];
	struct mx_addr addr;

	for (size_t i = 0; i < COUNT(table); i++) {
		cr_assert(mx_addr_parse_port(table[i].in, 25, &addr), "%s", table[i].in);
		cr_assert_str_eq(mx_addr_text_port(&addr, text), table[i].out);
	}
}

Test(addr, wrong_ports_are_refused)
{
	static const char *const bad[] = { "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536",
		"192.0.2.1:+25", "192.0.2.1: 25", "192.0.2.1:25x", "192.0.2.1@",
		"192.0.2.1@53@53", "[::1", "[::1]25", "[::1]:", "[::1]x:25",
		"[192.0.2.1]:25", "[]:25", "::1]:25", "", ":25", "@25", "[", "host:25",
		"192.0.2.1:99999999999999999999" };
	struct mx_addr addr;

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_assert_not(mx_addr_parse_port(bad[i], 25, &addr), "%s", bad[i]);
}

Test(addr, where_to_listen_is_an_address_with_a_port)
{
	static const struct {
		const char *in, *out;
	} fine[] = { { "127.0.0.1:9925", "127.0.0.1:9925" }, { "[::1]:80", "[::1]:80" },
		{ "127.0.0.1:0", "127.0.0.1" }, { "[::]:0", "::" } };
	static const char *const bad[] = { "127.0.0.1", "[::1]", "::1", "127.0.0.1@80",
		"127.0.0.1:", "127.0.0.1:65536", "localhost:80", "9925", ":80", "" };
	struct mx_addr addr;
	char text[MX_ADDR_TEXT];

	for (size_t i = 0; i < COUNT(fine); i++) {
		cr_assert(mx_addr_parse_listen(fine[i].in, &addr), "%s", fine[i].in);
		if (addr.port != 0)
			cr_expect_str_eq(mx_addr_text_port(&addr, text), fine[i].out);
		else
			cr_expect_str_eq(mx_addr_text(&addr, text), fine[i].out);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		cr_expect_not(mx_addr_parse_listen(bad[i], &addr), "%s", bad[i]);
}

Test(addr, literals_are_those_of_rfc_5321)
{
	char text[MX_ADDR_TEXT];
	struct mx_addr v4 = parsed("203.0.113.5"), v6 = parsed("2001:db8::1"),
		       local = parsed("fe80::1%lo");

	cr_assert_str_eq(mx_addr_literal(&v4, text), "[203.0.113.5]");
	cr_assert_str_eq(mx_addr_literal(&v6, text), "[IPv6:2001:db8::1]");
	cr_assert_str_eq(mx_addr_literal(&local, text), "[IPv6:fe80::1]");
}

Test(addr, reverse_names)
{
	char text[MX_ADDR_TEXT];
	struct mx_addr v4 = parsed("203.0.113.5"), v6 = parsed("2001:db8::567:89ab");

	cr_assert_str_eq(mx_addr_reverse_name(&v4, text), "5.113.0.203.in-addr.arpa");
	cr_assert_str_eq(mx_addr_reverse_name(&v6, text),
	    "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

Test(addr, an_empty_address_is_no_text)
{
	char text[MX_ADDR_TEXT];
	struct mx_addr none = { 0 };
	struct sockaddr_storage sa;

	cr_assert_str_eq(mx_addr_text(&none, text), "");
	cr_assert_str_eq(mx_addr_reverse_name(&none, text), "");
	cr_assert_eq(mx_addr_to_sockaddr(&none, &sa), 0);
}

Test(addr, kernel_form_there_and_back)
{
	static const char *const texts[] = { "203.0.113.5", "2001:db8::1", "fe80::1%lo" };
	struct sockaddr_storage sa;
	struct mx_addr back;

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct mx_addr addr = parsed(texts[i]);

		addr.port = 2525;
		cr_assert_eq(mx_addr_to_sockaddr(&addr, &sa),
		    addr.family == AF_INET ? sizeof(struct sockaddr_in)
					   : sizeof(struct sockaddr_in6));
		cr_assert(mx_addr_from_sockaddr((const struct sockaddr *)&sa, &back));
		cr_assert_eq(memcmp(&addr, &back, sizeof addr), 0, "%s", texts[i]);
	}
	sa.ss_family = AF_UNIX;
	cr_assert_not(mx_addr_from_sockaddr((const struct sockaddr *)&sa, &back));
}

Test(addr, a_dual_stack_socket_s_peer_is_v4)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6, .sin6_port = htons(25) };
	struct mx_addr addr, v4 = parsed("192.0.2.7");

	memcpy(&sa.sin6_addr, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\7", 16);
	cr_assert(mx_addr_from_sockaddr((const struct sockaddr *)&sa, &addr));
	cr_assert(mx_addr_equal(&addr, &v4));
	cr_assert_eq(addr.port, 25);
}

Test(addr, scope_counts_only_where_both_have_one)
{
	struct mx_addr bare = parsed("fe80::1"), one = parsed("fe80::1%1"),
		       two = parsed("fe80::1%4000000000");

	cr_assert(mx_addr_equal(&bare, &one));
	cr_assert_not(mx_addr_equal(&one, &two));
	one.port = 25;
	cr_assert(mx_addr_equal(&bare, &one));
}

Test(addr, order_is_v4_first_then_bytes)
{
	static const char *const sorted[] = { "0.0.0.1", "9.0.0.0", "10.0.0.0",
		"255.0.0.0", "::", "::1", "2001:db8::", "fe80::1", "fe80::1%lo" };

	for (size_t i = 0; i < COUNT(sorted); i++)
		for (size_t j = 0; j < COUNT(sorted); j++) {
			struct mx_addr a = parsed(sorted[i]), b = parsed(sorted[j]);
			int order = mx_addr_compare(&a, &b);

			cr_assert_eq((order > 0) - (order < 0), (i > j) - (i < j),
			    "%s %s", sorted[i], sorted[j]);
		}
}

Test(addr, one_hosts)
{
	static const char *const no[] = { "0.0.0.0", "224.0.0.1", "240.0.0.1",
		"255.255.255.255", "::", "ff02::1" };
	static const char *const yes[] = { "127.0.0.1", "198.51.100.25", "::1",
		"2001:db8::25" };
	struct mx_addr addr;

	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		cr_assert(mx_addr_parse(no[i], &addr));
		cr_expect_not(mx_addr_is_one_hosts(&addr), "%s", no[i]);
	}
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		cr_assert(mx_addr_parse(yes[i], &addr));
		cr_expect(mx_addr_is_one_hosts(&addr), "%s", yes[i]);
	}
	/* As an AAAA record may have it; text of that form is read as IPv4. */
	addr = (struct mx_addr){ .family = AF_INET6,
		.bytes = { [10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1 } };
	cr_expect_not(mx_addr_is_one_hosts(&addr));
}

Test(addr, network_is_a_24_or_a_64)
{
	static const char *const pairs[][2] = {
		{ "203.0.113.77", "203.0.113.0" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::" },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct mx_addr addr, network, wanted;

		cr_assert(mx_addr_parse_port(pairs[i][0], 25, &addr));
		cr_assert(mx_addr_parse(pairs[i][1], &wanted));
		network = mx_addr_network(&addr);
		cr_expect(mx_addr_equal(&network, &wanted), "%s", pairs[i][0]);
		cr_expect_eq(network.port, 0);
	}
}

Test(addr, loopback)
{
	struct mx_addr yes[] = { parsed("127.0.0.1"), parsed("127.255.0.9"),
		parsed("::1") };
	struct mx_addr no[] = { parsed("128.0.0.1"), parsed("::2"), parsed("7f00::1") };

	for (size_t i = 0; i < COUNT(yes); i++) {
		cr_assert(mx_addr_is_loopback(&yes[i]));
		cr_assert_not(mx_addr_is_loopback(&no[i]));
	}
}

Test(addr, block_contains_exactly_its_addresses)
{
	static const struct {
		const char *block, *inside, *outside;
	} table[] = {
		{ "203.0.113.0/24", "203.0.113.255", "203.0.112.255" },
		{ "203.0.113.4/31", "203.0.113.5", "203.0.113.6" },
		{ "203.0.113.4/32", "203.0.113.4", "203.0.113.5" },
		{ "192.0.0.0/3", "223.255.255.255", "224.0.0.0" },
		{ "0.0.0.0/0", "255.1.2.3", "::1" },
		{ "2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::" },
		{ "::/0", "ffff::", "1.2.3.4" },
		{ "2001:db8::1/128", "2001:db8::1", "2001:db8::2" },
	};
	struct mx_cidr block;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct mx_addr inside = parsed(table[i].inside),
			       outside = parsed(table[i].outside);

		cr_assert(mx_cidr_parse(table[i].block, &block), "%s", table[i].block);
		cr_assert(mx_cidr_contains(&block, &inside), "%s", table[i].block);
		cr_assert_not(mx_cidr_contains(&block, &outside), "%s", table[i].block);
	}
}

Test(addr, blocks_that_are_none)
{
	static const char *const bad[] = { "203.0.113.5", "203.0.113.5/24",
		"203.0.113.0/33", "203.0.113.0/", "203.0.113.0/-1", "203.0.113.0/24x",
		"/24", "2001:db8::/129", "2001:db8::1/64", "203.0.113.0/255.255.255.0",
		"::ffff:203.0.113.0/120", "" };
	struct mx_cidr block;

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_assert_not(mx_cidr_parse(bad[i], &block), "%s", bad[i]);
}
