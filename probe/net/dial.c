/* dial.c - a socket that leaves from the chosen source, and what connect() may answer. */
#include "probe/net/dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* ---- what an errno means ---- */

/* clang-format off */
static const struct {
	int sys;
	enum mx_end end;
	const char *text;
} meanings[] = {
	{ ECONNREFUSED,  MX_END_REFUSED,     "connection refused" },
	{ ECONNRESET,    MX_END_RESET,       "the peer reset the connection" },
	{ EPIPE,         MX_END_RESET,       "the peer reset the connection" },
	{ ETIMEDOUT,     MX_END_FILTERED,    "no answer; the kernel gave up" },
	{ ENETUNREACH,   MX_END_UNREACHABLE, "no route from this source" },
	{ EHOSTUNREACH,  MX_END_UNREACHABLE, "the host can't be reached" },
	{ EHOSTDOWN,     MX_END_UNREACHABLE, "the host can't be reached" },
	/* From ICMPv6 "administratively prohibited", a prohibit route, or a local filter. */
	{ EACCES,        MX_END_UNREACHABLE, "prohibited by a firewall or a route" },
	{ EPERM,         MX_END_UNREACHABLE, "prohibited by a firewall or a route" },
	/* The rarer ICMP unreachables. */
	{ ENOPROTOOPT,   MX_END_UNREACHABLE, "the host takes no TCP" },
	{ EOPNOTSUPP,    MX_END_UNREACHABLE, "the host can't be reached" },
	{ ENONET,        MX_END_UNREACHABLE, "the host can't be reached" },
	{ EPROTO,        MX_END_UNREACHABLE, "the host can't be reached" },
	/* Ours: every port of this source is taken for this target. */
	{ EADDRNOTAVAIL, MX_END_LOCAL,       "no local port is left" },
	{ EINVAL,        MX_END_LOCAL,       "this source can't be used for this target" },
};
/* clang-format on */

struct mx_dial_meaning
mx_dial_meaning(int sys)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		if (meanings[i].sys == sys)
			return (
			    struct mx_dial_meaning){ meanings[i].end, meanings[i].text };
	}
	return (struct mx_dial_meaning){ MX_END_LOCAL, strerror(sys) };
}

/* ---- the socket ---- */

static bool
leave_from(int fd, const struct mx_addr *source, struct mx_error *err)
{
	struct sockaddr_storage local;
	struct mx_addr any_port = *source;
	socklen_t len;
	char text[MX_ADDR_TEXT];
	int on = 1;

	if (source->family == AF_UNSPEC)
		return true;
	/* The port is chosen at connect(), per target: more sessions fit on one source. Works on
	 * v6 sockets at this level too; a kernel without it merely has fewer ports. */
	(void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
	any_port.port = 0;
	len = mx_addr_to_sockaddr(&any_port, &local);
	if (bind(fd, (const struct sockaddr *)&local, len) == 0)
		return true;
	mx_error_sys(
	    err, errno, "the source %s can't be used", mx_addr_text(source, text));
	return false;
}

int
mx_dial(const struct mx_addr *source, const struct mx_addr *target, int *sys,
    struct mx_error *err)
{
	struct sockaddr_storage remote;
	socklen_t len = mx_addr_to_sockaddr(target, &remote);
	char text[MX_ADDR_TEXT];
	int fd = socket(target->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	*sys = 0;
	if (fd < 0) {
		mx_error_sys(err, errno, "no socket can be opened");
		return -1;
	}
	if (!leave_from(fd, source, err)) {
		(void)close(fd);
		return -1;
	}
	if (connect(fd, (const struct sockaddr *)&remote, len) == 0 ||
	    errno == EINPROGRESS || errno == EINTR)
		return fd;
	*sys = errno;
	if (mx_dial_meaning(*sys).end != MX_END_LOCAL)
		return fd;
	(void)close(fd);
	mx_error_sys(err, *sys, "%s can't be reached: %s",
	    mx_addr_text_port(target, text), mx_dial_meaning(*sys).text);
	return -1;
}
