/* test_wrap.c - lines break where a reader would break them. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "probe/report/wrap.h"

TestSuite(wrap, .timeout = 10);

struct piece {
	const char *text;
	unsigned width;
	const char *first; /* the first line */
};

static const struct piece pieces[] = {
	{ "short", 10, "short" }, { "two words", 5, "two" }, { "two  blanks", 5, "two" },
	{ "https://example.org/page", 12, "https://" }, { "unbreakable", 4, "unbr" },
	{ "日本語の文", 6, "日本語" }, { "日本語の文", 7, "日本語" },
	{ "送信 メールアドレス", 12, "送信 メール" }, { "例：Outlook.com", 8, "例：" },
	{ "終わり。次", 6, "終わ" }, /* no line begins with a closing mark */
	{ "見る「次", 6, "見る" },   /* or ends with an opening one */
};

static char *
first_line(const char *text, unsigned width)
{
	return strndup(text, mx_wrap_piece(text, width));
}

Test(wrap, a_line_ends_where_a_reader_would_break_it)
{
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		char *line = first_line(pieces[i].text, pieces[i].width);

		cr_expect_str_eq(line, pieces[i].first, "\"%s\" in %u columns",
		    pieces[i].text, pieces[i].width);
		free(line);
	}
}

Test(wrap, every_width_comes_to_the_end)
{
	static const char text[] =
	    "「messages from [203.0.113.5]」のIPアドレスを確認します。 done";

	for (unsigned width = 1; width < 80; width++) {
		const char *rest = text;
		size_t lines = 0;

		for (; *rest != '\0' && lines < sizeof text; lines++)
			rest = mx_wrap_skip(rest + mx_wrap_piece(rest, width));
		cr_expect(lines < sizeof text, "%u columns", width);
	}
}

static char *
printed(const char *text, unsigned indent, unsigned width, unsigned most)
{
	char *out = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&out, &len);

	mx_wrap_print(stream, text, indent, indent, width, most);
	fclose(stream);
	return out;
}

Test(wrap, further_lines_are_indented)
{
	char *out = printed("one two three", 2, 12, 0);

	cr_assert_str_eq(out, "one two\n  three\n");
	free(out);
}

Test(wrap, what_is_cut_is_said)
{
	char *out = printed("one two three four", 2, 10, 1);

	cr_assert_str_eq(out, "one two\n  (10 bytes more)\n");
	free(out);
}
