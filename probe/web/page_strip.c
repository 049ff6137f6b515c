/* page_strip.c - numbers become places on a line a thousand units long. */
#include "probe/web/page_strip.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/report/ages.h"

#define WIDTH 1000
#define HEIGHT 44
#define BAND_TOP 26
#define BAND_HEIGHT 12
#define LEAST_WIDTH 2 /* of a state: short ones stay to be seen */

static const int64_t spans_us[] = { MX_DAY_US, 3 * MX_DAY_US, 7 * MX_DAY_US,
	14 * MX_DAY_US, 30 * MX_DAY_US, MX_STRIP_MOST_US };
#define SPANS (sizeof spans_us / sizeof *spans_us)

struct strip {
	struct mx_page *page;
	const struct mx_pair_facts *facts;
	int64_t from_us, to_us;
};

static int
place_of(const struct strip *strip, int64_t time_us)
{
	if (time_us <= strip->from_us)
		return 0;
	if (time_us >= strip->to_us)
		return WIDTH;
	return (
	    int)((time_us - strip->from_us) * WIDTH / (strip->to_us - strip->from_us));
}

static int64_t
oldest_of(const struct mx_pair_facts *facts, int64_t now_us)
{
	int64_t oldest = now_us;

	if (facts->session_count > 0)
		oldest = facts->sessions[facts->session_count - 1]->time_us;
	if (facts->event_count > 0 &&
	    facts->events[facts->event_count - 1].time_us < oldest)
		oldest = facts->events[facts->event_count - 1].time_us;
	return oldest;
}

static int64_t
span_of(int64_t needed_us)
{
	for (size_t i = 0; i < SPANS; i++)
		if (needed_us <= spans_us[i])
			return spans_us[i];
	return spans_us[SPANS - 1];
}

/* ---- the band ---- */

static void
put_band(const struct strip *strip, const char *state, int64_t from_us, int64_t to_us)
{
	int left = place_of(strip, from_us), right = place_of(strip, to_us);

	if (to_us <= strip->from_us)
		return;
	if (right - left < LEAST_WIDTH)
		left = right > LEAST_WIDTH ? right - LEAST_WIDTH : 0;
	mx_html_put(&strip->page->html,
	    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
	    mx_state_look(mx_state_from_name(state))->css, left, BAND_TOP,
	    right > left ? right - left : LEAST_WIDTH, BAND_HEIGHT);
}

/* Oldest first, so that a short state lies over the longer ones beside it. */
static void
put_bands(const struct strip *strip)
{
	const struct mx_pair_facts *facts = strip->facts;
	int64_t from_us = strip->from_us;

	for (size_t i = facts->event_count; i-- > 0;) {
		put_band(
		    strip, facts->events[i].before, from_us, facts->events[i].time_us);
		from_us = facts->events[i].time_us;
	}
	put_band(strip, mx_state_name(mx_pair_state_shown(&facts->standing.pair)),
	    from_us, strip->to_us);
}

/* ---- the marks ---- */

/** Verdicts that share a mark; one path each. */
static const struct {
	const char *css;
	int top;
	const char *verdicts[6];
} marks[] = {
	/* clang-format off */
	{ "good", 18, { "accepted", "recipient", NULL } },
	{ "held", 12, { "throttled", "greylisted", NULL } },
	{ "bad",  4,  { "blocked", "identity", "policy", NULL } },
	{ "none", 21, { "unreachable", "broken", "void", "failed", NULL } },
	/* clang-format on */
};

static bool
has_mark(size_t mark, const char *verdict)
{
	for (const char *const *known = marks[mark].verdicts; *known != NULL; known++)
		if (strcmp(*known, verdict) == 0)
			return true;
	return false;
}

static void
put_marks(const struct strip *strip)
{
	struct mx_html *html = &strip->page->html;

	for (size_t mark = 0; mark < sizeof marks / sizeof *marks; mark++) {
		mx_html_put(html, "<path class=\"%s\" d=\"M0 0", marks[mark].css);
		for (size_t i = strip->facts->session_count; i-- > 0;) {
			const struct mx_store_result *row = strip->facts->sessions[i];

			if (row->time_us >= strip->from_us &&
			    has_mark(mark, row->verdict))
				mx_html_put(html, "M%d %dV%d",
				    place_of(strip, row->time_us), marks[mark].top,
				    BAND_TOP - 2);
		}
		mx_html_put(html, "\"/>");
	}
}

/* ---- around it ---- */

static void
put_words(const struct strip *strip)
{
	struct mx_page *page = strip->page;
	char span[MX_AGE_TEXT];

	mx_html_put(&page->html,
	    "<title id=\"strip-title\">%s: %s, %zu × %s, %zu × %s</title>",
	    mx_say(MX_SAY_TIMELINE, page->lang),
	    mx_age_in(strip->to_us - strip->from_us, page->lang, span),
	    strip->facts->session_count, mx_say(MX_SAY_SESSION_FACTS, page->lang),
	    strip->facts->event_count, mx_say(MX_SAY_FROM_TO, page->lang));
}

void
mx_page_put_strip(struct mx_page *page, const struct mx_pair_facts *facts)
{
	struct strip strip = { page, facts, 0, page->now_us };
	struct mx_html *html = &page->html;

	strip.from_us =
	    page->now_us - span_of(page->now_us - oldest_of(facts, page->now_us));
	mx_html_put(html,
	    "<figure class=\"strip\" data-key=\"strip\"><svg viewBox=\"0 0 %d %d\" role=\"img\" "
	    "aria-labelledby=\"strip-title\" preserveAspectRatio=\"none\">",
	    WIDTH, HEIGHT);
	put_words(&strip);
	put_bands(&strip);
	put_marks(&strip);
	mx_html_put(html, "</svg><p class=\"axis\"><span>");
	mx_page_time(page, strip.from_us);
	mx_html_put(html, "</span><span>");
	mx_page_time(page, strip.from_us + (strip.to_us - strip.from_us) / 2);
	mx_html_put(html, "</span><span>");
	mx_page_time(page, strip.to_us);
	mx_html_put(html, "</span></p><figcaption>%s</figcaption></figure>\n",
	    mx_say(MX_SAY_TIMELINE_BAND, page->lang));
}
