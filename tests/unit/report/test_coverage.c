#include "probe/report/coverage.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>

TestSuite(coverage, .timeout = 20);

static const struct mx_coverage_row *
add(struct mx_coverage *coverage, const char *source, const char *destination,
    size_t addresses, enum mx_verdict verdict)
{
	struct mx_result result = {
		.destination = (char *)(uintptr_t)destination, /* read only */
		.addresses = addresses,
		.judgement = { .verdict = verdict },
	};

	cr_assert(mx_addr_parse(source, &result.source));
	return mx_coverage_add(coverage, &result);
}

static void
expect_words(const struct mx_coverage_row *row, const char *wanted)
{
	char *words = mx_coverage_words(row);

	cr_assert_not_null(words, "%s", wanted);
	cr_expect_str_eq(words, wanted);
	free(words);
}

Test(coverage, a_destination_is_as_bad_as_its_worst_address)
{
	static const enum mx_verdict verdicts[] = { MX_V_ACCEPTED, MX_V_BLOCKED,
		MX_V_GREYLISTED, MX_V_BLOCKED };
	struct mx_coverage coverage = { 0 };
	const struct mx_coverage_row *row = NULL;

	for (size_t i = 0; i < 4; i++)
		row = add(&coverage, "192.0.2.1", "a.test", 4, verdicts[i]);
	cr_expect_eq(row->worst, MX_V_BLOCKED);
	expect_words(row, "a.test from 192.0.2.1: blocked at 2 of 4 addresses");
	mx_coverage_clear(&coverage);
}

Test(coverage, pairs_are_apart_and_in_the_order_they_came)
{
	struct mx_coverage coverage = { 0 };
	const struct mx_coverage_row *v4, *v6;

	v4 = add(&coverage, "192.0.2.1", "a.test", 2, MX_V_BLOCKED);
	v6 = add(&coverage, "2001:db8::1", "a.test", 2, MX_V_ACCEPTED);
	add(&coverage, "192.0.2.1", "b.test", 1, MX_V_THROTTLED);
	cr_expect_eq(add(&coverage, "192.0.2.1", "a.test", 2, MX_V_ACCEPTED), v4);
	cr_expect_eq(add(&coverage, "2001:db8::1", "a.test", 2, MX_V_ACCEPTED), v6);
	cr_assert_eq(coverage.count, 3);
	cr_expect_eq(coverage.rows[1], v6);
	expect_words(v4, "a.test from 192.0.2.1: blocked at 1 of 2 addresses");
	expect_words(v6, "a.test from 2001:db8::1: accepted at 2 of 2 addresses");
	cr_expect_null(mx_coverage_words(coverage.rows[2]), "one address needs no line");
	mx_coverage_clear(&coverage);
	cr_expect_eq(coverage.count, 0);
}

Test(coverage, addresses_that_nobody_probed_are_told)
{
	struct mx_coverage coverage = { 0 };
	const struct mx_coverage_row *row;

	add(&coverage, "192.0.2.1", "a\x1b[2Jb.test", 5, MX_V_UNREACHABLE);
	row = add(&coverage, "192.0.2.1", "a\x1b[2Jb.test", 5, MX_V_ACCEPTED);
	expect_words(row,
	    "a\\x1b[2Jb.test from 192.0.2.1: unreachable at 1 of the 2 addresses "
	    "probed, out of 5");
	mx_coverage_clear(&coverage);
}
