/* test_nagios_range.c - ranges as the Monitoring Plugins' guidelines have them. */
#include <criterion/criterion.h>

#include "probe/report/nagios_range.h"

TestSuite(nagios_range, .timeout = 10);

static const struct {
	const char *text;
	double value;
	bool tells;
} rows[] = {
	{ "10", -0.1, true },
	{ "10", 0, false },
	{ "10", 10, false },
	{ "10", 10.1, true },
	{ "10:", 9, true },
	{ "10:", 1e9, false },
	{ "~:10", -1e9, false },
	{ "~:10", 11, true },
	{ "10:20", 9, true },
	{ "10:20", 15, false },
	{ "10:20", 21, true },
	{ "@10:20", 10, true },
	{ "@10:20", 20, true },
	{ "@10:20", 21, false },
	{ "4h", 14400, false },
	{ "4h", 14401, true },
	{ "10m:1d", 599, true },
	{ "10m:1d", 600, false },
	{ "1.5h", 5401, true },
	{ "@5", 3, true },
};

Test(nagios_range, tells_of_what_lies_outside_or_inside)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_nagios_range range = { 0 };
		struct mx_error err = { 0 };

		cr_assert_eq(mx_nagios_range_parse("-w", rows[i].text, &range, &err),
		    MX_OK, "%s", rows[i].text);
		cr_expect_eq(mx_nagios_range_tells(&range, rows[i].value), rows[i].tells,
		    "%s %g", rows[i].text, rows[i].value);
	}
}

Test(nagios_range, refuses_what_is_none)
{
	static const char *const texts[] = { "", ":", "@", "x", "5:4", "10:20:30",
		"1h30m", "inf", "0x10", "1e3", " 5", "5 ", "~", "~5", "-5", "5w",
		"10:~" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct mx_nagios_range range = { 0 };
		struct mx_error err = { 0 };

		cr_expect_eq(mx_nagios_range_parse("-w", texts[i], &range, &err),
		    MX_ERR_USAGE, "\"%s\"", texts[i]);
		cr_expect_not(range.is_set);
	}
}

Test(nagios_range, that_is_not_set_tells_of_nothing)
{
	struct mx_nagios_range range = { 0 };

	cr_expect_not(mx_nagios_range_tells(&range, 1e9));
}
