#include "probe/plan/mailbox.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(mailbox, .timeout = 20);

Test(mailbox, takes_what_people_have)
{
	static const char *const good[][2] = {
		{ "probe@example.jp", "probe@example.jp" },
		{ "a.b+tag@Example.JP", "a.b+tag@example.jp" },
		{ "info@\xe6\x97\xa5\xe6\x9c\xac.jp", "info@xn--wgv71a.jp" },
		{ "postmaster@localhost", "postmaster@localhost" },
	};
	char out[MX_MAILBOX_MAX];

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct mx_error err = { 0 };

		cr_expect_eq(mx_mailbox_check("--rcpt", good[i][0], false, out, &err),
		    MX_OK, "%s: %s", good[i][0], err.text);
		cr_expect_str_eq(out, good[i][1]);
	}
}

Test(mailbox, refuses_whatever_could_end_the_command_or_start_another)
{
	static const char *const bad[] = { "", "nobody", "@example.jp", "a@",
		"a b@example.jp", "a@example.jp>", "<a@example.jp>",
		"a@example.jp\r\nDATA", "a\n@example.jp", "a@exa\rmple.jp",
		"a\t@example.jp", "a@b..jp", "\x1b[31m@example.jp",
		"\"quoted\"@example.jp", "\xe3\x81\x82@example.jp", "a@example.jp SIZE=1",
		"a\x7f@example.jp" };
	char out[MX_MAILBOX_MAX];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct mx_error err = { 0 };

		cr_expect_eq(mx_mailbox_check("--rcpt", bad[i], false, out, &err),
		    MX_ERR_USAGE, "'%s' passed", bad[i]);
		cr_expect_eq(strncmp(err.text, "--rcpt: ", 8), 0, "%s", err.text);
		cr_expect_null(strpbrk(err.text, "\r\n\x1b"), "unescaped: %s", err.text);
		cr_expect_null(strpbrk(out, "\r\n<> "));
	}
}

Test(mailbox, a_long_local_part_is_refused)
{
	char text[128], out[MX_MAILBOX_MAX];

	memset(text, 'a', sizeof text);
	strncpy(text + 64, "@example.jp", 12);
	cr_expect_eq(mx_mailbox_check("--rcpt", text, false, out, NULL), MX_OK);
	memmove(text + 65, text + 64, 12);
	text[64] = 'a';
	cr_expect_eq(mx_mailbox_check("--rcpt", text, false, out, NULL), MX_ERR_USAGE);
}

Test(mailbox, the_null_sender_passes_only_where_it_may)
{
	char out[MX_MAILBOX_MAX] = "x";

	cr_expect_eq(mx_mailbox_check("--mail-from", "", true, out, NULL), MX_OK);
	cr_expect_str_empty(out);
	cr_expect_null(mx_mailbox_domain(out));
	cr_expect_str_eq(mx_mailbox_domain("a@b.example"), "b.example");
}
