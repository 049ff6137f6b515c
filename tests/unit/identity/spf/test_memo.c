/* test_memo.c - what was asked once is known. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/identity/spf/memo.h"

TestSuite(spf_memo, .timeout = 20);

Test(spf_memo, keeps_a_copy_by_name_and_type)
{
	char text[] = "v=spf1 -all", name[] = "x.example";
	struct mx_dns_record record = {
		.type = MX_DNS_TXT, .data = (uint8_t *)text, .len = sizeof text - 1
	};
	struct mx_dns_answer answer = { .records = &record, .count = 1 };
	struct mx_spf_memo memo = { 0 };
	const struct mx_dns_answer *found;

	cr_assert_null(mx_spf_memo_find(&memo, "x.example", MX_DNS_TXT));
	mx_spf_memo_add(&memo, name, MX_DNS_TXT, &answer);
	memset(text, 0, sizeof text);
	memset(name, 0, sizeof name);
	found = mx_spf_memo_find(&memo, "X.Example", MX_DNS_TXT);
	cr_assert_not_null(found);
	cr_assert_eq(found->status, MX_DNS_OK);
	cr_assert_eq(found->count, 1);
	cr_assert_eq(memcmp(found->records[0].data, "v=spf1 -all", 11), 0);
	cr_assert_null(mx_spf_memo_find(&memo, "x.example", MX_DNS_A));
	cr_assert_null(mx_spf_memo_find(&memo, "y.example", MX_DNS_TXT));
	mx_spf_memo_clear(&memo);
	cr_assert_eq(memo.count, 0);
}

Test(spf_memo, an_answer_without_records_is_known_too)
{
	struct mx_dns_answer answer = { .status = MX_DNS_TIMEOUT };
	struct mx_spf_memo memo = { 0 };

	mx_spf_memo_add(&memo, "x.example", MX_DNS_A, &answer);
	cr_assert_eq(
	    mx_spf_memo_find(&memo, "x.example", MX_DNS_A)->status, MX_DNS_TIMEOUT);
	mx_spf_memo_clear(&memo);
}
