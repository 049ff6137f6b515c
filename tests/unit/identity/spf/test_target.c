/* test_target.c - what DNS can be asked for, and how it is written. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/identity/spf/target.h"

#define LABEL63 "123456789012345678901234567890123456789012345678901234567890123"

TestSuite(spf_target, .timeout = 20);

Test(spf_target, labels_have_their_limits)
{
	static const struct {
		const char *text, *target; /* NULL: there is none */
	} cases[] = { { "a.b", "a.b" }, { "a.b.", "a.b" }, { "a", "a" }, { "", NULL },
		{ ".", NULL }, { "a..b", NULL }, { ".a", NULL }, { "a..", NULL },
		{ LABEL63 ".a", LABEL63 ".a" }, { LABEL63 "4.a", NULL },
		{ "a.\xc3\xa4", NULL }, { "a b.c", "a b.c" } };
	char out[MX_SPF_TARGET_MAX];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool good = mx_spf_target(cases[i].text, strlen(cases[i].text), out);

		cr_assert_eq(good, cases[i].target != NULL, "%s", cases[i].text);
		cr_assert_str_eq(out, good ? cases[i].target : "");
	}
	cr_assert_not(mx_spf_target("a\0b", 3, out));
}

Test(spf_target, too_long_a_name_loses_labels_from_the_left)
{
	static const char text[] = LABEL63 "." LABEL63 "." LABEL63 "." LABEL63 ".example";
	char out[MX_SPF_TARGET_MAX];

	cr_assert(mx_spf_target(text, strlen(text), out));
	cr_assert_str_eq(out, LABEL63 "." LABEL63 "." LABEL63 ".example");
	cr_assert_not(
	    mx_spf_target(LABEL63 LABEL63 LABEL63 LABEL63 LABEL63, (size_t)63 * 5, out));
}

Test(spf_target, of_253_bytes_nothing_is_lost)
{
	char text[300], out[MX_SPF_TARGET_MAX];

	memset(text, 'a', sizeof text);
	for (size_t i = 49; i < sizeof text; i += 50)
		text[i] = '.';
	cr_assert(mx_spf_target(text, 253, out));
	cr_assert_eq(strlen(out), 253);
	cr_assert(mx_spf_target(text, 254, out));
	cr_assert_eq(strlen(out), 204);
}

Test(spf_target, odd_bytes_are_escaped_for_the_resolver)
{
	char out[MX_SPF_NAME_MAX];

	cr_assert_str_eq(mx_spf_target_name("a-b_c.d", out), "a-b_c.d");
	cr_assert_str_eq(
	    mx_spf_target_name("\"a b\"\\@.x", out), "\\034a\\032b\\034\\092\\064.x");
}
