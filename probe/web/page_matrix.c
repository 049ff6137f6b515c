/* page_matrix.c - what is well is quiet; what is not has a word. */
#include "probe/web/page_matrix.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/report/ages.h"
#include "probe/web/page_matrix_view.h"

/* ---- the table ---- */

static void
put_head(const struct mx_matrix_view *view)
{
	mx_html_put(view->html,
	    "<div class=\"wide tall\" tabindex=\"0\" role=\"region\" aria-labelledby=\"headline\">"
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
put_cell_title(const struct mx_matrix_view *view, const struct mx_cell *cell,
    const struct mx_state_look *look)
{
	char last[MX_AGE_TEXT], since[MX_AGE_TEXT];
	const char *was = mx_page_in(view->page, &mx_state_look(cell->state)->word);

	mx_html_put(view->html, " title=\"%s", mx_page_in(view->page, &look->means));
	if (cell->is_stale)
		mx_html_put(view->html, " (%s)", was);
	if (cell->since_us != 0)
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
put_coverage(const struct mx_matrix_view *view, const struct mx_cell *cell)
{
	if (cell->hops > 0 && (cell->state == MX_STATE_CLEARING ||
				  (cell->accepting > 0 && mx_cell_needs_attention(cell))))
		mx_html_put(view->html, "<small>%lld/%lld</small>",
		    (long long)cell->accepting, (long long)cell->hops);
	if (has_side_verdict(cell))
		mx_html_put(view->html, "<small class=\"v-%s\">%s</small>",
		    cell->last_verdict,
		    mx_verdict_word(cell->last_verdict, view->page->lang));
}

static const char *
cell_word(const struct mx_matrix_view *view, const struct mx_cell *cell,
    const struct mx_state_look *look)
{
	return look == &mx_look_blind
		   ? mx_up_to_word(cell->provider->depth, view->page->lang)
		   : mx_page_in(view->page, &look->word);
}

/* For how long it has been so; where that is not known, how old is what is known. */
static int64_t
age_from(const struct mx_cell *cell, const struct mx_state_look *look)
{
	return look == &mx_look_blind || look == &mx_look_stale ? cell->last_us
								: cell->since_us;
}

static void
put_cell(const struct mx_matrix_view *view, const struct mx_cell *cell,
    const char *source_piece)
{
	const struct mx_state_look *look =
	    mx_page_look(cell->state, cell->is_stale, mx_cell_is_blind(cell));
	char *group = mx_html_url_piece(cell->group), age[MX_AGE_TEXT];

	mx_html_put(view->html, "<td class=\"%s", look->css);
	if (cell->is_running)
		mx_html_put(view->html, " running");
	mx_html_put(view->html, "\"><a href=\"%s/pair/%s/%s%s\"", view->page->root,
	    source_piece, group, view->page->suffix);
	if (look != mx_state_look(MX_STATE_CLEAR))
		put_cell_title(view, cell, look);
	mx_html_put(view->html, "><span>%s</span>", cell_word(view, cell, look));
	if (age_from(cell, look) != 0)
		mx_html_put(view->html, " %s",
		    mx_age_in(view->page->now_us - age_from(cell, look), view->page->lang,
			age));
	put_coverage(view, cell);
	mx_html_put(view->html, "</a></td>");
	free(group);
}

static void
put_row(const struct mx_matrix_view *view, const struct mx_matrix_row *row)
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
put_label(const struct mx_matrix_view *view, const struct mx_matrix_label *label)
{
	mx_html_put(view->html,
	    "<tbody><tr class=\"label\" data-key=\"l-%s\"><th scope=\"rowgroup\" colspan=\"%zu\">"
	    "<span>%s <small>%zu %s",
	    label->text, view->matrix->column_count + 1, label->text, label->rows,
	    mx_say(
		label->rows == 1 ? MX_SAY_ONE_SOURCE : MX_SAY_SOURCES, view->page->lang));
	if (label->attention > 0)
		mx_html_put(view->html, " · <b>%zu</b> %s", label->attention,
		    mx_say(MX_SAY_NOT_CLEAR, view->page->lang));
	mx_html_put(view->html, "</small></span></th></tr>\n");
}

static void
put_table(const struct mx_matrix_view *view)
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
put_step(
    const struct mx_matrix_view *view, size_t to, const char *rel, enum mx_saying name)
{
	struct mx_matrix_query query = *view->query;
	char *url;

	query.page = to;
	url = mx_matrix_address(&query, mx_page_lang(view->page));
	mx_html_put(view->html, "<a rel=\"%s\" href=\"%s%s\">%s</a>", rel,
	    view->page->root, url, mx_say(name, view->page->lang));
	free(url);
}

static void
put_pages(const struct mx_matrix_view *view)
{
	const struct mx_matrix *matrix = view->matrix;
	enum mx_lang lang = view->page->lang;
	char first[MX_PAGE_NUMBER], last[MX_PAGE_NUMBER], all[MX_PAGE_NUMBER];

	if (matrix->row_count == 0)
		return;
	mx_html_put(view->html,
	    "<nav class=\"pages\" aria-label=\"%s\" data-key=\"pages\">",
	    mx_say(MX_SAY_PAGES, lang));
	if (matrix->page > 0)
		put_step(view, matrix->page - 1, "prev", MX_SAY_PREVIOUS);
	mx_html_put(view->html, "<span>%s–%s %s %s %s</span>",
	    mx_page_number(matrix->first + 1, first), mx_page_number(matrix->end, last),
	    mx_say(MX_SAY_OF, lang), mx_page_number(matrix->row_count, all),
	    mx_say(matrix->row_count == 1 ? MX_SAY_ONE_SOURCE : MX_SAY_SOURCES, lang));
	if (matrix->page + 1 < matrix->pages)
		put_step(view, matrix->page + 1, "next", MX_SAY_NEXT);
	mx_html_put(view->html, "</nav>\n");
}

static void
put_meaning(const struct mx_matrix_view *view, const struct mx_state_look *look)
{
	mx_html_put(view->html, "<div><dt>");
	mx_page_state(view->page, look);
	mx_html_put(
	    view->html, "</dt><dd>%s</dd></div>", mx_page_in(view->page, &look->means));
}

static void
put_legend(const struct mx_matrix_view *view)
{
	mx_html_put(view->html,
	    "<section class=\"legend\" aria-labelledby=\"legend\"><h2 id=\"legend\">%s</h2><dl>",
	    mx_say(MX_SAY_LEGEND, view->page->lang));
	for (size_t i = 0; i < MX_MATRIX_SHOWS; i++)
		put_meaning(view, mx_matrix_look(mx_matrix_shows[i]));
	mx_html_put(view->html, "</dl><p>%s</p><p>%s</p></section>\n",
	    mx_say(MX_SAY_LEGEND_AGE, view->page->lang),
	    mx_say(MX_SAY_KEYS, view->page->lang));
}

/* What a glance at the browser's tabs should tell. Caller frees. */
static char *
title_of(const struct mx_matrix_view *view)
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
	struct mx_matrix_view view = { page, &page->html, matrix, query };
	char *self = mx_matrix_address(query, NULL), *title = title_of(&view);
	struct mx_page_head head = {
		.title = title, .self = self, .section = "matrix", .live = "all"
	};

	mx_page_begin(page, &head);
	mx_html_put(&page->html, "<h1 id=\"headline\">%s</h1>\n",
	    mx_say(MX_SAY_HEADLINE, page->lang));
	mx_matrix_put_summary(&view);
	mx_matrix_put_attention(&view);
	mx_matrix_put_filter(&view);
	put_table(&view);
	put_pages(&view);
	put_legend(&view);
	mx_page_end(page);
	free(title);
	free(self);
}
