/* test_cram_md5.c - the answer of RFC 2195's own example, and none to what is no challenge. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "probe/net/cram_md5.h"

TestSuite(cram_md5, .timeout = 10);

Test(cram_md5, answers_as_the_rfc_does)
{
	char *answer = mx_cram_md5_answer("tim", "tanstaaftanstaaf",
	    "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+");

	cr_assert_not_null(answer);
	cr_expect_str_eq(answer, "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
	free(answer);
}

Test(cram_md5, what_is_no_base_64_gets_no_answer)
{
	static const char *const challenges[] = { "", "abc", "ab\ncd===", "<1@x>" };

	for (size_t i = 0; i < sizeof challenges / sizeof *challenges; i++) {
		char *answer = mx_cram_md5_answer("u", "p", challenges[i]);

		cr_expect_null(answer, "\"%s\"", challenges[i]);
		free(answer);
	}
}
