/* page_pair.c - from the state down to what it rests on, in the order of the questions. */
#include "probe/web/page_pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/web/page_pair_parts.h"
#include "probe/web/page_reasons.h"
#include "probe/web/page_strip.h"

static const char *
name_of(const struct mx_pair_view *view)
{
	return view->provider != NULL ? view->provider->name : view->group;
}

/* ---- what is so ---- */

static void
put_blind_spots(struct mx_page *page, const struct mx_provider *provider)
{
	if (provider == NULL || provider->blind_spot_count == 0)
		return;
	mx_html_put(&page->html, "<div class=\"note\"><h2>%s</h2><ul>",
	    mx_say(MX_SAY_BLIND_NOTE, page->lang));
	for (size_t i = 0; i < provider->blind_spot_count; i++)
		mx_html_put(
		    &page->html, "<li lang=\"en\">%s</li>", provider->blind_spots[i]);
	mx_html_put(&page->html, "</ul></div>\n");
}

static void
put_since(struct mx_page *page, int64_t since_us)
{
	bool is_ja = page->lang == MX_LANG_JA;

	mx_html_put(&page->html, is_ja ? " <span>" : " <span>since ");
	mx_page_time(page, since_us);
	mx_html_put(&page->html, is_ja ? " から（" : " (");
	mx_page_age(page, since_us);
	mx_html_put(&page->html, is_ja ? "）</span>" : ")</span>");
}

static void
put_state(struct mx_page *page, const struct mx_pair_view *view)
{
	const struct mx_state_look *look =
	    mx_page_look(view->state, false, view->is_blind);

	mx_html_put(&page->html,
	    "<div class=\"standing\" data-key=\"standing\"><p class=\"state\">");
	mx_page_state(page, look);
	if (view->since_us != 0)
		put_since(page, view->since_us);
	mx_html_put(&page->html, "</p><p>%s</p>", mx_page_in(page, &look->means));
	if (view->is_stale) {
		mx_html_put(&page->html, "<p class=\"staleness\">");
		mx_page_state(page, &mx_look_stale);
		mx_html_put(
		    &page->html, " %s</p>", mx_say(MX_SAY_STALE_NOTE, page->lang));
	}
	mx_html_put(&page->html, "</div>\n");
}

/* ---- the reply ---- */

static void
put_code(struct mx_page *page, const struct mx_store_result *row)
{
	mx_page_fact_begin(page, MX_SAY_CODE);
	if (row->code != 0)
		mx_html_put(&page->html, "%lld ", (long long)row->code);
	mx_html_put(&page->html, "%s", row->enhanced);
	if (row->provider_code != NULL)
		mx_html_put(&page->html, " <b>%s</b>", row->provider_code);
	mx_page_fact_end(page);
}

static void
put_meaning(struct mx_page *page, const struct mx_pair_view *view,
    const struct mx_store_result *row)
{
	const struct mx_category *category =
	    row->category != NULL ? mx_catalogue_category(view->catalogue, row->category)
				  : NULL;

	if (category == NULL)
		return;
	mx_page_fact_begin(page, MX_SAY_MEANING);
	mx_html_put(&page->html, "%s <code>%s</code>",
	    page->lang == MX_LANG_JA ? category->ja : category->en, category->id);
	mx_page_fact_end(page);
}

static void
put_rule(struct mx_page *page, const struct mx_store_result *row)
{
	if (row->rule == NULL)
		return;
	mx_page_fact_begin(page, MX_SAY_RULE);
	mx_html_put(&page->html, "<code>%s</code> <small>%s %d%%</small>", row->rule,
	    mx_say(MX_SAY_CONFIDENCE, page->lang), (int)(row->confidence * 100 + 0.5));
	mx_page_fact_end(page);
}

/* Whose address the server quoted: the first thing to doubt behind NAT. */
static void
put_seen(struct mx_page *page, const struct mx_store_result *row)
{
	bool is_same;

	if (row->seen_source == NULL)
		return;
	is_same = strcmp(row->seen_source, row->source) == 0;
	mx_page_fact_begin(page, MX_SAY_SEEN);
	mx_html_put(&page->html, "<span class=\"%s\"><code>%s</code> %s</span>",
	    is_same ? "same" : "other", row->seen_source,
	    mx_say(is_same ? MX_SAY_SEEN_SAME : MX_SAY_SEEN_OTHER, page->lang));
	mx_page_fact_end(page);
}

static void
put_permanence(struct mx_page *page, const struct mx_store_result *row)
{
	if (row->permanence == NULL)
		return;
	mx_page_fact(page, MX_SAY_PERMANENCE,
	    mx_say(strcmp(row->permanence, "permanent") == 0 ? MX_SAY_PERMANENT
							     : MX_SAY_TEMPORARY,
		page->lang));
}

static void
put_remedy(struct mx_page *page, const struct mx_pair_view *view,
    const struct mx_store_result *row)
{
	const struct mx_remedy *remedy =
	    row->remedy != NULL ? mx_catalogue_remedy(view->catalogue, row->remedy)
				: NULL;
	char *kit = mx_page_pair_path("delist", view->source, view->group);

	mx_html_put(&page->html, "<div class=\"remedy\">");
	if (remedy != NULL)
		mx_html_put(&page->html, "<h3>%s</h3><p>%s</p>",
		    mx_say(MX_SAY_REMEDY, page->lang),
		    page->lang == MX_LANG_JA ? remedy->ja : remedy->en);
	mx_html_put(&page->html, "<p class=\"actions\">");
	if (mx_pair_is_held(view->state))
		mx_html_put(&page->html, "<a class=\"button\" href=\"%s%s%s\">%s</a> ",
		    page->root, kit, page->suffix, mx_say(MX_SAY_OPEN_KIT, page->lang));
	if (mx_html_is_link(row->delist_url))
		mx_page_link_out(
		    page, row->delist_url, mx_say(MX_SAY_DELIST_FORM, page->lang));
	mx_html_put(&page->html, "</p></div>\n");
	free(kit);
}

static void
put_where(struct mx_page *page, const struct mx_store_result *row)
{
	mx_page_fact_begin(page, MX_SAY_HOST);
	mx_html_put(&page->html, "%s <code>%s</code>", row->mx_host, row->address);
	mx_page_fact_end(page);
	mx_page_fact_begin(page, MX_SAY_TIME);
	mx_page_time(page, row->time_us);
	mx_html_put(&page->html, " (");
	mx_page_ago(page, row->time_us);
	mx_html_put(&page->html, ") <a href=\"%s/result/%s%s\">%s</a>", page->root,
	    row->id, page->suffix, mx_say(MX_SAY_TRANSCRIPT, page->lang));
	mx_page_fact_end(page);
}

static void
put_reply(struct mx_page *page, const struct mx_pair_view *view)
{
	const struct mx_store_result *row = view->facts->decided;

	mx_page_begin_section(page, "reply", MX_SAY_REPLY);
	if (row == NULL) {
		mx_html_put(&page->html, "<p class=\"quiet\">%s</p>",
		    mx_say(MX_SAY_NO_REPLY, page->lang));
		mx_page_end_section(page);
		return;
	}
	if (row->text != NULL) {
		mx_html_put(&page->html, "<pre class=\"said v-%s\">", row->verdict);
		mx_page_put_codes(page, row);
		mx_html_lines(&page->html, row->text);
		mx_html_put(&page->html, "</pre>\n");
	} else if (row->note != NULL) {
		mx_html_put(&page->html, "<p lang=\"en\">%s</p>\n", row->note);
	}
	mx_html_put(&page->html, "<dl class=\"facts\">");
	mx_page_fact_begin(page, MX_SAY_VERDICT);
	mx_page_verdict(page, row->verdict);
	mx_page_fact_end(page);
	mx_page_fact(page, MX_SAY_STAGE,
	    row->stage != NULL ? mx_stage_word(row->stage, page->lang) : NULL);
	if (row->code != 0 || row->enhanced != NULL || row->provider_code != NULL)
		put_code(page, row);
	put_meaning(page, view, row);
	mx_page_fact(page, MX_SAY_LIST, row->list);
	mx_page_fact(page, MX_SAY_AUTHORITY, row->authority);
	mx_page_fact(page, MX_SAY_LISTED, row->listed_value);
	put_permanence(page, row);
	put_seen(page, row);
	put_rule(page, row);
	put_where(page, row);
	mx_html_put(&page->html, "</dl>\n");
	put_remedy(page, view, row);
	mx_page_end_section(page);
}

/* ---- what comes next ---- */

static void
put_probe_now(struct mx_page *page, const struct mx_pair_view *view)
{
	if (!view->is_watched ||
	    !mx_page_begin_post(page, "/api/v1/probe", view->source, view->group))
		return;
	mx_html_put(&page->html, "<button type=\"submit\"");
	if (view->is_running)
		mx_html_put(&page->html, " disabled");
	mx_html_put(&page->html, ">%s</button> <small>%s</small></form>\n",
	    mx_say(MX_SAY_PROBE_NOW, page->lang), mx_say(MX_SAY_PROBE_COST, page->lang));
}

static void
put_next(struct mx_page *page, const struct mx_pair_view *view)
{
	mx_page_begin_section(page, "next", MX_SAY_NEXT_PROBE);
	mx_html_put(&page->html, "<p class=\"%s\">",
	    view->is_watched && view->next_us != 0 ? "when" : "quiet");
	if (view->is_running)
		mx_page_say(page, MX_SAY_RUNNING);
	else if (!view->is_watched || view->next_us == 0)
		mx_page_say(page, MX_SAY_NOT_PLANNED);
	else
		mx_page_ahead(page, view->next_us);
	if (view->is_late)
		mx_html_put(&page->html, " <span class=\"badge overdue\">%s</span>",
		    mx_say(MX_SAY_LATE, page->lang));
	mx_html_put(&page->html, "</p><dl class=\"facts\">");
	if (view->is_watched && view->next_us != 0) {
		mx_page_fact_begin(page, MX_SAY_TIME);
		mx_page_time(page, view->next_us);
		mx_page_fact_end(page);
	}
	if (view->why_not != NULL) {
		mx_page_fact_begin(page, MX_SAY_WHY_NOT);
		mx_page_put_reason(page, view->why_not);
		mx_page_fact_end(page);
	}
	mx_page_fact_begin(page, MX_SAY_LAST_SESSION);
	mx_page_ago(page, view->last_us);
	mx_page_fact_end(page);
	mx_html_put(&page->html, "</dl>");
	put_probe_now(page, view);
	mx_page_end_section(page);
}

static void
put_timeline(struct mx_page *page, const struct mx_pair_view *view)
{
	mx_page_begin_section(page, "timeline", MX_SAY_TIMELINE);
	mx_page_put_strip(page, view->facts);
	mx_page_end_section(page);
}

void
mx_page_put_pair(struct mx_page *page, const struct mx_pair_view *view)
{
	char *self = mx_page_pair_path("pair", view->source, view->group);
	char *title = mx_asprintf("%s → %s", view->source, name_of(view));
	struct mx_page_head head = { .title = title,
		.self = self,
		.section = NULL,
		.live = "pair",
		.source = view->source,
		.group = view->group };

	mx_page_begin(page, &head);
	mx_html_put(&page->html,
	    "<h1><span>%s</span> <span class=\"to\">→ %s</span></h1>\n", view->source,
	    name_of(view));
	mx_html_put(&page->html, "<div class=\"two\"><div>\n");
	put_state(page, view);
	put_reply(page, view);
	mx_html_put(&page->html, "</div><div class=\"side\">\n");
	put_next(page, view);
	mx_page_put_hops(page, view);
	mx_page_put_case(page, view);
	mx_page_put_identity(page, view);
	put_blind_spots(page, view->provider);
	mx_page_put_delivery(page, view);
	mx_html_put(&page->html, "</div></div>\n");
	put_timeline(page, view);
	mx_html_put(&page->html, "<div class=\"two\">\n");
	mx_page_put_sessions(page, view);
	mx_page_put_changes(page, view);
	mx_html_put(&page->html, "</div>\n");
	mx_page_end(page);
	free(title);
	free(self);
}
