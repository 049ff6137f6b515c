/* test_template.c - a wording without what is somebody's. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/report/template.h"

TestSuite(template, .timeout = 10);

struct row {
	const char *text, *wording;
};

static const struct row rows[] = {
	{ "550 5.7.1 rejected", "550 5.7.1 rejected" },
	{ "550-5.7.1 rejected", "550-5.7.1 rejected" },
	{ "550 <me@example.org>: unknown", "550 <addr>: unknown" },
	{ "554 client [203.0.113.5] refused", "554 client [<ip>] refused" },
	{ "554 client 2001:db8::1 refused", "554 client <ip> refused" },
	{ "554 see https://example.org/?ip=203.0.113.5", "554 see <url>" },
	{ "554 host mail.example.org refused", "554 host <domain> refused" },
	{ "451 id=ABC123 later", "451 id=<id> later" },
	{ "451 4.3.2 queue 8F3A2B1C later", "451 4.3.2 queue <id> later" },
	{ "two  blanks\tand a tab", "two blanks and a tab" },
	{ "", "" },
};

static char *
wording_of(const char *text, size_t len)
{
	return mx_template(text, len);
}

Test(template, what_is_somebodys_is_taken_out)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *wording = wording_of(rows[i].text, strlen(rows[i].text));

		cr_expect_str_eq(
		    wording, rows[i].wording, "%s -> %s", rows[i].text, wording);
		free(wording);
	}
}

/* Whatever the cut, nothing of the mailbox or the address may come through. */
Test(template, no_cut_of_a_reply_gives_away_a_mailbox)
{
	static const char text[] =
	    "550 5.1.1 <taro.yamada@example.jp>: unknown at [203.0.113.77]";

	for (size_t len = 24; len <= strlen(text); len++) {
		char *wording = wording_of(text, len);

		cr_expect_null(strstr(wording, "yamada"), "%zu bytes: %s", len, wording);
		cr_expect_null(strstr(wording, "113.7"), "%zu bytes: %s", len, wording);
		free(wording);
	}
}

Test(template, hostile_bytes_come_out_printable)
{
	static const char text[] = "550 \033[2J\0\xff\xc3 \177go\177ne";
	char *wording = wording_of(text, sizeof text - 1);

	for (const char *c = wording; *c != '\0'; c++)
		cr_expect(
		    (unsigned char)*c >= ' ' && *c != 0x7f, "byte %#x", (unsigned)*c);
	free(wording);
}
