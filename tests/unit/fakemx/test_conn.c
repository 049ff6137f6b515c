#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/fakemx/world.h"

TestSuite(conn, .timeout = 20);

#define SERVER "about: x\nservers:\n  - address: 127.0.1.1\n"
#define RULE SERVER "    replies:\n      - "

static struct world world;
static struct client client;

static void
begin(const char *yaml)
{
	world_open(&world, yaml);
	client_open(&client, &world);
}

static void
finish(unsigned broken)
{
	client_close(&client);
	cr_expect_eq(world_broken(&world), broken, "broken bits are %#x, expected %#x",
	    world_broken(&world), broken);
	world_close(&world);
}

#define BIT(promise) (1U << MX_PROMISE_##promise)

Test(conn, a_polite_session_breaks_nothing)
{
	begin(SERVER);
	client_await(&client, "220 [127.0.1.1] ESMTP\r\n");
	client_say(&client, "EHLO a.test\r\n");
	client_await(&client, "250 8BITMIME\r\n");
	client_say(&client, "MAIL FROM:<a@b>\r\n");
	client_await(&client, "250 2.1.0 Ok\r\n");
	client_say(&client, "RCPT TO:<c@d>\r\n");
	client_await(&client, "250 2.1.5 Ok\r\n");
	client_say(&client, "QUIT\r\n");
	client_await(&client, "221 2.0.0 Bye\r\n");
	cr_expect_eq(client_await_end(&client), ENDED_FIN);
	client_close(&client);
	cr_expect_str_eq(world_dialogue(&world), "EHLO MAIL RCPT QUIT");
	cr_expect_eq(world_broken(&world), 0);
	world_close(&world);
}

Test(conn, a_byte_before_the_banner_ends_is_pregreet)
{
	begin(RULE "{command: CONNECT, reply: [220-a, 220 b], line_delay_ms: 100}\n");
	client_await(&client, "220-a\r\n");
	client_say(&client, "EHLO a.test\r\n");
	client_await(&client, "220 b\r\n");
	client_say(&client, "QUIT\r\n");
	client_await(&client, "221");
	finish(BIT(PREGREET));
}

Test(conn, two_commands_in_one_piece_are_pipelining)
{
	begin(SERVER);
	client_await(&client, "220");
	client_say(&client, "EHLO a.test\r\nQUIT\r\n");
	client_await(&client, "221");
	finish(BIT(PIPELINED));
}

Test(conn, a_command_before_the_reply_is_pipelining)
{
	begin(RULE "{command: MAIL, reply: [250-a, 250 b], line_delay_ms: 100}\n");
	client_await(&client, "220");
	client_say(&client, "EHLO a.test\r\n");
	client_await(&client, "250 8BITMIME");
	client_say(&client, "MAIL FROM:<a@b>\r\n");
	client_await(&client, "250-a\r\n");
	client_say(&client, "RCPT TO:<c@d>\r\n");
	client_await(&client, "2.1.5");
	client_say(&client, "QUIT\r\n");
	client_await(&client, "221");
	finish(BIT(PIPELINED));
}

Test(conn, who_is_kept_waiting_may_say_quit)
{
	begin(RULE "{command: EHLO, then: hang}\n");
	client_await(&client, "220");
	client_say(&client, "EHLO a.test\r\n");
	client_say(&client, "QUIT\r\n");
	client_close(&client);
	cr_expect(strncmp(world_dialogue(&world), "EHLO", 4) == 0);
	world_close(&world);
}

Test(conn, leaving_without_quit_is_noted)
{
	begin(SERVER);
	client_await(&client, "220 [127.0.1.1] ESMTP\r\n");
	finish(BIT(NO_QUIT));
}

Test(conn, after_421_no_quit_is_owed)
{
	begin(SERVER "    greeting: [421 busy]\n");
	client_await(&client, "421 busy\r\n");
	finish(0);
}

Test(conn, to_a_server_that_talks_no_smtp_no_quit_is_owed)
{
	begin(SERVER "    greeting: [HTTP/1.1 400 Bad Request]\n    replies:\n"
		     "      - {command: CONNECT, reply: [HTTP/1.1 400 Bad Request]}\n");
	client_await(&client, "Bad Request\r\n");
	finish(0);
}

Test(conn, data_is_refused_and_noted)
{
	begin(SERVER);
	client_await(&client, "220");
	client_say(&client, "DATA\r\n");
	client_await(&client, "502");
	client_say(&client, "QUIT\r\n");
	client_await(&client, "221");
	finish(BIT(FORBIDDEN));
}

Test(conn, a_bare_line_feed_is_noted)
{
	begin(SERVER);
	client_await(&client, "220");
	client_say(&client, "QUIT\n");
	client_await(&client, "221");
	finish(BIT(BAD_LINE));
}

Test(conn, a_line_without_end_is_cut_off)
{
	char line[9000];

	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	begin(SERVER);
	client_await(&client, "220");
	client_say(&client, line);
	client_await_end(&client);
	finish(BIT(BAD_LINE));
}

Test(conn, a_reset_comes_behind_the_reply)
{
	begin(RULE "{command: CONNECT, reply: [554 no], then: reset}\n");
	cr_expect_eq(client_await_end(&client), ENDED_RESET);
	cr_expect_str_eq(client.heard.data, "554 no\r\n");
	finish(0);
}

Test(conn, a_drip_gives_every_byte)
{
	begin(RULE "{command: CONNECT, reply: [220 slow], drip: {bytes: 2, every_ms: 3}, "
		   "then: close}\n");
	cr_expect_eq(client_await_end(&client), ENDED_FIN);
	cr_expect_str_eq(client.heard.data, "220 slow\r\n");
	finish(0);
}

Test(conn, a_flood_is_as_long_as_the_script_says)
{
	begin(RULE "{command: CONNECT, flood: {bytes: 1000003, text: '220-x\\r\\n'}, "
		   "then: close}\n");
	cr_expect_eq(client_await_end(&client), ENDED_FIN);
	cr_expect_eq(client.heard.len, 1000003);
	cr_expect(strncmp(client.heard.data, "220-x\r\n220-x", 12) == 0);
	finish(0);
}

Test(conn, raw_bytes_follow_the_lines)
{
	begin(RULE
	    "{command: CONNECT, reply: [220-a], bytes: '220 \\x00\\n', then: close}\n");
	client_await_end(&client);
	cr_expect_eq(client.heard.len, 13);
	cr_expect(memcmp(client.heard.data, "220-a\r\n220 \0\n", 13) == 0);
	finish(0);
}

Test(conn, a_mere_delay_gives_the_usual_answer_later)
{
	begin(RULE "{command: CONNECT, delay_ms: 20}\n");
	client_await(&client, "220 [127.0.1.1] ESMTP\r\n");
	client_say(&client, "QUIT\r\n");
	client_await(&client, "221");
	finish(0);
}

Test(conn, sessions_are_counted_from_one)
{
	begin(RULE "{command: CONNECT, when: {session_to: 1}, reply: [554 not yet], "
		   "then: close}\n");
	client_await_end(&client);
	cr_expect_str_eq(client.heard.data, "554 not yet\r\n");
	client_close(&client);
	client_open(&client, &world);
	client_await(&client, "220");
	client_close(&client);
	world_close(&world);
}

Test(conn, a_session_left_open_ends_with_the_world)
{
	begin(RULE "{command: CONNECT, reply: [220 a], then: hang}\n");
	client_await(&client, "220 a\r\n");
	cr_expect_eq(mx_oracle_open_total(mx_fakemx_oracle(world.fakemx)), 1);
	world_close(&world);
	mx_buf_clear(&client.heard);
	close(client.fd);
}

Test(conn, placeholders_tell_who_is_there)
{
	begin(RULE "{command: MAIL, reply: ['550 [{client}] {helo} <{sender}>']}\n");
	client_await(&client, "220");
	client_say(&client, "EHLO a.test\r\n");
	client_await(&client, "250 8BITMIME");
	client_say(&client, "MAIL FROM:<a@b> SIZE=1\r\n");
	client_await(&client, "550 [127.0.0.2] a.test <a@b>\r\n");
	client_say(&client, "QUIT\r\n");
	client_await(&client, "221");
	finish(0);
}
