/* test_unknowns.c - replies to be sent in, counted by their wording. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/report/unknowns.h"

TestSuite(unknowns, .timeout = 10);

static void
add(struct mx_unknowns *unknowns, const char *text)
{
	mx_unknowns_add(unknowns, text, strlen(text));
}

Test(unknowns, same_wordings_are_one_line_with_its_count)
{
	char path[] = "/tmp/unknowns-XXXXXX", text[256] = "";
	struct mx_unknowns unknowns;
	struct mx_error err = { 0 };
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	mx_unknowns_init(&unknowns);
	add(&unknowns, "550 odd thing for <a@example.org>");
	add(&unknowns, "451 another");
	add(&unknowns, "550 odd thing for <b@example.com>");
	cr_assert_eq(mx_unknowns_write(&unknowns, path, &err), MX_OK, "%s", err.text);
	mx_unknowns_clear(&unknowns);
	cr_assert_gt(read(fd, text, sizeof text - 1), 0);
	cr_expect_str_eq(text, "2\t550 odd thing for <addr>\n1\t451 another\n");
	close(fd);
	unlink(path);
}

Test(unknowns, a_file_that_cannot_be_made_is_an_error_of_ours)
{
	struct mx_unknowns unknowns;
	struct mx_error err = { 0 };

	mx_unknowns_init(&unknowns);
	cr_expect_neq(mx_unknowns_write(&unknowns, "/nonexistent/file", &err), MX_OK);
	cr_expect_not_null(strstr(err.text, "/nonexistent/file"), "%s", err.text);
	mx_unknowns_clear(&unknowns);
}
