/* test_visitors.c - of too many connections the one that has been idle for longest makes room. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/web/visitors.h"

TestSuite(visitors, .timeout = 20);

#define MOST 3

static struct event_base *base;
static struct mx_visitors *visitors;
static struct bufferevent *streams[MOST + 1];
static int peers[MOST + 1];

static void
on_read(struct bufferevent *stream, void *arg)
{
	(void)stream, (void)arg;
}

static void
set_up(void)
{
	base = event_base_new();
	visitors = mx_visitors_new(&(struct mx_visitors_params){
	    .base = base, .most = MOST, .request_s = 60, .answer_s = 60 });
}

/* As evhttp does it: made without a descriptor, which comes at once; freed some day. */
static void
connect_one(size_t number)
{
	int ends[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	streams[number] = mx_visitors_open(base, visitors);
	cr_assert_eq(bufferevent_setfd(streams[number], ends[0]), 0);
	bufferevent_setcb(streams[number], on_read, NULL, NULL, NULL);
	peers[number] = ends[1];
}

static void
leave(size_t number)
{
	bufferevent_setcb(streams[number], NULL, NULL, NULL, NULL);
	bufferevent_free(streams[number]);
	close(peers[number]);
}

static void
tear_down(size_t count)
{
	for (size_t i = 0; i < count; i++)
		leave(i);
	mx_visitors_free(visitors);
	event_base_free(base);
}

static bool
is_cut(size_t number)
{
	char byte;

	return recv(peers[number], &byte, 1, 0) == 0;
}

Test(visitors, the_one_that_was_idle_for_longest_makes_room, .init = set_up)
{
	for (size_t i = 0; i < MOST; i++)
		connect_one(i);
	/* The first has an answer under way, the second has had one just now. */
	mx_visitors_busy(visitors, streams[0], true);
	mx_visitors_busy(visitors, streams[1], true);
	mx_visitors_busy(visitors, streams[1], false);
	connect_one(MOST);
	cr_expect_not(is_cut(0));
	cr_expect_not(is_cut(1));
	cr_expect(is_cut(2));
	tear_down(MOST + 1);
}

Test(visitors, where_all_are_busy_the_oldest_answer_is_given_up, .init = set_up)
{
	for (size_t i = 0; i < MOST; i++) {
		connect_one(i);
		mx_visitors_busy(visitors, streams[i], true);
	}
	connect_one(MOST);
	cr_expect(is_cut(0));
	cr_expect_not(is_cut(1));
	tear_down(MOST + 1);
}

Test(visitors, who_has_gone_counts_no_more, .init = set_up)
{
	for (size_t i = 0; i < MOST; i++)
		connect_one(i);
	cr_expect_eq(mx_visitors_count(visitors), MOST);
	leave(MOST - 1);
	cr_expect_eq(mx_visitors_count(visitors), MOST - 1);
	connect_one(MOST - 1);
	cr_expect_not(is_cut(0));
	tear_down(MOST);
}

Test(visitors, who_is_dismissed_is_told_so, .init = set_up)
{
	connect_one(0);
	connect_one(1);
	mx_visitors_keep(visitors, streams[0]);
	mx_visitors_dismiss(visitors, streams[0]);
	cr_expect(is_cut(0));
	cr_expect_not(is_cut(1));
	tear_down(2);
}
