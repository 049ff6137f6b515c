#include <criterion/criterion.h>
#include <string.h>

#include "scenarios/fakemx/script.h"

TestSuite(script, .timeout = 20);

static struct mx_script_facts
facts_of(enum mx_word word)
{
	struct mx_script_facts facts = {
		.word = word,
		.helo = "mail.example.jp",
		.sender = "probe@example.jp",
		.recipient = "me@example.test",
		.session = 2,
		.others = 1,
		.elapsed_us = 5000000,
		.mail_given = true,
	};

	mx_addr_parse("127.0.0.2", &facts.client);
	return facts;
}

static bool
is_picked(const struct mx_script_when *when, const struct mx_script_facts *facts)
{
	struct mx_script_when copy = *when;
	struct mx_script_rule rule = { .command = MX_WORD_MAIL, .when = &copy };
	struct mx_fake_server server = { .replies = &rule, .reply_count = 1 };

	return mx_script_pick(&server, facts) == &rule;
}

Test(script, the_first_rule_that_fits_wins)
{
	struct mx_script_rule rules[] = {
		{ .command = MX_WORD_RCPT },
		{ .command = MX_WORD_MAIL, .delay_ms = 1 },
		{ .command = MX_WORD_MAIL, .delay_ms = 2 },
	};
	struct mx_fake_server server = { .replies = rules, .reply_count = 3 };
	struct mx_script_facts facts = facts_of(MX_WORD_MAIL);

	cr_expect_eq(mx_script_pick(&server, &facts), &rules[1]);
	facts.word = MX_WORD_QUIT;
	cr_expect_null(mx_script_pick(&server, &facts));
}

Test(script, any_is_any_command_but_neither_connect_nor_tls)
{
	struct mx_script_rule rule = { .command = MX_WORD_ANY };
	struct mx_fake_server server = { .replies = &rule, .reply_count = 1 };

	for (enum mx_word w = MX_WORD_CONNECT; w < MX_WORD_ANY; w++) {
		struct mx_script_facts facts = facts_of(w);

		cr_expect_eq(mx_script_pick(&server, &facts) != NULL,
		    w != MX_WORD_CONNECT && w != MX_WORD_TLS, "%s", mx_word_name(w));
	}
}

/* clang-format off */
static const struct {
	struct mx_script_when when;
	bool holds;
} conditions[] = {
	{ { .client = (char[]) { "127.0.0.2" } }, true },
	{ { .client = (char[]) { "127.0.0.3" } }, false },
	{ { .client = (char[]) { "127.0.0.0/24" } }, true },
	{ { .client = (char[]) { "127.0.1.0/24" } }, false },
	{ { .client = (char[]) { "::1" } }, false },
	{ { .helo = (char[]) { "MAIL.*.jp" } }, true },
	{ { .helo = (char[]) { "mail" } }, false },
	{ { .sender = (char[]) { "*@example.jp" } }, true },
	{ { .sender = (char[]) { "" } }, false },
	{ { .recipient = (char[]) { "me@*" } }, true },
	{ { .recipient = (char[]) { "you@*" } }, false },
	{ { .session_from = 2 }, true },
	{ { .session_from = 3 }, false },
	{ { .session_to = 2 }, true },
	{ { .session_to = 1 }, false },
	{ { .after_ms = 5000 }, true },
	{ { .after_ms = 5001 }, false },
	{ { .before_ms = 5001 }, true },
	{ { .before_ms = 5000 }, false },
	{ { .others = 1 }, true },
	{ { .others = 2 }, false },
	{ { .tls = MX_WHEN_PLAIN }, true },
	{ { .tls = MX_WHEN_ENCRYPTED }, false },
	{ { .helo = (char[]) { "mail.*" }, .others = 2 }, false },
};
/* clang-format on */

Test(script, every_condition_must_hold)
{
	struct mx_script_facts facts = facts_of(MX_WORD_MAIL);

	for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++)
		cr_expect_eq(is_picked(&conditions[i].when, &facts), conditions[i].holds,
		    "condition %zu", i);
}

Test(script, a_sender_not_given_yet_fits_no_pattern)
{
	struct mx_script_facts facts = facts_of(MX_WORD_MAIL);
	struct mx_script_when when = { .sender = (char[]){ "*" } };

	cr_expect(is_picked(&when, &facts));
	facts.sender = NULL;
	cr_expect_not(is_picked(&when, &facts));
}

static void
expect_default(struct mx_fake_server *server, const struct mx_script_facts *facts,
    const char *begins)
{
	struct mx_buf out;

	mx_buf_init(&out, 4096);
	mx_script_default(server, facts, &out);
	cr_expect(strncmp(out.data, begins, strlen(begins)) == 0,
	    "\"%s\" begins not \"%s\"", out.data, begins);
	cr_expect(out.len > 2 && strcmp(out.data + out.len - 2, "\r\n") == 0);
	mx_buf_clear(&out);
}

Test(script, a_server_without_rules_accepts_all_but_data)
{
	struct mx_fake_server server = { .name = (char[]){ "mx.test" } };
	static const struct {
		enum mx_word word;
		const char *begins;
	} replies[] = {
		{ MX_WORD_CONNECT, "220 mx.test" },
		{ MX_WORD_EHLO, "250-mx.test" },
		{ MX_WORD_HELO, "250 mx.test" },
		{ MX_WORD_STARTTLS, "502" },
		{ MX_WORD_MAIL, "250" },
		{ MX_WORD_RCPT, "250" },
		{ MX_WORD_RSET, "250" },
		{ MX_WORD_NOOP, "250" },
		{ MX_WORD_QUIT, "221" },
		{ MX_WORD_DATA, "502" },
		{ MX_WORD_BDAT, "502" },
		{ MX_WORD_VRFY, "502" },
		{ MX_WORD_EXPN, "502" },
		{ MX_WORD_OTHER, "500" },
	};

	for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
		struct mx_script_facts facts = facts_of(replies[i].word);

		expect_default(&server, &facts, replies[i].begins);
	}
}

Test(script, commands_out_of_order_are_refused)
{
	struct mx_fake_server server = { .name = (char[]){ "mx.test" } };
	struct mx_script_facts facts = facts_of(MX_WORD_MAIL);

	facts.helo = NULL;
	expect_default(&server, &facts, "503");
	facts.word = MX_WORD_RCPT;
	facts.mail_given = false;
	expect_default(&server, &facts, "503");
}

Test(script, starttls_is_offered_once_and_only_with_a_certificate)
{
	struct mx_fake_server server = { .name = (char[]){ "mx.test" },
		.tls = (char[]){ "good" } };
	struct mx_script_facts facts = facts_of(MX_WORD_EHLO);
	struct mx_buf out;

	mx_buf_init(&out, 4096);
	mx_script_default(&server, &facts, &out);
	cr_expect_not_null(strstr(out.data, "STARTTLS"));
	mx_buf_reset(&out);
	facts.encrypted = true;
	mx_script_default(&server, &facts, &out);
	cr_expect_null(strstr(out.data, "STARTTLS"));
	mx_buf_clear(&out);
	facts.word = MX_WORD_STARTTLS;
	expect_default(&server, &facts, "503");
	facts.encrypted = false;
	expect_default(&server, &facts, "220");
}
