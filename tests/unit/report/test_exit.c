#include <criterion/criterion.h>

#include "probe/report/report.h"

TestSuite(exit_status, .timeout = 10);

static struct mx_exit_tally
tally_of(const enum mx_verdict *verdicts, size_t count)
{
	struct mx_exit_tally tally = { .results = 0 };

	for (size_t i = 0; i < count; i++) {
		struct mx_result result = { .judgement = { .verdict = verdicts[i] } };

		mx_exit_tally_add(&tally, &result);
	}
	return tally;
}

Test(exit_status, each_verdict_has_the_contract_s)
{
	static const struct {
		enum mx_verdict verdict;
		int status, nagios;
	} cases[] = {
		{ MX_V_FAILED, 4, 3 },
		{ MX_V_BLOCKED, 1, 2 },
		{ MX_V_IDENTITY, 2, 2 },
		{ MX_V_POLICY, 2, 2 },
		{ MX_V_THROTTLED, 2, 1 },
		{ MX_V_GREYLISTED, 2, 1 },
		{ MX_V_RECIPIENT, 2, 1 },
		{ MX_V_VOID, 3, 3 },
		{ MX_V_BROKEN, 3, 3 },
		{ MX_V_UNREACHABLE, 3, 3 },
		{ MX_V_SUPPRESSED, 3, 3 },
		{ MX_V_ACCEPTED, 0, 0 },
	};

	cr_assert_eq(sizeof cases / sizeof cases[0], MX_V_COUNT);
	for (size_t i = 0; i < MX_V_COUNT; i++) {
		struct mx_exit_tally tally = tally_of(&cases[i].verdict, 1);

		cr_expect_eq(mx_exit_tally_status(&tally), cases[i].status, "%zu", i);
		cr_expect_eq(mx_exit_tally_nagios(&tally), cases[i].nagios, "%zu", i);
	}
}

/* 4, 1, 2, 3, 0: every pair, in both orders. */
Test(exit_status, the_first_that_applies)
{
	static const enum mx_verdict of_status[] = { MX_V_FAILED, MX_V_BLOCKED,
		MX_V_GREYLISTED, MX_V_UNREACHABLE, MX_V_ACCEPTED };
	static const int statuses[] = { 4, 1, 2, 3, 0 };

	for (size_t a = 0; a < 5; a++)
		for (size_t b = 0; b < 5; b++) {
			enum mx_verdict pair[] = { of_status[a], of_status[b] };
			struct mx_exit_tally tally = tally_of(pair, 2);

			cr_expect_eq(
			    mx_exit_tally_status(&tally), statuses[a < b ? a : b]);
		}
}

Test(exit_status, no_result_is_nothing_learned)
{
	struct mx_exit_tally tally = tally_of(NULL, 0);

	cr_expect_eq(mx_exit_tally_status(&tally), 3);
	cr_expect_eq(mx_exit_tally_nagios(&tally), 3);
}
