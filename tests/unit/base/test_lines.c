/* test_lines.c - lists in files, as people and editors leave them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/buf.h"
#include "probe/base/lines.h"

static char path[] = "/tmp/mxprobe-lines-XXXXXX";
static struct mx_buf taken;

static void
set_up(void)
{
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	close(fd);
	mx_buf_init(&taken, 4096);
}

static void
tear_down(void)
{
	mx_buf_clear(&taken);
	unlink(path);
}

TestSuite(lines, .timeout = 10, .init = set_up, .fini = tear_down);

static void
write_bytes(const char *bytes, size_t len)
{
	FILE *file = fopen(path, "we");

	cr_assert_not_null(file);
	cr_assert_eq(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static enum mx_err
take(void *arg, const char *entry, struct mx_error *err)
{
	(void)arg;
	if (strcmp(entry, "refused") == 0)
		return mx_error_set(err, MX_ERR_LIMIT, "not this one");
	cr_assert(mx_buf_addf(&taken, "<%s>", entry));
	return MX_OK;
}

static void
expect(const char *text, size_t len, enum mx_err wanted, const char *entries,
    const char *said)
{
	struct mx_error err = { 0 };

	mx_buf_reset(&taken);
	write_bytes(text, len);
	cr_expect_eq(mx_lines_each(path, take, NULL, &err), wanted, "%s", text);
	cr_expect_str_eq(taken.len > 0 ? taken.data : "", entries, "%s", text);
	cr_expect_not_null(strstr(err.text, said), "%s: %s", text, err.text);
}

Test(lines, blanks_and_comments_are_no_entries)
{
	static const struct {
		const char *text, *entries;
	} cases[] = {
		{ "", "" },
		{ "\n\n", "" },
		{ "# nothing yet\n", "" },
		{ "a\nb", "<a><b>" },
		{ "  a \t\r\n\tb # and why\r\n", "<a><b>" },
		{ "a b\n#c\n", "<a b>" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		expect(cases[i].text, strlen(cases[i].text), MX_OK, cases[i].entries, "");
}

Test(lines, the_first_refusal_ends_it_and_names_the_line)
{
	char place[80];

	snprintf(place, sizeof place, "%s:3: not this one", path);
	expect("a\n\nrefused\nb\n", 13, MX_ERR_LIMIT, "<a>", place);
	expect(
	    "a\n@other\n", 9, MX_ERR_USAGE, "<a>", ":2: a list can't name another list");
	expect("a\0b\n", 4, MX_ERR_USAGE, "", ":1: the line holds a NUL byte");
}

/* Read in pieces, the end of a long comment would become an entry. */
Test(lines, a_long_line_is_one_line)
{
	char text[4000];

	memset(text, 'x', sizeof text);
	text[0] = '#';
	text[sizeof text - 1] = '\n';
	expect(text, sizeof text, MX_OK, "", "");
	text[0] = 'x';
	expect(text, sizeof text, MX_ERR_USAGE, "",
	    ":1: the entry is longer than 1024 bytes");
}

Test(lines, a_file_that_can_not_be_read_is_named)
{
	struct mx_error err = { 0 };

	cr_expect_eq(mx_lines_each("/nonexistent/list", take, NULL, &err), MX_ERR_USAGE);
	cr_expect_str_eq(
	    err.text, "/nonexistent/list can't be read: No such file or directory");
}
