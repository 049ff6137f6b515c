/*
 * Whole sessions over real sockets, against a server of a few lines that plays one script in a
 * thread. A script is a string: "S:text" sends a line, "P:text" sends bytes without a line end,
 * "C" reads one line of the client, "F" closes (FIN), "R" resets, "W" waits until the client closes;
 * parts are separated by '|'.
 */
#include "probe/smtp/session.h"

#include <criterion/criterion.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/net/stream.h"

TestSuite(session, .timeout = 30);

struct server {
	int listener;
	uint16_t port;
	const char *script;
	char heard[4096]; /* the client's lines, joined by ',' */
	pthread_t thread;
};

static void
hear_line(struct server *server, int fd)
{
	size_t used = strlen(server->heard);
	char c;

	while (used < sizeof server->heard - 2 && read(fd, &c, 1) == 1) {
		if (c == '\n') {
			server->heard[used++] = ',';
			break;
		}
		if (c != '\r')
			server->heard[used++] = c;
	}
	server->heard[used] = '\0';
}

static void
send_all(int fd, const char *text, size_t len)
{
	if (send(fd, text, len, MSG_NOSIGNAL) < 0)
		return; /* the client may have left; its transcript tells */
}

static void
play_part(struct server *server, int fd, const char *part, size_t len)
{
	struct linger reset = { .l_onoff = 1 };
	char c;

	switch (part[0]) {
	case 'S':
		send_all(fd, part + 2, len - 2);
		send_all(fd, "\r\n", 2);
		break;
	case 'P':
		send_all(fd, part + 2, len - 2);
		break;
	case 'C':
		hear_line(server, fd);
		break;
	case 'R':
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
		break;
	case 'W':
		while (read(fd, &c, 1) == 1)
			continue;
		break;
	default:
		break;
	}
}

static void *
serve(void *arg)
{
	struct server *server = arg;
	int fd = accept(server->listener, NULL, NULL);
	const char *part = server->script;

	while (fd >= 0 && *part != '\0') {
		size_t len = strcspn(part, "|");

		play_part(server, fd, part, len);
		part += len + (part[len] == '|');
	}
	close(fd);
	return NULL;
}

static void
start_server(struct server *server, const char *script)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof addr;

	*server = (struct server){ .script = script };
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(bind(server->listener, (struct sockaddr *)&addr, sizeof addr), 0);
	cr_assert_eq(listen(server->listener, 1), 0);
	cr_assert_eq(getsockname(server->listener, (struct sockaddr *)&addr, &len), 0);
	server->port = ntohs(addr.sin_port);
	cr_assert_eq(pthread_create(&server->thread, NULL, serve, server), 0);
}

struct outcome {
	struct mx_loop *loop;
	struct mx_timer *quiet;
	struct mx_transcript *transcript;
};

/* The client's last words may still be on their way when the session is over. */
static void
stop_when_quiet(void *arg)
{
	struct outcome *outcome = arg;

	if (mx_stream_lingering() == 0)
		mx_loop_stop(outcome->loop);
	else
		mx_timer_start(outcome->quiet, 1000);
}

static void
on_done(void *arg, struct mx_transcript *transcript)
{
	struct outcome *outcome = arg;

	cr_assert_null(outcome->transcript, "done came twice");
	outcome->transcript = transcript;
	mx_timer_start(outcome->quiet, 1000);
}

static struct mx_transcript *
talk(struct server *server, const char *script)
{
	struct outcome outcome = { 0 };
	struct mx_tls *tls = mx_tls_new(NULL, NULL);
	struct mx_session_params params = {
		.mx_host = "mx.example.test",
		.helo = "mail.example.jp",
		.mail_from = "probe@example.jp",
		.rcpt = "me@example.test",
		.depth = MX_STAGE_RCPT,
		.tls = tls,
		.timeouts = { .banner_us = 300000,
		    .command_us = 300000,
		    .quit_us = 300000 },
		.done = on_done,
		.arg = &outcome,
	};

	start_server(server, script);
	cr_assert(mx_addr_parse("127.0.0.1", &params.target));
	cr_assert(mx_addr_parse("127.0.0.5", &params.source));
	params.target.port = server->port;
	outcome.loop = mx_loop_new(NULL);
	outcome.quiet = mx_timer_new(outcome.loop, stop_when_quiet, &outcome);
	mx_session_start(outcome.loop, &params);
	mx_loop_run(outcome.loop);
	cr_assert_not_null(outcome.transcript);
	mx_timer_free(outcome.quiet);
	mx_loop_free(outcome.loop);
	mx_tls_free(tls);
	pthread_join(server->thread, NULL);
	close(server->listener);
	return outcome.transcript;
}

struct story {
	const char *about;
	const char *script;
	enum mx_end end;
	enum mx_stage stage;
	int last_code;     /* of the last reply recorded; 0: none */
	const char *heard; /* by the server */
};

#define GREETED "S:220 hi|C|S:250 hello|"
#define ALL_SAID \
	"EHLO mail.example.jp,MAIL FROM:<probe@example.jp>,RCPT TO:<me@example.test>,"

/* clang-format off */
static const struct story stories[] = {
	{ "accepted", GREETED "C|S:250 ok|C|S:250 ok|C|S:250 ok|C|S:221 bye|F",
	  MX_END_QUIT, MX_STAGE_QUIT, 221, ALL_SAID "RSET,QUIT," },
	{ "QUIT answered by a close", GREETED "C|S:250 ok|C|S:250 ok|C|S:250 ok|C|F",
	  MX_END_QUIT, MX_STAGE_QUIT, 250, ALL_SAID "RSET,QUIT," },
	{ "refused greeting, then QUIT", "S:554 5.7.1 blocked|C|W",
	  MX_END_QUIT, MX_STAGE_QUIT, 554, "QUIT," },
	{ "the last line's code decides, nothing is said before it",
	  "S:220-teaser|S:521 5.7.1 blocked|C|F", MX_END_QUIT, MX_STAGE_QUIT, 521, "QUIT," },
	{ "closed without a greeting", "F", MX_END_CLOSED, MX_STAGE_BANNER, 0, "" },
	{ "reset without a greeting", "R|F", MX_END_RESET, MX_STAGE_BANNER, 0, "" },
	{ "a greeting cut short is no reply", "P:220 hi|F", MX_END_CLOSED, MX_STAGE_BANNER, 0, "" },
	{ "torn between two codes", "S:220-hi|S:521-no|F",
	  MX_END_MIXED_CODES, MX_STAGE_BANNER, 0, "" },
	{ "no SMTP at all", "S:SSH-2.0-OpenSSH_9.2|W", MX_END_NOT_SMTP, MX_STAGE_BANNER, 0, "" },
	{ "silence: no QUIT before the greeting", "W", MX_END_TIMEOUT, MX_STAGE_BANNER, 0, "" },
	{ "silence after EHLO: QUIT", "S:220 hi|C|C|W",
	  MX_END_TIMEOUT, MX_STAGE_EHLO, 220, "EHLO mail.example.jp,QUIT," },
	{ "text behind a reply", "S:220 hi|C|P:250 ok\r\n250 ok\r\n|C|W",
	  MX_END_DESYNC, MX_STAGE_EHLO, 250, "EHLO mail.example.jp,QUIT," },
	{ "text behind a greeting: QUIT all the same", "P:220 hi\r\n220 hi\r\n|C|W",
	  MX_END_DESYNC, MX_STAGE_BANNER, 220, "QUIT," },
	{ "empty lines behind replies, in one packet or in two",
	  "P:220 hi\r\n\r\n|C|P:250 hello\n\n\r|P:\n|C|P:250 ok\r\n\r\n|C|S:250 ok|C|S:250 ok|C|S:221 bye|F",
	  MX_END_QUIT, MX_STAGE_QUIT, 221, ALL_SAID "RSET,QUIT," },
	{ "an empty line behind STARTTLS's reply is no TLS",
	  "S:220 hi|C|S:250-hello|S:250 STARTTLS|C|P:220 go\r\n\r\n|W",
	  MX_END_INJECTION, MX_STAGE_STARTTLS, 220, "EHLO mail.example.jp,STARTTLS," },
	{ "text behind a refusal does not undo it", GREETED "C|P:550 no\r\n421 bye\r\n|C|F",
	  MX_END_QUIT, MX_STAGE_QUIT, 550, "EHLO mail.example.jp,MAIL FROM:<probe@example.jp>,QUIT," },
	{ "plaintext behind STARTTLS's reply",
	  "S:220 hi|C|S:250-hello|S:250 STARTTLS|C|P:220 go\r\n250 injected\r\n|W",
	  MX_END_INJECTION, MX_STAGE_STARTTLS, 220, "EHLO mail.example.jp,STARTTLS," },
	{ "plaintext where the handshake should be",
	  "S:220 hi|C|S:250-hello|S:250 STARTTLS|C|S:220 go|C|S:this is not TLS|W",
	  MX_END_TLS_FAILED, MX_STAGE_TLS, 220, NULL },
	{ "closed after the refusal", GREETED "C|S:550 5.7.1 S3140|F",
	  MX_END_QUIT, MX_STAGE_QUIT, 550, NULL },
	{ "closed instead of an answer", GREETED "C|F", MX_END_CLOSED, MX_STAGE_MAIL, 250,
	  "EHLO mail.example.jp,MAIL FROM:<probe@example.jp>," },
};
/* clang-format on */

static int
last_code(const struct mx_transcript *transcript)
{
	return transcript->reply_count == 0
		   ? 0
		   : transcript->replies[transcript->reply_count - 1].code;
}

Test(session, ends_each_way_exactly_once)
{
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		const struct story *story = &stories[i];
		struct server server;
		struct mx_transcript *transcript = talk(&server, story->script);

		cr_expect_eq(transcript->end, story->end, "%s: ended %s", story->about,
		    mx_end_name(transcript->end));
		cr_expect_eq(transcript->end_stage, story->stage, "%s: at %s",
		    story->about, mx_stage_name(transcript->end_stage));
		cr_expect_eq(last_code(transcript), story->last_code, "%s: code %d",
		    story->about, last_code(transcript));
		if (story->heard != NULL)
			cr_expect_str_eq(server.heard, story->heard, "%s: heard %s",
			    story->about, server.heard);
		mx_transcript_free(transcript);
	}
}

Test(session, a_line_without_end_is_stopped_at_4_kib)
{
	struct server server;
	char script[20000];
	struct mx_transcript *transcript;

	memset(script, 'x', sizeof script);
	memcpy(script, "P:220 ", 6);
	memcpy(script + sizeof script - 3, "|W", 3);
	transcript = talk(&server, script);
	cr_expect_eq(transcript->end, MX_END_LINE_LIMIT);
	cr_expect_str_empty(server.heard);
	mx_transcript_free(transcript);
}

Test(session, every_line_is_written_down_with_its_stage)
{
	struct server server;
	struct mx_transcript *transcript =
	    talk(&server, GREETED "C|S:550-5.7.1 a|S:550 5.7.1 b|C|S:221 bye|F");
	const struct mx_reply_record *refusal =
	    mx_transcript_reply(transcript, MX_STAGE_MAIL);

	cr_assert_not_null(refusal);
	cr_expect_eq(refusal->lines, 2);
	cr_expect_eq(refusal->enhanced.klass, 5);

	char *text = mx_reply_text(transcript, refusal, false);

	cr_expect_str_eq(text, "a b");
	cr_expect(transcript->quit_sent);
	cr_expect(transcript->quit_answered);
	cr_expect_eq(mx_transcript_reached(transcript), MX_STAGE_MAIL);
	free(text);
	mx_transcript_free(transcript);
}

Test(session, a_closed_port_is_an_observation)
{
	struct outcome outcome = { .loop = mx_loop_new(NULL) };
	struct mx_session_params params = { .done = on_done, .arg = &outcome };

	cr_assert(mx_addr_parse("127.0.0.1", &params.target));
	cr_assert(mx_addr_parse("127.0.0.5", &params.source));
	params.target.port = 1;
	outcome.quiet = mx_timer_new(outcome.loop, stop_when_quiet, &outcome);
	mx_session_start(outcome.loop, &params);
	mx_loop_run(outcome.loop);
	cr_assert_not_null(outcome.transcript);
	cr_expect_eq(outcome.transcript->end, MX_END_REFUSED);
	cr_expect_lt(outcome.transcript->connected_us, 0);
	mx_transcript_free(outcome.transcript);
	mx_timer_free(outcome.quiet);
	mx_loop_free(outcome.loop);
}

Test(session, an_address_we_do_not_own_is_our_failure)
{
	struct outcome outcome = { .loop = mx_loop_new(NULL) };
	struct mx_session_params params = { .done = on_done, .arg = &outcome };

	cr_assert(mx_addr_parse("127.0.0.1", &params.target));
	cr_assert(mx_addr_parse("203.0.113.77", &params.source));
	params.target.port = 25;
	outcome.quiet = mx_timer_new(outcome.loop, stop_when_quiet, &outcome);
	mx_session_start(outcome.loop, &params);
	mx_loop_run(outcome.loop);
	cr_expect_eq(outcome.transcript->end, MX_END_LOCAL);
	cr_expect_not_null(outcome.transcript->end_text);
	mx_transcript_free(outcome.transcript);
	mx_timer_free(outcome.quiet);
	mx_loop_free(outcome.loop);
}
