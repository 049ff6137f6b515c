/* test_pages.c - pages from made-up data: whole, balanced, and nobody else's markup in them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/web/assets.h"
#include "probe/web/page_matrix.h"
#include "probe/web/page_pair.h"
#include "probe/web/page_transcript.h"

#define NOW_US (INT64_C(1795294800) * MX_SECOND_US)
#define EVIL "<script>x()</script>\"'\033[1m\xe2\x80\xae"
#define EVIL_SHOWN "&lt;script&gt;x()&lt;/script&gt;&quot;&#39;\\x1b[1m\\u{202e}"

TestSuite(pages, .timeout = 30);

static struct mx_catalogue *catalogue;
/* What the page is told to put before its addresses. */
static const char *root = "";

static void
load(void)
{
	struct mx_error err = { 0 };

	catalogue = mx_catalogue_load(NULL, &err);
	cr_assert_not_null(catalogue, "%s", err.text);
}

static void
unload(void)
{
	mx_catalogue_free(catalogue);
}

static void
begin(struct mx_page *page, struct mx_buf *body, enum mx_lang lang)
{
	mx_buf_init(body, 1 << 20);
	*page = (struct mx_page){ .html = { .out = body },
		.lang = lang,
		.root = root,
		.suffix = "",
		.now_us = NOW_US,
		.csrf = "secret" };
}

/* Every element that is opened is closed in its turn; nothing runs, nothing is styled in place. */
static void
check_markup(const char *html)
{
	static const char *const lone[] = { "!doctype", "meta", "link", "input", "br" };
	char open[64][16];
	size_t depth = 0;

	cr_expect_null(strstr(html, "style="), "inline style");
	cr_expect_null(strstr(html, " onload="), "inline script");
	for (const char *at = strchr(html, '<'); at != NULL; at = strchr(at + 1, '<')) {
		bool is_end = at[1] == '/', is_lone = false;
		const char *name = at + 1 + is_end, *close = strchr(at, '>');
		size_t len = strcspn(name, " >/\n");

		cr_assert(close != NULL && len > 0 && len < sizeof open[0], "%.40s", at);
		for (size_t i = 0; i < sizeof lone / sizeof *lone; i++)
			is_lone |=
			    strncmp(name, lone[i], len) == 0 && strlen(lone[i]) == len;
		if (is_lone || close[-1] == '/')
			continue;
		if (is_end) {
			cr_assert(depth > 0, "too many ends: %.40s", at);
			depth--;
			cr_assert(strlen(open[depth]) == len &&
				      strncmp(open[depth], name, len) == 0,
			    "<%s> ends with %.40s", open[depth], at);
		} else {
			cr_assert(depth < 64);
			(void)snprintf(
			    open[depth++], sizeof open[0], "%.*s", (int)len, name);
		}
	}
	cr_expect_eq(depth, 0);
}

static void
check_hostile(const char *html)
{
	check_markup(html);
	cr_expect_null(strstr(html, "<script>x"), "markup of theirs");
	cr_expect_null(strchr(html, '\033'));
	cr_expect_null(strstr(html, "\xe2\x80\xae"));
	cr_expect_not_null(strstr(html, EVIL_SHOWN));
}

/* ---- the matrix ---- */

static char *
matrix_page(const struct mx_cell *cells, size_t count, struct mx_matrix_query query,
    enum mx_lang lang)
{
	struct mx_buf body;
	struct mx_page page;
	struct mx_matrix matrix = mx_matrix_make(cells, count, &query);

	begin(&page, &body, lang);
	mx_page_put_matrix(&page, &matrix, &query);
	mx_matrix_clear(&matrix);
	cr_assert(!page.html.is_full);
	return mx_buf_take(&body);
}

static char *
pair_page(struct mx_pair_view view, const char *csrf)
{
	struct mx_buf body;
	struct mx_page page;

	begin(&page, &body, MX_LANG_EN);
	page.csrf = csrf;
	mx_page_put_pair(&page, &view);
	return mx_buf_take(&body);
}

Test(pages, every_state_has_a_word_and_what_is_old_is_never_green, .init = load,
    .fini = unload)
{
	struct mx_cell cells[MX_STATE_COUNT];
	const struct mx_matrix_query query = { .show = MX_SHOW_ALL, .rows = 100 };
	char *html;

	for (int stale = 0; stale < 2; stale++)
		for (int lang = 0; lang < 2; lang++) {
			for (int i = 0; i < MX_STATE_COUNT; i++)
				cells[i] = (struct mx_cell){ .source = "203.0.113.5",
					.group = mx_state_name((enum mx_state)i),
					.state = (enum mx_state)i,
					.is_stale = stale != 0,
					.since_us = NOW_US - 5 * MX_HOUR_US };
			html =
			    matrix_page(cells, MX_STATE_COUNT, query, (enum mx_lang)lang);
			check_markup(html);
			cr_expect_eq(strstr(html, "<td class=\"clear\"") == NULL, stale);
			cr_expect_eq(strstr(html, "<td class=\"stale\"") != NULL, stale);
			for (int i = 0; i < MX_STATE_COUNT && !stale; i++) {
				const struct mx_state_look *look =
				    mx_state_look((enum mx_state)i);
				char *cell = mx_asprintf("<td class=\"%s\"", look->css);

				cr_expect_not_null(strstr(html, cell), "%s", cell);
				cr_expect_not_null(
				    strstr(html, lang ? look->word.ja : look->word.en));
				free(cell);
			}
			free(html);
		}
}

Test(pages, accepted_where_blocks_show_later_is_not_clear, .init = load, .fini = unload)
{
	const struct mx_cell cell = { .source = "203.0.113.5",
		.group = "google",
		.provider = mx_catalogue_provider(catalogue, "google"),
		.state = MX_STATE_UNKNOWN,
		.since_us = NOW_US - 90 * MX_HOUR_US,
		.last_us = NOW_US - 3 * MX_HOUR_US,
		.last_verdict = "accepted" };
	char *html = matrix_page(&cell, 1,
	    (struct mx_matrix_query){ .show = MX_SHOW_ALL, .rows = 10 }, MX_LANG_EN);

	cr_expect_not_null(strstr(html, "<td class=\"blind\""));
	cr_expect_not_null(strstr(html, "<span>up to RCPT</span> 3 h"));
	cr_expect_null(strstr(html, "<td class=\"clear\""));
	free(html);
}

Test(pages, what_was_never_asked_has_no_age, .init = load, .fini = unload)
{
	const struct mx_cell cell = { .source = "203.0.113.5", .group = "outlook" };
	struct mx_pair_facts facts = { 0 };
	char *html = matrix_page(&cell, 1,
	    (struct mx_matrix_query){ .show = MX_SHOW_ALL, .rows = 10 }, MX_LANG_EN);

	cr_expect_not_null(strstr(html, "<span>unknown</span></a>"));
	cr_expect_null(strstr(html, "1970"));
	free(html);
	html = pair_page((struct mx_pair_view){ .catalogue = catalogue,
			     .source = "203.0.113.5",
			     .group = "outlook",
			     .facts = &facts },
	    NULL);
	check_markup(html);
	cr_expect_null(strstr(html, "1970"));
	free(html);
}

Test(pages, a_hostile_matrix_is_text, .init = load, .fini = unload)
{
	const struct mx_cell cell = { .source = "203.0.113.5",
		.group = EVIL,
		.tag = EVIL,
		.state = MX_STATE_BLOCKED,
		.last_verdict = EVIL };
	char *html = matrix_page(&cell, 1,
	    (struct mx_matrix_query){
		.find = EVIL, .group = EVIL, .show = MX_SHOW_ALL, .rows = 10 },
	    MX_LANG_EN);

	check_hostile(html);
	free(html);
}

Test(pages, an_empty_matrix_says_what_to_do, .init = load, .fini = unload)
{
	char *html = matrix_page(NULL, 0,
	    (struct mx_matrix_query){ .show = MX_SHOW_ALL, .rows = 10 }, MX_LANG_EN);

	check_markup(html);
	cr_expect_not_null(strstr(html, "mxprobe.yaml"));
	free(html);
}

/* ---- a pair, a session ---- */

static const struct mx_store_result evil_row = { .id = "01ARZ3NDEKTSV4RRFFQ69G5FAV",
	.time_us = NOW_US - MX_HOUR_US,
	.source = "203.0.113.5",
	.group = EVIL,
	.destination = EVIL,
	.mx_host = EVIL,
	.address = "198.51.100.1",
	.helo = EVIL,
	.mail_from = EVIL,
	.verdict = "blocked",
	.stage = "mail",
	.code = 550,
	.enhanced = "5.7.1",
	.text = "5.7.1 " EVIL "\nsecond",
	.category = "blocklist_own",
	.list = EVIL,
	.authority = EVIL,
	.provider_code = EVIL,
	.listed_value = EVIL,
	.delist_url = "javascript:x()",
	.rule = EVIL,
	.seen_source = "198.51.100.77",
	.note = EVIL };

Test(pages, a_hostile_reply_is_text_wherever_it_stands, .init = load, .fini = unload)
{
	struct mx_store_result *session = mx_store_result_copy(&evil_row);
	struct mx_pair_event event = { .time_us = NOW_US - MX_HOUR_US,
		.before = mx_strdup("clear"),
		.after = mx_strdup("blocked"),
		.why = mx_strdup(EVIL) };
	struct mx_check check = { .check = mx_strdup(EVIL),
		.result = MX_CHECK_FAIL,
		.found = mx_strdup(EVIL),
		.advice = mx_strdup(EVIL) };
	const struct mx_checks checks = { &check, 1 };
	char evil[] = EVIL;
	struct mx_pair_facts facts = { .sessions = &session,
		.session_count = 1,
		.events = &event,
		.event_count = 1,
		.decided = session,
		.delivery = { .time_us = NOW_US - MX_HOUR_US,
		    .verdict = evil,
		    .place = evil,
		    .dmarc = evil,
		    .summary = evil } };
	char *html;

	facts.standing.pair.state = MX_STATE_BLOCKED;
	html = pair_page((struct mx_pair_view){ .catalogue = catalogue,
			     .source = "203.0.113.5",
			     .group = EVIL,
			     .state = MX_STATE_BLOCKED,
			     .since_us = NOW_US - MX_HOUR_US,
			     .is_watched = true,
			     .next_us = NOW_US + MX_HOUR_US,
			     .why_not = EVIL,
			     .checks = &checks,
			     .checks_us = NOW_US - MX_HOUR_US,
			     .facts = &facts },
	    "secret");
	check_hostile(html);
	cr_expect_null(strstr(html, "href=\"javascript:"));
	cr_expect_not_null(
	    strstr(html, "<pre class=\"said v-blocked\"><b>550</b> 5.7.1 " EVIL_SHOWN));
	cr_expect_not_null(strstr(html, "another address than the one bound"));
	cr_expect_not_null(strstr(html, "dmarc=" EVIL_SHOWN));
	cr_expect_not_null(strstr(html, "name=\"csrf\" value=\"secret\""));
	free(html);
	free(session);
	free(event.before);
	free(event.after);
	free(event.why);
	free(check.check);
	free(check.found);
	free(check.advice);
}

/* Of href, action and src that begin with a slash; how many there are. */
static size_t
check_root(const char *html)
{
	static const char *const attributes[] = { " href=\"/", " action=\"/",
		" src=\"/" };
	size_t count = 0;

	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
		for (const char *at = strstr(html, attributes[i]); at != NULL;
		     at = strstr(at + 1, attributes[i])) {
			const char *address = strchr(at, '/');

			cr_expect(strncmp(address, "/below/", 7) == 0, "%.60s", at);
			count++;
		}
	return count;
}

Test(pages, every_address_of_ours_stands_below_the_root, .init = load, .fini = unload)
{
	const struct mx_cell cell = { .source = "203.0.113.5",
		.group = "google",
		.state = MX_STATE_BLOCKED,
		.last_verdict = "blocked" };
	struct mx_store_result *session = mx_store_result_copy(&evil_row);
	char id[] = "01ARZ3NDEKTSV4RRFFQ69G5FAV", before[] = "clear", after[] = "blocked",
	     address[] = "198.51.100.1", host[] = "mx.test";
	struct mx_standing_hop hop = { .address = address,
		.mx_host = host,
		.verdict = after,
		.result = id,
		.time_us = NOW_US };
	struct mx_pair_event event = {
		.time_us = NOW_US, .before = before, .after = after, .result = id
	};
	struct mx_pair_facts facts = { .sessions = &session,
		.session_count = 1,
		.events = &event,
		.event_count = 1,
		.decided = session };
	char *html;

	facts.standing.pair.state = MX_STATE_BLOCKED;
	facts.standing.hops = &hop;
	facts.standing.hop_count = 1;
	root = "/below";
	html = matrix_page(&cell, 1,
	    (struct mx_matrix_query){ .find = "203", .show = MX_SHOW_ALL, .rows = 10 },
	    MX_LANG_EN);
	cr_expect_gt(check_root(html), 8);
	free(html);
	html = pair_page((struct mx_pair_view){ .catalogue = catalogue,
			     .source = "203.0.113.5",
			     .group = "google",
			     .state = MX_STATE_BLOCKED,
			     .is_watched = true,
			     .facts = &facts },
	    "secret");
	cr_expect_gt(check_root(html), 10);
	cr_expect_not_null(strstr(html, "<html lang=\"en\" data-root=\"/below\">"));
	free(html);
	free(session);
}

Test(pages, without_a_secret_nothing_can_be_sent, .init = load, .fini = unload)
{
	struct mx_pair_facts facts = { 0 };
	char *html = pair_page((struct mx_pair_view){ .catalogue = catalogue,
				   .source = "203.0.113.5",
				   .group = "outlook",
				   .state = MX_STATE_BLOCKED,
				   .is_watched = true,
				   .facts = &facts },
	    NULL);

	check_markup(html);
	cr_expect_null(strstr(html, "method=\"post\""));
	free(html);
}

Test(pages, a_transcript_leaves_mailboxes_out, .init = load, .fini = unload)
{
	static const char evidence[] =
	    "{\"mx\":{\"port\":2525},\"tls\":{\"version\":\"TLSv1.3\",\"cipher\":\"<c>\",\"verified\":false,"
	    "\"reason\":\"<r>\"},\"transcript\":["
	    "{\"t\":0.0125,\"from\":\"server\",\"stage\":\"banner\",\"line\":\"220 <script>x()</script>\"},"
	    "{\"t\":0.2,\"from\":\"client\",\"stage\":\"rcpt\",\"line\":\"RCPT TO:<me.private@example.test>\"},"
	    "{\"t\":0.3,\"from\":\"server\",\"stage\":\"rcpt\",\"line\":\"550 me.private@example.test: no\"},"
	    "{\"t\":\"odd\",\"from\":7,\"line\":null}]}";
	struct mx_store_result row = evil_row;
	struct mx_buf body;
	struct mx_page page;

	row.rcpt = "me.private@example.test";
	begin(&page, &body, MX_LANG_JA);
	mx_page_put_transcript(&page, &row, evidence);
	check_hostile(body.data);
	cr_expect_null(strstr(body.data, "me.private"));
	cr_expect_not_null(strstr(body.data, "***@example.test"));
	cr_expect_not_null(strstr(body.data, "<td class=\"t\">0.013</td>"));
	cr_expect_not_null(strstr(body.data, "port 2525"));
	mx_buf_reset(&body);
	mx_page_put_transcript(&page, &row, NULL);
	check_markup(body.data);
	mx_buf_clear(&body);
}

/* ---- style, script, icon ---- */

Test(pages, assets_ask_nobody_else)
{
	cr_assert_geq(mx_asset_count, 3);
	for (size_t i = 0; i < mx_asset_count; i++) {
		const struct mx_asset *asset = &mx_assets[i];
		char *text = mx_strndup((const char *)asset->bytes, asset->len);

		cr_expect_eq(mx_asset_find(asset->path), asset);
		cr_expect_str_eq(mx_asset_path(asset->name), asset->path);
		cr_expect_not_null(strstr(asset->path, asset->etag));
		cr_expect_null(strstr(text, "url("), "%s loads something", asset->name);
		cr_expect_null(strstr(text, "@import"));
		cr_expect_null(strstr(text, "https:"));
		free(text);
	}
	cr_expect_null(mx_asset_find("/assets/page.css"));
	cr_expect_null(mx_asset_find("/assets/../main.c"));
}

Test(pages, everything_is_said_in_both_languages)
{
	for (int i = 0; i < MX_SAY_COUNT; i++)
		for (int lang = 0; lang < 2; lang++) {
			const char *said = mx_say((enum mx_saying)i, (enum mx_lang)lang);

			cr_expect(said != NULL && *said != '\0', "%d", i);
		}
	cr_expect_str_eq(mx_verdict_word("odd", MX_LANG_EN), "odd");
	cr_expect_str_eq(mx_stage_word("odd", MX_LANG_EN), "odd");
	cr_expect_str_eq(mx_outcome_word("odd", MX_LANG_EN), "odd");
}
