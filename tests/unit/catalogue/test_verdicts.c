#include "probe/catalogue/verdicts.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(verdicts, .timeout = 5);

/* The contract: worst first. */
static const char *const worst_first[] = { "failed", "blocked", "identity", "policy",
	"throttled", "greylisted", "recipient", "void", "broken", "unreachable",
	"suppressed", "accepted" };

Test(verdicts, stand_worst_first_under_their_contract_names)
{
	cr_assert_eq((size_t)MX_V_COUNT, sizeof worst_first / sizeof *worst_first);
	for (int i = 0; i < MX_V_COUNT; i++)
		cr_assert_str_eq(mx_verdict_name((enum mx_verdict)i), worst_first[i]);
}

Test(verdicts, are_found_by_their_names)
{
	for (int i = 0; i < MX_V_COUNT; i++) {
		enum mx_verdict verdict = MX_V_COUNT;

		cr_assert(mx_verdict_from_name(worst_first[i], &verdict));
		cr_assert_eq((int)verdict, i);
	}
}

Test(verdicts, no_other_word_is_one)
{
	enum mx_verdict verdict;

	cr_assert_not(mx_verdict_from_name("Blocked", &verdict));
	cr_assert_not(mx_verdict_from_name("", &verdict));
	cr_assert_not(mx_verdict_from_name("block", &verdict));
}
