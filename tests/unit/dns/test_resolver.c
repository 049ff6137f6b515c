/* test_resolver.c - questions to a real name server on loopback: each ends once, in time. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/dns/resolver.h"
#include "tests/support/dns_server.h"

#define SECOND_US INT64_C(1000000)

static const struct dns_row rows[] = {
	{ "example.test", MX_DNS_MX, "10 mx1.example.test" },
	{ "mx1.example.test", MX_DNS_A, "192.0.2.1" },
	{ "mx1.example.test", MX_DNS_AAAA, "2001:db8::1" },
	{ "example.test", MX_DNS_TXT, "v=spf1 -all" },
	{ "alias.test", MX_DNS_CNAME, "alias2.test" },
	{ "alias2.test", MX_DNS_CNAME, "mx1.example.test" },
	{ "failing.test", DNS_ANY, "!servfail" },
	{ "refusing.test", DNS_ANY, "!refuse" },
	{ "silent.test", DNS_ANY, "!drop" },
	{ "5.113.0.203.in-addr.arpa", MX_DNS_PTR, "mail.example.test" },
	{ "1.2.0.192.in-addr.arpa", MX_DNS_PTR, "mail.example.test" },
	{ "1.100.51.198.in-addr.arpa", MX_DNS_PTR, "mail.example.test" },
	{ "1.0.0.10.in-addr.arpa", MX_DNS_PTR, "mail.example.test" },
	{ "1.0.168.192.in-addr.arpa", MX_DNS_PTR, "mail.example.test" },
	{ "1.0.20.172.in-addr.arpa", MX_DNS_PTR, "mail.example.test" },
	{ "1.1.254.169.in-addr.arpa", MX_DNS_PTR, "mail.example.test" },
	{ "1.0.64.100.in-addr.arpa", MX_DNS_PTR, "mail.example.test" },
	{ "2.0.0.127.in-addr.arpa", MX_DNS_PTR, "mail.example.test" },
	{ "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
	    MX_DNS_PTR, "mail.example.test" },
	{ "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa",
	    MX_DNS_PTR, "mail.example.test" },
	{ "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa",
	    MX_DNS_PTR, "mail.example.test" },
	{ "host.invalid", MX_DNS_A, "192.0.2.9" },
	{ "host.onion", MX_DNS_A, "192.0.2.9" },
	{ "host.home.arpa", MX_DNS_A, "192.0.2.9" },
	{ "*.bulk.test", MX_DNS_A, "192.0.2.7" },
};

static struct mx_loop *loop;
static struct dns_server *server;
static struct mx_resolver *resolver;

static struct mx_resolver *
resolver_for(struct dns_server *name_server)
{
	struct mx_addr addr = dns_server_addr(name_server);
	struct mx_resolver_params params = { .servers = &addr, .server_count = 1 };
	struct mx_error err = { 0 };
	struct mx_resolver *made = mx_resolver_new(loop, &params, &err);

	cr_assert_not_null(made, "%s", err.text);
	return made;
}

static void
setup(void)
{
	struct mx_error err = { 0 };

	loop = mx_loop_new(&err);
	cr_assert_not_null(loop, "%s", err.text);
	server = dns_server_new(loop, rows, sizeof rows / sizeof rows[0]);
	resolver = resolver_for(server);
}

static void
teardown(void)
{
	mx_resolver_free(resolver);
	dns_server_free(server);
	mx_loop_free(loop);
}

TestSuite(resolver, .init = setup, .fini = teardown, .timeout = 20);

/* ---- one question, waited for --------------------------------------------------------------- */

struct seen {
	size_t calls;
	enum mx_dns_status status;
	enum mx_dnssec dnssec;
	size_t count;
	char first[300]; /* the first record as text */
	char canonical[300];
	int64_t at_us;
};

static void
describe(const struct mx_dns_record *record, char *out, size_t size)
{
	char text[MX_ADDR_TEXT];

	if (record->addr.family != AF_UNSPEC)
		snprintf(out, size, "%s", mx_addr_text(&record->addr, text));
	else if (record->type == MX_DNS_MX)
		snprintf(out, size, "%u %s", record->preference, record->name);
	else
		snprintf(out, size, "%s",
		    record->name != NULL ? record->name : (const char *)record->data);
}

static void
note(void *arg, const struct mx_dns_answer *answer)
{
	struct seen *seen = arg;

	seen->calls++;
	seen->status = answer->status;
	seen->dnssec = answer->dnssec;
	seen->count = answer->count;
	seen->at_us = mx_clock_mono_us();
	if (answer->count > 0)
		describe(&answer->records[0], seen->first, sizeof seen->first);
	if (answer->canonical != NULL)
		snprintf(
		    seen->canonical, sizeof seen->canonical, "%s", answer->canonical);
}

static void
note_and_stop(void *arg, const struct mx_dns_answer *answer)
{
	note(arg, answer);
	mx_loop_stop(loop);
}

static struct seen
ask(const char *name, enum mx_dns_type type, int64_t timeout_us)
{
	struct seen seen = { 0 };

	cr_assert_not_null(
	    mx_resolver_ask(resolver, name, type, timeout_us, note_and_stop, &seen));
	cr_assert_eq(seen.calls, 0, "answered from inside the call");
	mx_loop_run(loop);
	cr_assert_eq(seen.calls, 1);
	return seen;
}

Test(resolver, each_kind_of_answer_is_told_apart)
{
	static const struct {
		const char *name;
		enum mx_dns_type type;
		enum mx_dns_status status;
		const char *first, *canonical;
	} table[] = {
		{ "example.test", MX_DNS_MX, MX_DNS_OK, "10 mx1.example.test", "" },
		{ "MX1.Example.test.", MX_DNS_A, MX_DNS_OK, "192.0.2.1", "" },
		{ "mx1.example.test", MX_DNS_A, MX_DNS_OK, "192.0.2.1", "" },
		{ "mx1.example.test", MX_DNS_AAAA, MX_DNS_OK, "2001:db8::1", "" },
		{ "example.test", MX_DNS_TXT, MX_DNS_OK, "v=spf1 -all", "" },
		{ "alias.test", MX_DNS_A, MX_DNS_OK, "192.0.2.1", "mx1.example.test" },
		{ "alias.test", MX_DNS_MX, MX_DNS_NODATA, "", "mx1.example.test" },
		{ "example.test", MX_DNS_A, MX_DNS_NODATA, "", "" },
		{ "nowhere.test", MX_DNS_MX, MX_DNS_NXDOMAIN, "", "" },
		{ "failing.test", MX_DNS_MX, MX_DNS_SERVFAIL, "", "" },
		{ "refusing.test", MX_DNS_MX, MX_DNS_SERVFAIL, "", "" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct seen seen = ask(table[i].name, table[i].type, 10 * SECOND_US);

		cr_assert_eq(seen.status, table[i].status, "row %zu: %s", i,
		    mx_dns_status_text(seen.status));
		cr_assert_str_eq(seen.first, table[i].first);
		cr_assert_str_eq(seen.canonical, table[i].canonical);
		cr_assert_eq(seen.dnssec, MX_DNSSEC_UNKNOWN, "row %zu", i);
	}
}

/* libunbound would answer all of these itself, with NXDOMAIN. */
Test(resolver, zones_of_private_and_documentation_addresses_are_asked_for)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct seen seen;

		if (rows[i].type != MX_DNS_PTR)
			continue;
		seen = ask(rows[i].name, MX_DNS_PTR, 10 * SECOND_US);
		cr_assert_eq(seen.status, MX_DNS_OK, "%s", rows[i].name);
		cr_assert_str_eq(seen.first, "mail.example.test");
	}
	cr_assert_eq(ask("host.invalid", MX_DNS_A, SECOND_US).status, MX_DNS_OK);
	cr_assert_eq(ask("host.onion", MX_DNS_A, SECOND_US).status, MX_DNS_OK);
	cr_assert_eq(ask("host.home.arpa", MX_DNS_A, SECOND_US).status, MX_DNS_OK);
}

Test(resolver, a_name_that_cannot_be_asked_is_answered_like_a_failure)
{
	char label[70];

	memset(label, 'a', 69);
	label[69] = '\0';
	cr_assert_eq(ask(label, MX_DNS_A, SECOND_US).status, MX_DNS_SERVFAIL);
}

Test(resolver, the_root_can_be_asked)
{
	cr_assert_eq(ask(".", MX_DNS_NS, 10 * SECOND_US).status, MX_DNS_NXDOMAIN);
}

/* ---- time ----------------------------------------------------------------------------------- */

Test(resolver, silence_ends_at_the_deadline)
{
	int64_t began_us = mx_clock_mono_us();
	struct seen seen = ask("silent.test", MX_DNS_MX, 200000);

	cr_assert_eq(seen.status, MX_DNS_TIMEOUT);
	cr_assert_geq(seen.at_us - began_us, 200000);
}

Test(resolver, a_question_without_any_time_still_ends_from_the_loop)
{
	cr_assert_eq(ask("silent.test", MX_DNS_MX, 0).status, MX_DNS_TIMEOUT);
}

Test(resolver, a_dead_server_is_a_failure_or_a_timeout)
{
	struct mx_addr addr = dns_server_addr(server);
	struct mx_resolver_params params = { .servers = &addr, .server_count = 1 };
	struct seen seen;

	mx_resolver_free(resolver);
	dns_server_free(server);
	server = dns_server_new(loop, NULL, 0); /* somewhere else */
	resolver = mx_resolver_new(loop, &params, NULL);
	seen = ask("example.test", MX_DNS_MX, 300000);
	cr_assert(seen.status == MX_DNS_TIMEOUT || seen.status == MX_DNS_SERVFAIL);
}

/* ---- order, and who may do what in a callback ----------------------------------------------- */

static struct seen chain[3];

static void
ask_next(void *arg, const struct mx_dns_answer *answer)
{
	size_t index = (size_t)((struct seen *)arg - chain);
	struct mx_query *next;

	note(arg, answer);
	if (index == 2) {
		mx_loop_stop(loop);
		return;
	}
	/* The answer is in the cache: libunbound calls back from inside. We must not. */
	next = mx_resolver_ask(resolver, "mx1.example.test", MX_DNS_A, SECOND_US,
	    ask_next, &chain[index + 1]);
	cr_assert_not_null(next);
	cr_assert_eq(chain[index + 1].calls, 0);
}

Test(resolver, cached_answers_come_from_the_loop_too)
{
	size_t asked;

	(void)ask("mx1.example.test", MX_DNS_A, SECOND_US);
	asked = dns_server_asked(server, "mx1.example.test");
	cr_assert_eq(asked, 1);
	mx_resolver_ask(
	    resolver, "mx1.example.test", MX_DNS_A, SECOND_US, ask_next, &chain[0]);
	cr_assert_eq(chain[0].calls, 0);
	mx_loop_run(loop);
	for (size_t i = 0; i < 3; i++)
		cr_assert_eq(chain[i].calls, 1);
	cr_assert_eq(
	    dns_server_asked(server, "mx1.example.test"), 1, "not from the cache");
}

static struct mx_query *other;

static void
cancel_other(void *arg, const struct mx_dns_answer *answer)
{
	note(arg, answer);
	mx_query_cancel(other);
	mx_loop_stop(loop);
}

/* Both answers are ready when the first callback runs. */
Test(resolver, a_callback_may_cancel_a_question_that_is_answered_already)
{
	struct seen first = { 0 }, second = { 0 };

	(void)ask("mx1.example.test", MX_DNS_A, SECOND_US);
	mx_resolver_ask(
	    resolver, "mx1.example.test", MX_DNS_A, SECOND_US, cancel_other, &first);
	other = mx_resolver_ask(
	    resolver, "mx1.example.test", MX_DNS_A, SECOND_US, note, &second);
	mx_loop_run(loop);
	(void)ask("mx1.example.test", MX_DNS_AAAA, SECOND_US);
	cr_assert_eq(first.calls, 1);
	cr_assert_eq(second.calls, 0);
}

static void
free_resolver(void *arg, const struct mx_dns_answer *answer)
{
	note(arg, answer);
	mx_resolver_free(resolver);
	resolver = NULL;
	mx_loop_stop(loop);
}

Test(resolver, a_callback_may_free_the_resolver)
{
	struct seen first = { 0 }, second = { 0 }, third = { 0 };

	(void)ask("mx1.example.test", MX_DNS_A, SECOND_US);
	mx_resolver_ask(
	    resolver, "mx1.example.test", MX_DNS_A, SECOND_US, free_resolver, &first);
	mx_resolver_ask(resolver, "mx1.example.test", MX_DNS_A, SECOND_US, note, &second);
	mx_resolver_ask(resolver, "silent.test", MX_DNS_A, SECOND_US, note, &third);
	mx_loop_run(loop);
	cr_assert_eq(first.calls, 1);
	cr_assert_eq(second.calls + third.calls, 0);
}

/* ---- cancelling ----------------------------------------------------------------------------- */

Test(resolver, a_cancelled_question_is_never_answered)
{
	struct seen seen = { 0 };
	struct mx_query *waiting, *running;

	waiting = mx_resolver_ask(
	    resolver, "mx1.example.test", MX_DNS_A, SECOND_US, note, &seen);
	mx_query_cancel(waiting); /* before the trust is settled */
	(void)ask("example.test", MX_DNS_MX, 10 * SECOND_US);
	running = mx_resolver_ask(
	    resolver, "mx1.example.test", MX_DNS_A, SECOND_US, note, &seen);
	mx_query_cancel(running);
	mx_query_cancel(NULL);
	(void)ask("mx1.example.test", MX_DNS_AAAA, SECOND_US);
	(void)ask("mx1.example.test", MX_DNS_A, SECOND_US);
	cr_assert_eq(seen.calls, 0);
}

Test(resolver, freeing_forgets_what_is_under_way)
{
	struct seen seen = { 0 };

	(void)ask("example.test", MX_DNS_MX, 10 * SECOND_US);
	for (int i = 0; i < 20; i++) {
		mx_resolver_ask(
		    resolver, "silent.test", MX_DNS_A, SECOND_US, note, &seen);
		mx_resolver_ask(
		    resolver, "example.test", MX_DNS_MX, SECOND_US, note, &seen);
	}
	mx_resolver_free(resolver);
	resolver = NULL;
	cr_assert_eq(seen.calls, 0);
}

Test(resolver, freeing_while_the_roots_keys_are_asked_for_is_quiet)
{
	struct seen seen = { 0 };

	mx_resolver_ask(resolver, "example.test", MX_DNS_MX, SECOND_US, note, &seen);
	mx_resolver_free(resolver);
	mx_resolver_free(NULL);
	resolver = NULL;
	cr_assert_eq(seen.calls, 0);
}

/* ---- many ----------------------------------------------------------------------------------- */

static size_t still_open;

static void
count_down(void *arg, const struct mx_dns_answer *answer)
{
	note(arg, answer);
	if (--still_open == 0)
		mx_loop_stop(loop);
}

Test(resolver, a_thousand_questions_at_once_are_all_answered)
{
	enum {
		MANY = 1000
	};
	static struct seen seen[MANY];

	still_open = MANY;
	for (size_t i = 0; i < MANY; i++) {
		char name[32];

		snprintf(name, sizeof name, "n%zu.bulk.test", i);
		mx_resolver_ask(
		    resolver, name, MX_DNS_A, 15 * SECOND_US, count_down, &seen[i]);
	}
	mx_loop_run(loop);
	for (size_t i = 0; i < MANY; i++) {
		cr_assert_eq(seen[i].calls, 1);
		cr_assert_eq(seen[i].status, MX_DNS_OK, "%zu: %s", i,
		    mx_dns_status_text(seen[i].status));
	}
}

/* More than libunbound is given at once wait in our queue, where their time runs as well. */
Test(resolver, deadlines_run_also_in_the_queue)
{
	enum {
		MANY = 700
	};
	static struct seen seen[MANY];

	(void)ask("example.test", MX_DNS_MX, 10 * SECOND_US);
	still_open = MANY;
	for (size_t i = 0; i < MANY; i++)
		mx_resolver_ask(
		    resolver, "silent.test", MX_DNS_A, 300000, count_down, &seen[i]);
	mx_loop_run(loop);
	for (size_t i = 0; i < MANY; i++)
		cr_assert_eq(seen[i].status, MX_DNS_TIMEOUT);
	cr_assert_eq(ask("mx1.example.test", MX_DNS_A, SECOND_US).status, MX_DNS_OK);
}

/* ---- settings ------------------------------------------------------------------------------- */

/* A file with that text; the caller frees and unlinks. */
static char *
file_with(const char *text)
{
	char *path = mx_strdup("/tmp/mx-anchor-XXXXXX");
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return path;
}

static void
assert_anchor_refused(const char *path, const char *reason)
{
	struct mx_resolver_params params = { .trust_anchor = path };
	struct mx_error err = { 0 };

	cr_assert_null(mx_resolver_new(loop, &params, &err));
	cr_assert_eq(err.code, MX_ERR_USAGE, "%s", err.text);
	cr_assert_not_null(strstr(err.text, path), "%s", err.text);
	cr_assert_not_null(strstr(err.text, reason), "%s", err.text);
}

Test(resolver, a_bad_trust_anchor_is_refused_by_name)
{
	static const struct {
		const char *text, *reason;
	} table[] = {
		{ "", "no DS or DNSKEY" },
		{ "; test. IN DS 1 8 2 00\n", "no DS or DNSKEY" },
		{ "test. IN A 192.0.2.1\n", "no DS or DNSKEY" },
		{ "test. IN DS 1 8\n", "malformed: Syntax error" },
		{ "test. IN DNSKEY 257 3\n", "malformed: Syntax error" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		char *path = file_with(table[i].text);

		assert_anchor_refused(path, table[i].reason);
		unlink(path);
		free(path);
	}
	assert_anchor_refused("/nonexistent/anchor", "No such file");
	assert_anchor_refused("/tmp", "no file");
	assert_anchor_refused("/dev/zero", "no file");
}

Test(resolver, a_given_anchor_is_used_whatever_the_forwarder_knows)
{
	char *path = file_with(
	    "secure.test. IN DS 12345 13 2 "
	    "B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17\n");
	struct mx_addr addr = dns_server_addr(server);
	struct mx_resolver_params params = {
		.servers = &addr, .server_count = 1, .trust_anchor = path
	};

	mx_resolver_free(resolver);
	resolver = mx_resolver_new(loop, &params, NULL);
	unlink(path);
	free(path);
	cr_assert_eq(
	    ask("example.test", MX_DNS_MX, SECOND_US).dnssec, MX_DNSSEC_INSECURE);
	cr_assert_eq(dns_server_asked(server, ""), 0, "the root's keys were asked for");
	cr_assert_eq(
	    ask("mx.secure.test", MX_DNS_A, 10 * SECOND_US).status, MX_DNS_BOGUS);
}
