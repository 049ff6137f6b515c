/* page_transcript.c - the dialogue as a table, so that times, voices and words keep apart. */
#include "probe/web/page_transcript.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/report/redact.h"

static const char *
member(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* ---- who met whom ---- */

static void
put_mailbox(struct mx_page *page, enum mx_saying name, const char *mailbox)
{
	char *shown = mailbox != NULL ? mx_redact_mailboxes(mailbox) : NULL;

	mx_page_fact(page, name, shown);
	free(shown);
}

static void
put_pair(struct mx_page *page, const struct mx_store_result *row)
{
	char *path = mx_page_pair_path("pair", row->source, row->group);

	mx_page_fact_begin(page, MX_SAY_SOURCE);
	mx_html_put(&page->html, "<code>%s</code>", row->source);
	if (row->seen_source != NULL && strcmp(row->seen_source, row->source) != 0)
		mx_html_put(&page->html,
		    " <span class=\"other\">%s <code>%s</code></span>",
		    mx_say(MX_SAY_SEEN, page->lang), row->seen_source);
	mx_page_fact_end(page);
	mx_page_fact_begin(page, MX_SAY_PROVIDER);
	mx_html_put(&page->html, "%s <a href=\"%s%s%s\">%s</a>", row->destination,
	    page->root, path, page->suffix, row->group);
	mx_page_fact_end(page);
	free(path);
}

static void
put_host(struct mx_page *page, const struct mx_store_result *row, const json_t *mx)
{
	json_t *port = json_object_get(mx, "port");

	mx_page_fact_begin(page, MX_SAY_HOST);
	mx_html_put(&page->html, "%s <code>%s</code>", row->mx_host, row->address);
	if (json_is_integer(port) && json_integer_value(port) != 25)
		mx_html_put(&page->html, " <small>port %lld</small>",
		    (long long)json_integer_value(port));
	mx_page_fact_end(page);
}

static void
put_tls(struct mx_page *page, const json_t *tls)
{
	bool is_verified = json_is_true(json_object_get(tls, "verified"));
	const char *reason = member(tls, "reason"), *until = member(tls, "not_after");

	mx_page_fact_begin(page, MX_SAY_TLS);
	if (!json_is_object(tls) || member(tls, "version") == NULL) {
		mx_page_say(page, MX_SAY_NO_TLS);
		mx_page_fact_end(page);
		return;
	}
	mx_html_put(&page->html, "%s <small>%s</small><br>%s", member(tls, "version"),
	    member(tls, "cipher"),
	    mx_say(is_verified ? MX_SAY_VERIFIED : MX_SAY_UNVERIFIED, page->lang));
	if (reason != NULL)
		mx_html_put(&page->html, ": %s", reason);
	if (until != NULL)
		mx_html_put(&page->html, "<br><small>%s %s</small>",
		    mx_say(MX_SAY_UNTIL, page->lang), until);
	mx_html_put(&page->html, "<br><small>DANE %s · MTA-STS %s</small>",
	    member(tls, "dane") != NULL ? member(tls, "dane") : "-",
	    member(tls, "mta_sts") != NULL ? member(tls, "mta_sts") : "-");
	mx_page_fact_end(page);
}

static void
put_facts(struct mx_page *page, const struct mx_store_result *row, const json_t *result)
{
	mx_html_put(&page->html, "<dl class=\"facts columns\">");
	mx_page_fact_begin(page, MX_SAY_TIME);
	mx_page_time(page, row->time_us);
	mx_html_put(&page->html, " (");
	mx_page_ago(page, row->time_us);
	mx_html_put(&page->html, ")");
	mx_page_fact_end(page);
	put_pair(page, row);
	if (row->mx_host != NULL || row->address != NULL)
		put_host(page, row, json_object_get(result, "mx"));
	mx_page_fact(page, MX_SAY_HELO, row->helo);
	mx_page_fact(page, MX_SAY_SENDER, row->mail_from);
	put_mailbox(page, MX_SAY_RECIPIENT, row->rcpt);
	mx_page_fact(page, MX_SAY_DEPTH,
	    row->depth != NULL ? mx_stage_word(row->depth, page->lang) : NULL);
	if (result != NULL)
		put_tls(page, json_object_get(result, "tls"));
	mx_page_fact(page, MX_SAY_WHY, row->note);
	mx_html_put(&page->html, "</dl>\n");
}

/* ---- what was said ---- */

/* clang-format off */
static const struct {
	const char *from, *css, *mark;
	enum mx_saying who;
} voices[] = {
	{ "server", "server", "←", MX_SAY_SAID_SERVER },
	{ "client", "client", "→", MX_SAY_SAID_CLIENT },
	{ "probe",  "probe",  "·", MX_SAY_SAID_PROBE },
};
/* clang-format on */
#define VOICES (sizeof voices / sizeof *voices)

/* From RCPT on a server may quote the mailbox; nothing earlier can. */
static bool
may_name_mailbox(const json_t *line)
{
	enum mx_stage stage;
	const char *name = member(line, "stage");

	return name == NULL || !mx_stage_from_name(name, &stage) ||
	       stage >= MX_STAGE_RCPT;
}

/* Milliseconds with their zeros: a column that can be read down. */
static void
put_seconds(struct mx_page *page, double seconds)
{
	char text[32];

	(void)snprintf(text, sizeof text, "%.3f", seconds);
	mx_html_put(&page->html, "<td class=\"t\">%s</td>", text);
}

static void
put_line(struct mx_page *page, const json_t *line)
{
	const char *from = member(line, "from"), *words = member(line, "line");
	char *shown;
	size_t voice = 0;

	if (from == NULL || words == NULL)
		return;
	while (voice + 1 < VOICES && strcmp(voices[voice].from, from) != 0)
		voice++;
	shown = may_name_mailbox(line) ? mx_redact_mailboxes(words) : mx_strdup(words);
	mx_html_put(&page->html, "<tr class=\"%s\">", voices[voice].css);
	put_seconds(page, json_number_value(json_object_get(line, "t")));
	mx_html_put(&page->html,
	    "<td class=\"who\"><span aria-hidden=\"true\">%s</span> <small>%s</small></td>"
	    "<td class=\"line\"><code>%s</code></td></tr>\n",
	    voices[voice].mark, mx_say(voices[voice].who, page->lang), shown);
	free(shown);
}

static void
put_lines(struct mx_page *page, const json_t *lines)
{
	size_t index;
	json_t *line;

	if (json_array_size(lines) == 0) {
		mx_html_put(&page->html, "<p class=\"quiet\">%s</p>",
		    mx_say(MX_SAY_NO_RESULT, page->lang));
		return;
	}
	mx_html_put(&page->html,
	    "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"dialogue\">"
	    "<table class=\"dialogue\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s"
	    "</th><th scope=\"col\">%s</th></tr></thead><tbody>\n",
	    mx_say(MX_SAY_SECONDS, page->lang), mx_say(MX_SAY_WHO, page->lang),
	    mx_say(MX_SAY_LINE, page->lang));
	json_array_foreach (lines, index, line) {
		put_line(page, line);
	}
	mx_html_put(&page->html, "</tbody></table></div>\n");
}

void
mx_page_put_transcript(
    struct mx_page *page, const struct mx_store_result *row, const char *evidence)
{
	json_t *result = evidence != NULL ? json_loads(evidence, 0, NULL) : NULL;
	char *self = mx_asprintf("/result/%s", row->id),
	     *title = mx_asprintf("%s: %s → %s", mx_say(MX_SAY_TRANSCRIPT, page->lang),
		 row->source, row->destination);
	struct mx_page_head head = { .title = title, .self = self };

	mx_page_begin(page, &head);
	mx_html_put(&page->html,
	    "<h1>%s <span class=\"to\">%s → %s</span></h1>\n<p class=\"state\">",
	    mx_say(MX_SAY_TRANSCRIPT, page->lang), row->source, row->destination);
	mx_page_verdict(page, row->verdict);
	mx_html_put(
	    &page->html, " <small>%s</small></p>\n", mx_say(MX_SAY_NO_DATA, page->lang));
	put_facts(page, row, result);
	mx_html_put(&page->html, "<h2 id=\"dialogue\">%s</h2>\n",
	    mx_say(MX_SAY_TRANSCRIPT, page->lang));
	put_lines(page, json_object_get(result, "transcript"));
	mx_html_put(&page->html, "<p class=\"quiet\">%s</p>\n",
	    mx_say(MX_SAY_REDACTED, page->lang));
	mx_page_end(page);
	json_decref(result);
	free(self);
	free(title);
}
