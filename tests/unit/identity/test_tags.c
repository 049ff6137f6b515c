/* test_tags.c - tag lists as RFC 6376 3.2 has them, and what is none. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/identity/tags.h"

TestSuite(tags, .timeout = 5);

Test(tags, values_lose_the_blanks_around_them_and_keep_those_inside)
{
	static const char text[] = " v = DKIM1 ;\tp=AAAA\r\n BBBB ;n=; x_1 = a=b; ";
	struct mx_tags tags;

	cr_assert_null(mx_tags_parse(&tags, text, sizeof text - 1));
	cr_assert_eq(tags.count, 4);
	cr_assert_str_eq(mx_tags_get(&tags, "v"), "DKIM1");
	cr_assert_str_eq(mx_tags_get(&tags, "p"), "AAAA\r\n BBBB");
	cr_assert_str_eq(mx_tags_get(&tags, "n"), "");
	cr_assert_str_eq(mx_tags_get(&tags, "x_1"), "a=b");
	cr_assert_null(mx_tags_get(&tags, "V"), "case counts");
	mx_tags_clear(&tags);
}

Test(tags, what_is_no_tag_list_is_told)
{
	static const struct {
		const char *text, *fault;
	} table[] = {
		{ "", "empty" },
		{ "   ", "empty" },
		{ "v=DKIM1; ; p=A", "nothing before" },
		{ ";v=DKIM1", "nothing before" },
		{ "v=DKIM1; p", "no \"=\"" },
		{ "v=DKIM1; 1p=A", "no name" },
		{ "v=DKIM1; p q=A", "no name" },
		{ "v=DKIM1; =A", "no name" },
		{ "v=DKIM1; p=A; p=B", "p= stands there twice" },
		{ "v=DKIM1; p=\xc3\xa9", "not printable ASCII" },
		{ "v=DKIM1; p=\x01", "not printable ASCII" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct mx_tags tags;
		char *fault = mx_tags_parse(&tags, table[i].text, strlen(table[i].text));

		cr_assert_not_null(fault, "%s", table[i].text);
		cr_assert_not_null(
		    strstr(fault, table[i].fault), "%s: %s", table[i].text, fault);
		free(fault);
		mx_tags_clear(&tags);
	}
}

Test(tags, no_record_makes_more_than_the_lid_allows)
{
	char text[MX_TAGS_MAX * 8 + 16];
	size_t len = 0;
	struct mx_tags tags;
	char *fault;

	for (int i = 0; i <= MX_TAGS_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "t%d=1;", i);
	fault = mx_tags_parse(&tags, text, len);
	cr_assert_eq(tags.count, MX_TAGS_MAX);
	cr_assert_not_null(fault);
	free(fault);
	mx_tags_clear(&tags);
}
