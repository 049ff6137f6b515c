#include <criterion/criterion.h>
#include <string.h>

#include "scenarios/fakemx/bytes.h"

TestSuite(bytes, .timeout = 20);

static const struct mx_bytes_facts facts = { .client = "127.0.0.2",
	.helo = "mail.example.jp",
	.sender = "a@b",
	.recipient = NULL,
	.server = "mx.test" };

static void
expect_bytes(bool escapes, const char *text, const char *wanted, size_t len)
{
	struct mx_buf out;

	mx_buf_init(&out, 1024);
	if (escapes)
		mx_bytes_expand(text, &facts, &out);
	else
		mx_bytes_fill(text, &facts, &out);
	cr_expect_eq(out.len, len, "%s", text);
	cr_expect(len == 0 || memcmp(out.data, wanted, len) == 0, "%s", text);
	mx_buf_clear(&out);
}

Test(bytes, escapes_become_bytes)
{
	expect_bytes(true, "a\\r\\n\\t\\\\b", "a\r\n\t\\b", 6);
	expect_bytes(true, "\\x00\\xfF\\x1b[2J", "\0\xff\x1b[2J", 6);
	expect_bytes(true, "", "", 0);
}

Test(bytes, a_reply_line_knows_no_escapes)
{
	expect_bytes(false, "250 a\\r\\n", "250 a\\r\\n", 9);
}

Test(bytes, placeholders_stand_for_the_moment)
{
	expect_bytes(false, "[{client}] {helo} {server}",
	    "[127.0.0.2] mail.example.jp mx.test", 35);
	expect_bytes(true, "<{sender}>\\n", "<a@b>\n", 6);
	expect_bytes(false, "<{recipient}>", "<>", 2);
}

Test(bytes, other_braces_are_text)
{
	expect_bytes(false, "{a} {client {} }", "{a} {client {} }", 16);
}

Test(bytes, a_bad_escape_is_pointed_at)
{
	static const char *const bad[] = { "ab\\q", "\\", "\\x", "\\x1", "\\xg0",
		"\\x0g" };

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		cr_expect_eq(
		    mx_bytes_bad_escape(bad[i]), strchr(bad[i], '\\'), "%s", bad[i]);
	cr_expect_null(mx_bytes_bad_escape("a\\\\b\\x20\\r\\n\\t"));
}
