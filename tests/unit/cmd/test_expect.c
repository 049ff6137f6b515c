#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/cmd/expect.h"
#include "tests/unit/fakemx/world.h"

TestSuite(expect, .timeout = 20);

#define WORLD                     \
	"about: x\n"              \
	"probe: {to: [a.test]}\n" \
	"servers:\n"              \
	"  - address: 127.0.1.1\n"

#define LINE                                                                            \
	"{\"source\":\"127.0.0.2\",\"destination\":\"a.test\",\"verdict\":\"blocked\"," \
	"\"mx\":{\"host\":\"mx.test\",\"address\":\"127.0.1.1\"},\"reached\":null,"     \
	"\"finding\":{\"code\":550,\"category\":\"blocklist_own\",\"text\":\"a block "  \
	"list\"},"                                                                      \
	"\"tls\":{\"verified\":true},\"note\":null,"                                    \
	"\"identity\":{\"checks\":[{\"check\":\"ptr\",\"result\":\"fail\"},"            \
	"{\"check\":\"dmarc\",\"result\":\"pass\"}]},"                                  \
	"\"transcript\":[{\"line\":\"220 hello\"}]}\n"

/* The differences between what yaml expects and one run. Caller frees. */
static char *
differences(const char *yaml, const char *out, int status)
{
	struct mx_play_ran ran = {
		.status = status, .elapsed_us = 2000000, .peak_kib = 3072
	};
	struct mx_happened happened = { .ran = &ran,
		.out = out,
		.out_len = strlen(out),
		.diagnostics = "mxprobe: warning: beware\n" };
	struct world world;
	struct mx_buf found;

	world_open(&world, yaml);
	happened.fakemx = world.fakemx;
	mx_buf_init(&found, 65536);
	mx_expect_compare(world.scenario, &happened, &found);
	world_close(&world);
	return mx_buf_take(&found);
}

static void
expect_none(const char *yaml, const char *out, int status)
{
	char *found = differences(yaml, out, status);

	cr_expect_str_eq(found, "", "%s", found);
	free(found);
}

static void
expect_one(const char *yaml, const char *out, int status, const char *wanted)
{
	char *found = differences(yaml, out, status);
	const char *newline = strchr(found, '\n');

	cr_expect_not_null(strstr(found, wanted), "\"%s\" lacks \"%s\"", found, wanted);
	cr_expect(newline != NULL && newline[1] == '\0', "not one line: %s", found);
	free(found);
}

Test(expect, what_is_as_expected_is_no_difference)
{
	expect_none(WORLD
	    "expect: {exit: 1, within_ms: 2000, memory_mib: 3,\n"
	    "  diagnostics: [beware],\n"
	    "  results: [{verdict: blocked, code: 550, category: blocklist_own,\n"
	    "    reached: 'null', tls_verified: 'true', said: hello,\n"
	    "    text: block list, mx: mx.test, identity: 'dmarc pass, ptr fail'}],\n"
	    "  polite: [{sessions: 0, rcpts: 0, parallel: 0}]}\n",
	    LINE, 1);
	expect_none(WORLD "expect: {exit: 64}\n", "", 64);
}

Test(expect, every_field_can_differ)
{
	/* clang-format off */
	static const struct {
		const char *expected, *difference;
	} fields[] = {
		{ "verdict: accepted",   "verdict is \"blocked\", expected \"accepted\"" },
		{ "category: greylisted", "category is \"blocklist_own\"" },
		{ "about: sender_ip",    "about is \"null\"" },
		{ "permanence: temporary", "permanence is" },
		{ "stage: mail",         "stage is" },
		{ "reached: mail",       "reached is \"null\"" },
		{ "depth: rcpt",         "depth is" },
		{ "code: 55",            "code is \"550\", expected \"55\"" },
		{ "enhanced: 5.7.1",     "enhanced is" },
		{ "list: x",             "list is" },
		{ "authority: x",        "authority is" },
		{ "provider: x",         "provider is" },
		{ "provider_code: x",    "provider_code is" },
		{ "listed_value: x",     "listed_value is" },
		{ "retry_after_s: 3",    "retry_after_s is" },
		{ "text: another",       "text is \"a block list\", expected something with" },
		{ "said: 221",           "nobody said \"221\"" },
		{ "tls_version: x",      "tls_version is" },
		{ "tls_verified: 'false'", "tls_verified is \"true\"" },
		{ "tls_reason: x",       "tls_reason is" },
		{ "dane: valid",         "dane is" },
		{ "mta_sts: none",       "mta_sts is" },
		{ "rcpt: x",             "rcpt is" },
		{ "helo: x",             "helo is" },
		{ "note: x",             "note is" },
		{ "finding: none",       "there is a finding" },
		{ "identity: 'ptr fail, dmarc fail'", "identity has no row \"dmarc fail\"" },
		{ "identity: ptr",       "identity has no row \"ptr\"" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		char yaml[512];

		snprintf(yaml, sizeof yaml, WORLD "expect: {exit: 1, results: [{%s}]}\n",
		    fields[i].expected);
		expect_one(yaml, LINE, 1, fields[i].difference);
	}
}

Test(expect, the_run_itself_can_differ)
{
	expect_one(
	    WORLD "expect: {exit: 0, results: [{}]}\n", LINE, 1, "exit status is 1");
	expect_one(WORLD "expect: {exit: 1, results: [{}], within_ms: 1999}\n", LINE, 1,
	    "took 2000 ms");
	expect_one(WORLD "expect: {exit: 1, results: [{}], memory_mib: 2}\n", LINE, 1,
	    "3 MiB of memory");
	expect_one(WORLD "expect: {exit: 1, results: [{}], diagnostics: [danger]}\n",
	    LINE, 1, "don't say \"danger\"");
}

Test(expect, every_line_is_expected_once_and_no_more)
{
	expect_one(WORLD "expect: {exit: 1}\n", LINE, 1, "nobody expected");
	expect_one(
	    WORLD "expect: {exit: 1, results: [{}]}\n", LINE LINE, 1, "nobody expected");
	expect_one(WORLD "expect: {exit: 1, results: [{}, {}]}\n", LINE, 1,
	    "results[1]: no line of the output fits");
	expect_one(WORLD "expect: {exit: 1, results: [{}, {server: 127.0.1.2}]}\n", LINE,
	    1, "results[1]");
	expect_one(WORLD "expect: {exit: 1, results: [{}]}\n", LINE "Segmentation\n", 1,
	    "no JSON");
}

Test(expect, a_missing_session_is_a_difference)
{
	expect_one(WORLD "expect: {exit: 1, results: [{}], polite: [{sessions: 1}]}\n",
	    LINE, 1, "saw 0 sessions, expected 1");
	expect_one(WORLD "expect: {exit: 1, results: [{}], polite: [{server: 127.0.1.1, "
			 "rcpts: 1}]}\n",
	    LINE, 1, "127.0.1.1 saw 0 RCPTs");
}

/* A client that does what no expectation mentions. */
static char *
promises_of(const char *said)
{
	struct world world;
	struct client client;
	struct mx_buf found;

	world_open(&world, WORLD);
	client_open(&client, &world);
	client_await(&client, "220 [127.0.1.1] ESMTP\r\n");
	client_say(&client, "EHLO a.test\r\n");
	client_await(&client, "250 8BITMIME\r\n");
	client_say(&client, said);
	if (said[0] != '\0')
		client_await(&client, "2.1.0 Ok\r\n");
	client_close(&client);
	mx_buf_init(&found, 65536);
	cr_expect_geq(mx_expect_promises(world.fakemx, false, false, &found), 1);
	world_close(&world);
	return mx_buf_take(&found);
}

Test(expect, a_broken_promise_is_told_although_nobody_asked)
{
	char *found = promises_of("");

	cr_expect_not_null(strstr(found, "left without QUIT"), "%s", found);
	cr_expect_not_null(strstr(found, "after \"EHLO\""), "%s", found);
	free(found);
	found = promises_of("MAIL FROM:<>\r\n");
	cr_expect_not_null(strstr(found, "null sender"), "%s", found);
	free(found);
}
