/* test_trust.c - a forwarder without DNSSEC turns validation off, and costs no answer. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/dns/resolver.h"
#include "tests/support/dns_server.h"

#define SECOND_US INT64_C(1000000)

static const struct dns_row plain_rows[] = {
	{ "mx1.example.test", MX_DNS_A, "192.0.2.1" },
	{ "mx2.example.test", MX_DNS_A, "192.0.2.2" },
};

/* As some routers do: what they don't know they leave alone. */
static const struct dns_row mute_rows[] = {
	{ "", DNS_ANY, "!drop" },
	{ "mx1.example.test", MX_DNS_A, "192.0.2.1" },
};

static struct mx_loop *loop;
static struct dns_server *server;
static struct mx_resolver *resolver;
static char anchor_path[] = "/tmp/mx-root-XXXXXX";

/* Of the public root, so that the test needs no package that holds it. */
static void
write_anchor(void)
{
	static const char text[] =
	    ". IN DS 20326 8 2 "
	    "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n";
	int fd = mkstemp(anchor_path);

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void
setup(void)
{
	loop = mx_loop_new(NULL);
	cr_assert_not_null(loop);
	write_anchor();
}

static void
teardown(void)
{
	mx_resolver_free(resolver);
	dns_server_free(server);
	mx_loop_free(loop);
	unlink(anchor_path);
}

TestSuite(trust, .init = setup, .fini = teardown, .timeout = 20);

static void
start(const struct dns_row *rows, size_t count, const char *anchor)
{
	struct mx_addr addr;
	struct mx_resolver_params params = {
		.servers = &addr, .server_count = 1, .root_anchor = anchor
	};
	struct mx_error err = { 0 };

	server = dns_server_new(loop, rows, count);
	addr = dns_server_addr(server);
	resolver = mx_resolver_new(loop, &params, &err);
	cr_assert_not_null(resolver, "%s", err.text);
}

struct seen {
	enum mx_dns_status status;
	enum mx_dnssec dnssec;
	bool called;
	int64_t took_us;
};

static void
note(void *arg, const struct mx_dns_answer *answer)
{
	struct seen *seen = arg;

	seen->called = true;
	seen->status = answer->status;
	seen->dnssec = answer->dnssec;
	seen->took_us += mx_clock_mono_us();
	mx_loop_stop(loop);
}

static struct seen
ask(const char *name, int64_t timeout_us)
{
	struct seen seen = { .took_us = -mx_clock_mono_us() };

	mx_resolver_ask(resolver, name, MX_DNS_A, timeout_us, note, &seen);
	mx_loop_run(loop);
	cr_assert(seen.called);
	return seen;
}

Test(trust, a_forwarder_without_the_roots_keys_is_believed_unvalidated)
{
	struct seen seen;
	size_t asked;

	start(plain_rows, sizeof plain_rows / sizeof plain_rows[0], anchor_path);
	seen = ask("mx1.example.test", 10 * SECOND_US);
	cr_assert_eq(seen.status, MX_DNS_OK);
	cr_assert_eq(seen.dnssec, MX_DNSSEC_UNKNOWN);
	asked = dns_server_asked(server, "");
	cr_assert_gt(asked, 0);
	seen = ask("mx2.example.test", 10 * SECOND_US);
	cr_assert_eq(seen.dnssec, MX_DNSSEC_UNKNOWN);
	cr_assert_eq(dns_server_asked(server, ""), asked, "asked again");
}

/* What is written on standard error while it lasts. */
static char said_path[] = "/tmp/mx-said-XXXXXX";

static void
listen_to_the_log(void)
{
	int fd = mkstemp(said_path);

	cr_assert_geq(fd, 0);
	cr_assert_geq(dup2(fd, STDERR_FILENO), 0);
	close(fd);
	mx_log_set_level(MX_LOG_INFO);
}

static size_t
count_said(const char *text)
{
	FILE *said = fopen(said_path, "r");
	char line[512];
	size_t count = 0;

	cr_assert_not_null(said);
	while (fgets(line, sizeof line, said) != NULL)
		count += strstr(line, text) != NULL;
	(void)fclose(said);
	return count;
}

Test(trust, that_nothing_is_validated_is_said_once)
{
	mx_clock_freeze(mx_clock_wall_us());
	listen_to_the_log();
	start(plain_rows, sizeof plain_rows / sizeof plain_rows[0], anchor_path);
	ask("mx1.example.test", 10 * SECOND_US);
	for (int i = 0; i < 3; i++) {
		mx_clock_advance(601 * SECOND_US);
		ask("mx2.example.test", 10 * SECOND_US);
	}
	cr_expect_eq(count_said("DNSSEC is not validated"), 1);
	unlink(said_path);
}

Test(trust, a_forwarder_that_ignores_the_question_holds_nobody_up_for_long)
{
	struct seen early, late;

	start(mute_rows, sizeof mute_rows / sizeof mute_rows[0], anchor_path);
	early = ask("mx1.example.test", SECOND_US / 10);
	cr_assert_eq(early.status, MX_DNS_TIMEOUT, "its own deadline ran meanwhile");
	cr_assert_lt(early.took_us, SECOND_US * 2);
	late = ask("mx1.example.test", 10 * SECOND_US);
	cr_assert_eq(late.status, MX_DNS_OK);
	cr_assert_eq(late.dnssec, MX_DNSSEC_UNKNOWN);
	cr_assert_lt(late.took_us, 8 * SECOND_US);
}

Test(trust, an_unusable_root_anchor_costs_validation_only)
{
	struct seen seen;

	start(plain_rows, sizeof plain_rows / sizeof plain_rows[0],
	    "/nonexistent/root.key");
	seen = ask("mx1.example.test", 10 * SECOND_US);
	cr_assert_eq(seen.status, MX_DNS_OK);
	cr_assert_eq(seen.dnssec, MX_DNSSEC_UNKNOWN);
	cr_assert_eq(dns_server_asked(server, ""), 0);
}

/* Only set up: a question would go to the Internet. */
Test(trust, without_any_forwarder_there_is_full_recursion)
{
	struct mx_resolver_params params = { .resolv_conf = "/nonexistent/resolv.conf",
		.root_anchor = anchor_path };
	struct mx_error err = { 0 };

	server = dns_server_new(loop, NULL, 0);
	resolver = mx_resolver_new(loop, &params, &err);
	cr_assert_not_null(resolver, "%s", err.text);
}
