/* page_events.c - the store tells oldest first, so the newest are kept in a ring until all were told. */
#include "probe/web/page_events.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/store/pairs.h"
#include "probe/web/page_reasons.h"

#define SHOWN_MOST 300

/** Strings own. */
struct kept {
	int64_t time_us;
	char *source, *group, *before, *after, *why, *result;
};

struct ring {
	struct kept kept[SHOWN_MOST];
	size_t count; /* that came; the last SHOWN_MOST are kept */
};

static void
clear_kept(struct kept *kept)
{
	free(kept->source);
	free(kept->group);
	free(kept->before);
	free(kept->after);
	free(kept->why);
	free(kept->result);
	*kept = (struct kept){ .source = NULL };
}

static bool
keep(void *arg, const struct mx_store_event *event)
{
	struct ring *ring = arg;
	struct kept *kept = &ring->kept[ring->count++ % SHOWN_MOST];

	clear_kept(kept);
	*kept = (struct kept){ .time_us = event->time_us,
		.source = mx_strdup(event->source),
		.group = mx_strdup(event->group),
		.before = mx_strdup(event->old_state),
		.after = mx_strdup(event->new_state),
		.why = mx_strdup(event->why),
		.result = mx_strdup(event->result) };
	return true;
}

/* ---- the page ---- */

static void
put_option(struct mx_page *page, const char *value, const char *name, bool is_chosen)
{
	mx_html_put(&page->html,
	    is_chosen ? "<option value=\"%s\" selected>%s</option>"
		      : "<option value=\"%s\">%s</option>",
	    value, name);
}

static void
put_providers(struct mx_page *page, const struct mx_model *model, const char *chosen)
{
	mx_html_put(&page->html, "<label>%s <select name=\"provider\">",
	    mx_say(MX_SAY_PROVIDER, page->lang));
	put_option(page, "", mx_say(MX_SAY_ALL_PROVIDERS, page->lang), chosen == NULL);
	for (size_t i = 0; i < model->column_count; i++)
		put_option(page, model->columns[i].group, model->columns[i].name,
		    chosen != NULL && strcmp(chosen, model->columns[i].group) == 0);
	mx_html_put(&page->html, "</select></label>");
}

static void
put_spans(struct mx_page *page, unsigned days)
{
	static const unsigned spans[] = { 1, 7, 30, 90, 365 };

	mx_html_put(&page->html, "<label>%s <select name=\"days\">",
	    mx_say(MX_SAY_SINCE_WHEN, page->lang));
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		mx_html_put(&page->html,
		    spans[i] == days ? "<option value=\"%u\" selected>%u %s</option>"
				     : "<option value=\"%u\">%u %s</option>",
		    spans[i], spans[i],
		    mx_say(spans[i] == 1 ? MX_SAY_ONE_DAY : MX_SAY_DAYS, page->lang));
	mx_html_put(&page->html, "</select></label>");
}

static void
put_filter(struct mx_page *page, const struct mx_model *model,
    const struct mx_events_query *query)
{
	mx_html_put(&page->html,
	    "<form class=\"filter\" id=\"filter\" method=\"get\" action=\"%s/events\" role=\"search\">"
	    "<label>%s <input type=\"search\" name=\"source\" value=\"%s\" maxlength=\"64\" "
	    "autocomplete=\"off\" spellcheck=\"false\"></label>",
	    page->root, mx_say(MX_SAY_SOURCE, page->lang), query->source);
	put_providers(page, model, query->group);
	put_spans(page, query->days);
	if (mx_page_lang(page) != NULL)
		mx_html_put(&page->html,
		    "<input type=\"hidden\" name=\"lang\" value=\"%s\">",
		    mx_page_lang(page));
	mx_html_put(&page->html, "<button type=\"submit\">%s</button></form>\n",
	    mx_say(MX_SAY_SHOW, page->lang));
}

static const char *
name_of(const struct mx_model *model, const char *group)
{
	for (size_t i = 0; i < model->column_count; i++)
		if (strcmp(model->columns[i].group, group) == 0)
			return model->columns[i].name;
	return group;
}

static void
put_event(struct mx_page *page, const struct mx_model *model, const struct kept *kept)
{
	char *path = mx_page_pair_path("pair", kept->source, kept->group);

	mx_html_put(&page->html, "<li><p class=\"t\">");
	mx_page_time(page, kept->time_us);
	mx_html_put(&page->html, " <small>");
	mx_page_ago(page, kept->time_us);
	mx_html_put(&page->html,
	    "</small></p><p><a href=\"%s%s%s\"><code>%s</code> → %s</a></p><p class=\"change\">",
	    page->root, path, page->suffix, kept->source, name_of(model, kept->group));
	mx_page_state(page, mx_state_look(mx_state_from_name(kept->before)));
	mx_html_put(&page->html, " <span aria-hidden=\"true\">→</span> ");
	mx_page_state(page, mx_state_look(mx_state_from_name(kept->after)));
	mx_html_put(&page->html, "</p><p class=\"why\">");
	mx_page_put_reason(page, kept->why);
	if (kept->result != NULL)
		mx_html_put(&page->html, " <a href=\"%s/result/%s%s\">%s</a>", page->root,
		    kept->result, page->suffix, mx_say(MX_SAY_TRANSCRIPT, page->lang));
	mx_html_put(&page->html, "</p></li>\n");
	free(path);
}

static void
put_list(struct mx_page *page, const struct mx_model *model, const struct ring *ring)
{
	size_t shown = ring->count < SHOWN_MOST ? ring->count : SHOWN_MOST;
	char all[MX_PAGE_NUMBER];

	if (shown == 0) {
		mx_html_put(&page->html, "<p class=\"empty\">%s</p>\n",
		    mx_say(MX_SAY_NO_CHANGES, page->lang));
		return;
	}
	mx_html_put(&page->html, "<ol class=\"events\">\n");
	for (size_t i = 0; i < shown; i++)
		put_event(page, model, &ring->kept[(ring->count - 1 - i) % SHOWN_MOST]);
	mx_html_put(&page->html, "</ol>\n");
	if (ring->count > SHOWN_MOST)
		mx_html_put(&page->html, "<p class=\"quiet\">%d %s %s</p>\n", SHOWN_MOST,
		    mx_say(MX_SAY_OF, page->lang), mx_page_number(ring->count, all));
}

enum mx_err
mx_page_put_events(struct mx_page *page, struct mx_store *store,
    const struct mx_model *model, const struct mx_events_query *query,
    struct mx_error *err)
{
	struct ring *ring = mx_calloc(1, sizeof *ring);
	int64_t since_us = page->now_us - (int64_t)query->days * MX_DAY_US;
	struct mx_page_head head = { .title = mx_say(MX_SAY_EVENTS, page->lang),
		.self = "/events",
		.section = "events",
		.live = "all" };

	if (mx_store_events(
		store, query->source, query->group, since_us, keep, ring, err) == MX_OK) {
		mx_page_begin(page, &head);
		mx_html_put(&page->html, "<h1 id=\"headline\">%s</h1><p>%s</p>\n",
		    head.title, mx_say(MX_SAY_EVENTS_NOTE, page->lang));
		put_filter(page, model, query);
		put_list(page, model, ring);
		mx_page_end(page);
	}
	for (size_t i = 0; i < SHOWN_MOST; i++)
		clear_kept(&ring->kept[i]);
	free(ring);
	return err->code;
}
