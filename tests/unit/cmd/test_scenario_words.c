#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/cmd/scenario_words.h"

TestSuite(scenario_words, .timeout = 20);

static void
expect_words(const char *probe, const char *wanted)
{
	struct mx_error err = { 0 };
	char yaml[512], *line;
	struct mx_scenario *scenario;
	struct mx_argv argv = { 0 };

	snprintf(yaml, sizeof yaml, "about: x\nprobe: {%s}\n", probe);
	scenario = mx_scenario_parse("x", yaml, strlen(yaml), &err);
	cr_assert_not_null(scenario, "%s", err.text);
	mx_words_of_probe(&argv, scenario);
	line = mx_argv_quoted(&argv);
	cr_expect_str_eq(line, wanted);
	free(line);
	mx_argv_clear(&argv);
	mx_scenario_free(scenario);
}

Test(scenario_words, what_a_scenario_leaves_out_has_a_default)
{
	expect_words("to: [a.test]",
	    "--source 127.0.0.2 --helo mail.example.jp --mail-from probe@example.jp "
	    "--to a.test");
}

Test(scenario_words, every_key_is_an_option)
{
	expect_words(
	    "to: [a.test, b.test], source: [127.0.0.3, '::1'], helo: h.test, "
	    "mail_from: a@b, rcpt: [c@d], depth: mail, tls: none, mx: all, "
	    "server: 127.0.1.9, connect_timeout: '1', timeout: '2.5', options: ['-4']",
	    "--source 127.0.0.3 --source ::1 --helo h.test --mail-from a@b --rcpt c@d "
	    "--depth mail --tls none --mx all --server 127.0.1.9 --connect-timeout 1 "
	    "--timeout 2.5 -4 --to a.test --to b.test");
}

Test(scenario_words, empty_means_null_sender_but_no_helo)
{
	expect_words("helo: '', mail_from: ''", "--source 127.0.0.2 --mail-from ''");
}

Test(scenario_words, a_shell_takes_back_what_was_quoted)
{
	struct mx_argv argv = { 0 };
	char *line;

	mx_argv_add(&argv, "it's");
	mx_argv_add(&argv, "$HOME `x` \"y\"");
	mx_argv_add(&argv, "");
	line = mx_argv_quoted(&argv);
	cr_expect_str_eq(line, "'it'\\''s' '$HOME `x` \"y\"' ''");
	free(line);
	mx_argv_clear(&argv);
}

Test(scenario_words, a_world_without_servers_has_no_port)
{
	struct mx_whereabouts at = { .port = 0 };
	struct mx_argv argv = { 0 };
	char *line;

	mx_addr_parse("127.0.0.1", &at.dns);
	at.dns.port = 5353;
	mx_words_of_world(&argv, &at);
	at.port = 2525;
	at.ca_file = "ca.pem";
	mx_words_of_world(&argv, &at);
	line = mx_argv_quoted(&argv);
	cr_expect_str_eq(line, "--dns-server 127.0.0.1@5353 --dns-server 127.0.0.1@5353 "
			       "--port 2525 --ca-file ca.pem");
	free(line);
	mx_argv_clear(&argv);
}
