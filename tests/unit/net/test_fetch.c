/* test_fetch.c - fetches that come to nothing. Whole ones need port 443 and a certificate: tests/tls. */
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/net/fetch.h"
#include "tests/unit/net/peer.h"

static struct mx_loop *loop;
static struct mx_fetcher *fetcher;
static size_t calls;
static int status;
static char why[256];

static void
setup(void)
{
	struct mx_error err;

	loop = mx_loop_new(&err);
	fetcher = mx_fetcher_new(loop, NULL);
}

static void
teardown(void)
{
	mx_fetcher_free(fetcher);
	mx_loop_free(loop);
}

TestSuite(fetch, .timeout = 30, .init = setup, .fini = teardown);

static void
on_done(void *arg, const struct mx_fetch_answer *answer)
{
	(void)arg;
	calls++;
	status = answer->status;
	strncpy(why, answer->why != NULL ? answer->why : "", sizeof why - 1);
	mx_loop_stop(loop);
}

static struct mx_fetch *
start(const char *addr_text, int64_t timeout_us)
{
	struct mx_addr addr;
	struct mx_fetch_request request = {
		.host = "mta-sts.example.test",
		.path = "/.well-known/mta-sts.txt",
		.addrs = &addr,
		.addr_count = 1,
		.timeout_us = timeout_us,
	};

	cr_assert(mx_addr_parse(addr_text, &addr));
	return mx_fetch_start(fetcher, &request, on_done, NULL);
}

/* Takes connections and never says a word. False when the port is not for us. */
static bool
be_silent_on_443(void)
{
	struct mx_addr addr;
	struct sockaddr_storage local;
	socklen_t len;
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	cr_assert(mx_addr_parse("127.66.77.88", &addr));
	addr.port = 443;
	len = mx_addr_to_sockaddr(&addr, &local);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	return bind(fd, (struct sockaddr *)&local, len) == 0 && listen(fd, 16) == 0;
}

Test(fetch, a_closed_port_is_told)
{
	cr_assert_not_null(start("127.66.77.99", 10 * MX_SECOND_US));
	mx_loop_run(loop);
	cr_expect_eq(calls, 1);
	cr_expect_eq(status, 0);
	cr_expect_gt(strlen(why), 0);
}

Test(fetch, silence_ends_at_the_deadline)
{
	int64_t began = mx_clock_mono_us();

	if (!be_silent_on_443())
		cr_skip("port 443 needs root");
	start("127.66.77.88", MX_SECOND_US / 5);
	mx_loop_run(loop);
	cr_expect_eq(calls, 1);
	cr_expect_eq(status, 0);
	cr_expect_not_null(strstr(why, "in time"), "%s", why);
	cr_expect_lt(mx_clock_mono_us() - began, 5 * MX_SECOND_US);
}

Test(fetch, cancelled_it_never_calls)
{
	struct mx_fetch *fetch = start("127.66.77.99", MX_SECOND_US);

	mx_fetch_cancel(fetch);
	mx_fetch_cancel(NULL);
	fetch = start("127.66.77.99", MX_SECOND_US);
	(void)fetch;
	mx_loop_run(loop);
	cr_expect_eq(calls, 1, "only the second");
}

Test(fetch, a_fetcher_may_go_before_its_fetches)
{
	start("127.66.77.99", MX_SECOND_US);
	if (be_silent_on_443())
		start("127.66.77.88", MX_SECOND_US);
	cr_expect_eq(calls, 0); /* teardown frees what is under way */
}
