#include "probe/plan/ask.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(ask, .timeout = 20);

static const struct mx_provider outlook = { .id = "microsoft_consumer",
	.depth = MX_STAGE_MAIL,
	.postmaster = true,
	.probe = true };
static const struct mx_provider banner_only = {
	.id = "t_online", .depth = MX_STAGE_BANNER, .postmaster = false, .probe = true
};
static const struct mx_provider shy = {
	.id = "shy", .depth = MX_STAGE_RCPT, .postmaster = false, .probe = true
};

struct row {
	const char *about;
	const struct mx_provider *provider;
	const char *mailbox;
	int depth; /* -1: not given */
	bool no_sender;
	enum mx_stage expected;
	const char *rcpt;
	bool noted;
};

/* clang-format off */
static const struct row rows[] = {
	{ "unknown provider: postmaster", NULL, NULL, -1, false,
	  MX_STAGE_RCPT, "postmaster@example.test", false },
	{ "a declared mailbox comes before postmaster", NULL, "me@example.test", -1, false,
	  MX_STAGE_RCPT, "me@example.test", false },
	{ "Outlook answers at MAIL FROM: enough", &outlook, NULL, -1, false, MX_STAGE_MAIL, "", false },
	{ "with a mailbox there, deeper", &outlook, "me@outlook.jp", -1, false,
	  MX_STAGE_RCPT, "me@outlook.jp", false },
	{ "the user decides", &outlook, NULL, MX_STAGE_RCPT, false,
	  MX_STAGE_RCPT, "postmaster@example.test", false },
	{ "shallower than a mailbox would allow", NULL, "me@example.test", MX_STAGE_EHLO, false,
	  MX_STAGE_EHLO, "", false },
	{ "banner is enough there", &banner_only, NULL, -1, false, MX_STAGE_BANNER, "", false },
	{ "no postmaster allowed: said", &shy, NULL, -1, false, MX_STAGE_MAIL, "", true },
	{ "no sender: EHLO, and said", NULL, NULL, -1, true, MX_STAGE_EHLO, "", true },
	{ "no sender needed for EHLO", NULL, NULL, MX_STAGE_EHLO, true, MX_STAGE_EHLO, "", false },
};
/* clang-format on */

Test(ask, decides_depth_and_recipient)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_ask_wish wish = {
			.provider = rows[i].provider,
			.destination = "example.test",
			.mailbox = rows[i].mailbox,
			.depth_given = rows[i].depth >= 0,
			.depth = rows[i].depth >= 0 ? (enum mx_stage)rows[i].depth : 0,
			.has_mail_from = !rows[i].no_sender,
		};
		struct mx_ask ask = mx_ask_decide(&wish);

		cr_expect_eq(ask.depth, rows[i].expected, "%s", rows[i].about);
		cr_expect_str_eq(ask.rcpt, rows[i].rcpt, "%s", rows[i].about);
		cr_expect_eq(ask.note != NULL, rows[i].noted, "%s", rows[i].about);
	}
}

Test(ask, says_when_a_declared_mailbox_is_not_there)
{
	struct mx_ask_wish wish = { .destination = "example.test",
		.has_mail_from = true,
		.others_declared = true };
	struct mx_ask ask = mx_ask_decide(&wish);

	cr_expect_str_eq(ask.rcpt, "postmaster@example.test");
	cr_assert_not_null(ask.note);
	cr_expect_not_null(strstr(ask.note, "no declared mailbox"));
}
