/* notify.c - the protocol of sd_notify(3), which is stable and small. */
#include "probe/base/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "probe/base/clock.h"

/* A leading @ stands for the abstract namespace. 0: no usable name. */
static socklen_t
address_of(const char *name, struct sockaddr_un *to)
{
	size_t len = strlen(name);

	*to = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if ((name[0] != '/' && name[0] != '@') || len < 2 || len >= sizeof to->sun_path)
		return 0;
	memcpy(to->sun_path, name, len);
	if (name[0] == '@')
		to->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

void
mx_notify(const char *lines)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to;
	socklen_t size = name != NULL ? address_of(name, &to) : 0;
	int fd;

	if (size == 0)
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)!sendto(fd, lines, strlen(lines), MSG_NOSIGNAL | MSG_DONTWAIT,
	    (const struct sockaddr *)&to, size);
	close(fd);
}

void
mx_notify_reloading(void)
{
	char lines[96];

	snprintf(lines, sizeof lines, "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)mx_clock_mono_us());
	mx_notify(lines);
}

int64_t
mx_notify_watchdog_us(void)
{
	const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (us == NULL || (pid != NULL && strtoll(pid, NULL, 10) != getpid()))
		return 0;
	return strtoll(us, NULL, 10);
}
