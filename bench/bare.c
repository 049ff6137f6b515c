/*
 * bare.c - the same dialogue with nothing around it: the limit that mxprobe is compared with.
 * Sockets, epoll and constants; no transcript, no deadlines, no parsing beyond "is this the
 * reply's last line", no care for a peer that misbehaves.
 *
 * usage: bare PORT SOURCE SESSIONS IN-FLIGHT
 */
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/measure.h"
#include "probe/base/addr.h"
#include "probe/base/mem.h"

#define EVENTS 256
#define SESSIONS_MAX 1000000

static const char *const commands[] = { "EHLO bench.example.test\r\n",
	"MAIL FROM:<probe@bench.example.test>\r\n",
	"RCPT TO:<postmaster@sink.example.test>\r\n", "RSET\r\n", "QUIT\r\n" };
#define COMMANDS (sizeof commands / sizeof *commands)

struct session {
	int fd;
	size_t replies;
};

struct bare {
	int epoll;
	struct sockaddr_storage source, target;
	socklen_t source_len, target_len;
	size_t to_start, open, failed;
};

static void
dial(struct bare *bare, struct session *s)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = s };
	int on = 1;

	bare->to_start--;
	bare->open++;
	s->replies = 0;
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0 ||
	    setsockopt(s->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0 ||
	    bind(s->fd, (struct sockaddr *)&bare->source, bare->source_len) != 0)
		err(4, "socket");
	if (connect(s->fd, (struct sockaddr *)&bare->target, bare->target_len) != 0 &&
	    errno != EINPROGRESS)
		err(4, "connect");
	if (epoll_ctl(bare->epoll, EPOLL_CTL_ADD, s->fd, &event) != 0)
		err(4, "epoll_ctl");
}

static void
hang_up(struct bare *bare, struct session *s, bool failed)
{
	(void)close(s->fd);
	bare->open--;
	bare->failed += failed;
	if (bare->to_start > 0)
		dial(bare, s);
}

/* The last line of what came is the reply's last: "250 ", not "250-". */
static bool
is_complete(const char *bytes, size_t len)
{
	const char *line = len > 1 ? memrchr(bytes, '\n', len - 1) : NULL;

	line = line != NULL ? line + 1 : bytes;
	return bytes[len - 1] == '\n' && line + 3 < bytes + len && line[3] == ' ';
}

static void
hear(struct bare *bare, struct session *s)
{
	char bytes[4096];
	ssize_t got = recv(s->fd, bytes, sizeof bytes, 0);

	if (got <= 0) {
		hang_up(bare, s, true);
	} else if (is_complete(bytes, (size_t)got)) {
		if (s->replies == COMMANDS || bytes[0] != '2') {
			hang_up(bare, s, bytes[0] != '2');
			return;
		}
		const char *command = commands[s->replies++];
		(void)send(s->fd, command, strlen(command), MSG_NOSIGNAL);
	}
}

static void
run(struct bare *bare, struct session *slots, size_t in_flight)
{
	struct epoll_event events[EVENTS];

	for (size_t i = 0; i < in_flight && bare->to_start > 0; i++)
		dial(bare, &slots[i]);
	while (bare->open > 0) {
		int count = epoll_wait(bare->epoll, events, EVENTS, 10000);
		if (count == 0)
			errx(4, "nothing happened for 10 s");
		for (int i = 0; i < count; i++)
			hear(bare, events[i].data.ptr);
	}
}

int
main(int argc, char **argv)
{
	struct bare bare = { .epoll = epoll_create1(EPOLL_CLOEXEC) };
	struct mx_addr source, target;
	struct session *slots;
	struct measure start;
	size_t sessions, in_flight;

	if (argc != 5 || !mx_addr_parse("127.0.0.1", &target) ||
	    !mx_addr_parse(argv[2], &source))
		errx(64, "usage: bare PORT SOURCE SESSIONS IN-FLIGHT");
	target.port = (uint16_t)measure_number(argv[1], 65535);
	sessions = measure_number(argv[3], SESSIONS_MAX);
	in_flight = measure_number(argv[4], 10000);
	bare.source_len = mx_addr_to_sockaddr(&source, &bare.source);
	bare.target_len = mx_addr_to_sockaddr(&target, &bare.target);
	bare.to_start = sessions;
	slots = mx_calloc(in_flight, sizeof *slots);
	start = measure_now();
	run(&bare, slots, in_flight);
	measure_print_rate(start, sessions, bare.failed);
	free(slots);
	return bare.failed > 0;
}
