/* test_nearest.c - words that are meant, and words that are not. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/base/nearest.h"

TestSuite(nearest, .timeout = 10);

Test(nearest, a_slip_is_near_and_another_word_is_not)
{
	static const char *const names[] = { "check", "scenario", "demo",
		"connect-timeout" };
	static const struct {
		const char *word, *wanted;
	} cases[] = { { "chek", "check" }, { "cehck", "check" },
		{ "scenarios", "scenario" }, { "conn", "connect-timeout" },
		{ "verify", NULL }, { "x", NULL }, { "", NULL }, { "dem", "demo" },
		{ "connect-timeuot", "connect-timeout" } };
	char huge[200];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *near = mx_nearest(cases[i].word, names, 4);

		if (cases[i].wanted == NULL)
			cr_expect_null(near, "%s: %s", cases[i].word, near);
		else
			cr_expect_str_eq(near != NULL ? near : "", cases[i].wanted);
	}
	memset(huge, 'c', sizeof huge - 1);
	huge[sizeof huge - 1] = '\0';
	cr_expect_null(mx_nearest(huge, names, 4));
}
