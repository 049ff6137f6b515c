/* test_notify.c - what the service manager hears. */
#include <criterion/criterion.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "probe/base/notify.h"

static void
forget(void)
{
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

TestSuite(notify, .init = forget, .timeout = 10);

/* A name in the abstract namespace, which goes with the process. */
static int
listen_as(const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	socklen_t size =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	cr_assert_lt(strlen(name), sizeof at.sun_path);
	memcpy(at.sun_path + 1, name + 1, strlen(name) - 1);
	cr_assert_eq(bind(fd, (struct sockaddr *)&at, size), 0);
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

Test(notify, lines_come_as_one_message)
{
	char name[64], heard[128] = "";
	int fd;

	(void)snprintf(name, sizeof name, "@mx-notify-%d", (int)getpid());
	fd = listen_as(name);
	mx_notify("READY=1\nSTATUS=well");
	cr_assert_gt(recv(fd, heard, sizeof heard - 1, 0), 0);
	cr_expect_str_eq(heard, "READY=1\nSTATUS=well");
	memset(heard, 0, sizeof heard);
	mx_notify_reloading();
	cr_assert_gt(recv(fd, heard, sizeof heard - 1, 0), 0);
	cr_expect_eq(strncmp(heard, "RELOADING=1\nMONOTONIC_USEC=", 27), 0, "%s", heard);
	cr_expect_gt(strtoll(heard + 27, NULL, 10), 0);
	close(fd);
}

Test(notify, nobody_to_tell_is_no_trouble)
{
	static const char *const names[] = { "", "@", "relative", "/nonexistent/socket" };

	mx_notify("READY=1");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		setenv("NOTIFY_SOCKET", names[i], 1);
		mx_notify("READY=1");
	}
}

Test(notify, the_watchdog_is_this_process_s_own)
{
	char pid[24];

	cr_expect_eq(mx_notify_watchdog_us(), 0);
	setenv("WATCHDOG_USEC", "30000000", 1);
	cr_expect_eq(mx_notify_watchdog_us(), 30000000);
	setenv("WATCHDOG_PID", "1", 1);
	cr_expect_eq(mx_notify_watchdog_us(), 0);
	(void)snprintf(pid, sizeof pid, "%d", (int)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	cr_expect_eq(mx_notify_watchdog_us(), 30000000);
}
