/* listen.c - socket, bind, listen, and an event that accepts one connection at a time. */
#include "probe/net/listen.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "probe/base/mem.h"

#define BACKLOG 64

struct mx_listener {
	int fd;
	struct event *event;
	struct mx_addr addr;
	void (*accepted)(void *arg, int fd, const struct mx_addr *peer);
	void *arg;
};

/* One at a time: accepted() may free the listener. */
static void
on_connection(evutil_socket_t fd, short what, void *arg)
{
	struct mx_listener *listener = arg;
	struct sockaddr_storage remote;
	socklen_t len = sizeof remote;
	struct mx_addr peer = { 0 };
	int accepted =
	    accept4(fd, (struct sockaddr *)&remote, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)what;
	if (accepted < 0)
		return; /* it went away again, or descriptors are out: asked again at once */
	(void)mx_addr_from_sockaddr((struct sockaddr *)&remote, &peer);
	listener->accepted(listener->arg, accepted, &peer);
}

static int
open_socket(const struct mx_addr *addr, struct mx_addr *bound, struct mx_error *err)
{
	struct sockaddr_storage local;
	socklen_t len = mx_addr_to_sockaddr(addr, &local);
	char text[MX_ADDR_TEXT];
	int on = 1;
	int fd = socket(addr->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		mx_error_sys(err, errno, "no socket can be opened");
		return -1;
	}
	/* So that a restart need not wait for what the last run left in TIME_WAIT. */
	if (addr->port != 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&local, len) != 0 || listen(fd, BACKLOG) != 0 ||
	    getsockname(fd, (struct sockaddr *)&local, &len) != 0 ||
	    !mx_addr_from_sockaddr((struct sockaddr *)&local, bound)) {
		mx_error_sys(
		    err, errno, "can't listen at %s", mx_addr_text_port(addr, text));
		(void)close(fd);
		return -1;
	}
	return fd;
}

struct mx_listener *
mx_listener_new(struct mx_loop *loop, const struct mx_addr *addr,
    void (*accepted)(void *arg, int fd, const struct mx_addr *peer), void *arg,
    struct mx_error *err)
{
	struct mx_listener *listener;
	struct mx_addr bound;
	int fd = open_socket(addr, &bound, err);

	if (fd < 0)
		return NULL;
	listener = mx_calloc(1, sizeof *listener);
	*listener = (struct mx_listener){
		.fd = fd, .addr = bound, .accepted = accepted, .arg = arg
	};
	listener->event = event_new(
	    mx_loop_base(loop), fd, EV_READ | EV_PERSIST, on_connection, listener);
	if (listener->event == NULL || event_add(listener->event, NULL) != 0)
		mx_out_of_memory();
	return listener;
}

const struct mx_addr *
mx_listener_addr(const struct mx_listener *listener)
{
	return &listener->addr;
}

void
mx_listener_free(struct mx_listener *listener)
{
	if (listener == NULL)
		return;
	event_free(listener->event);
	(void)close(listener->fd);
	free(listener);
}
