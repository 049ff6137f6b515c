/* test_source.c - which addresses are ours; some tests make a network of their own. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"
#include "probe/net/source.h"

TestSuite(source, .timeout = 20);

/* The addresses as one string, to compare with what a person would write. */
static const char *
listed(const struct mx_sources *sources)
{
	static char list[1024];
	char text[MX_ADDR_TEXT];
	size_t at = 0;

	list[0] = '\0';
	for (size_t i = 0; i < sources->count && at < sizeof list - MX_ADDR_TEXT; i++)
		at += (size_t)snprintf(list + at, sizeof list - at, "%s%s",
		    i > 0 ? " " : "", mx_addr_text(&sources->addrs[i], text));
	return list;
}

static void
add(struct mx_sources *sources, const char *spec)
{
	struct mx_error err = { 0 };

	cr_assert_eq(
	    mx_sources_add(sources, spec, &err), MX_OK, "%s: %s", spec, err.text);
}

static void
expect(const char *spec, const char *list)
{
	struct mx_sources sources = { 0 };

	add(&sources, spec);
	cr_assert_str_eq(listed(&sources), list);
	mx_sources_clear(&sources);
}

static void
expect_refused(const char *spec, enum mx_err code, const char *hint)
{
	struct mx_sources sources = { 0 };
	struct mx_error err = { 0 };

	add(&sources, "127.0.0.9");
	cr_assert_eq(
	    mx_sources_add(&sources, spec, &err), code, "%s: %s", spec, err.text);
	cr_assert_not_null(strstr(err.text, hint), "%s: %s", spec, err.text);
	cr_assert_str_eq(listed(&sources), "127.0.0.9", "%s left something behind", spec);
	mx_sources_clear(&sources);
}

/* ---- single addresses, blocks, interfaces ---- */

Test(source, an_address_of_this_host_is_taken)
{
	expect("127.0.0.1", "127.0.0.1");
}

Test(source, all_of_127_is_ours)
{
	expect("127.0.0.5", "127.0.0.5");
	expect("127.200.3.4", "127.200.3.4");
}

Test(source, an_address_of_somebody_else_is_refused_and_ours_are_named)
{
	expect_refused("203.0.113.77", MX_ERR_USAGE, "203.0.113.77");
	expect_refused("203.0.113.77", MX_ERR_USAGE, "this host has 127.0.0.1");
	expect_refused("2001:db8::77", MX_ERR_USAGE, "2001:db8::77");
}

/* bind() takes these, but nothing ever leaves from them. */
Test(source, what_bind_takes_is_not_always_an_address)
{
	static const char *const nobodies[] = { "0.0.0.0", "::", "224.0.0.1",
		"255.255.255.255", "127.255.255.255", "ff02::1" };

	for (size_t i = 0; i < sizeof nobodies / sizeof *nobodies; i++)
		expect_refused(nobodies[i], MX_ERR_USAGE, "no address of this host");
}

Test(source, any_address_will_do_to_look_up)
{
	struct mx_sources sources = { 0 };
	struct mx_error err = { 0 };

	cr_assert_eq(mx_sources_add_any(&sources, "203.0.113.77", &err), MX_OK);
	cr_assert_eq(mx_sources_add_any(&sources, "203.0.113.76/30", &err), MX_OK);
	cr_assert_eq(mx_sources_add_any(&sources, "2001:db8::/127", &err), MX_OK);
	cr_assert_str_eq(listed(&sources),
	    "203.0.113.77 203.0.113.76 203.0.113.78 203.0.113.79 2001:db8:: 2001:db8::1");
	cr_assert_eq(mx_sources_add_any(&sources, "10.0.0.0/15", &err), MX_ERR_USAGE);
	cr_assert_not_null(strstr(err.text, "would be looked up"), "%s", err.text);
	err = (struct mx_error){ 0 };
	cr_assert_eq(mx_sources_add_any(&sources, "nosuch0", &err), MX_ERR_USAGE);
	cr_assert_eq(sources.count, 6);
	mx_sources_clear(&sources);
}

Test(source, a_block_becomes_its_addresses_that_are_ours)
{
	expect("127.0.0.4/30", "127.0.0.4 127.0.0.5 127.0.0.6 127.0.0.7");
	expect("127.0.0.1/32", "127.0.0.1");
	expect("127.255.255.254/31", "127.255.255.254");
}

Test(source, a_block_without_any_is_refused)
{
	expect_refused("203.0.113.0/24", MX_ERR_USAGE, "no address of this host");
	expect_refused("2001:db8::/32", MX_ERR_USAGE, "none of it is on an interface");
	expect_refused("127.0.0.5/30", MX_ERR_USAGE, "is no block");
	expect_refused("127.0.0.0/33", MX_ERR_USAGE, "is no block");
	expect_refused("eth0/24", MX_ERR_USAGE, "is no block");
}

Test(source, too_many_addresses_are_refused)
{
	expect_refused("127.0.0.0/8", MX_ERR_USAGE, "smaller block");
	expect_refused("127.1.0.0/16", MX_ERR_USAGE, "65536"); /* one is there already */
}

Test(source, an_interface_stands_for_its_addresses)
{
	struct mx_sources sources = { 0 };
	struct mx_addr one;

	add(&sources, "lo");
	cr_assert(mx_addr_parse("127.0.0.1", &one));
	cr_assert_geq(sources.count, 1);
	cr_assert(mx_addr_equal(&sources.addrs[0], &one), "%s", listed(&sources));
	mx_sources_clear(&sources);
}

Test(source, an_unknown_interface_is_refused)
{
	expect_refused("eth77", MX_ERR_USAGE, "no address, block or interface");
	expect_refused("", MX_ERR_USAGE, "no address, block or interface");
	expect_refused("mail.example.jp", MX_ERR_USAGE, "no address, block or interface");
}

Test(source, hostile_text_in_an_error_is_escaped)
{
	struct mx_sources sources = { 0 };
	struct mx_error err = { 0 };

	cr_assert_eq(mx_sources_add(&sources, "\x1b[31m\n", &err), MX_ERR_USAGE);
	cr_assert_null(strchr(err.text, '\x1b'));
	cr_assert_null(strchr(err.text, '\n'));
	mx_sources_clear(&sources);
}

Test(source, doubles_are_dropped_and_the_order_written_is_kept)
{
	struct mx_sources sources = { 0 };

	add(&sources, "127.0.0.7");
	add(&sources, "127.0.0.5");
	add(&sources, "127.0.0.7");
	add(&sources, "127.0.0.4/30");
	cr_assert_str_eq(listed(&sources), "127.0.0.7 127.0.0.5 127.0.0.4 127.0.0.6");
	mx_sources_clear(&sources);
}

/* ---- @FILE ---- */

static char spec[64]; /* "@FILE" */

static void
write_file(const char *bytes, size_t len)
{
	int fd;

	snprintf(spec, sizeof spec, "@/tmp/mx-source-XXXXXX");
	fd = mkstemp(spec + 1);
	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static void
remove_file(void)
{
	unlink(spec + 1);
}

Test(source, a_file_holds_one_a_line, .fini = remove_file)
{
	static const char text[] = "# our senders\n"
				   "127.0.0.7\n"
				   "\n"
				   "  127.0.0.5\t# the second\r\n"
				   "127.0.0.4/31\n"
				   "127.0.0.8";

	write_file(text, sizeof text - 1);
	expect(spec, "127.0.0.7 127.0.0.5 127.0.0.4 127.0.0.8");
}

Test(source, an_error_in_a_file_names_the_line, .fini = remove_file)
{
	static const char text[] = "127.0.0.7\n\n203.0.113.77\n";
	char place[80];

	write_file(text, sizeof text - 1);
	snprintf(place, sizeof place, "%s:3: ", spec + 1);
	expect_refused(spec, MX_ERR_USAGE, place);
}

Test(source, a_file_can_not_name_a_file, .fini = remove_file)
{
	static const char text[] = "@/etc/hostname\n";

	write_file(text, sizeof text - 1);
	expect_refused(spec, MX_ERR_USAGE, "can't name another list");
}

Test(source, a_line_with_a_nul_is_refused, .fini = remove_file)
{
	static const char text[] = "127.0.0.7\0 and more\n";

	write_file(text, sizeof text - 1);
	expect_refused(spec, MX_ERR_USAGE, ":1: ");
}

Test(source, a_file_without_any_source_is_refused, .fini = remove_file)
{
	static const char text[] = "# nothing yet\n";

	write_file(text, sizeof text - 1);
	expect_refused(spec, MX_ERR_USAGE, "names no source");
}

Test(source, a_file_that_is_not_there_is_refused)
{
	expect_refused("@/nonexistent/sources", MX_ERR_USAGE, "No such file");
	expect_refused("@/tmp", MX_ERR_USAGE, "Is a directory");
}

/* ---- a network of our own: needs root, is skipped without ---- */

Test(source, an_address_that_a_route_calls_local_is_ours)
{
	own_network();
	expect_refused("203.0.113.5", MX_ERR_USAGE, "no address of this host");
	if (ip("route add local 203.0.113.0/29 dev lo") != 0)
		cr_skip_test("AnyIP is not to be had");
	expect("203.0.113.5", "203.0.113.5");
	expect("203.0.113.4/30", "203.0.113.4 203.0.113.5 203.0.113.6 203.0.113.7");
}

/* With ip_nonlocal_bind each bind succeeds, so it proves nothing. */
Test(source, nonlocal_bind_makes_nobody_elses_address_ours)
{
	FILE *knob;

	own_network();
	knob = fopen("/proc/sys/net/ipv4/ip_nonlocal_bind", "w");
	if (knob == NULL || fputs("1\n", knob) < 0 || fclose(knob) != 0)
		cr_skip_test("ip_nonlocal_bind can't be set");
	expect_refused("203.0.113.5", MX_ERR_USAGE, "no address of this host");
	expect("127.0.0.5", "127.0.0.5");
}

Test(source, many_owned_addresses_are_named_in_part)
{
	own_network();
	for (int i = 1; i <= 12; i++) {
		char command[80];
		snprintf(command, sizeof command, "addr add 198.51.100.%d/24 dev lo", i);
		cr_assert_eq(ip(command), 0);
	}
	expect_refused("203.0.113.5", MX_ERR_USAGE, "198.51.100.2");
	expect_refused("203.0.113.5", MX_ERR_USAGE, " more");
	/* The network's last address is nobody's, though bind() takes it. */
	expect_refused("198.51.100.255", MX_ERR_USAGE, "no address of this host");
	expect(
	    "198.51.100.8/30", "198.51.100.8 198.51.100.9 198.51.100.10 198.51.100.11");
}
