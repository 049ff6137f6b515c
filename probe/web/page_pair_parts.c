/* page_pair_parts.c - rows as they are kept, newest first. */
#include "probe/web/page_pair_parts.h"

#include <stdlib.h>
#include <string.h>

#include "probe/report/ages.h"
#include "probe/web/page_reasons.h"

#define SESSIONS_LISTED 20
#define CHANGES_LISTED 20

void
mx_page_begin_section(struct mx_page *page, const char *key, enum mx_saying title)
{
	mx_html_put(&page->html,
	    "<section data-key=\"%s\" aria-labelledby=\"h-%s\"><h2 id=\"h-%s\">%s</h2>\n",
	    key, key, key, mx_say(title, page->lang));
}

void
mx_page_end_section(struct mx_page *page)
{
	mx_html_put(&page->html, "</section>\n");
}

bool
mx_page_begin_post(
    struct mx_page *page, const char *action, const char *source, const char *group)
{
	if (page->csrf == NULL)
		return false;
	mx_html_put(&page->html,
	    "<form class=\"act\" method=\"post\" action=\"%s%s\">"
	    "<input type=\"hidden\" name=\"csrf\" value=\"%s\">"
	    "<input type=\"hidden\" name=\"source\" value=\"%s\">"
	    "<input type=\"hidden\" name=\"provider\" value=\"%s\">",
	    page->root, action, page->csrf, source, group);
	return true;
}

/* ---- the provider's addresses ---- */

static void
put_hop(struct mx_page *page, const struct mx_standing_hop *hop)
{
	mx_html_put(&page->html,
	    "<tr><th scope=\"row\"><code>%s</code> <small>%s</small></th><td>",
	    hop->address, hop->mx_host);
	mx_page_verdict(page, hop->verdict);
	mx_html_put(&page->html, "</td><td><a href=\"%s/result/%s%s\">", page->root,
	    hop->result, page->suffix);
	mx_page_ago(page, hop->time_us);
	mx_html_put(&page->html, "</a></td></tr>\n");
}

static void
put_missing(struct mx_page *page, const struct mx_state_missing *missing)
{
	char span[MX_AGE_TEXT];
	bool is_ja = page->lang == MX_LANG_JA;

	mx_html_put(&page->html, "<p><b>%s:</b> ", mx_say(MX_SAY_MISSING, page->lang));
	mx_html_put(&page->html,
	    is_ja ? "受付 %u 回、サーバー %u 台" : "accepts: %u, at other addresses: %u",
	    missing->accepts, missing->hosts);
	if (missing->holdouts > 0)
		mx_html_put(&page->html,
		    is_ja ? "、まだ拒否しているサーバー %u 台"
			  : ", where it was refused last: %u",
		    missing->holdouts);
	if (missing->span_us > 0)
		mx_html_put(&page->html, is_ja ? "、あと %s" : "; not before %s from now",
		    mx_age_in(missing->span_us, page->lang, span));
	mx_html_put(&page->html, "</p>\n");
}

void
mx_page_put_hops(struct mx_page *page, const struct mx_pair_view *view)
{
	const struct mx_standing *standing = &view->facts->standing;
	bool is_followed = view->state == MX_STATE_CLEARING ||
			   view->state == MX_STATE_DELIST_REQUESTED ||
			   view->state == MX_STATE_OVERDUE;

	if (standing->hop_count == 0)
		return;
	mx_page_begin_section(
	    page, "hops", is_followed ? MX_SAY_PROPAGATION : MX_SAY_ADDRESSES);
	mx_html_put(&page->html,
	    "<p><b>%zu</b> / %zu %s</p><progress max=\"%zu\" value=\"%zu\" aria-label=\"%s\">"
	    "</progress>\n",
	    standing->accepting, standing->hop_count,
	    mx_say(MX_SAY_ACCEPTING, page->lang), standing->hop_count,
	    standing->accepting, mx_say(MX_SAY_ACCEPTING, page->lang));
	if (view->state == MX_STATE_CLEARING)
		put_missing(page, &view->missing);
	mx_html_put(&page->html,
	    "<table class=\"list\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
	    "<th scope=\"col\">%s</th></tr></thead><tbody>\n",
	    mx_say(MX_SAY_ADDRESS, page->lang), mx_say(MX_SAY_VERDICT, page->lang),
	    mx_say(MX_SAY_LAST_SESSION, page->lang));
	for (size_t i = 0; i < standing->hop_count; i++)
		put_hop(page, &standing->hops[i]);
	mx_html_put(&page->html, "</tbody></table>\n");
	mx_page_end_section(page);
}

/* ---- who we are, by DNS ---- */

static void
put_check(struct mx_page *page, const struct mx_check *check)
{
	mx_html_put(&page->html,
	    "<div><dt><code>%s</code></dt><dd><span class=\"verdict c-%s\">%s</span> %s",
	    check->check, mx_check_result_name(check->result),
	    mx_check_result_name(check->result), check->found);
	if (check->advice != NULL)
		mx_html_put(
		    &page->html, "<br><small lang=\"en\">%s</small>", check->advice);
	mx_html_put(&page->html, "</dd></div>\n");
}

void
mx_page_put_identity(struct mx_page *page, const struct mx_pair_view *view)
{
	const struct mx_checks *checks = view->checks;

	if (checks == NULL)
		return;
	mx_page_begin_section(page, "identity", MX_SAY_IDENTITY);
	mx_html_put(&page->html, "<p><b>%zu</b> / %zu %s <small>%s ",
	    mx_checks_count(checks, MX_CHECK_PASS), checks->count,
	    mx_say(MX_SAY_IN_ORDER, page->lang), mx_say(MX_SAY_LOOKED_UP, page->lang));
	mx_page_ago(page, view->checks_us);
	mx_html_put(&page->html, "</small></p><dl class=\"facts\">");
	for (size_t i = 0; i < checks->count; i++)
		if (checks->items[i].result != MX_CHECK_PASS)
			put_check(page, &checks->items[i]);
	mx_html_put(&page->html, "</dl>\n");
	mx_page_end_section(page);
}

/* ---- the request ---- */

static bool
is_open(const struct mx_standing_case *one)
{
	return one->id != 0 && one->cleared_us == 0 && one->closed_us == 0;
}

static void
put_moment(struct mx_page *page, enum mx_saying name, int64_t time_us)
{
	if (time_us == 0)
		return;
	mx_page_fact_begin(page, name);
	mx_page_time(page, time_us);
	mx_page_fact_end(page);
}

static void
put_case_facts(struct mx_page *page, const struct mx_standing_case *one)
{
	mx_html_put(&page->html, "<dl class=\"facts\">");
	mx_page_fact(page, MX_SAY_TICKET, one->ticket);
	put_moment(page, MX_SAY_OPENED, one->opened_us);
	put_moment(page, MX_SAY_EXPECTED, one->expected_us);
	mx_page_fact(page, MX_SAY_OUTCOME,
	    one->outcome != NULL ? mx_outcome_word(one->outcome, page->lang)
				 : mx_say(MX_SAY_NO_ANSWER, page->lang));
	put_moment(page, MX_SAY_CLEARED, one->cleared_us);
	mx_html_put(&page->html, "</dl>\n");
}

static void
put_answer_form(struct mx_page *page, const struct mx_pair_view *view)
{
	static const char *const outcomes[] = { "mitigated", "conditional",
		"not_qualified", "nothing_detected" };

	if (!mx_page_begin_post(page, "/api/v1/delist", view->source, view->group))
		return;
	mx_html_put(&page->html, "<label>%s <select name=\"outcome\">",
	    mx_say(MX_SAY_OUTCOME, page->lang));
	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
		mx_html_put(&page->html, "<option value=\"%s\">%s</option>", outcomes[i],
		    mx_outcome_word(outcomes[i], page->lang));
	mx_html_put(&page->html,
	    "</select></label> <button type=\"submit\">%s</button></form>\n",
	    mx_say(MX_SAY_NOTE_ANSWER, page->lang));
}

static void
put_open_form(struct mx_page *page, const struct mx_pair_view *view)
{
	if (!mx_page_begin_post(page, "/api/v1/delist", view->source, view->group))
		return;
	mx_html_put(&page->html,
	    "<label>%s <input name=\"ticket\" required maxlength=\"128\" autocomplete=\"off\">"
	    "</label> <button type=\"submit\">%s</button><p><small>%s</small></p></form>\n",
	    mx_say(MX_SAY_TICKET, page->lang), mx_say(MX_SAY_OPEN_CASE, page->lang),
	    mx_say(MX_SAY_OPEN_CASE_HINT, page->lang));
}

void
mx_page_put_case(struct mx_page *page, const struct mx_pair_view *view)
{
	const struct mx_standing_case *one = &view->facts->standing.one;

	if (one->id == 0 && !mx_pair_is_held(view->state))
		return;
	mx_page_begin_section(page, "case", MX_SAY_CASE);
	if (one->id != 0)
		put_case_facts(page, one);
	if (is_open(one))
		put_answer_form(page, view);
	else if (mx_pair_is_held(view->state))
		put_open_form(page, view);
	mx_page_end_section(page);
}

/* ---- the message that a probe never sends ---- */

static void
put_judged(struct mx_page *page, const char *what, const char *result)
{
	if (result != NULL)
		mx_html_put(&page->html, "%s=%s ", what, result);
}

void
mx_page_put_delivery(struct mx_page *page, const struct mx_pair_view *view)
{
	const struct mx_pair_delivery *one = &view->facts->delivery;

	if (one->time_us == 0)
		return;
	mx_page_begin_section(page, "delivery", MX_SAY_DELIVERY);
	if (one->summary != NULL)
		mx_html_put(&page->html, "<p lang=\"en\">%s</p>", one->summary);
	mx_html_put(&page->html, "<dl class=\"facts\">");
	if (one->verdict != NULL) {
		mx_page_fact_begin(page, MX_SAY_VERDICT);
		mx_page_verdict(page, one->verdict);
		mx_page_fact_end(page);
	}
	mx_page_fact(page, MX_SAY_LANDED, one->place);
	mx_page_fact_begin(page, MX_SAY_JUDGED);
	put_judged(page, "spf", one->spf);
	put_judged(page, "dkim", one->dkim);
	put_judged(page, "dmarc", one->dmarc);
	mx_page_fact_end(page);
	mx_page_fact_begin(page, MX_SAY_TIME);
	mx_page_ago(page, one->time_us);
	mx_page_fact_end(page);
	mx_html_put(&page->html, "</dl>\n");
	mx_page_end_section(page);
}

/* ---- sessions and changes ---- */

void
mx_page_put_codes(struct mx_page *page, const struct mx_store_result *row)
{
	if (row->code != 0)
		mx_html_put(&page->html, "<b>%lld</b> ", (long long)row->code);
	if (row->enhanced != NULL &&
	    (row->text == NULL ||
		strncmp(row->text, row->enhanced, strlen(row->enhanced)) != 0))
		mx_html_put(&page->html, "%s ", row->enhanced);
}

/* The first line says enough here; the rest is in the transcript. */
static void
put_first_line(struct mx_page *page, const struct mx_store_result *row)
{
	mx_page_put_codes(page, row);
	if (row->text != NULL)
		mx_html_bytes(&page->html, row->text, strcspn(row->text, "\r\n"));
	else
		mx_html_put(&page->html, "%s", row->note);
}

static void
put_session(struct mx_page *page, const struct mx_store_result *row)
{
	const char *stage = row->stage != NULL ? row->stage : row->reached;

	mx_html_put(&page->html, "<tr><th scope=\"row\"><a href=\"%s/result/%s%s\">",
	    page->root, row->id, page->suffix);
	mx_page_ago(page, row->time_us);
	mx_html_put(&page->html, "</a></th><td>");
	mx_page_verdict(page, row->verdict);
	mx_html_put(&page->html,
	    "</td><td>%s</td><td class=\"line\"><code class=\"short\">",
	    stage != NULL ? mx_stage_word(stage, page->lang) : NULL);
	put_first_line(page, row);
	mx_html_put(&page->html, "</code></td></tr>\n");
}

void
mx_page_put_sessions(struct mx_page *page, const struct mx_pair_view *view)
{
	const struct mx_pair_facts *facts = view->facts;

	mx_page_begin_section(page, "sessions", MX_SAY_SESSIONS);
	if (facts->session_count == 0)
		mx_html_put(&page->html, "<p class=\"quiet\">%s</p>",
		    mx_say(MX_SAY_NO_REPLY, page->lang));
	else
		mx_html_put(&page->html,
		    "<table class=\"list\"><thead><tr><th scope=\"col\">%s</th>"
		    "<th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
		    "<th scope=\"col\">%s</th></tr></thead><tbody>\n",
		    mx_say(MX_SAY_TIME, page->lang), mx_say(MX_SAY_VERDICT, page->lang),
		    mx_say(MX_SAY_STAGE, page->lang), mx_say(MX_SAY_LINE, page->lang));
	for (size_t i = 0; i < facts->session_count && i < SESSIONS_LISTED; i++)
		put_session(page, facts->sessions[i]);
	if (facts->session_count > 0)
		mx_html_put(&page->html, "</tbody></table>\n");
	mx_page_end_section(page);
}

static void
put_change(struct mx_page *page, const struct mx_pair_event *event)
{
	mx_html_put(&page->html, "<li><p>");
	mx_page_time(page, event->time_us);
	mx_html_put(&page->html, " ");
	mx_page_state(page, mx_state_look(mx_state_from_name(event->before)));
	mx_html_put(&page->html, " → ");
	mx_page_state(page, mx_state_look(mx_state_from_name(event->after)));
	if (event->result != NULL)
		mx_html_put(&page->html, " <a href=\"%s/result/%s%s\">%s</a>", page->root,
		    event->result, page->suffix, mx_say(MX_SAY_TRANSCRIPT, page->lang));
	mx_html_put(&page->html, "</p>");
	if (event->why != NULL) {
		mx_html_put(&page->html, "<p class=\"why\">");
		mx_page_put_reason(page, event->why);
		mx_html_put(&page->html, "</p>");
	}
	mx_html_put(&page->html, "</li>\n");
}

void
mx_page_put_changes(struct mx_page *page, const struct mx_pair_view *view)
{
	const struct mx_pair_facts *facts = view->facts;

	mx_page_begin_section(page, "changes", MX_SAY_CHANGES);
	if (facts->event_count == 0)
		mx_html_put(&page->html, "<p class=\"quiet\">%s</p>",
		    mx_say(MX_SAY_NO_CHANGES, page->lang));
	else
		mx_html_put(&page->html, "<ol class=\"changes\">");
	for (size_t i = 0; i < facts->event_count && i < CHANGES_LISTED; i++)
		put_change(page, &facts->events[i]);
	if (facts->event_count > 0)
		mx_html_put(&page->html, "</ol>\n");
	mx_page_end_section(page);
}
