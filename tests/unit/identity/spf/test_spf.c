/* test_spf.c - SPF over the real resolver, in time and out of it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/identity/spf/spf.h"
#include "tests/support/dns_server.h"

/* clang-format off */
static const struct dns_row rows[] = {
	{ "d.example", MX_DNS_TXT, "v=spf1 mx include:i.example -all exp=silent.example" },
	{ "d.example", MX_DNS_MX, "10 mx1.example" }, { "d.example", MX_DNS_MX, "20 mx2.example" },
	{ "mx1.example", MX_DNS_A, "192.0.2.1" }, { "mx2.example", MX_DNS_A, "192.0.2.2" },
	{ "i.example", MX_DNS_TXT, "v=spf1 exists:%{l}.x.example ?all" },
	{ "a b.x.example", MX_DNS_A, "127.0.0.2" },
	{ "slow.example", MX_DNS_TXT, "v=spf1 a:silent.example -all" },
	{ "silent.example", DNS_ANY, "!drop" },
};
/* clang-format on */

static struct dns_world world;
static struct mx_spf_answer found;
static size_t calls;

static void
setup(void)
{
	dns_world_open(&world, rows, sizeof rows / sizeof rows[0]);
}

static void
teardown(void)
{
	mx_spf_answer_clear(&found);
	dns_world_close(&world);
}

TestSuite(spf, .init = setup, .fini = teardown, .timeout = 20);

static void
take(void *arg, struct mx_spf_answer *answer)
{
	cr_assert_eq(arg, world.loop);
	calls++;
	mx_spf_answer_clear(&found);
	found = *answer;
	*answer = (struct mx_spf_answer){ 0 };
	mx_loop_stop(world.loop);
}

static struct mx_spf_search *
begin(const char *client, const char *mail_from, int64_t timeout_us)
{
	struct mx_addr addr;
	struct mx_spf_params params = { .client = &addr,
		.helo = "mail.example",
		.mail_from = mail_from,
		.timeout_us = timeout_us };

	calls = 0;
	cr_assert(mx_addr_parse(client, &addr));
	return mx_spf_find(world.resolver, &params, take, world.loop);
}

static void
find(const char *client, const char *mail_from, int64_t timeout_us)
{
	cr_assert_not_null(begin(client, mail_from, timeout_us));
	cr_assert_eq(calls, 0, "done from inside the call");
	mx_loop_run(world.loop);
	cr_assert_eq(calls, 1);
}

Test(spf, follows_a_record_through_dns)
{
	find("192.0.2.2", "a@d.example", 10 * MX_SECOND_US);
	cr_assert_eq(found.result, MX_SPF_PASS, "%s", found.why);
	cr_assert_str_eq(found.why, "matched mx in the record of d.example");
	find("192.0.2.3", "\"a b\"@d.example", MX_SECOND_US / 2);
	cr_assert_eq(found.result, MX_SPF_FAIL, "%s", found.why);
	find("192.0.2.3", "a b@d.example", 10 * MX_SECOND_US);
	cr_assert_eq(found.result, MX_SPF_PASS, "%s", found.why);
}

Test(spf, answers_from_the_loop_also_when_nothing_is_to_be_looked_up)
{
	find("192.0.2.1", "a@[192.0.2.1]", MX_SECOND_US);
	cr_assert_eq(found.result, MX_SPF_NONE);
}

Test(spf, silence_is_a_temperror_when_the_time_is_up)
{
	int64_t before = mx_clock_mono_us();

	find("192.0.2.1", "a@slow.example", MX_SECOND_US / 5);
	cr_assert_eq(found.result, MX_SPF_TEMPERROR);
	cr_assert_not_null(strstr(found.why, "A of silent.example"), "%s", found.why);
	cr_assert_not_null(strstr(found.why, "timeout"), "%s", found.why);
	cr_assert_lt(mx_clock_mono_us() - before, 5 * MX_SECOND_US);
}

Test(spf, a_fail_stands_though_its_explanation_does_not_come)
{
	find("192.0.2.3", "x@d.example", MX_SECOND_US / 2);
	cr_assert_eq(found.result, MX_SPF_FAIL, "%s", found.why);
	cr_assert_null(found.explanation);
}

Test(spf, a_cancelled_search_never_answers)
{
	struct mx_spf_search *search =
	    begin("192.0.2.2", "a@d.example", 10 * MX_SECOND_US);

	mx_spf_cancel(search);
	mx_spf_cancel(NULL);
	find("192.0.2.1", "a@[192.0.2.1]", MX_SECOND_US);
	search = begin("192.0.2.2", "a@slow.example", 10 * MX_SECOND_US);
	find("192.0.2.1", "a@d.example", 10 * MX_SECOND_US);
	mx_spf_cancel(search);
	cr_assert_eq(found.result, MX_SPF_PASS);
}

Test(spf, each_result_has_its_name)
{
	for (int i = 0; i < MX_SPF_RESULT_COUNT; i++) {
		cr_assert_not_null(mx_spf_result_name((enum mx_spf_result)i));
		for (int j = 0; j < i; j++)
			cr_assert_str_neq(mx_spf_result_name((enum mx_spf_result)i),
			    mx_spf_result_name((enum mx_spf_result)j));
	}
}
