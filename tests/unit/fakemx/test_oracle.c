#include <criterion/criterion.h>
#include <string.h>

#include "scenarios/fakemx/oracle.h"

TestSuite(oracle, .timeout = 20);

static struct mx_addr
addr(const char *text)
{
	struct mx_addr out;

	cr_assert(mx_addr_parse(text, &out));
	return out;
}

static unsigned
broken_by(const char *const *commands)
{
	struct mx_oracle *oracle = mx_oracle_new(1);
	struct mx_addr client = addr("127.0.0.2");
	size_t count, session = mx_oracle_open(oracle, 0, &client);
	unsigned broken;

	for (; *commands != NULL; commands++)
		mx_oracle_command(oracle, session, *commands);
	broken = mx_oracle_sessions(oracle, &count)[session].broken;
	mx_oracle_free(oracle);
	return broken;
}

Test(oracle, a_polite_session_breaks_no_promise)
{
	cr_expect_eq(broken_by((const char *[]){ "EHLO a.test", "MAIL FROM:<a@b>",
			 "RCPT TO:<c@d>", "RSET", "QUIT", NULL }),
	    0);
}

Test(oracle, what_may_never_be_said_is_noted_in_any_case)
{
	static const char *const words[] = { "DATA", "data", "BDAT 10", "VRFY me",
		"Expn all" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		cr_expect_eq(broken_by((const char *[]){ words[i], NULL }),
		    1U << MX_PROMISE_FORBIDDEN, "%s", words[i]);
}

Test(oracle, a_second_recipient_is_noted)
{
	cr_expect_eq(
	    broken_by((const char *[]){ "RCPT TO:<a@b>", "RCPT TO:<c@d>", NULL }),
	    1U << MX_PROMISE_RCPTS);
}

Test(oracle, sessions_at_once_count_per_client_and_server)
{
	struct mx_oracle *oracle = mx_oracle_new(2);
	struct mx_addr one = addr("127.0.0.2"), two = addr("127.0.0.3");
	size_t count, first = mx_oracle_open(oracle, 0, &one);

	mx_oracle_open(oracle, 1, &one);
	mx_oracle_open(oracle, 0, &two);
	cr_expect_eq(mx_oracle_parallel(oracle, MX_ORACLE_ALL), 1);
	mx_oracle_close(oracle, first);
	mx_oracle_open(oracle, 0, &one);
	cr_expect_eq(mx_oracle_parallel(oracle, 0), 1);
	mx_oracle_open(oracle, 0, &one);
	cr_expect_eq(mx_oracle_parallel(oracle, 0), 2);
	cr_expect_eq(mx_oracle_parallel(oracle, 1), 1);
	cr_expect_eq(
	    mx_oracle_sessions(oracle, &count)[4].broken, 1U << MX_PROMISE_PARALLEL);
	cr_expect_eq(mx_oracle_open_total(oracle), 4);
	cr_expect_eq(mx_oracle_session_count(oracle, 0), 4);
	cr_expect_eq(mx_oracle_session_count(oracle, MX_ORACLE_ALL), 5);
	mx_oracle_free(oracle);
}

Test(oracle, the_dialogue_is_kept_as_verbs)
{
	struct mx_oracle *oracle = mx_oracle_new(1);
	struct mx_addr client = addr("127.0.0.2");
	size_t count, session = mx_oracle_open(oracle, 0, &client);
	const struct mx_seen_session *seen;

	mx_oracle_command(oracle, session, "ehlo mail.example.jp");
	mx_oracle_command(oracle, session, "MAIL FROM:<>");
	mx_oracle_command(oracle, session, "\x1b[2J x");
	seen = mx_oracle_sessions(oracle, &count);
	cr_expect_str_eq(seen->dialogue.data, "EHLO MAIL ??2J");
	cr_expect_str_eq(seen->helo, "mail.example.jp");
	cr_expect(seen->null_sender);
	cr_expect_eq(seen->commands, 3);
	mx_oracle_free(oracle);
}

Test(oracle, every_promise_has_its_sentence)
{
	for (enum mx_promise p = 0; p < MX_PROMISE_COUNT; p++)
		for (enum mx_promise q = 0; q < p; q++)
			cr_expect_str_neq(mx_promise_text(p), mx_promise_text(q));
}
