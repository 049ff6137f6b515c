#include "probe/verdict/normal.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

TestSuite(normal, .timeout = 10);

static struct mx_normal
fold(const char *text, int code)
{
	const struct mx_enhanced none = { 0 };
	struct mx_normal normal;

	mx_normal_init(&normal, text, strlen(text), code, &none);
	return normal;
}

Test(normal, folds_white_space_controls_and_typography)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "  a  b\t\r\nc  ", "a b c" },
		{ "weren\xe2\x80\x99t \xe2\x80\x9csent\xe2\x80\x9d", "weren't \"sent\"" },
		{ "no\xc2\xa0"
		  "break",
		    "no break" },
		{ "a\x1b[31mred\x07", "a [31mred" },
		{ "caf\xc3\xa9 \xff\xfe", "caf\xc3\xa9 \xff\xfe" },
		{ "", "" },
		{ "   ", "" },
		{ "\xe2\x80", "\xe2\x80" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mx_normal normal = fold(cases[i].from, 550);

		cr_assert_str_eq(normal.text, cases[i].to);
		cr_assert_eq(normal.len, strlen(cases[i].to));
		mx_normal_clear(&normal);
	}
}

Test(normal, decodes_entities_of_gateways_that_write_for_the_web)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "user &lt;a@b.example&gt; isn&#39;t &quot;known&quot;",
		    "user <a@b.example> isn't \"known\"" },
		{ "a &amp; b&nbsp;&nbsp; c&apos;s", "a & b c's" },
		{ "&#x3C;&#X3e;&#32;&#126;", "<> ~" },
		/* once, and only what is printable */
		{ "&amp;lt;", "&lt;" },
		{ "&#0;&#10;&#127;&#x1b;", "&#0;&#10;&#127;&#x1b;" },
		/* none at all */
		{ "a&b &copy; &lt &#; &#x; &#3a; &#00039; &",
		    "a&b &copy; &lt &#; &#x; &#3a; &#00039; &" },
		{ "&#39", "&#39" },
		{ "http://x.example/?a=1&lt=2", "http://x.example/?a=1&lt=2" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mx_normal normal = fold(cases[i].from, 550);

		cr_assert_str_eq(normal.text, cases[i].to);
		cr_assert_eq(normal.len, strlen(cases[i].to));
		mx_normal_clear(&normal);
	}
}

/* The addresses a text quotes, "url:" before those inside a web address. */
static char *
quotes(const char *text)
{
	struct mx_normal normal = fold(text, 550);
	char *all = mx_strdup("");

	for (size_t i = 0; i < normal.address_count; i++) {
		char address[MX_ADDR_TEXT];
		char *more = mx_asprintf("%s%s%s%s", all, i > 0 ? " " : "",
		    normal.addresses[i].in_url ? "url:" : "",
		    mx_addr_text(&normal.addresses[i].addr, address));

		free(all);
		all = more;
	}
	mx_normal_clear(&normal);
	return all;
}

Test(normal, finds_quoted_addresses_and_nothing_else)
{
	/* clang-format off */
	static const struct {
		const char *text, *found;
	} cases[] = {
		{ "Client host [203.0.113.5] blocked",                  "203.0.113.5" },
		{ "messages from 203.0.113.5.",                         "203.0.113.5" },
		{ "203.0.113.5: bad",                                   "203.0.113.5" },
		{ "IP=203.0.113.5 - x",                                 "203.0.113.5" },
		{ "<mail.example.jp[203.0.113.5]:4711>: Client",        "203.0.113.5" },
		{ "peer 203.0.113.5:25 said",                           "203.0.113.5" },
		{ "[2001:db8::5]",                                      "2001:db8::5" },
		{ "[IPv6:2001:DB8:0:0::5]",                             "2001:db8::5" },
		{ "from ::ffff:203.0.113.5 x",                          "203.0.113.5" },
		{ "see https://www.spamhaus.org/query/ip/203.0.113.5",  "url:203.0.113.5" },
		{ "see www.spamcop.net/bl.shtml?203.0.113.5 [203.0.113.6]", "url:203.0.113.5 203.0.113.6" },
		{ "your IP(203.0.113.5)is",                             "203.0.113.5" },
		{ "from 203.0.113.5-bad and x203.0.113.5 and 1.203.0.113.5", "" },
		{ "user@203.0.113.5 version 1.2.3 at 12:34:56",         "" },
		{ "999.0.113.5 and ::",                                 "" },
		{ "time 12:34 code 5.7.1",                              "" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *found = quotes(cases[i].text);

		cr_assert_str_eq(
		    found, cases[i].found, "\"%s\" gave \"%s\"", cases[i].text, found);
		free(found);
	}
}

Test(normal, finds_an_enhanced_code_that_stands_elsewhere)
{
	static const struct {
		const char *text;
		int code;
		const char *found;
	} cases[] = {
		{ "#5.1.0 Address rejected.", 550, "5.1.0" },
		{ "sorry, no (#5.7.1)", 550, "5.7.1" },
		{ "cuda_nsu 4.7.1 <user@example.net>: no", 450, "4.7.1" },
		{ "temporarily deferred - 4.16.55.1; see", 421, "" },
		{ "TLSv1.2 and 10.5.7.1 and v5.7.1", 550, "" },
		{ "4.7.1 of another class", 550, "" },
		{ "see http://example.net/5.7.1", 550, "" },
		{ "nothing", 550, "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mx_normal normal = fold(cases[i].text, cases[i].code);
		char text[MX_ENHANCED_TEXT];

		cr_assert_str_eq(mx_enhanced_text(&normal.enhanced, text), cases[i].found,
		    "%s", cases[i].text);
		mx_normal_clear(&normal);
	}
}

Test(normal, keeps_the_replys_own_enhanced_code)
{
	const struct mx_enhanced own = { .klass = 5, .subject = 1, .detail = 1 };
	struct mx_normal normal;

	mx_normal_init(&normal, "text (#5.7.1)", 13, 550, &own);
	cr_assert_eq(normal.enhanced.subject, 1);
	mx_normal_clear(&normal);
}

Test(normal, reads_the_two_ends_of_a_text_that_is_too_long)
{
	const struct mx_enhanced none = { 0 };
	size_t len = 64 * 1024;
	char *text = mx_calloc(len, 1);
	struct mx_normal normal;

	memset(text, 'x', len);
	memcpy(text, "HEAD", 4);
	memcpy(text + len - 4, "TAIL", 4);
	mx_normal_init(&normal, text, len, 550, &none);
	cr_assert_leq(normal.len, MX_NORMAL_HEAD + MX_NORMAL_TAIL + 1);
	cr_assert_eq(strncmp(normal.text, "HEAD", 4), 0);
	cr_assert_str_eq(normal.text + normal.len - 4, "TAIL");
	mx_normal_clear(&normal);
	free(text);
}

Test(normal, finds_words_only_as_words)
{
	struct mx_normal normal =
	    fold("See MySpamhaus, spamhaus-x and www.Spamhaus.org/SBL", 550);

	cr_assert_eq(mx_normal_word(&normal, "spamhaus"),
	    (size_t)(strstr(normal.lower, "spamhaus.org") - normal.lower));
	cr_assert_neq(mx_normal_word(&normal, "spamhaus.org/sbl"), MX_NOWHERE);
	cr_assert_eq(mx_normal_word(&normal, "spam"), MX_NOWHERE);
	cr_assert_eq(mx_normal_word(&normal, ""), MX_NOWHERE);
	mx_normal_clear(&normal);
}
