/* page_matrix.c - what is well is quiet; what is not has a word. */
#include "probe/web/page_matrix.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/report/ages.h"

#define ATTENTION_SOURCES 5 /* named of each provider */

/** All that one part of the page hands to the next. */
struct view {
	struct mx_page *page;
	struct mx_html *html;
	const struct mx_matrix *matrix;
	const struct mx_matrix_query *query;
};

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

/* The page that this query asks for. lang NULL: as it is now asked for. Caller frees. */
static char *
address_of(const struct mx_matrix_query *query, const char *lang)
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

/* "ja" of "?lang=ja"; NULL when it was not asked for. */
static const char *
lang_of(const struct mx_page *page)
{
	const char *equals = strchr(page->suffix, '=');

	return equals != NULL ? equals + 1 : NULL;
}

static void
begin_link(const struct view *view, const struct mx_matrix_query *query, const char *css)
{
	char *url = address_of(query, lang_of(view->page));

	mx_html_put(view->html, "<a class=\"%s\" href=\"%s\">", css, url);
	free(url);
}

/* ---- the summary ---- */

/* Worst first, as people read. */
static const int shows[] = { MX_STATE_BLOCKED, MX_STATE_OVERDUE,
	MX_STATE_DELIST_REQUESTED, MX_STATE_CLEARING, MX_STATE_FLAPPING, MX_STATE_SUSPECT,
	MX_STATE_CLEAR, MX_SHOW_BLIND, MX_STATE_UNKNOWN, MX_SHOW_STALE };
#define SHOWS (sizeof shows / sizeof *shows)

static const struct mx_state_look *
look_of(int show)
{
	if (show == MX_SHOW_BLIND)
		return &mx_look_blind;
	return show == MX_SHOW_STALE ? &mx_look_stale
				     : mx_state_look((enum mx_state)show);
}

static void
put_count(const struct view *view, int show, size_t count)
{
	struct mx_matrix_query query = *view->query;
	const struct mx_state_look *look = look_of(show);

	query.show = show;
	query.page = 0;
	mx_html_put(view->html, "<li data-key=\"count-%s\">", look->css);
	begin_link(view, &query, view->query->show == show ? "count on" : "count");
	mx_html_put(view->html,
	    "<span class=\"badge %s\"><span aria-hidden=\"true\">%s</span> %zu</span> %s</a></li>",
	    look->css, look->mark, count, mx_page_in(view->page, &look->word));
}

static void
put_summary(const struct view *view)
{
	const struct mx_matrix *matrix = view->matrix;
	enum mx_lang lang = view->page->lang;

	mx_html_put(view->html,
	    "<p class=\"sum\" data-key=\"sum\"><b>%zu</b> %s · <b>%zu</b> %s · <b>%zu</b> %s</p>\n"
	    "<ul class=\"counts\">",
	    matrix->sources, mx_say(MX_SAY_SOURCES, lang), matrix->all_count,
	    mx_say(MX_SAY_PROVIDERS, lang), matrix->cells, mx_say(MX_SAY_PAIRS, lang));
	for (size_t i = 0; i < SHOWS; i++)
		if (matrix->count[shows[i]] > 0)
			put_count(view, shows[i], matrix->count[shows[i]]);
	mx_html_put(view->html, "</ul>\n");
}

/* ---- who needs attention, whatever the table shows ---- */

static void
put_place(const struct view *view, const struct mx_cell *cell)
{
	char *path = mx_page_pair_path("pair", cell->source, cell->group);
	const struct mx_state_look *look = mx_state_look(cell->state);

	mx_html_put(view->html, "<a class=\"place %s\" href=\"%s%s\">%s <small>%s ",
	    look->css, path, view->page->suffix, cell->source,
	    mx_page_in(view->page, &look->word));
	mx_page_age(view->page, cell->since_us);
	mx_html_put(view->html, "</small></a>");
	free(path);
}

static void
put_places(const struct view *view, const struct mx_matrix_column *column)
{
	struct mx_matrix_query query = { .group = column->group,
		.show = MX_SHOW_ATTENTION,
		.rows = view->query->rows };
	size_t named = 0;

	for (size_t i = 0; i < view->matrix->attention_count; i++) {
		const struct mx_cell *cell = view->matrix->attention[i];

		if (strcmp(cell->group, column->group) == 0 &&
		    named++ < ATTENTION_SOURCES)
			put_place(view, cell);
	}
	if (named <= ATTENTION_SOURCES)
		return;
	begin_link(view, &query, "more");
	mx_html_put(view->html, "+%zu %s</a>", named - ATTENTION_SOURCES,
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
put_provider(const struct view *view, const char *group)
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

static void
put_attention(const struct view *view)
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
put_option(const struct view *view, const char *value, const char *name, bool is_chosen)
{
	mx_html_put(view->html, "<option value=\"%s\"", value);
	if (is_chosen)
		mx_html_put(view->html, " selected");
	mx_html_put(view->html, ">%s</option>", name);
}

static void
begin_select(const struct view *view, const char *name, enum mx_saying label)
{
	mx_html_put(view->html, "<label>%s <select name=\"%s\">",
	    mx_say(label, view->page->lang), name);
}

static void
end_select(const struct view *view)
{
	mx_html_put(view->html, "</select></label>\n");
}

static void
put_state_filter(const struct view *view)
{
	enum mx_lang lang = view->page->lang;
	int show = view->query->show;

	begin_select(view, "state", MX_SAY_STATE);
	put_option(view, "", mx_say(MX_SAY_ANY_STATE, lang), show == MX_SHOW_ALL);
	put_option(view, mx_matrix_show_name(MX_SHOW_ATTENTION),
	    mx_say(MX_SAY_NOT_CLEAR, lang), show == MX_SHOW_ATTENTION);
	for (size_t i = 0; i < SHOWS; i++)
		put_option(view, mx_matrix_show_name(shows[i]),
		    mx_page_in(view->page, &look_of(shows[i])->word), show == shows[i]);
	end_select(view);
}

static void
put_provider_filter(const struct view *view)
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
put_rows_filter(const struct view *view)
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

static void
put_filter(const struct view *view)
{
	enum mx_lang lang = view->page->lang;
	bool by_network = view->query->by_network;

	mx_html_put(view->html,
	    "<form class=\"filter\" id=\"filter\" method=\"get\" action=\"/\" role=\"search\">\n"
	    "<label class=\"find\">%s <input type=\"search\" name=\"q\" value=\"%s\" "
	    "placeholder=\"%s\" maxlength=\"96\" autocomplete=\"off\" spellcheck=\"false\"></label>\n",
	    mx_say(MX_SAY_SEARCH, lang), view->query->find,
	    mx_say(MX_SAY_SEARCH_HINT, lang));
	put_state_filter(view);
	put_provider_filter(view);
	begin_select(view, "by", MX_SAY_GROUP_BY);
	put_option(view, "", mx_say(MX_SAY_BY_TAG, lang), !by_network);
	put_option(view, "network", mx_say(MX_SAY_BY_NETWORK, lang), by_network);
	end_select(view);
	put_rows_filter(view);
	if (lang_of(view->page) != NULL)
		mx_html_put(view->html,
		    "<input type=\"hidden\" name=\"lang\" value=\"%s\">",
		    lang_of(view->page));
	mx_html_put(
	    view->html, "<button type=\"submit\">%s</button>", mx_say(MX_SAY_SHOW, lang));
	if (is_filtered(view->query))
		mx_html_put(view->html, " <a class=\"reset\" href=\"/%s\">%s</a>",
		    view->page->suffix, mx_say(MX_SAY_RESET, lang));
	mx_html_put(view->html, "</form>\n");
}

/* ---- the table ---- */

static void
put_head(const struct view *view)
{
	mx_html_put(view->html,
	    "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"headline\">"
	    "<table class=\"matrix\"><thead><tr><th scope=\"col\">%s</th>",
	    mx_say(MX_SAY_SOURCE, view->page->lang));
	for (size_t i = 0; i < view->matrix->column_count; i++) {
		const struct mx_matrix_column *column = &view->matrix->columns[i];

		mx_html_put(view->html,
		    "<th scope=\"col\" data-key=\"c-%s\"><span>%s</span>", column->group,
		    column->name);
		if (column->count[MX_SHOW_ATTENTION] > 0)
			mx_html_put(
			    view->html, "<b>%zu</b>", column->count[MX_SHOW_ATTENTION]);
		mx_html_put(view->html, "</th>");
	}
	mx_html_put(view->html, "</tr></thead>\n");
}

/* All of a cell in a sentence, for those who point at it; what is well needs none. */
static void
put_cell_title(
    const struct view *view, const struct mx_cell *cell, const struct mx_state_look *look)
{
	char last[MX_AGE_TEXT], since[MX_AGE_TEXT];
	const char *was = mx_page_in(view->page, &mx_state_look(cell->state)->word);

	mx_html_put(view->html, " title=\"%s", mx_page_in(view->page, &look->means));
	if (cell->is_stale)
		mx_html_put(view->html, " (%s)", was);
	mx_html_put(view->html, " %s %s. ", mx_time_local(cell->since_us, since),
	    mx_say(MX_SAY_SINCE, view->page->lang));
	if (cell->last_us != 0)
		mx_html_put(view->html, "%s: %s, %s. ",
		    mx_say(MX_SAY_LAST_SESSION, view->page->lang),
		    mx_time_local(cell->last_us, last),
		    mx_verdict_word(cell->last_verdict != NULL ? cell->last_verdict : "",
			view->page->lang));
	if (cell->hops > 0)
		mx_html_put(view->html, "%lld/%lld %s", (long long)cell->accepting,
		    (long long)cell->hops, mx_say(MX_SAY_ACCEPTING, view->page->lang));
	mx_html_put(view->html, "\"");
}

/* Clear, but the last session was held off: worth a word, not a colour. */
static bool
has_side_verdict(const struct mx_cell *cell)
{
	return !cell->is_stale && cell->state == MX_STATE_CLEAR &&
	       cell->last_verdict != NULL &&
	       strcmp(cell->last_verdict, "accepted") != 0 &&
	       strcmp(cell->last_verdict, "recipient") != 0 &&
	       strcmp(cell->last_verdict, "suppressed") != 0;
}

static void
put_coverage(const struct view *view, const struct mx_cell *cell)
{
	if (cell->hops > 0 && (cell->state == MX_STATE_CLEARING ||
				  (cell->accepting > 0 && mx_cell_needs_attention(cell))))
		mx_html_put(view->html, "<small>%lld/%lld</small>",
		    (long long)cell->accepting, (long long)cell->hops);
	if (has_side_verdict(cell))
		mx_html_put(view->html, "<small>%s</small>",
		    mx_verdict_word(cell->last_verdict, view->page->lang));
}

static const char *
cell_word(
    const struct view *view, const struct mx_cell *cell, const struct mx_state_look *look)
{
	return look == &mx_look_blind
		   ? mx_up_to_word(cell->provider->depth, view->page->lang)
		   : mx_page_in(view->page, &look->word);
}

/* For how long it has been so; where only accepts are seen, how old the last one is. */
static void
put_cell(const struct view *view, const struct mx_cell *cell, const char *source_piece)
{
	const struct mx_state_look *look =
	    mx_page_look(cell->state, cell->is_stale, mx_cell_is_blind(cell));
	char *group = mx_html_url_piece(cell->group), age[MX_AGE_TEXT];

	mx_html_put(view->html, "<td class=\"%s", look->css);
	if (cell->is_running)
		mx_html_put(view->html, " running");
	mx_html_put(view->html, "\"><a href=\"/pair/%s/%s%s\"", source_piece, group,
	    view->page->suffix);
	if (look != mx_state_look(MX_STATE_CLEAR))
		put_cell_title(view, cell, look);
	mx_html_put(view->html, "><span>%s</span> %s", cell_word(view, cell, look),
	    mx_age_in(view->page->now_us -
			  (look == &mx_look_blind ? cell->last_us : cell->since_us),
		view->page->lang, age));
	put_coverage(view, cell);
	mx_html_put(view->html, "</a></td>");
	free(group);
}

static void
put_row(const struct view *view, const struct mx_matrix_row *row)
{
	const struct mx_matrix *matrix = view->matrix;
	char *source = mx_html_url_piece(row->source);

	mx_html_put(view->html, "<tr data-key=\"r-%s\"><th scope=\"row\">%s</th>",
	    row->source, row->source);
	for (size_t c = 0; c < matrix->column_count; c++) {
		const struct mx_cell *cell = mx_matrix_cell(row, &matrix->columns[c]);

		if (cell != NULL)
			put_cell(view, cell, source);
		else
			mx_html_put(view->html,
			    "<td class=\"never\"><span>%s</span></td>",
			    mx_page_in(view->page, &mx_look_never.word));
	}
	mx_html_put(view->html, "</tr>\n");
	free(source);
}

static void
put_label(const struct view *view, const struct mx_matrix_label *label)
{
	mx_html_put(view->html,
	    "<tbody><tr class=\"label\" data-key=\"l-%s\"><th scope=\"rowgroup\" colspan=\"%zu\">"
	    "<span>%s <small>%zu %s",
	    label->text, view->matrix->column_count + 1, label->text, label->rows,
	    mx_say(MX_SAY_SOURCES, view->page->lang));
	if (label->attention > 0)
		mx_html_put(view->html, " · <b>%zu</b> %s", label->attention,
		    mx_say(MX_SAY_NOT_CLEAR, view->page->lang));
	mx_html_put(view->html, "</small></span></th></tr>\n");
}

static void
put_table(const struct view *view)
{
	const struct mx_matrix *matrix = view->matrix;

	if (matrix->first == matrix->end) {
		mx_html_put(view->html, "<p class=\"empty\">%s</p>\n",
		    mx_say(matrix->cells == 0 ? MX_SAY_NOTHING_YET : MX_SAY_NOTHING_FITS,
			view->page->lang));
		return;
	}
	put_head(view);
	for (size_t i = matrix->first; i < matrix->end; i++) {
		const struct mx_matrix_row *row = &matrix->rows[i];

		if (i == matrix->first || row->label != row[-1].label) {
			if (i > matrix->first)
				mx_html_put(view->html, "</tbody>\n");
			put_label(view, &matrix->labels[row->label]);
		}
		put_row(view, row);
	}
	mx_html_put(view->html, "</tbody></table></div>\n");
}

/* ---- what is around the table ---- */

static void
put_step(const struct view *view, size_t to, const char *rel, enum mx_saying name)
{
	struct mx_matrix_query query = *view->query;
	char *url;

	query.page = to;
	url = address_of(&query, lang_of(view->page));
	mx_html_put(view->html, "<a rel=\"%s\" href=\"%s\">%s</a>", rel, url,
	    mx_say(name, view->page->lang));
	free(url);
}

static void
put_pages(const struct view *view)
{
	const struct mx_matrix *matrix = view->matrix;
	enum mx_lang lang = view->page->lang;

	if (matrix->row_count == 0)
		return;
	mx_html_put(view->html,
	    "<nav class=\"pages\" aria-label=\"%s\" data-key=\"pages\">",
	    mx_say(MX_SAY_PAGES, lang));
	if (matrix->page > 0)
		put_step(view, matrix->page - 1, "prev", MX_SAY_PREVIOUS);
	mx_html_put(view->html, "<span>%zu–%zu %s %zu %s</span>", matrix->first + 1,
	    matrix->end, mx_say(MX_SAY_OF, lang), matrix->row_count,
	    mx_say(MX_SAY_SOURCES, lang));
	if (matrix->page + 1 < matrix->pages)
		put_step(view, matrix->page + 1, "next", MX_SAY_NEXT);
	mx_html_put(view->html, "</nav>\n");
}

static void
put_meaning(const struct view *view, const struct mx_state_look *look)
{
	mx_html_put(view->html, "<div><dt>");
	mx_page_state(view->page, look);
	mx_html_put(
	    view->html, "</dt><dd>%s</dd></div>", mx_page_in(view->page, &look->means));
}

static void
put_legend(const struct view *view)
{
	mx_html_put(view->html,
	    "<section class=\"legend\" aria-labelledby=\"legend\"><h2 id=\"legend\">%s</h2><dl>",
	    mx_say(MX_SAY_LEGEND, view->page->lang));
	for (size_t i = 0; i < SHOWS; i++)
		put_meaning(view, look_of(shows[i]));
	mx_html_put(view->html, "</dl><p>%s</p></section>\n",
	    mx_say(MX_SAY_LEGEND_AGE, view->page->lang));
}

/* What a glance at the browser's tabs should tell. Caller frees. */
static char *
title_of(const struct view *view)
{
	size_t blocked = view->matrix->count[MX_STATE_BLOCKED];
	const struct mx_state_look *look = mx_state_look(MX_STATE_BLOCKED);

	return blocked == 0 ? mx_strdup(mx_say(MX_SAY_MATRIX, view->page->lang))
			    : mx_asprintf("%s %zu %s", look->mark, blocked,
				  mx_page_in(view->page, &look->word));
}

void
mx_page_put_matrix(struct mx_page *page, const struct mx_matrix *matrix,
    const struct mx_matrix_query *query)
{
	struct view view = { page, &page->html, matrix, query };
	char *self = address_of(query, NULL), *title = title_of(&view);
	struct mx_page_head head = {
		.title = title, .self = self, .section = "matrix", .live = "all"
	};

	mx_page_begin(page, &head);
	mx_html_put(&page->html, "<h1 id=\"headline\">%s</h1>\n",
	    mx_say(MX_SAY_HEADLINE, page->lang));
	put_summary(&view);
	put_attention(&view);
	put_filter(&view);
	put_table(&view);
	put_pages(&view);
	put_legend(&view);
	mx_page_end(page);
	free(title);
	free(self);
}
