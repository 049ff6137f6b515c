/* test_resolv_conf.c - the nameserver lines, and that they are the ones asked. */
#include <criterion/criterion.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/dns/resolv_conf.h"
#include "probe/dns/resolver.h"

static char path[] = "/tmp/mx-resolv-XXXXXX";

static void
make_file(void)
{
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	close(fd);
}

static void
remove_file(void)
{
	unlink(path);
}

TestSuite(resolv_conf, .init = make_file, .fini = remove_file, .timeout = 10);

static size_t
read_text(const char *text, struct mx_addr out[MX_RESOLV_CONF_MAX])
{
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
	return mx_resolv_conf_read(path, out);
}

Test(resolv_conf, nameservers_are_taken_in_order_and_the_rest_is_left)
{
	struct mx_addr out[MX_RESOLV_CONF_MAX];
	char text[MX_ADDR_TEXT];

	cr_assert_eq(read_text("# nameserver 192.0.2.9\n"
			       ";nameserver 192.0.2.9\n"
			       "domain example.test\n"
			       "nameserver 192.0.2.1\n"
			       "nameserver\t2001:db8::1 # comment\n"
			       "nameservers 192.0.2.9\n"
			       "nameserver nonsense\n"
			       "nameserver\n"
			       "search example.test\n"
			       "options edns0 trust-ad\n"
			       "nameserver   192.0.2.3",
			 out),
	    3);
	cr_assert_str_eq(mx_addr_text(&out[0], text), "192.0.2.1");
	cr_assert_str_eq(mx_addr_text(&out[1], text), "2001:db8::1");
	cr_assert_str_eq(mx_addr_text(&out[2], text), "192.0.2.3");
	cr_assert_eq(out[0].port, 0);
}

Test(resolv_conf, a_file_without_any_and_no_file_have_none)
{
	struct mx_addr out[MX_RESOLV_CONF_MAX];

	cr_assert_eq(read_text("search example.test\n", out), 0);
	cr_assert_eq(mx_resolv_conf_read("/nonexistent/resolv.conf", out), 0);
}

Test(resolv_conf, no_more_than_eight_are_taken)
{
	struct mx_addr out[MX_RESOLV_CONF_MAX];
	char text[1024] = "";
	size_t len = 0;

	for (int i = 0; i < 20; i++)
		len += (size_t)snprintf(
		    text + len, sizeof text - len, "nameserver 192.0.2.%d\n", i);
	cr_assert_eq(read_text(text, out), MX_RESOLV_CONF_MAX);
}

static void
never_mind(void *arg, const struct mx_dns_answer *answer)
{
	(void)answer;
	mx_loop_stop(arg);
}

Test(resolv_conf, the_servers_named_there_are_the_ones_asked)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(53) };
	struct mx_addr out[MX_RESOLV_CONF_MAX];
	struct mx_resolver_params params = { .resolv_conf = path };
	struct mx_resolver *resolver;
	struct mx_loop *loop;
	char packet[512];
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	cr_assert_eq(inet_pton(AF_INET, "127.83.71.9", &sin.sin_addr), 1);
	if (bind(fd, (struct sockaddr *)&sin, sizeof sin) != 0) {
		close(fd);
		cr_skip_test("port 53 of a loopback address is not ours to bind");
	}
	cr_assert_eq(read_text("nameserver 127.83.71.9\n", out), 1);
	loop = mx_loop_new(NULL);
	resolver = mx_resolver_new(loop, &params, NULL);
	cr_assert_not_null(resolver);
	mx_resolver_ask(resolver, "example.test", MX_DNS_MX, 200000, never_mind, loop);
	mx_loop_run(loop);
	cr_assert_gt(recv(fd, packet, sizeof packet, 0), 12);
	mx_resolver_free(resolver);
	mx_loop_free(loop);
	close(fd);
}
