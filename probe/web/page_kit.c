/* page_kit.c - what has to be copied stands alone, with a button beside it. */
#include "probe/web/page_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/report/kit_parts.h"

#define TEXT_WIDTH 80

struct view {
	struct mx_page *page;
	struct mx_html *html;
	const struct mx_kit *kit;
	unsigned copies; /* buttons so far: each names what it copies */
};

static void
head(const struct view *view, const char *key, enum mx_kit_word word)
{
	mx_html_put(view->html,
	    "<section aria-labelledby=\"h-%s\"><h2 id=\"h-%s\">%s</h2>\n", key, key,
	    mx_kit_word(view->kit, word));
}

static void
end(const struct view *view)
{
	mx_html_put(view->html, "</section>\n");
}

/* The button is of no use without the script, which shows it. */
static void
put_copyable(struct view *view, const char *text, const char *label)
{
	unsigned id = ++view->copies;

	mx_html_put(view->html, "<div class=\"copyable\"><pre id=\"copy-%u\">", id);
	mx_html_lines(view->html, text);
	mx_html_put(view->html,
	    "</pre><button type=\"button\" class=\"copy\" data-copy=\"copy-%u\" hidden>%s"
	    "<span class=\"unseen\"> %s</span></button></div>\n",
	    id, mx_say(MX_SAY_COPY, view->page->lang), label);
}

static void
put_facts(const struct view *view, const struct mx_kit_list *list)
{
	mx_html_put(view->html, "<dl class=\"facts\">");
	for (size_t i = 0; i < list->count; i++) {
		const struct mx_kit_item *item = &list->items[i];

		mx_html_put(
		    view->html, "<div><dt>%s</dt><dd>%s", item->label, item->value);
		if (item->hint != NULL)
			mx_html_put(view->html, "<br><small>%s</small>", item->hint);
		mx_html_put(view->html, "</dd></div>\n");
	}
	mx_html_put(view->html, "</dl>\n");
}

static void
put_steps(const struct view *view)
{
	mx_html_put(view->html, "<ol class=\"steps\">");
	for (size_t i = 0; i < view->kit->steps.count; i++)
		mx_html_put(view->html, "<li>%s</li>\n", view->kit->steps.items[i].value);
	mx_html_put(view->html, "</ol>\n");
}

/* ---- the form ---- */

static void
put_places(const struct view *view)
{
	const struct mx_kit *kit = view->kit;
	const char *url = kit->remedy->url, *named = kit->facts.row->delist_url;

	if (url != NULL) {
		mx_html_put(view->html, "<p>");
		mx_page_link_out(view->page, url, url);
		mx_html_put(view->html, "</p>\n");
	} else if (named == NULL) {
		mx_html_put(view->html, "<p>%s</p>\n", mx_kit_word(kit, MX_KIT_NO_FORM));
	}
	if (named != NULL && (url == NULL || strcmp(named, url) != 0)) {
		mx_html_put(view->html, "<p>%s: ", mx_kit_word(kit, MX_KIT_ALSO));
		mx_page_link_out(view->page, named, named);
		mx_html_put(view->html, "</p>\n");
	}
}

static void
put_field(struct view *view, const struct mx_kit_item *field)
{
	mx_html_put(view->html, "<li><h3>%s</h3>", field->label);
	if (field->value != NULL)
		put_copyable(view, field->value, field->label);
	else
		mx_html_put(view->html, "<p class=\"yours\">%s</p>",
		    mx_kit_word(view->kit, MX_KIT_YOURS));
	if (field->hint != NULL)
		mx_html_put(view->html, "<p class=\"hint\">%s</p>", field->hint);
	mx_html_put(view->html, "</li>\n");
}

static void
put_form(struct view *view)
{
	head(view, "form", MX_KIT_FORM);
	put_places(view);
	if (view->kit->form.count > 0) {
		mx_html_put(view->html, "<ol class=\"fields\">\n");
		for (size_t i = 0; i < view->kit->form.count; i++)
			put_field(view, &view->kit->form.items[i]);
		mx_html_put(view->html, "</ol>\n");
	}
	end(view);
}

/* ---- what may come back ---- */

static void
put_answer(struct view *view, const struct mx_kit_answer *answer)
{
	mx_html_put(view->html, "<li><h3>%s</h3><p>%s</p><p class=\"next\">%s</p>\n",
	    answer->says, answer->means, answer->next);
	if (answer->reply != NULL) {
		mx_html_put(view->html, "<p><b>%s</b> %s</p>\n",
		    mx_kit_word(view->kit, MX_KIT_REPLY),
		    mx_kit_word(view->kit, MX_KIT_CHECK_REPLY));
		put_copyable(view, answer->reply, answer->says);
	}
	mx_html_put(view->html, "</li>\n");
}

static void
put_answers(struct view *view)
{
	if (view->kit->answer_count == 0)
		return;
	head(view, "answers", MX_KIT_ANSWERS);
	mx_html_put(view->html, "<ul class=\"answers\">\n");
	for (size_t i = 0; i < view->kit->answer_count; i++)
		put_answer(view, &view->kit->answers[i]);
	mx_html_put(view->html, "</ul>\n");
	end(view);
}

/* ---- the whole as text, for a ticket or a mail ---- */

static void
put_text(struct view *view)
{
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);

	if (stream == NULL)
		return;
	mx_kit_text(view->kit, stream, TEXT_WIDTH);
	if (fclose(stream) == 0) {
		mx_html_put(view->html,
		    "<details class=\"whole\"><summary>%s</summary>\n",
		    mx_say(MX_SAY_COPY_ALL, view->page->lang));
		put_copyable(view, text, mx_say(MX_SAY_COPY_ALL, view->page->lang));
		mx_html_put(view->html, "</details>\n");
	}
	free(text);
}

void
mx_page_put_kit(struct mx_page *page, const struct mx_kit *kit)
{
	struct view view = { page, &page->html, kit, 0 };
	const struct mx_store_result *row = kit->facts.row;
	const char *name = kit->provider != NULL ? kit->provider->name : row->destination;
	char *self = mx_page_pair_path("delist", row->source, row->group),
	     *pair = mx_page_pair_path("pair", row->source, row->group),
	     *title = mx_asprintf(
		 "%s: %s → %s", mx_say(MX_SAY_DELIST, page->lang), kit->source, name);
	struct mx_page_head about = { .title = title, .self = self };

	mx_page_begin(page, &about);
	mx_html_put(&page->html,
	    "<h1>%s <span class=\"to\">%s → %s</span></h1>\n<p><a href=\"%s%s%s\">%s</a></p>\n",
	    mx_say(MX_SAY_DELIST, page->lang), kit->source, name, page->root, pair,
	    page->suffix, mx_say(MX_SAY_BACK, page->lang));
	mx_html_put(&page->html, "<div class=\"two kit\"><div>\n");
	head(&view, "error", MX_KIT_ERROR);
	put_copyable(&view, kit->error, mx_kit_word(kit, MX_KIT_ERROR));
	end(&view);
	put_form(&view);
	put_answers(&view);
	mx_html_put(&page->html, "</div><div class=\"side\">\n");
	head(&view, "first", MX_KIT_FIRST);
	put_steps(&view);
	end(&view);
	head(&view, "situation", MX_KIT_SITUATION);
	put_facts(&view, &kit->situation);
	end(&view);
	if (kit->identity.count > 0) {
		head(&view, "identity", MX_KIT_IDENTITY);
		put_facts(&view, &kit->identity);
		end(&view);
	}
	if (mx_kit_in(kit, &kit->remedy->duration) != NULL) {
		head(&view, "duration", MX_KIT_DURATION);
		mx_html_put(
		    &page->html, "<p>%s</p>\n", mx_kit_in(kit, &kit->remedy->duration));
		end(&view);
	}
	mx_html_put(&page->html, "</div></div>\n");
	put_text(&view);
	mx_page_end(page);
	free(title);
	free(pair);
	free(self);
}
