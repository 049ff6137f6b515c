/* wake.c - an eventfd: rings add up in the kernel until the loop reads them. */
#include "probe/net/wake.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "probe/base/mem.h"

struct mx_wake {
	int fd;
	struct event *event;
	void (*cb)(void *arg);
	void *arg;
};

static void
on_ring(int fd, short what, void *arg)
{
	struct mx_wake *wake = arg;
	eventfd_t rings;

	(void)what;
	(void)eventfd_read(fd, &rings);
	wake->cb(wake->arg);
}

struct mx_wake *
mx_wake_new(struct mx_loop *loop, void (*cb)(void *arg), void *arg, struct mx_error *err)
{
	struct mx_wake *wake;
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	if (fd < 0) {
		mx_error_sys(err, errno, "no event descriptor");
		return NULL;
	}
	wake = mx_calloc(1, sizeof *wake);
	*wake = (struct mx_wake){ .fd = fd, .cb = cb, .arg = arg };
	wake->event =
	    event_new(mx_loop_base(loop), fd, EV_READ | EV_PERSIST, on_ring, wake);
	if (wake->event == NULL || event_add(wake->event, NULL) != 0)
		mx_out_of_memory();
	return wake;
}

void
mx_wake_free(struct mx_wake *wake)
{
	if (wake == NULL)
		return;
	event_free(wake->event);
	close(wake->fd);
	free(wake);
}

void
mx_wake_ring(struct mx_wake *wake)
{
	(void)eventfd_write(wake->fd, 1);
}
