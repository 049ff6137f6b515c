#include <criterion/criterion.h>

#include "probe/base/clock.h"
#include "probe/base/duration.h"

TestSuite(duration, .timeout = 20);

Test(duration, a_number_and_a_unit_are_a_span)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = { { "0s", 0 }, { "20s", 20 }, { "30m", 1800 }, { "4h", 14400 },
		{ "90d", 7776000 }, { "007d", 604800 }, { "36600d", 36600LL * 86400 } };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t us = -1;

		cr_expect(mx_duration_parse(cases[i].text, &us), "%s", cases[i].text);
		cr_expect_eq(us, cases[i].seconds * MX_SECOND_US, "%s", cases[i].text);
	}
}

Test(duration, nothing_else_is_one)
{
	static const char *const texts[] = { "", "h", "30", "30 m", " 30m", "-1h", "+1h",
		"1.5h", "1h30m", "30min", "1w", "1H", "36601d", "9999999999d",
		"99999999999999999999s", "1\xc2\xb5" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		int64_t us = 42;

		cr_expect_not(mx_duration_parse(texts[i], &us), "%s", texts[i]);
		cr_expect_eq(us, 42, "%s", texts[i]);
	}
}

Test(duration, a_span_is_written_in_its_largest_unit)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = { { 0, "0s" }, { 59, "59s" }, { 60, "1m" }, { 90, "90s" },
		{ 5400, "90m" }, { 14400, "4h" }, { 86400, "1d" }, { 90000, "25h" } };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[MX_DURATION_TEXT];

		cr_expect_str_eq(mx_duration_text(cases[i].seconds * MX_SECOND_US, text),
		    cases[i].text);
	}
}
