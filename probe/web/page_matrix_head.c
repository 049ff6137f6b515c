/* page_matrix_head.c - the same page asked otherwise, and who needs attention whatever it shows. */
#include "probe/web/page_matrix_view.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#define ATTENTION_SOURCES 6 /* named of each provider */

/* ---- addresses of the same page, asked otherwise ---- */

static void
add_parameter(struct mx_buf *url, const char *name, const char *value)
{
	char *piece;

	if (value == NULL || *value == '\0')
		return;
	piece = mx_html_url_piece(value);
	(void)mx_buf_addf(
	    url, "%c%s=%s", strchr(url->data, '?') != NULL ? '&' : '?', name, piece);
	free(piece);
}

static void
add_number(struct mx_buf *url, const char *name, size_t value, size_t usual)
{
	char *text = value != usual ? mx_asprintf("%zu", value) : NULL;

	add_parameter(url, name, text);
	free(text);
}

char *
mx_matrix_address(const struct mx_matrix_query *query, const char *lang)
{
	struct mx_buf url;

	mx_buf_init(&url, 4096);
	(void)mx_buf_addstr(&url, "/");
	add_parameter(&url, "q", query->find);
	add_parameter(&url, "provider", query->group);
	add_parameter(&url, "state", mx_matrix_show_name(query->show));
	add_parameter(&url, "by", query->by_network ? "network" : NULL);
	add_number(&url, "rows", query->rows, MX_MATRIX_ROWS);
	add_number(&url, "page", query->page + 1, 1);
	add_parameter(&url, "lang", lang);
	return mx_buf_take(&url);
}

static void
begin_link(const struct mx_matrix_view *view, const struct mx_matrix_query *query,
    const char *css)
{
	char *url = mx_matrix_address(query, mx_page_lang(view->page));

	mx_html_put(
	    view->html, "<a class=\"%s\" href=\"%s%s\">", css, view->page->root, url);
	free(url);
}

/* ---- the summary ---- */

const int mx_matrix_shows[MX_MATRIX_SHOWS] = { MX_STATE_BLOCKED, MX_STATE_OVERDUE,
	MX_STATE_DELIST_REQUESTED, MX_STATE_CLEARING, MX_STATE_FLAPPING, MX_STATE_SUSPECT,
	MX_STATE_CLEAR, MX_SHOW_BLIND, MX_STATE_UNKNOWN, MX_SHOW_STALE };

const struct mx_state_look *
mx_matrix_look(int show)
{
	if (show == MX_SHOW_BLIND)
		return &mx_look_blind;
	return show == MX_SHOW_STALE ? &mx_look_stale
				     : mx_state_look((enum mx_state)show);
}

static void
put_count(const struct mx_matrix_view *view, int show, size_t count)
{
	struct mx_matrix_query query = *view->query;
	const struct mx_state_look *look = mx_matrix_look(show);
	char number[MX_PAGE_NUMBER];

	query.show = show;
	query.page = 0;
	mx_html_put(view->html, "<li data-key=\"count-%s\">", look->css);
	begin_link(view, &query, view->query->show == show ? "count on" : "count");
	mx_html_put(view->html,
	    "<span class=\"badge %s\"><span aria-hidden=\"true\">%s</span> %s</span> %s</a></li>",
	    look->css, look->mark, mx_page_number(count, number),
	    mx_page_in(view->page, &look->word));
}

static void
put_sum(const struct mx_matrix_view *view, size_t number, enum mx_saying one,
    enum mx_saying many)
{
	char text[MX_PAGE_NUMBER];

	mx_html_put(view->html, "<b>%s</b> %s", mx_page_number(number, text),
	    mx_say(number == 1 ? one : many, view->page->lang));
}

void
mx_matrix_put_summary(const struct mx_matrix_view *view)
{
	const struct mx_matrix *matrix = view->matrix;

	mx_html_put(view->html, "<p class=\"sum\" data-key=\"sum\">");
	put_sum(view, matrix->sources, MX_SAY_ONE_SOURCE, MX_SAY_SOURCES);
	mx_html_put(view->html, " · ");
	put_sum(view, matrix->all_count, MX_SAY_ONE_PROVIDER, MX_SAY_PROVIDERS);
	mx_html_put(view->html, " · ");
	put_sum(view, matrix->cells, MX_SAY_ONE_PAIR, MX_SAY_PAIRS);
	mx_html_put(view->html, "</p>\n<ul class=\"counts\">");
	for (size_t i = 0; i < MX_MATRIX_SHOWS; i++)
		if (matrix->count[mx_matrix_shows[i]] > 0)
			put_count(
			    view, mx_matrix_shows[i], matrix->count[mx_matrix_shows[i]]);
	mx_html_put(view->html, "</ul>\n");
}

/* ---- who needs attention, whatever the table shows ---- */

static void
put_place(const struct mx_matrix_view *view, const struct mx_cell *cell)
{
	char *path = mx_page_pair_path("pair", cell->source, cell->group);
	const struct mx_state_look *look = mx_state_look(cell->state);

	mx_html_put(view->html, "<a class=\"place %s\" href=\"%s%s%s\">%s <small>%s ",
	    look->css, view->page->root, path, view->page->suffix, cell->source,
	    mx_page_in(view->page, &look->word));
	mx_page_age(view->page, cell->since_us);
	mx_html_put(view->html, "</small></a>");
	free(path);
}

static void
put_places(const struct mx_matrix_view *view, const struct mx_matrix_column *column)
{
	struct mx_matrix_query query = { .group = column->group,
		.show = MX_SHOW_ATTENTION,
		.rows = view->query->rows };
	size_t all = column->count[MX_SHOW_ATTENTION], named = 0;
	/* One more takes no more room than to say that there is one more. */
	size_t most = all <= ATTENTION_SOURCES ? all : ATTENTION_SOURCES - 1;

	for (size_t i = 0; i < view->matrix->attention_count && named < most; i++) {
		const struct mx_cell *cell = view->matrix->attention[i];

		if (strcmp(cell->group, column->group) == 0) {
			put_place(view, cell);
			named++;
		}
	}
	if (named == all)
		return;
	begin_link(view, &query, "more");
	mx_html_put(view->html, "+%zu %s</a>", all - named,
	    mx_say(MX_SAY_MORE, view->page->lang));
}

static bool
is_first_of_group(const struct mx_matrix *matrix, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(matrix->attention[i]->group, matrix->attention[at]->group) ==
		    0)
			return false;
	return true;
}

static void
put_provider(const struct mx_matrix_view *view, const char *group)
{
	for (size_t i = 0; i < view->matrix->all_count; i++) {
		const struct mx_matrix_column *column = &view->matrix->all[i];

		if (strcmp(column->group, group) != 0)
			continue;
		mx_html_put(
		    view->html, "<li><b>%s</b> <span class=\"places\">", column->name);
		put_places(view, column);
		mx_html_put(view->html, "</span></li>");
	}
}

void
mx_matrix_put_attention(const struct mx_matrix_view *view)
{
	const struct mx_matrix *matrix = view->matrix;
	enum mx_lang lang = view->page->lang;

	mx_html_put(view->html,
	    "<section class=\"attention\" aria-labelledby=\"attention\" data-key=\"attention\">"
	    "<h2 id=\"attention\">%s</h2>",
	    mx_say(MX_SAY_ATTENTION, lang));
	if (matrix->attention_count == 0)
		mx_html_put(view->html, "<p class=\"quiet\">%s</p>",
		    mx_say(MX_SAY_NO_ATTENTION, lang));
	else
		mx_html_put(view->html, "<ul>");
	/* Providers in the order of their worst. */
	for (size_t i = 0; i < matrix->attention_count; i++)
		if (is_first_of_group(matrix, i))
			put_provider(view, matrix->attention[i]->group);
	if (matrix->attention_count > 0)
		mx_html_put(view->html, "</ul>");
	mx_html_put(view->html, "</section>\n");
}

/* ---- the filter ---- */

static void
put_option(const struct mx_matrix_view *view, const char *value, const char *name,
    bool is_chosen)
{
	mx_html_put(view->html, "<option value=\"%s\"", value);
	if (is_chosen)
		mx_html_put(view->html, " selected");
	mx_html_put(view->html, ">%s</option>", name);
}

static void
begin_select(const struct mx_matrix_view *view, const char *name, enum mx_saying label)
{
	mx_html_put(view->html, "<label>%s <select name=\"%s\">",
	    mx_say(label, view->page->lang), name);
}

static void
end_select(const struct mx_matrix_view *view)
{
	mx_html_put(view->html, "</select></label>\n");
}

static void
put_state_filter(const struct mx_matrix_view *view)
{
	enum mx_lang lang = view->page->lang;
	int show = view->query->show;

	begin_select(view, "state", MX_SAY_STATE);
	put_option(view, "", mx_say(MX_SAY_ANY_STATE, lang), show == MX_SHOW_ALL);
	put_option(view, mx_matrix_show_name(MX_SHOW_ATTENTION),
	    mx_say(MX_SAY_NOT_CLEAR, lang), show == MX_SHOW_ATTENTION);
	for (size_t i = 0; i < MX_MATRIX_SHOWS; i++)
		put_option(view, mx_matrix_show_name(mx_matrix_shows[i]),
		    mx_page_in(view->page, &mx_matrix_look(mx_matrix_shows[i])->word),
		    show == mx_matrix_shows[i]);
	end_select(view);
}

static void
put_provider_filter(const struct mx_matrix_view *view)
{
	const struct mx_matrix *matrix = view->matrix;
	const char *chosen = view->query->group != NULL ? view->query->group : "";

	begin_select(view, "provider", MX_SAY_PROVIDER);
	put_option(
	    view, "", mx_say(MX_SAY_ALL_PROVIDERS, view->page->lang), *chosen == '\0');
	for (size_t i = 0; i < matrix->all_count; i++)
		put_option(view, matrix->all[i].group, matrix->all[i].name,
		    strcmp(chosen, matrix->all[i].group) == 0);
	end_select(view);
}

static void
put_rows_filter(const struct mx_matrix_view *view)
{
	static const char *const numbers[] = { "50", "100", "250", "1000" };

	begin_select(view, "rows", MX_SAY_ROWS);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		put_option(view, numbers[i], numbers[i],
		    strtoul(numbers[i], NULL, 10) == view->query->rows);
	end_select(view);
}

static bool
is_filtered(const struct mx_matrix_query *query)
{
	return (query->find != NULL && *query->find != '\0') ||
	       (query->group != NULL && *query->group != '\0') ||
	       query->show != MX_SHOW_ALL;
}

void
mx_matrix_put_filter(const struct mx_matrix_view *view)
{
	enum mx_lang lang = view->page->lang;
	bool by_network = view->query->by_network;

	mx_html_put(view->html,
	    "<form class=\"filter\" id=\"filter\" method=\"get\" action=\"%s/\" role=\"search\">\n"
	    "<label class=\"find\">%s <input type=\"search\" name=\"q\" value=\"%s\" "
	    "placeholder=\"%s\" maxlength=\"96\" autocomplete=\"off\" spellcheck=\"false\"></label>\n",
	    view->page->root, mx_say(MX_SAY_SEARCH, lang), view->query->find,
	    mx_say(MX_SAY_SEARCH_HINT, lang));
	put_state_filter(view);
	put_provider_filter(view);
	begin_select(view, "by", MX_SAY_GROUP_BY);
	put_option(view, "", mx_say(MX_SAY_BY_TAG, lang), !by_network);
	put_option(view, "network", mx_say(MX_SAY_BY_NETWORK, lang), by_network);
	end_select(view);
	put_rows_filter(view);
	if (mx_page_lang(view->page) != NULL)
		mx_html_put(view->html,
		    "<input type=\"hidden\" name=\"lang\" value=\"%s\">",
		    mx_page_lang(view->page));
	mx_html_put(
	    view->html, "<button type=\"submit\">%s</button>", mx_say(MX_SAY_SHOW, lang));
	if (is_filtered(view->query))
		mx_html_put(view->html, " <a class=\"reset\" href=\"%s/%s\">%s</a>",
		    view->page->root, view->page->suffix, mx_say(MX_SAY_RESET, lang));
	mx_html_put(view->html, "</form>\n");
}
