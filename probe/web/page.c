/* page.c - the frame around every page, and the parts that several use. */
#include "probe/web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/report/ages.h"
#include "probe/web/assets.h"

void
mx_page_say(struct mx_page *page, enum mx_saying saying)
{
	mx_html_put(&page->html, "%s", mx_say(saying, page->lang));
}

const char *
mx_page_in(const struct mx_page *page, const struct mx_text *text)
{
	return page->lang == MX_LANG_JA ? text->ja : text->en;
}

/* ---- the frame ---- */

static void
menu_item(struct mx_page *page, const struct mx_page_head *head, const char *section,
    const char *path, enum mx_saying name)
{
	bool is_here = head->section != NULL && strcmp(head->section, section) == 0;

	mx_html_put(
	    &page->html, "<li><a href=\"%s%s%s\"", page->root, path, page->suffix);
	if (is_here)
		mx_html_put(&page->html, " aria-current=\"page\"");
	mx_html_put(&page->html, ">%s</a></li>", mx_say(name, page->lang));
}

static void
language_link(struct mx_page *page, const char *self, const char *code, const char *name)
{
	bool is_here = strcmp(code, page->lang == MX_LANG_JA ? "ja" : "en") == 0;

	if (is_here)
		mx_html_put(&page->html,
		    "<li><span lang=\"%s\" aria-current=\"true\">%s</span></li>", code,
		    name);
	else
		mx_html_put(&page->html,
		    "<li><a href=\"%s%s%slang=%s\" lang=\"%s\" hreflang=\"%s\">%s</a></li>",
		    page->root, self, strchr(self, '?') != NULL ? "&" : "?", code, code,
		    code, name);
}

static void
put_menu(struct mx_page *page, const struct mx_page_head *head)
{
	struct mx_html *html = &page->html;

	mx_html_put(html,
	    "<header class=\"bar\"><a class=\"brand\" href=\"%s/%s\">mxprobe</a>"
	    "<nav aria-label=\"%s\"><ul>",
	    page->root, page->suffix, mx_say(MX_SAY_SECTIONS, page->lang));
	menu_item(page, head, "matrix", "/", MX_SAY_MATRIX);
	menu_item(page, head, "events", "/events", MX_SAY_EVENTS);
	mx_html_put(html,
	    "</ul></nav><p class=\"live\" id=\"live\" hidden data-on=\"%s\" data-off=\"%s\"></p>",
	    mx_say(MX_SAY_LIVE, page->lang), mx_say(MX_SAY_LIVE_LOST, page->lang));
	mx_html_put(html, "<nav class=\"lang\" aria-label=\"%s\"><ul>",
	    mx_say(MX_SAY_LANGUAGE, page->lang));
	language_link(page, head->self, "en", "English");
	language_link(page, head->self, "ja", "日本語");
	mx_html_put(html, "</ul></nav></header>\n");
}

void
mx_page_begin(struct mx_page *page, const struct mx_page_head *head)
{
	struct mx_html *html = &page->html;

	mx_html_put(html,
	    "<!doctype html>\n<html lang=\"%s\" data-root=\"%s\"><head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
	    "<meta name=\"color-scheme\" content=\"light dark\">"
	    "<meta name=\"referrer\" content=\"no-referrer\">",
	    page->lang == MX_LANG_JA ? "ja" : "en", page->root);
	if (page->csrf != NULL)
		mx_html_put(html, "<meta name=\"csrf\" content=\"%s\">", page->csrf);
	mx_html_put(html,
	    "<title>%s – mxprobe</title><link rel=\"icon\" href=\"%s%s\"><link rel=\"stylesheet\" "
	    "href=\"%s%s\"><script type=\"module\" src=\"%s%s\"></script></head>\n<body>"
	    "<a class=\"skip\" href=\"#content\">%s</a>",
	    head->title, page->root, mx_asset_path("icon.svg"), page->root,
	    mx_asset_path("page.css"), page->root, mx_asset_path("page.js"),
	    mx_say(MX_SAY_SKIP, page->lang));
	put_menu(page, head);
	mx_html_put(html, "<main id=\"content\" tabindex=\"-1\" data-live=\"%s\"",
	    head->live != NULL ? head->live : "none");
	if (head->source != NULL && head->group != NULL)
		mx_html_put(html, " data-source=\"%s\" data-group=\"%s\"", head->source,
		    head->group);
	mx_html_put(html, ">\n");
	if (page->told != NULL)
		mx_html_put(
		    html, "<p class=\"told\" role=\"status\">%s</p>\n", page->told);
}

void
mx_page_end(struct mx_page *page)
{
	enum mx_lang lang = page->lang;

	mx_html_put(&page->html,
	    "</main>\n<footer class=\"foot\"><p>%s</p></footer>"
	    "<p id=\"announce\" class=\"unseen\" role=\"status\" aria-live=\"polite\" "
	    "data-updated=\"%s\" data-copied=\"%s\" data-started=\"%s\" data-noted=\"%s\">"
	    "</p></body></html>\n",
	    mx_say(MX_SAY_FOOT, lang), mx_say(MX_SAY_UPDATED, lang),
	    mx_say(MX_SAY_COPIED, lang), mx_say(MX_SAY_TOLD_STARTED, lang),
	    mx_say(MX_SAY_TOLD_NOTED, lang));
}

void
mx_page_notice(struct mx_page *page, const char *text)
{
	struct mx_page_head head = { .title = text, .self = "/" };

	mx_page_begin(page, &head);
	mx_html_put(&page->html, "<h1>%s</h1>\n<p><a href=\"%s/%s\">%s</a></p>\n", text,
	    page->root, page->suffix, mx_say(MX_SAY_HEADLINE, page->lang));
	mx_page_end(page);
}

const char *
mx_page_lang(const struct mx_page *page)
{
	const char *equals = strchr(page->suffix, '=');

	return equals != NULL ? equals + 1 : NULL;
}

/* ---- numbers ---- */

const char *
mx_page_number(size_t number, char *out)
{
	char digits[MX_PAGE_NUMBER];
	int len = snprintf(digits, sizeof digits, "%zu", number), to = 0;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[to++] = ',';
		out[to++] = digits[i];
	}
	out[to] = '\0';
	return out;
}

/* ---- times ---- */

/* The moment stands in the title, so that nobody has to reckon. */
static void
begin_time(struct mx_page *page, int64_t time_us)
{
	char stamp[MX_CLOCK_TEXT], utc[MX_AGE_TEXT], local[MX_AGE_TEXT];

	mx_html_put(&page->html, "<time datetime=\"%s\" title=\"%s, %s\">",
	    mx_clock_format(time_us, stamp), mx_time_local(time_us, local),
	    mx_time_utc(time_us, utc));
}

static void
end_time(struct mx_page *page)
{
	mx_html_put(&page->html, "</time>");
}

void
mx_page_age(struct mx_page *page, int64_t time_us)
{
	char age[MX_AGE_TEXT];

	begin_time(page, time_us);
	mx_html_put(
	    &page->html, "%s", mx_age_in(page->now_us - time_us, page->lang, age));
	end_time(page);
}

void
mx_page_ago(struct mx_page *page, int64_t time_us)
{
	char age[MX_AGE_TEXT], now[MX_AGE_TEXT];
	bool is_ja = page->lang == MX_LANG_JA;

	if (time_us == 0) {
		mx_page_say(page, MX_SAY_NEVER);
		return;
	}
	begin_time(page, time_us);
	(void)mx_age_in(page->now_us - time_us, page->lang, age);
	mx_html_put(&page->html, "%s%s", age,
	    strcmp(age, mx_age_in(0, page->lang, now)) == 0 ? ""
	    : is_ja                                         ? "前"
							    : " ago");
	end_time(page);
}

void
mx_page_ahead(struct mx_page *page, int64_t time_us)
{
	char age[MX_AGE_TEXT], now[MX_AGE_TEXT];
	bool is_now, is_ja = page->lang == MX_LANG_JA;

	begin_time(page, time_us);
	(void)mx_age_in(time_us - page->now_us, page->lang, age);
	is_now = strcmp(age, mx_age_in(0, page->lang, now)) == 0;
	mx_html_put(&page->html, "%s%s%s", is_now || is_ja ? "" : "in ", age,
	    is_now || !is_ja ? "" : "後");
	end_time(page);
}

void
mx_page_time(struct mx_page *page, int64_t time_us)
{
	char local[MX_AGE_TEXT];

	begin_time(page, time_us);
	mx_html_put(&page->html, "%s", mx_time_local(time_us, local));
	end_time(page);
}

/* ---- states and verdicts ---- */

const struct mx_state_look *
mx_page_look(enum mx_state state, bool is_stale, bool is_blind)
{
	if (is_stale)
		return &mx_look_stale;
	return is_blind ? &mx_look_blind : mx_state_look(state);
}

void
mx_page_state(struct mx_page *page, const struct mx_state_look *look)
{
	mx_html_put(&page->html,
	    "<span class=\"badge %s\"><span aria-hidden=\"true\">%s</span> %s</span>",
	    look->css, look->mark, mx_page_in(page, &look->word));
}

void
mx_page_verdict(struct mx_page *page, const char *verdict)
{
	mx_html_put(&page->html, "<span class=\"verdict v-%s\">%s</span>", verdict,
	    mx_verdict_word(verdict, page->lang));
}

/* ---- links and facts ---- */

char *
mx_page_pair_path(const char *what, const char *source, const char *group)
{
	char *from = mx_html_url_piece(source), *to = mx_html_url_piece(group);
	char *path = mx_asprintf("/%s/%s/%s", what, from, to);

	free(from);
	free(to);
	return path;
}

void
mx_page_link_out(struct mx_page *page, const char *url, const char *text)
{
	if (mx_html_is_link(url))
		mx_html_put(&page->html,
		    "<a href=\"%s\" rel=\"noopener noreferrer external\">%s</a>", url,
		    text);
	else
		mx_html_put(&page->html, "%s", text);
}

void
mx_page_fact_begin(struct mx_page *page, enum mx_saying name)
{
	mx_html_put(&page->html, "<div><dt>%s</dt><dd>", mx_say(name, page->lang));
}

void
mx_page_fact_end(struct mx_page *page)
{
	mx_html_put(&page->html, "</dd></div>\n");
}

void
mx_page_fact(struct mx_page *page, enum mx_saying name, const char *value)
{
	if (value == NULL)
		return;
	mx_page_fact_begin(page, name);
	mx_html_put(&page->html, "%s", value);
	mx_page_fact_end(page);
}
