#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/cmd/check_options.h"
#include "probe/cmd/options.h"

TestSuite(check_options, .timeout = 10);

#define WORDS_MAX 16

/* NULL ends words. They outlive the options, as argv does. */
static enum mx_err
parse(struct mx_check_options *options, const char *const words[], struct mx_error *err)
{
	static char storage[WORDS_MAX][256];
	struct mx_cli cli = { .out = stdout, .err = stderr };
	char *argv[WORDS_MAX] = { storage[0] };
	int count = 1;

	snprintf(storage[0], sizeof storage[0], "check");
	for (size_t i = 0; words[i] != NULL; i++) {
		snprintf(storage[count], sizeof storage[0], "%s", words[i]);
		argv[count] = storage[count];
		count++;
	}
	mx_check_options_init(options);
	return mx_options_parse(
	    &cli, &mx_cmd_check, count, argv, options, mx_check_operand, err);
}

Test(check_options, defaults_are_the_contract_s)
{
	static const char *const words[] = { NULL };
	struct mx_check_options o;
	struct mx_error err = { 0 };

	cr_assert_eq(parse(&o, words, &err), MX_OK);
	cr_expect_eq(o.port, 25);
	cr_expect_eq(o.tls_mode, MX_TLS_MAY);
	cr_expect_eq(o.family, AF_UNSPEC);
	cr_expect_str_eq(o.format, "table");
	cr_expect_not(o.mx_all);
	cr_expect_not(o.depth_given);
	cr_expect_null(o.mail_from);
	cr_expect_eq(o.timeouts.total_us, 90 * INT64_C(1000000));
	mx_check_options_clear(&o);
}

Test(check_options, every_option_arrives)
{
	static const char *const first[] = { "--source", "192.0.2.1", "-s", "eth0",
		"--to", "a.jp", "b.jp", "-t", "@file", NULL };
	static const char *const second[] = { "--depth", "ehlo", "--helo",
		"mail.example.jp", "--mail-from", "", "--rcpt", "me@a.jp", "--mx", "all",
		"-6", NULL };
	static const char *const third[] = { "--tls", "require", "--port", "2525",
		"--format", "json", "--seen-as", "198.51.100.5", "--connect-timeout",
		"0.5", "--timeout", "7", NULL };
	static const char *const fourth[] = { "--dns-server", "127.0.0.1@5353",
		"--dns-server", "2001:db8::53", "--trust-anchor", "ta", "--ca-file",
		"ca.pem", NULL };
	struct mx_check_options o;
	struct mx_error err = { 0 };

	cr_assert_eq(parse(&o, first, &err), MX_OK, "%s", err.text);
	cr_assert_eq(o.sources.count, 2);
	cr_expect_str_eq(o.sources.items[1], "eth0");
	cr_assert_eq(o.destinations.count, 3);
	cr_expect_str_eq(o.destinations.items[1], "b.jp");
	cr_expect_str_eq(o.destinations.items[2], "@file");
	mx_check_options_clear(&o);

	cr_assert_eq(parse(&o, second, &err), MX_OK, "%s", err.text);
	cr_expect(o.depth_given);
	cr_expect_eq(o.depth, MX_STAGE_EHLO);
	cr_expect_str_eq(o.helo, "mail.example.jp");
	cr_expect_str_eq(o.mail_from, "");
	cr_expect_eq(o.mailboxes.count, 1);
	cr_expect(o.mx_all);
	cr_expect_eq(o.family, AF_INET6);
	mx_check_options_clear(&o);

	cr_assert_eq(parse(&o, third, &err), MX_OK, "%s", err.text);
	cr_expect_eq(o.tls_mode, MX_TLS_REQUIRE);
	cr_expect_eq(o.port, 2525);
	cr_expect_str_eq(o.format, "json");
	cr_expect_eq(o.seen_as.family, AF_INET);
	cr_expect_eq(o.timeouts.connect_us, 500000);
	cr_expect_eq(o.timeouts.total_us, 7000000);
	mx_check_options_clear(&o);

	cr_assert_eq(parse(&o, fourth, &err), MX_OK, "%s", err.text);
	cr_assert_eq(o.dns_servers.count, 2);
	cr_expect_eq(o.dns_servers.items[0].port, 5353);
	cr_expect_eq(o.dns_servers.items[1].port, 53);
	cr_expect_str_eq(o.trust_anchor, "ta");
	cr_expect_str_eq(o.ca_file, "ca.pem");
	mx_check_options_clear(&o);
}

static void
expect_place(const struct mx_place *place, const char *name, int family, uint16_t port,
    const char *text)
{
	cr_expect(mx_place_is_given(place), "%s", text);
	cr_expect_str_eq(place->name, name);
	cr_expect_eq(place->addr.family, family, "%s", text);
	cr_expect_eq(place->port, port, "%s", text);
}

Test(check_options, server_and_control_are_names_or_addresses_with_or_without_port)
{
	static const struct {
		const char *text, *name;
		int family;
		uint16_t port;
	} cases[] = {
		{ "mx.example.test", "mx.example.test", AF_UNSPEC, 0 },
		{ "MX.example.test.:2525", "mx.example.test", AF_UNSPEC, 2525 },
		{ "192.0.2.25", "", AF_INET, 0 },
		{ "192.0.2.25:2525", "", AF_INET, 2525 },
		{ "2001:db8::25", "", AF_INET6, 0 },
		{ "[2001:db8::25]:2525", "", AF_INET6, 2525 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *words[] = { "--server", cases[i].text, "--control",
			cases[i].text, NULL };
		struct mx_check_options o;
		struct mx_error err = { 0 };

		cr_assert_eq(parse(&o, words, &err), MX_OK, "%s", err.text);
		expect_place(&o.server, cases[i].name, cases[i].family, cases[i].port,
		    cases[i].text);
		expect_place(&o.control, cases[i].name, cases[i].family, cases[i].port,
		    cases[i].text);
		mx_check_options_clear(&o);
	}
}

/* What reaches the wire, and what could smuggle a second command into it. */
Test(check_options, nothing_that_could_be_a_command_passes)
{
	static const char *const options[] = { "--helo", "--mail-from", "--rcpt",
		"--server" };
	static const char *const named[] = { "HELO", "--mail-from", "--rcpt",
		"--server" };
	static const char *const poison[] = { "\r", "\n", "\r\nDATA\r\n", ">", "<",
		"> SIZE=1", "\t", "\x01", "\x7f", " x", "\x1b[2J" };

	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		for (size_t p = 0; p < sizeof poison / sizeof poison[0]; p++)
			for (int tail = 0; tail < 2; tail++) {
				struct mx_check_options o;
				struct mx_error err = { 0 };
				bool is_name = strcmp(options[i], "--helo") == 0 ||
					       strcmp(options[i], "--server") == 0;
				char value[64];
				const char *words[] = { options[i], value, NULL };

				snprintf(value, sizeof value, "%s%s%s%s",
				    is_name ? "" : "me@",
				    tail ? "mail.example.jp" : "mail", poison[p],
				    tail ? "" : ".example.jp");
				cr_expect_eq(parse(&o, words, &err), MX_ERR_USAGE,
				    "%s %s", options[i], value);
				cr_expect_null(
				    strpbrk(err.text, "\r\n\x1b"), "%s", err.text);
				cr_expect_not_null(strstr(err.text, named[i]), "%s: %s",
				    options[i], err.text);
				mx_check_options_clear(&o);
			}
}

Test(check_options, bad_values_say_what_would_be_good)
{
	/* clang-format off */
	static const struct {
		const char *words[4], *wanted;
	} cases[] = {
		{ { "--depth", "data" }, "--depth: \"data\" is not one of banner, ehlo, mail, rcpt" },
		{ { "--mx", "two" }, "--mx: \"two\" is not one of one, all" },
		{ { "--tls", "yes" }, "--tls: \"yes\" is not one of may, require, none" },
		{ { "--format", "xml" }, "--format: \"xml\" is not one of table, json, nagios" },
		{ { "--port", "0" }, "--port: \"0\" is not a number from 1 to 65535" },
		{ { "--port", "65536" }, "--port: \"65536\" is not a number from 1 to 65535" },
		{ { "--port", "25x" }, "--port: \"25x\" is not a number from 1 to 65535" },
		{ { "--timeout", "0" }, "--timeout: \"0\" is not a number of seconds from 0.01 to 600" },
		{ { "--connect-timeout", "1e9" }, "--connect-timeout: \"1e9\" is not a number of seconds from 0.01 to 120" },
		{ { "--dns-server", "dns.example" }, "--dns-server: \"dns.example\" is not ADDRESS or ADDRESS@PORT" },
		{ { "--seen-as", "host" }, "--seen-as: \"host\" is not an IP address" },
		{ { "--server", "a b" }, "--server: \"a b\" is not HOST, ADDRESS, HOST:PORT, ADDRESS:PORT or [IPV6]:PORT" },
		{ { "--server", "1.2.3" }, "--server: \"1.2.3\" is not HOST, ADDRESS, HOST:PORT, ADDRESS:PORT or [IPV6]:PORT" },
		{ { "--server", "192.0.2.256:25" }, "--server: \"192.0.2.256:25\" is not HOST, ADDRESS, HOST:PORT, ADDRESS:PORT or [IPV6]:PORT" },
		{ { "--control", "192.0.2." }, "--control: \"192.0.2.\" is not HOST, ADDRESS, HOST:PORT, ADDRESS:PORT or [IPV6]:PORT" },
		{ { "--server", "mx.test:99999" }, "--server: \"99999\" is not a number from 1 to 65535" },
		{ { "-4", "-6" }, "-4 and -6 exclude each other; give neither to use both families" },
		{ { "--to", "192.0.2.1" }, "--to: \"192.0.2.1\" is not a domain; repeat --source for more sources, use --server to probe an address" },
		{ { "--to", "192.0.2.0/24" }, "--to: \"192.0.2.0/24\" is not a domain; repeat --source for more sources, use --server to probe an address" },
		{ { "--to", "" }, "--to: the value is empty" },
		{ { "--source", "" }, "--source: the value is empty" },
		{ { "--ca-file", "" }, "--ca-file: the value is empty" },
		{ { "--trust-anchor", "" }, "--trust-anchor: the value is empty" },
		{ { "--store", "" }, "--store: the value is empty" },
		{ { "--wait=1" }, "check: --wait takes no value" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct mx_check_options o;
		struct mx_error err = { 0 };

		cr_expect_eq(parse(&o, cases[i].words, &err), MX_ERR_USAGE, "%s %s",
		    cases[i].words[0], cases[i].words[1]);
		cr_expect_str_eq(err.text, cases[i].wanted, "got %s", err.text);
		mx_check_options_clear(&o);
	}
}

/* Each long name and each letter stands for one thing, globals included. */
Test(check_options, names_are_unique)
{
	const struct mx_option *tables[] = { mx_check_option_rows, mx_global_options };

	for (size_t a = 0; a < 2; a++)
		for (const struct mx_option *x = tables[a]; x->name != NULL; x++) {
			size_t names = 0, letters = 0;

			for (size_t b = 0; b < 2; b++)
				for (const struct mx_option *y = tables[b];
				     y->name != NULL; y++) {
					names += strcmp(x->name, y->name) == 0;
					letters +=
					    x->letter != 0 && x->letter == y->letter;
				}
			cr_expect_eq(names, 1, "--%s", x->name);
			cr_expect_leq(letters, 1, "-%c", x->letter);
			cr_expect_not_null(x->help);
			cr_expect_eq(x->help[strlen(x->help) - 1], '.', "--%s", x->name);
		}
}
