#include "probe/verdict/codes.h"

#include <criterion/criterion.h>

TestSuite(codes, .timeout = 5);

/* clang-format off */
static const struct {
	const char *pattern;
	int code;
	struct mx_enhanced enhanced; /* subject, detail, class */
	bool matches;
} cases[] = {
	{ "550",         550, { 0 },         true },
	{ "550",         551, { 0 },         false },
	{ "55x",         559, { 0 },         true },
	{ "55x",         560, { 0 },         false },
	{ "5xx",         599, { 0 },         true },
	{ "5xx",         499, { 0 },         false },
	{ "550",           0, { 0 },         false },
	{ "5.7.1",       550, { 7, 1, 5 },   true },
	{ "5.7.1",       550, { 7, 10, 5 },  false },
	{ "5.7.1",       550, { 7, 1, 4 },   false },
	{ "5.7.1",       550, { 0 },         false },
	{ "x.7.1",       450, { 7, 1, 4 },   true },
	{ "x.7.1",       450, { 0 },         false },
	{ "5.7.606-649", 550, { 7, 606, 5 }, true },
	{ "5.7.606-649", 550, { 7, 649, 5 }, true },
	{ "5.7.606-649", 550, { 7, 650, 5 }, false },
	{ "5.7.606-649", 550, { 7, 605, 5 }, false },
	{ "5.x.x",       550, { 3, 999, 5 }, true },
	{ "5.7.x",       550, { 1, 1, 5 },   false },
};

static const char *const nonsense[] = { "", "55", "5500", "650", "x50", "5x0", "abc", "5.7", "5.7.1.1",
	"5.7.", ".7.1", "5..1", "5.7.9999", "5.7.9-1", "5.7.1-", "5.7.1-x", "5.7.1 ", "5.7.-1" };
/* clang-format on */

Test(codes, match_exactly_what_they_say)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mx_code_pattern pattern;

		cr_assert(mx_code_pattern_parse(cases[i].pattern, &pattern), "%s",
		    cases[i].pattern);
		cr_assert_eq(
		    mx_code_pattern_matches(&pattern, cases[i].code, &cases[i].enhanced),
		    cases[i].matches, "%s and %d %u.%u.%u", cases[i].pattern,
		    cases[i].code, cases[i].enhanced.klass, cases[i].enhanced.subject,
		    cases[i].enhanced.detail);
	}
}

Test(codes, refuse_what_is_no_code)
{
	for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
		struct mx_code_pattern pattern;

		cr_assert_not(
		    mx_code_pattern_parse(nonsense[i], &pattern), "%s", nonsense[i]);
	}
}
