/* test_anonymous.c - names and addresses go, words and codes stay. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "probe/cmd/anonymous.h"

TestSuite(anonymous, .timeout = 10);

static struct mx_anonymous anonymous;

static void
fill(void)
{
	mx_anonymous_name(&anonymous, "203.0.113.5", "{client}");
	mx_anonymous_name(&anonymous, "2001:db8:77::5", "{client}");
	mx_anonymous_name(&anonymous, "mail.secret.example", "{helo}");
	mx_anonymous_name(&anonymous, "secret.example", "example.jp");
	mx_anonymous_name(&anonymous, "boss@secret.example", "{sender}");
	mx_anonymous_name(&anonymous, NULL, "nobody");
	mx_anonymous_name(&anonymous, "", "nobody");
}

/* clang-format off */
static const struct {
	const char *text, *wanted;
} rows[] = {
	{ "", "" },
	{ "550 5.7.1 no [203.0.113.5].", "550 5.7.1 no [{client}]." },
	{ "203.0.113.50 and 1203.0.113.5", "192.0.2.10 and 1203.0.113.5" },
	{ "MAIL.Secret.Example, secret.example", "{helo}, example.jp" },
	{ "<boss@secret.example>", "<{sender}>" },
	{ "insecret.example secret.examples secret.example-2", "insecret.example secret.examples secret.example-2" },
	{ "other.secret.example", "other.example.jp" },
	{ "see 198.51.100.7 and 198.51.100.8, not 198.51.100.7.", "see 192.0.2.11 and 192.0.2.12, not 192.0.2.11." },
	{ "[IPv6:2001:db8:77::5] 2001:db8:1::9", "[IPv6:{client}] 2001:db8::d" },
	{ "http://x.test/?ip=203.0.113.5&c=bl", "http://x.test/?ip={client}&c=bl" },
	{ "127.0.0.2 is a code; 4.7.650, 5.7.606-649, 1.2.3", "127.0.0.2 is a code; 4.7.650, 5.7.606-649, 1.2.3" },
	{ "added: a fee of 10:30", "added: a fee of 10:30" },
};
/* clang-format on */

Test(anonymous, replaces_whole_names_and_every_address_of_others, .init = fill)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = mx_anonymous_text(&anonymous, rows[i].text);

		cr_expect_str_eq(text, rows[i].wanted, "%s", text);
		free(text);
	}
	mx_anonymous_clear(&anonymous);
}
