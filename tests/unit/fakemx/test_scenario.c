#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenarios/fakemx/scenario.h"

TestSuite(scenario, .timeout = 20);

static struct mx_scenario *
parse(const char *text, struct mx_error *err)
{
	return mx_scenario_parse("world.yaml", text, strlen(text), err);
}

static struct mx_scenario *
must_parse(const char *text)
{
	struct mx_error err = { 0 };
	struct mx_scenario *scenario = parse(text, &err);

	cr_assert_not_null(scenario, "%s", err.text);
	return scenario;
}

Test(scenario, three_lines_make_a_server_that_accepts)
{
	struct mx_scenario *s = must_parse("about: x\n"
					   "servers:\n"
					   "  - address: 127.0.1.1\n");

	cr_assert_eq(s->server_count, 1);
	cr_expect_eq(s->servers[0].listen, MX_LISTEN_ACCEPT);
	cr_expect_null(s->servers[0].tls);
	cr_expect_str_eq(s->servers[0].name, "[127.0.1.1]");
	cr_expect_null(s->expect);
	mx_scenario_free(s);
}

Test(scenario, a_server_bears_the_name_that_the_zone_gives_its_address)
{
	struct mx_scenario *s =
	    must_parse("about: x\n"
		       "zone:\n"
		       "  - {name: mx.example.test, type: A, data: 127.0.1.1}\n"
		       "servers:\n"
		       "  - address: 127.0.1.1\n"
		       "  - {address: 127.0.1.2, name: other.example.test}\n");

	cr_expect_str_eq(s->servers[0].name, "mx.example.test");
	cr_expect_str_eq(s->servers[1].name, "other.example.test");
	mx_scenario_free(s);
}

Test(scenario, everything_that_a_rule_can_say_is_read)
{
	struct mx_scenario *s = must_parse(
	    "about: x\n"
	    "servers:\n"
	    "  - address: 127.0.1.1\n"
	    "    tls: good\n"
	    "    tls_version: TLSv1.0\n"
	    "    replies:\n"
	    "      - command: MAIL\n"
	    "        when: {client: 127.0.0.0/30, helo: 'm*', sender: 'a@*', "
	    "session_from: 2,\n"
	    "               session_to: 3, after_ms: 10, before_ms: 20, others: 1,\n"
	    "               tls: encrypted}\n"
	    "        delay_ms: 5\n"
	    "        reply: [250-a, 250 b]\n"
	    "        line_delay_ms: 7\n"
	    "        bytes: '\\x00\\r\\n'\n"
	    "        drip: {bytes: 1, every_ms: 2}\n"
	    "        flood: {bytes: 100, text: x}\n"
	    "        then: reset\n");
	const struct mx_script_rule *r = &s->servers[0].replies[0];

	cr_expect_eq(s->servers[0].tls_version, MX_TLSV_1_0);
	cr_expect_eq(r->command, MX_WORD_MAIL);
	cr_expect_eq(r->reply_count, 2);
	cr_expect_str_eq(r->reply[1], "250 b");
	cr_expect_eq(r->when->session_to, 3);
	cr_expect_eq(r->when->tls, MX_WHEN_ENCRYPTED);
	cr_expect_eq(r->drip->every_ms, 2);
	cr_expect_eq(r->flood->bytes, 100);
	cr_expect_eq(r->then, MX_THEN_RESET);
	mx_scenario_free(s);
}

Test(scenario, an_address_literal_can_own_a_ptr_record)
{
	struct mx_scenario *s =
	    must_parse("about: x\n"
		       "zone:\n"
		       "  - {name: 127.0.0.2, type: PTR, data: mail.example.jp}\n");

	cr_expect_eq(s->zone_count, 1);
	mx_scenario_free(s);
}

#define SERVER "about: x\nservers:\n  - address: 127.0.1.1\n"
#define RULE SERVER "    replies:\n"

/* clang-format off */
static const struct {
	const char *text;
	const char *complaint[3]; /* each occurs in the message */
} faults[] = {
	{ "about: x\nserver: []\n",                    { "world.yaml:2", "server" } },
	{ "zone: []\n",                                { "about", "missing" } },
	{ "about: x\nzone:\n  - {name: a.test, type: A, data: 1.2.3}\n",
	                                               { "zone[0]", "not an IPv4 address" } },
	{ "about: x\nzone:\n  - {name: a.test, type: A, data: '::1'}\n",
	                                               { "zone[0]", "not an IPv4 address" } },
	{ "about: x\nzone:\n  - {name: a..test, type: A, data: 127.0.0.1}\n",
	                                               { "zone[0]", "not a domain name" } },
	{ "about: x\nzone:\n  - {name: a.test, type: MX, data: mx.test}\n",
	                                               { "zone[0]", "PREFERENCE HOST" } },
	{ "about: x\nzone:\n  - {name: a.test, type: MX, data: 70000 mx.test}\n",
	                                               { "zone[0]", "PREFERENCE HOST" } },
	{ "about: x\nzone:\n  - {name: a.test, type: TLSA, data: 3 1 1 abc}\n",
	                                               { "zone[0]", "HEX" } },
	{ "about: x\nzone:\n  - {name: a.test, type: A}\n",
	                                               { "zone[0]", "data is missing" } },
	{ "about: x\nzone:\n  - {name: a.test, data: 127.0.0.1}\n",
	                                               { "zone[0]", "needs a type" } },
	{ "about: x\nzone:\n  - {name: a.test, type: A, answer: drop, data: 127.0.0.1}\n",
	                                               { "zone[0]", "data can't stand" } },
	{ "about: x\nservers:\n  - address: 192.0.2.1\n",
	                                               { "servers[0].address", "no loopback address" } },
	{ "about: x\nservers:\n  - address: 127.0.1.1\n  - address: 127.0.1.1\n",
	                                               { "servers[1].address", "taken by servers[0]" } },
	{ SERVER "    tls: golden\n",                  { "servers[0].tls", "golden", "self-signed" } },
	{ SERVER "    tls_version: TLSv1.0\n",         { "servers[0].tls_version", "needs tls" } },
	{ SERVER "    tls_version: SSLv3\n",           { "tls_version", "TLSv1.3" } },
	{ SERVER "    greeting: [\"220 a\\r\\n\"]\n",  { "servers[0].greeting[0]", "line end" } },
	{ RULE "      - command: MALE\n",              { "servers[0].replies[0].command", "MAIL" } },
	{ RULE "      - {command: MAIL}\n",            { "servers[0].replies[0]", "does nothing" } },
	{ RULE "      - {command: MAIL, bytes: '\\q'}\n",
	                                               { "servers[0].replies[0].bytes", "\\q", "escape" } },
	{ RULE "      - {command: MAIL, bytes: '\\x1'}\n",
	                                               { "servers[0].replies[0].bytes", "\\x1" } },
	{ RULE "      - {command: MAIL, reply: [250 a], delay_ms: 86400001}\n",
	                                               { "servers[0].replies[0]", "a day" } },
	{ RULE "      - {command: MAIL, reply: [250 a], line_delay_ms: 5}\n",
	                                               { "servers[0].replies[0]", "two lines" } },
	{ RULE "      - {command: MAIL, reply: [250 a], drip: {bytes: 0, every_ms: 5}}\n",
	                                               { "servers[0].replies[0]", "above zero" } },
	{ RULE "      - {command: MAIL, flood: {bytes: 1073741825, text: x}}\n",
	                                               { "servers[0].replies[0]", "1073741824" } },
	{ RULE "      - {command: TLS, bytes: x}\n",   { "servers[0].replies[0]", "handshake" } },
	{ RULE "      - {command: MAIL, reply: [250 a], when: {client: 127.0.0.1/24}}\n",
	                                               { "servers[0].replies[0].when.client", "host bits" } },
	{ RULE "      - {command: MAIL, reply: [250 a], when: {session_from: 3, session_to: 2}}\n",
	                                               { "when.session_to", "less than" } },
	{ RULE "      - {command: MAIL, reply: [250 a], when: {after_ms: 3, before_ms: 3}}\n",
	                                               { "when.before_ms", "not more" } },
	{ "about: x\nprobe: {source: [192.0.2.1]}\n",  { "probe.source[0]", "no loopback address" } },
	{ "about: x\nexpect: {exit: 0}\n",             { "probe.to", "missing" } },
	{ "about: x\nprobe: {to: [a.test]}\nexpect: {exit: 0, results: [{finding: some}]}\n",
	                                               { "expect.results[0].finding", "none" } },
	{ "about: x\nprobe: {to: [a.test]}\nexpect: {exit: 0, polite: [{server: 127.9.9.9}]}\n",
	                                               { "expect.polite[0].server", "127.9.9.9" } },
};
/* clang-format on */

Test(scenario, every_mistake_is_named_with_its_field)
{
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct mx_error err = { 0 };
		struct mx_scenario *scenario = parse(faults[i].text, &err);

		cr_assert_null(scenario, "taken: %s", faults[i].text);
		cr_expect_eq(err.code, MX_ERR_CONFIG);
		cr_expect_null(strchr(err.text, '\n'));
		for (size_t c = 0; c < 3 && faults[i].complaint[c] != NULL; c++)
			cr_expect_not_null(strstr(err.text, faults[i].complaint[c]),
			    "\"%s\" lacks \"%s\"", err.text, faults[i].complaint[c]);
	}
}

Test(scenario, a_complaint_about_sense_names_the_line)
{
	char path[] = "/tmp/mxprobe-scenario-XXXXXX";
	const char *text = "about: x\n"
			   "servers:\n"
			   "  - address: 127.0.1.1\n"
			   "    replies:\n"
			   "      - command: MAIL\n"
			   "        reply: [250 a]\n"
			   "        when:\n"
			   "          client: nobody\n";
	struct mx_error err = { 0 };
	int fd = mkstemp(path);

	cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	cr_expect_null(mx_scenario_load(path, &err));
	cr_expect(strstr(err.text, ":8: servers[0].replies[0].when.client: ") != NULL,
	    "%s", err.text);
	close(fd);
	unlink(path);
}

Test(scenario, words_of_commands_know_no_case)
{
	cr_expect_eq(mx_word_of_command("ehlo x"), MX_WORD_EHLO);
	cr_expect_eq(mx_word_of_command("Mail FROM:<a@b>"), MX_WORD_MAIL);
	cr_expect_eq(mx_word_of_command("DATA"), MX_WORD_DATA);
	cr_expect_eq(mx_word_of_command("DATAX"), MX_WORD_OTHER);
	cr_expect_eq(mx_word_of_command("CONNECT"), MX_WORD_OTHER);
	cr_expect_eq(mx_word_of_command("TLS"), MX_WORD_OTHER);
	cr_expect_eq(mx_word_of_command(""), MX_WORD_OTHER);
}
