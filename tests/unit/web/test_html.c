/* test_html.c - whatever a value holds, it stays a value. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/web/html.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define BYTES(literal) literal, sizeof(literal) - 1
#define ROOM 65536

TestSuite(html, .timeout = 30);

/* Caller frees. */
static char *
put_bytes(const char *bytes, size_t len)
{
	struct mx_buf out;
	struct mx_html html = { .out = &out };

	mx_buf_init(&out, ROOM);
	mx_html_bytes(&html, bytes, len);
	return mx_buf_take(&out);
}

Test(html, values_are_shown_and_never_read)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *shown;
	} table[] = {
		{ BYTES(""), "" },
		{ BYTES("550 5.7.1 no"), "550 5.7.1 no" },
		{ BYTES("<script>alert(1)</script>"),
		    "&lt;script&gt;alert(1)&lt;/script&gt;" },
		{ BYTES("\" onload='x' &amp;"), "&quot; onload=&#39;x&#39; &amp;amp;" },
		{ BYTES("\033[31mred\r\n\t\x7f"), "\\x1b[31mred\\x0d\\x0a\\x09\\x7f" },
		{ BYTES("a\0<b"), "a\\x00&lt;b" },
		{ BYTES("\xe2\x80\xaegnp.exe\xe2\x80\xac"), "\\u{202e}gnp.exe\\u{202c}" },
		{ BYTES("\xe2\x81\xa6x\xe2\x81\xa9\xe2\x80\x8e"),
		    "\\u{2066}x\\u{2069}\\u{200e}" },
		{ BYTES("\xff\xc0\xbc"
			"script"),
		    "\\xff\\xc0\\xbcscript" },
		{ BYTES("\xe6\x8b\x92\xe5\x90\xa6 \\"), "\xe6\x8b\x92\xe5\x90\xa6 \\\\" },
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		char *shown = put_bytes(table[i].bytes, table[i].len);

		cr_expect_str_eq(shown, table[i].shown, "row %zu: %s", i, shown);
		free(shown);
	}
}

/* Every byte alone, and each pair with one that HTML minds. */
Test(html, no_byte_becomes_markup)
{
	static const char partners[] = "<>&\"'\\\n\xe2";

	for (int c = 0; c < 256; c++)
		for (size_t p = 0; p < sizeof partners - 1; p++) {
			const char bytes[] = { (char)c, partners[p], (char)c };
			char *shown = put_bytes(bytes, sizeof bytes);

			for (const char *at = shown; *at != '\0'; at++) {
				cr_assert(
				    *at >= ' ' && *at != 0x7f, "%d: control left", c);
				cr_assert(
				    strchr("<>\"'", *at) == NULL, "%d: %s", c, shown);
				cr_assert(
				    *at != '&' || strspn(at + 1, "ampltgquo#39") > 0,
				    "%d: %s", c, shown);
			}
			free(shown);
		}
}

/* However a reply was cut, no part of it is markup, and together the parts are as long as the whole
 * (but for sequences that the cut makes invalid, which grow). */
Test(html, every_cut_of_a_hostile_reply_is_text)
{
	static const char reply[] =
	    "550 5.7.1 <script>document.title='x'</script> \033[2J \xe2\x80\xae"
	    "evil\xe2\x80\xac &lt;b&gt; \"><img src=x onerror=alert(1)> \xe3\x81\x82 \xff";

	for (size_t cut = 0; cut <= sizeof reply - 1; cut++) {
		char *first = put_bytes(reply, cut),
		     *rest = put_bytes(reply + cut, sizeof reply - 1 - cut);

		cr_assert(strpbrk(first, "<>\"'\033") == NULL, "cut %zu: %s", cut, first);
		cr_assert(strpbrk(rest, "<>\"'\033") == NULL, "cut %zu: %s", cut, rest);
		free(first);
		free(rest);
	}
}

Test(html, numbers_and_nothing)
{
	struct mx_buf out;
	struct mx_html html = { .out = &out };
	const char *volatile nothing = NULL; /* so that the compiler does not know */

	mx_buf_init(&out, ROOM);
	mx_html_put(&html, "<td class='%s'>%d %u %ld %lld %zu %% %lu</td>", nothing, -5,
	    7U, -8L, -9LL, (size_t)10, 11UL);
	cr_assert_str_eq(out.data, "<td class=''>-5 7 -8 -9 10 % 11</td>");
	mx_buf_clear(&out);
}

Test(html, lines_keep_their_ends_and_nothing_else)
{
	struct mx_buf out;
	struct mx_html html = { .out = &out };

	mx_buf_init(&out, ROOM);
	mx_html_lines(&html, "550-one\r\n550 <two>\n\rlast\r");
	cr_assert_str_eq(out.data, "550-one\n550 &lt;two&gt;\n\\x0dlast\\x0d");
	mx_buf_clear(&out);
}

/* A page that does not fit says so, whatever was the first thing that did not. */
Test(html, a_full_page_is_known_as_such)
{
	for (size_t room = 0; room < 40; room++) {
		struct mx_buf out;
		struct mx_html html = { .out = &out };

		mx_buf_init(&out, room);
		mx_html_put(&html, "<p>%s</p>", "a & b");
		mx_html_put(&html, "<p>%d</p>", 5);
		cr_assert_eq(html.is_full, room < strlen("<p>a &amp; b</p><p>5</p>"),
		    "room %zu", room);
		cr_assert(out.len <= room);
		mx_buf_clear(&out);
	}
}

Test(html, only_what_is_a_link_becomes_one)
{
	static const struct {
		const char *url;
		bool is_link;
	} table[] = {
		{ "https://olcsupport.office.com/", true },
		{ "http://postmaster.example.test/form?ip=203.0.113.5&x=%20", true },
		{ "https://[2001:db8::1]/", false },
		{ "javascript:alert(1)", false },
		{ "JAVASCRIPT:alert(1)", false },
		{ "data:text/html,x", false },
		{ "//evil.example", false },
		{ "/delist", false },
		{ "https://good.example@evil.example/", false },
		{ "https://good.example/a@b", true },
		{ "https://x.example/\"onclick=\"", false },
		{ "https://x.example/\xe2\x80\xae", false },
		{ "https://x.example/ y", false },
		{ "https://", false },
		{ "", false },
		{ NULL, false },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		cr_expect_eq(mx_html_is_link(table[i].url), table[i].is_link,
		    "row %zu: %s", i, table[i].url != NULL ? table[i].url : "NULL");
}

Test(html, pieces_of_addresses_hold_no_separator)
{
	static const struct {
		const char *text, *piece;
	} table[] = {
		{ "203.0.113.5", "203.0.113.5" },
		{ "2001:db8::1", "2001:db8::1" },
		{ "a/b?c#d&e", "a%2Fb%3Fc%23d%26e" },
		{ "\"'<>", "%22%27%3C%3E" },
		{ "\xe3\x81\x82%", "%E3%81%82%25" },
		{ "", "" },
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		char *piece = mx_html_url_piece(table[i].text);

		cr_expect_str_eq(piece, table[i].piece, "row %zu", i);
		free(piece);
	}
}
