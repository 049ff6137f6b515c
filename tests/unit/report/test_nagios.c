#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/sample.h"

TestSuite(nagios, .timeout = 20);

static char *
print_verdicts(const enum mx_verdict *verdicts, size_t count)
{
	struct mx_report_options options = { .width = 80 };
	struct mx_result *results[SAMPLE_COUNT] = { NULL };
	char *text;

	for (size_t i = 0; i < count; i++)
		results[i] = sample_result(verdicts[i]);
	text = sample_print("nagios", &options, results, count);
	for (size_t i = 0; i < count; i++)
		mx_result_free(results[i]);
	return text;
}

Test(nagios, every_verdict)
{
	enum mx_verdict all[SAMPLE_COUNT];
	char *text;

	for (size_t i = 0; i < SAMPLE_COUNT; i++)
		all[i] = (enum mx_verdict)i;
	text = print_verdicts(all, SAMPLE_COUNT);
	golden_compare("nagios.txt", text);
	free(text);
}

/* The state goes by the worst: what is known to be bad outweighs what is not known. */
Test(nagios, state_goes_by_the_worst)
{
	static const struct {
		enum mx_verdict verdicts[3];
		size_t count;
		const char *begins;
	} cases[] = {
		{ { MX_V_ACCEPTED, MX_V_ACCEPTED }, 2,
		    "MXPROBE OK - accepted at 2 of 2 | " },
		{ { MX_V_ACCEPTED, MX_V_BLOCKED, MX_V_ACCEPTED }, 3,
		    "MXPROBE CRITICAL - blocked at 1 of 3 | " },
		{ { MX_V_IDENTITY }, 1, "MXPROBE CRITICAL - identity at 1 of 1 | " },
		{ { MX_V_POLICY }, 1, "MXPROBE CRITICAL - policy at 1 of 1 | " },
		{ { MX_V_GREYLISTED, MX_V_UNREACHABLE }, 2,
		    "MXPROBE WARNING - greylisted at 1 of 2, unreachable at 1 of 2 | " },
		{ { MX_V_THROTTLED }, 1, "MXPROBE WARNING - throttled at 1 of 1 | " },
		{ { MX_V_RECIPIENT }, 1, "MXPROBE WARNING - recipient at 1 of 1 | " },
		{ { MX_V_ACCEPTED, MX_V_UNREACHABLE }, 2,
		    "MXPROBE UNKNOWN - unreachable at 1 of 2 | " },
		{ { MX_V_VOID }, 1, "MXPROBE UNKNOWN - void at 1 of 1 | " },
		{ { MX_V_FAILED }, 1, "MXPROBE UNKNOWN - failed at 1 of 1 | " },
		{ { MX_V_SUPPRESSED }, 1, "MXPROBE UNKNOWN - suppressed at 1 of 1 | " },
		{ { MX_V_BROKEN }, 1, "MXPROBE UNKNOWN - broken at 1 of 1 | " },
		{ { MX_V_ACCEPTED }, 0, "MXPROBE UNKNOWN - nothing was probed | " },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *text = print_verdicts(cases[i].verdicts, cases[i].count);

		cr_expect(strncmp(text, cases[i].begins, strlen(cases[i].begins)) == 0,
		    "wanted %s...\ngot %s", cases[i].begins, text);
		free(text);
	}
}

/* Nagios takes everything behind a bar for figures. */
Test(nagios, only_one_bar_in_all)
{
	enum mx_verdict hostile[] = { (enum mx_verdict)SAMPLE_HOSTILE };
	char *text = print_verdicts(hostile, 1), *bar = strchr(text, '|');

	cr_assert_not_null(bar);
	cr_expect_null(strchr(bar + 1, '|'), "%s", text);
	free(text);
}

/* Nagios keeps 8 KiB. */
Test(nagios, output_stays_small_however_many_fail)
{
	struct mx_report_options options = { .width = 80 };
	struct mx_result *results[500];
	char *text;

	for (size_t i = 0; i < 500; i++)
		results[i] = sample_result(MX_V_BLOCKED);
	text = sample_print("nagios", &options, results, 500);
	cr_expect_lt(strlen(text), 8192);
	cr_expect_not_null(strstr(text, " more\n"), "%s", text);
	cr_expect_not_null(strstr(text, "blocked at 500 of 500"));
	free(text);
	for (size_t i = 0; i < 500; i++)
		mx_result_free(results[i]);
}
