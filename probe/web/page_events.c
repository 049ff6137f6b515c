/* page_events.c - the store tells oldest first, so the newest are kept in a ring until all were told. */
#include "probe/web/page_events.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/store/pairs.h"

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
put_filter(struct mx_page *page, const struct mx_events_query *query)
{
	static const unsigned spans[] = { 1, 7, 30, 90, 365 };
	const char *equals = strchr(page->suffix, '=');

	mx_html_put(&page->html,
	    "<form class=\"filter\" id=\"filter\" method=\"get\" action=\"/events\" role=\"search\">"
	    "<label>%s <input type=\"search\" name=\"source\" value=\"%s\" maxlength=\"64\" "
	    "autocomplete=\"off\" spellcheck=\"false\"></label>"
	    "<label>%s <input type=\"search\" name=\"provider\" value=\"%s\" maxlength=\"128\" "
	    "autocomplete=\"off\" spellcheck=\"false\"></label>"
	    "<label>%s <select name=\"days\">",
	    mx_say(MX_SAY_SOURCE, page->lang), query->source,
	    mx_say(MX_SAY_PROVIDER, page->lang), query->group,
	    mx_say(MX_SAY_SINCE_WHEN, page->lang));
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
		mx_html_put(&page->html, "<option value=\"%u\"", spans[i]);
		if (spans[i] == query->days)
			mx_html_put(&page->html, " selected");
		mx_html_put(&page->html, ">%u %s</option>", spans[i],
		    mx_say(MX_SAY_DAYS, page->lang));
	}
	mx_html_put(&page->html, "</select></label>");
	if (equals != NULL)
		mx_html_put(&page->html,
		    "<input type=\"hidden\" name=\"lang\" value=\"%s\">", equals + 1);
	mx_html_put(&page->html, "<button type=\"submit\">%s</button></form>\n",
	    mx_say(MX_SAY_SHOW, page->lang));
}

static const char *
name_of(const struct mx_catalogue *catalogue, const char *group)
{
	const struct mx_provider *provider = mx_catalogue_provider(catalogue, group);

	return provider != NULL ? provider->name : group;
}

static void
put_event(
    struct mx_page *page, const struct mx_catalogue *catalogue, const struct kept *kept)
{
	char *path = mx_page_pair_path("pair", kept->source, kept->group);

	mx_html_put(&page->html, "<tr><td class=\"t\">");
	mx_page_time(page, kept->time_us);
	mx_html_put(&page->html, " <small>");
	mx_page_ago(page, kept->time_us);
	mx_html_put(&page->html,
	    "</small></td><th scope=\"row\"><a href=\"%s%s\"><code>%s</code> → %s</a></th><td class=\"change\">",
	    path, page->suffix, kept->source, name_of(catalogue, kept->group));
	mx_page_state(page, mx_state_look(mx_state_from_name(kept->before)));
	mx_html_put(&page->html, " <span aria-hidden=\"true\">→</span> ");
	mx_page_state(page, mx_state_look(mx_state_from_name(kept->after)));
	mx_html_put(
	    &page->html, "</td><td class=\"why\"><span lang=\"en\">%s</span>", kept->why);
	if (kept->result != NULL)
		mx_html_put(&page->html, " <a href=\"/result/%s%s\">%s</a>", kept->result,
		    page->suffix, mx_say(MX_SAY_TRANSCRIPT, page->lang));
	mx_html_put(&page->html, "</td></tr>\n");
	free(path);
}

static void
put_table(
    struct mx_page *page, const struct mx_catalogue *catalogue, const struct ring *ring)
{
	size_t shown = ring->count < SHOWN_MOST ? ring->count : SHOWN_MOST;

	if (shown == 0) {
		mx_html_put(&page->html, "<p class=\"empty\">%s</p>\n",
		    mx_say(MX_SAY_NO_CHANGES, page->lang));
		return;
	}
	mx_html_put(&page->html,
	    "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"headline\">"
	    "<table class=\"list events\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s"
	    "</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>\n",
	    mx_say(MX_SAY_TIME, page->lang), mx_say(MX_SAY_SOURCE, page->lang),
	    mx_say(MX_SAY_FROM_TO, page->lang), mx_say(MX_SAY_WHY, page->lang));
	for (size_t i = 0; i < shown; i++)
		put_event(
		    page, catalogue, &ring->kept[(ring->count - 1 - i) % SHOWN_MOST]);
	mx_html_put(&page->html, "</tbody></table></div>\n");
	if (ring->count > SHOWN_MOST)
		mx_html_put(&page->html, "<p class=\"quiet\">%d %s %zu</p>\n", SHOWN_MOST,
		    mx_say(MX_SAY_OF, page->lang), ring->count);
}

enum mx_err
mx_page_put_events(struct mx_page *page, struct mx_store *store,
    const struct mx_catalogue *catalogue, const struct mx_events_query *query,
    struct mx_error *err)
{
	struct ring *ring = mx_calloc(1, sizeof *ring);
	int64_t since_us = page->now_us - (int64_t)query->days * 86400 * MX_SECOND_US;
	struct mx_page_head head = { .title = mx_say(MX_SAY_EVENTS, page->lang),
		.self = "/events",
		.section = "events",
		.live = "all" };

	if (mx_store_events(
		store, query->source, query->group, since_us, keep, ring, err) == MX_OK) {
		mx_page_begin(page, &head);
		mx_html_put(&page->html, "<h1 id=\"headline\">%s</h1><p>%s</p>\n",
		    head.title, mx_say(MX_SAY_EVENTS_NOTE, page->lang));
		put_filter(page, query);
		put_table(page, catalogue, ring);
		mx_page_end(page);
	}
	for (size_t i = 0; i < SHOWN_MOST; i++)
		clear_kept(&ring->kept[i]);
	free(ring);
	return err->code;
}
