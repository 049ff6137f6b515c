/* test_stream.c - plain connections over real sockets on loopback. */
#include <criterion/criterion.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"
#include "probe/base/clock.h"

TestSuite(stream, .timeout = 20);

static void
close_it(struct client *client)
{
	client_close(client);
}

static void
hear_all(struct peer *peer)
{
	peer_hear_all(peer);
}

static void
greet(struct peer *peer)
{
	peer_say(peer, "220 mx.example.test ESMTP\r\n");
}

/* Dial, run until it ends, hand the findings to the test. */
static void
visit(struct client *client, struct peer *peer, void (*script)(struct peer *peer))
{
	client_init(client);
	peer_start(peer, "127.0.0.1", script);
	client_dial(client, "127.0.0.2", &peer->addr);
	client_run(client);
}

static void
leave(struct client *client, struct peer *peer)
{
	client_clear(client);
	peer_join(peer);
}

/* ---- where from ---- */

Test(stream, the_server_sees_the_source_that_was_asked_for)
{
	static const char *const sources[] = { "127.0.0.1", "127.0.0.5", "127.8.9.10" };

	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		struct client client = { 0 };
		struct peer peer = { 0 };
		char text[MX_ADDR_TEXT];
		client_init(&client);
		peer_start(&peer, "127.0.0.1", greet);
		client_dial(&client, sources[i], &peer.addr);
		client_run(&client);
		leave(&client, &peer);
		cr_assert_str_eq(mx_addr_text(&peer.client, text), sources[i]);
	}
}

Test(stream, without_a_source_the_kernel_chooses)
{
	struct client client = { 0 };
	struct peer peer = { 0 };

	client_init(&client);
	peer_start(&peer, "127.0.0.1", greet);
	client_dial(&client, NULL, &peer.addr);
	client_run(&client);
	cr_assert_eq(client.connected, 1);
	leave(&client, &peer);
	cr_assert(mx_addr_is_loopback(&peer.client));
}

Test(stream, speaks_v6)
{
	struct client client = { 0 };
	struct peer peer = { 0 };
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	struct mx_addr one;
	struct sockaddr_storage local;
	socklen_t len;

	cr_assert(mx_addr_parse("::1", &one));
	len = mx_addr_to_sockaddr(&one, &local);
	if (fd < 0 || bind(fd, (struct sockaddr *)&local, len) != 0)
		cr_skip_test("no IPv6 here");
	close(fd);
	client_init(&client);
	peer_start(&peer, "::1", greet);
	client_dial(&client, "::1", &peer.addr);
	client_run(&client);
	leave(&client, &peer);
	cr_assert(mx_addr_equal(&peer.client, &one));
	cr_assert_eq(client.end, MX_END_CLOSED);
}

static const struct mx_stream_ops no_ops;

static void
expect_own_failure_at(const char *source, const struct mx_addr *target, const char *hint)
{
	struct mx_error err = { 0 };
	struct mx_loop *loop = mx_loop_new(&err);
	struct mx_addr from;

	cr_assert(mx_addr_parse(source, &from));
	cr_assert_null(mx_stream_dial(loop, &from, target, &no_ops, NULL, &err));
	cr_assert_eq(err.code, MX_ERR_SYSTEM);
	cr_assert_neq(err.sys, 0);
	cr_assert_not_null(strstr(err.text, hint), "%s", err.text);
	mx_loop_free(loop);
}

static void
expect_own_failure(const char *source, const char *target, const char *hint)
{
	struct mx_addr to;

	cr_assert(mx_addr_parse_port(target, 25, &to));
	expect_own_failure_at(source, &to, hint);
}

Test(stream, a_source_that_is_not_ours_is_our_failure)
{
	expect_own_failure("203.0.113.77", "127.0.0.1", "203.0.113.77");
}

Test(stream, a_source_of_the_other_family_is_our_failure)
{
	expect_own_failure("::1", "127.0.0.1", "::1");
	expect_own_failure("127.0.0.1", "[::1]:25", "127.0.0.1");
}

/* ---- how it ends ---- */

Test(stream, a_closed_port_is_refused)
{
	struct client client = { 0 };
	struct mx_addr target = nobody();

	client_init(&client);
	client_dial(&client, "127.0.0.2", &target);
	client_run(&client);
	cr_assert_eq(client.end, MX_END_REFUSED);
	cr_assert_eq(client.connected, 0);
	cr_assert_not(client.has_facts);
	client_clear(&client);
}

/* The broadcast address of lo: connect() itself says ENETUNREACH, and no packet leaves. */
Test(stream, what_connect_answers_at_once_is_told_from_the_loop)
{
	struct client client = { 0 };
	struct mx_addr target;

	cr_assert(mx_addr_parse_port("127.255.255.255", 25, &target));
	client_init(&client);
	client_dial(&client, "127.0.0.2", &target);
	cr_assert_eq(client.ended, 0);
	client_run(&client);
	cr_assert_eq(client.end, MX_END_UNREACHABLE, "%d %s", client.end, client.text);
	client_clear(&client);
}

Test(stream, each_kind_of_no_route_is_unreachable)
{
	static const char *const targets[] = { "198.51.100.1", /* no route at all */
		"198.51.101.1", "198.51.102.1" };

	own_network();
	cr_assert_eq(ip("addr add 192.0.2.1/32 dev lo"), 0);
	cr_assert_eq(ip("route add unreachable 198.51.101.0/24"), 0);
	cr_assert_eq(ip("route add prohibit 198.51.102.0/24"), 0);
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		struct client client = { 0 };
		struct mx_addr target;
		cr_assert(mx_addr_parse_port(targets[i], 25, &target));
		client_init(&client);
		client_dial(&client, "192.0.2.1", &target);
		client_run(&client);
		cr_assert_eq(
		    client.end, MX_END_UNREACHABLE, "%s: %s", targets[i], client.text);
		client_clear(&client);
	}
}

Test(stream, a_source_without_a_free_port_is_our_failure)
{
	struct client clients[2] = { 0 };
	struct peer peer = { 0 };
	FILE *range;

	own_network();
	peer_start(&peer, "127.0.0.1", peer_wait);
	range = fopen("/proc/sys/net/ipv4/ip_local_port_range", "w");
	if (range == NULL || fputs("50000 50001\n", range) < 0 || fclose(range) != 0)
		cr_skip_test("the range of ports can't be set");
	for (size_t i = 0; i < 2; i++) {
		client_init(&clients[i]);
		client_dial(&clients[i], "127.0.0.2", &peer.addr);
	}
	expect_own_failure_at("127.0.0.2", &peer.addr, "no local port is left");
	for (size_t i = 0; i < 2; i++)
		client_clear(&clients[i]);
	peer_join(&peer);
}

Test(stream, bytes_before_the_end_are_delivered_before_it)
{
	struct client client = { 0 };
	struct peer peer = { 0 };

	visit(&client, &peer, greet);
	cr_assert_eq(client.connected, 1);
	cr_assert_eq(client.end, MX_END_CLOSED);
	cr_assert_str_eq(client.data.data, "220 mx.example.test ESMTP\r\n");
	leave(&client, &peer);
}

static void
refuse_and_reset(struct peer *peer)
{
	peer_say(peer, "554 5.7.1 no\r\n");
	peer_reset(peer);
}

static void
expect_refusal_then_reset(bool reset_first)
{
	struct client client = { 0 };
	struct peer peer = { 0 };

	client_init(&client);
	peer_start(&peer, "127.0.0.1", refuse_and_reset);
	client_dial(&client, "127.0.0.2", &peer.addr);
	if (reset_first)
		peer_join(&peer);
	client_run(&client);
	cr_assert_eq(client.connected, 1);
	cr_assert_eq(client.end, MX_END_RESET);
	cr_assert_str_eq(client.data.data, "554 5.7.1 no\r\n");
	client_clear(&client);
	if (!reset_first)
		peer_join(&peer);
}

/* Whether the reset overtakes our first look at the socket is a race; the answer is not. */
Test(stream, a_reset_at_once_is_connected_then_the_refusal_then_reset)
{
	expect_refusal_then_reset(true);
	for (int i = 0; i < 20; i++)
		expect_refusal_then_reset(false);
}

static void
write_until_it_fails(struct client *client)
{
	for (int i = 0; i < 100; i++) {
		client_write(client, "EHLO me\r\n");
		usleep(100); /* lets the reset arrive between two writes */
	}
}

/* A failed write is no end: the refusal that explains it may still wait to be read. */
Test(stream, writing_into_a_reset_still_reads_the_refusal)
{
	struct client client = { .on_connected = write_until_it_fails };
	struct peer peer = { 0 };

	visit(&client, &peer, refuse_and_reset);
	cr_assert_eq(client.end, MX_END_RESET);
	cr_assert_str_eq(client.data.data, "554 5.7.1 no\r\n");
	leave(&client, &peer);
}

/* ---- sending ---- */

static void
write_too_much(struct client *client)
{
	char block[32 * 1024 + 1];

	memset(block, 'x', sizeof block - 1);
	block[sizeof block - 1] = '\0';
	for (int i = 0; i < 1000; i++)
		client_write(client, block);
}

Test(stream, more_than_64_kib_waiting_is_our_failure)
{
	struct client client = { .on_connected = write_too_much };
	struct peer peer = { 0 };

	visit(&client, &peer, peer_wait);
	cr_assert_eq(client.end, MX_END_LOCAL);
	cr_assert_not_null(strstr(client.text, "64 KiB"));
	peer_go(&peer);
	leave(&client, &peer);
}

#define NUMBERS 8000

static void
write_numbers(struct client *client)
{
	char line[16];

	for (int i = 0; i < NUMBERS; i++) {
		snprintf(line, sizeof line, "%06d\n", i);
		client_write(client, line);
	}
	client_close(client);
}

/* Reads late, so that the client must queue, and notes the first number out of order. */
static void
count_numbers(struct peer *peer)
{
	char line[8] = "";
	size_t at = 0;

	peer_wait(peer);
	for (;;) {
		ssize_t got = recv(peer->fd, line + at, 7 - at, 0);
		if (got <= 0)
			break;
		at += (size_t)got;
		if (at < 7)
			continue;
		at = 0;
		if (strtol(line, NULL, 10) != (long)peer->count++)
			return;
	}
	peer->result = 1;
}

Test(stream, queued_bytes_arrive_whole_and_in_order_even_after_close)
{
	struct client client = { .on_connected = write_numbers };
	struct peer peer = { .receive_buffer = 4096 };

	visit(&client, &peer, count_numbers);
	peer_go(&peer);
	leave(&client, &peer);
	cr_assert_eq(peer.count, NUMBERS);
	cr_assert_eq(peer.result, 1);
}

static void
write_early_twice(struct client *client)
{
	client_write(client, "early\r\n");
	client_write(client, "still early\r\n");
}

Test(stream, what_is_written_before_the_connection_stands_waits_for_it)
{
	struct client client = { .on_connected = close_it };
	struct peer peer = { 0 };

	client_init(&client);
	peer_start(&peer, "127.0.0.1", hear_all);
	client_dial(&client, "127.0.0.2", &peer.addr);
	write_early_twice(&client);
	client_run(&client);
	leave(&client, &peer);
	cr_assert_str_eq(peer.heard, "early\r\nstill early\r\n");
}

/* ---- closing ---- */

static void
say_quit_and_close(struct client *client)
{
	client_write(client, "QUIT\r\n");
	client_close(client);
}

/* Speaks on behind its greeting, as a server does whose reply crosses our QUIT. */
static void
talk_then_listen(struct peer *peer)
{
	for (int i = 0; i < 200; i++)
		peer_say(peer,
		    "250-and another line of this long reply, unread by the client\r\n");
	if (peer->result == 0)
		peer_hear_all(peer);
}

Test(stream, last_words_arrive_though_the_peer_still_talks)
{
	struct client client = { .on_data = say_quit_and_close };
	struct peer peer = { 0 };

	visit(&client, &peer, talk_then_listen);
	leave(&client, &peer);
	cr_assert_str_eq(peer.heard, "QUIT\r\n");
	cr_assert_eq(peer.result, 0, "the peer saw %s", strerror(peer.result));
}

static void
flood(struct peer *peer)
{
	static char block[64 * 1024];
	ssize_t sent;

	memset(block, 'x', sizeof block);
	while ((sent = send(peer->fd, block, sizeof block, MSG_NOSIGNAL)) > 0)
		peer->count += (size_t)sent;
}

Test(stream, a_flood_ends_the_lingering)
{
	struct client client = { .on_data = close_it };
	struct peer peer = { 0 };

	mx_clock_freeze(0); /* so that the second is never over: only the bytes end it */
	visit(&client, &peer, flood);
	leave(&client, &peer);
	/* 64 KiB of ours and what two kernel buffers hold. */
	cr_assert_lt(peer.count, 32U << 20);
}

static void
hold_open(struct peer *peer)
{
	peer_say(peer, "220 hello\r\n");
	peer_hear_all(peer); /* until our FIN */
	peer->count = 1;
	while (peer->result == 0 && send(peer->fd, "x", 1, MSG_NOSIGNAL) == 1 &&
	       peer->count++ < 5000)
		usleep(1000);
}

static void
advance_one_second(void *arg)
{
	size_t *lingering = arg;

	*lingering = mx_stream_lingering();
	mx_clock_advance(1000000);
}

Test(stream, a_peer_that_never_closes_ends_the_lingering_after_a_second)
{
	struct client client = { .on_data = close_it };
	struct peer peer = { 0 };
	size_t lingering = 0;

	mx_clock_freeze(0);
	visit(&client, &peer, hold_open);
	mx_loop_defer(client.loop, advance_one_second, &lingering);
	leave(&client, &peer);
	cr_assert_eq(lingering, 1);
	cr_assert_lt(peer.count, 5000, "the connection stayed open");
}

static void
half_close_then_listen(struct peer *peer)
{
	peer_say(peer, "421 closing\r\n");
	shutdown(peer->fd, SHUT_WR);
	peer_hear_all(peer);
}

Test(stream, a_peer_that_said_fin_still_hears_our_quit)
{
	struct client client = { .on_ended = say_quit_and_close };
	struct peer peer = { 0 };

	visit(&client, &peer, half_close_then_listen);
	leave(&client, &peer);
	cr_assert_eq(client.end, MX_END_CLOSED);
	cr_assert_str_eq(peer.heard, "QUIT\r\n");
}

Test(stream, may_be_closed_in_any_callback)
{
	static const struct client plans[] = {
		{ .on_connected = close_it },
		{ .on_data = close_it },
		{ .on_ended = close_it },
		{ .on_connected = say_quit_and_close },
		{ .on_data = say_quit_and_close },
	};

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		struct client client = plans[i];
		struct peer peer = { 0 };
		visit(&client, &peer, greet);
		cr_assert_null(client.stream);
		leave(&client, &peer);
	}
}

Test(stream, may_be_closed_before_anything_happened)
{
	struct client client = { 0 };
	struct mx_addr target = nobody(), nowhere;

	client_init(&client);
	client_dial(&client, "127.0.0.2", &target);
	client_close(&client);
	cr_assert(mx_addr_parse_port("127.255.255.255", 25, &nowhere));
	client_dial(&client, "127.0.0.2", &nowhere);
	client_close(&client);
	client_clear(&client);
	cr_assert_eq(client.ended, 0);
}

Test(stream, closing_nothing_is_fine)
{
	mx_stream_close(NULL);
}

Test(stream, a_loop_may_go_while_streams_linger)
{
	struct client client = { .on_data = close_it };
	struct peer peer = { 0 };

	mx_clock_freeze(0);
	visit(&client, &peer, hold_open);
	mx_loop_free(client.loop);
	cr_assert_eq(mx_stream_lingering(), 0);
	mx_buf_clear(&client.data);
	peer_join(&peer);
}
