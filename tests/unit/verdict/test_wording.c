/* test_wording.c - what becomes a stand-in, what must stay, and the way back. */
#include "probe/verdict/wording.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/verdict/normal.h"

TestSuite(wording, .timeout = 20);

static struct mx_normal
fold(const char *text)
{
	const struct mx_enhanced none = { 0 };
	struct mx_normal normal;

	mx_normal_init(&normal, text, strlen(text), 550, &none);
	return normal;
}

static void
same_wording(const char *a, const char *b, bool same)
{
	struct mx_normal left = fold(a), right = fold(b);

	cr_assert_eq(strcmp(left.wording.text, right.wording.text) == 0, same,
	    "\"%s\" and \"%s\"", left.wording.text, right.wording.text);
	mx_normal_clear(&left);
	mx_normal_clear(&right);
}

/* clang-format off */
static const char *const alike[][2] = {
	{ "Client host [203.0.113.5] blocked", "client host [198.18.100.250] blocked" },
	{ "from 2001:db8::5: no", "from 2001:db8:1:2:3:4:5:6: no" },
	{ "see https://www.spamhaus.org/query/ip/203.0.113.5", "see https://www.spamhaus.org/query/ip/192.0.2.77" },
	{ "<a@docomo.ne.jp>: User unknown", "<hanako.yamada-2+x@Softbank.ne.jp>: User unknown" },
	{ "unknown: a@x.example.", "unknown: b@mail.y-z.example." },
	{ "said: d2e1a72fcca58-7203e8b2si1234567b3a.45 - gsmtp", "said: q18si2398475ywd.211 - gsmtp" },
	{ "[BN8NAM11FT023.eop-nam11.prod.protection.outlook.com 2026-11-22T10:11:12.345Z 08DC6A1B2C3D4E5F]",
	  "[BN7NAM10FT017.eop-nam11.prod.protection.outlook.com 2026-11-22T10:59:01.006Z 07AA0F1E2D3C4B5A]" },
	{ "ticket 1234567, try later", "ticket 98765432101, try later" },
	{ "<a@b.example>, <x@y.example> at 203.0.113.5 10:11:12", "<bb@b.example>, <zz@y.example> at 203.0.113.77 23:59:59" },
};

static const char *const unlike[][2] = {
	{ "blocked using x.example; 127.0.0.2", "blocked using x.example; 127.0.0.4" },
	{ "5.7.1 refused", "5.7.2 refused" },
	{ "(S3140)", "(S3150)" },
	{ "AS16012607 spam", "AS16012611 spam" },
	{ "user@[192.0.2.1] unknown", "user@ unknown" },
	{ "see docomo.ne.jp", "see softbank.ne.jp" },
	{ "write to delist@microsoft.com", "write to support@microsoft.com" },
	{ "try again in 5 minutes", "try again in 9 minutes" },
	{ "https://go.microsoft.com/fwlink/?LinkID=614866", "https://go.microsoft.com/fwlink/?LinkID=526655" },
	{ "see http://user@pages.example/a", "see http://other@pages.example/a" },
	{ "from 203.0.113.5", "from 2001:db8::5" },
	{ "from 203.0.113.5 or 1.2", "from 203.0.113.5 or 1.3" },
	{ "1a2b3c4d5e.mail.example", "1a2b3c4d5e.list.example" },
	{ "1a2b3c4d5e-", "1a2b3c4d5e" },
	{ "dnsbl-2.uceprotect.net", "dnsbl-3.uceprotect.net" },
};
/* clang-format on */

Test(wording, is_one_for_all_clients_recipients_ids_and_times)
{
	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
		same_wording(alike[i][0], alike[i][1], true);
}

Test(wording, keeps_whatever_a_rule_may_ask_for)
{
	for (size_t i = 0; i < sizeof unlike / sizeof *unlike; i++)
		same_wording(unlike[i][0], unlike[i][1], false);
}

/* What the folded text holds where the wording holds this. */
static char *
said(const struct mx_normal *normal, const char *here)
{
	const char *at = strstr(normal->wording.text, here);
	struct mx_span span;

	cr_assert_not_null(at, "no \"%s\" in \"%s\"", here, normal->wording.text);
	span = (struct mx_span){ (size_t)(at - normal->wording.text), strlen(here) };
	span = mx_wording_said(&normal->wording, &span);
	return mx_strndup(normal->text + span.at, span.len);
}

Test(wording, leads_back_to_what_was_said)
{
	struct mx_normal normal = fold("<Jiro.Sato@Example.JP> from [2001:DB8::A:B] via "
				       "203.0.113.5, id D1A2B3C4E5, refused");
	/* clang-format off */
	static const char *const rows[][2] = {
		{ "<", "<" }, { "[", "[" },
		{ "xxxx@xxxx.example", "Jiro.Sato@Example.JP" }, { "xxxx", "Jiro.Sato@Example.JP" },
		{ "2001:db8::1", "2001:DB8::A:B" }, { "198.51.100.1", "203.0.113.5" },
		{ "a1a1a1a1", "D1A2B3C4E5" }, { "refused", "refused" },
		{ "1] via 19", "2001:DB8::A:B] via 203.0.113.5" }, /* a cut stand-in is whole */
		{ "51.100", "203.0.113.5" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = said(&normal, rows[i][0]);

		cr_assert_str_eq(text, rows[i][1], "%s", rows[i][0]);
		free(text);
	}
	mx_normal_clear(&normal);
}

/* At every cut, and with more of everything than there is room for. */
Test(wording, every_span_leads_into_the_text)
{
	struct mx_buf many;

	mx_buf_init(&many, 1 << 16);
	for (int i = 0; i < 40; i++)
		(void)mx_buf_addf(
		    &many, "<u%d@x.example> a::%d 203.0.113.%d 1a2b3c4d%d.", i, i, i, i);
	for (size_t len = 0; len <= many.len; len += 1 + len / 40) {
		char *text = mx_strndup(many.data, len);
		struct mx_normal normal = fold(text);

		cr_assert_leq(normal.wording.count, MX_STAND_INS);
		for (size_t at = 0; at <= normal.wording.len; at++) {
			const struct mx_span span = { at, normal.wording.len - at };
			struct mx_span back = mx_wording_said(&normal.wording, &span);

			cr_assert_eq(
			    back.at + back.len, normal.len, "%zu of %zu", at, len);
		}
		mx_normal_clear(&normal);
		free(text);
	}
	mx_buf_clear(&many);
}
