/* test_matrix.c - what is seen of a matrix is what was asked for. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "probe/web/matrix.h"

#define SOURCES 30
#define GROUPS 3

TestSuite(matrix, .timeout = 30);

static const struct mx_provider blind = { .id = "google", .name = "Gmail" };
static const struct mx_provider seeing = {
	.id = "outlook", .name = "Zulu Mail", .observable = true
};

/** 30 sources in two networks, one of them tagged, at three providers. */
struct world {
	struct mx_cell cells[SOURCES * GROUPS];
	char names[SOURCES][MX_ADDR_TEXT];
};

static void
make_world(struct world *world)
{
	static const char *const groups[GROUPS] = { "google", "mx.own.test", "outlook" };

	*world = (struct world){ .names = { "" } };
	for (int i = 0; i < SOURCES; i++) {
		(void)snprintf(world->names[i], sizeof world->names[i], "192.0.%d.%d",
		    i < 20 ? 2 : 3, i % 20 + 1);
		for (int g = 0; g < GROUPS; g++)
			world->cells[i * GROUPS + g] =
			    (struct mx_cell){ .source = world->names[i],
				    .group = groups[g],
				    .tag = i == 25 ? "web01" : NULL,
				    .provider = g == 0   ? &blind
						: g == 2 ? &seeing
							 : NULL,
				    .state = g == 0 ? MX_STATE_UNKNOWN : MX_STATE_CLEAR,
				    .last_verdict = "accepted" };
	}
	world->cells[4 * GROUPS + 2].state = MX_STATE_BLOCKED;
	world->cells[5 * GROUPS + 2].state = MX_STATE_SUSPECT;
	world->cells[5 * GROUPS + 2].since_us = 5;
	world->cells[6 * GROUPS + 1].is_stale = true;
	world->cells[7 * GROUPS + 1].state = MX_STATE_BLOCKED;
	world->cells[7 * GROUPS + 1].is_stale = true;
}

static struct mx_matrix
ask(const struct world *world, struct mx_matrix_query query)
{
	if (query.rows == 0)
		query.rows = 100;
	return mx_matrix_make(world->cells, SOURCES * GROUPS, &query);
}

Test(matrix, counts_tell_of_all_whatever_is_shown)
{
	struct world world;
	struct mx_matrix matrix;

	make_world(&world);
	matrix = ask(
	    &world, (struct mx_matrix_query){ .find = "192.0.3.", .show = MX_SHOW_ALL });
	cr_expect_eq(matrix.sources, SOURCES);
	cr_expect_eq(matrix.cells, SOURCES * GROUPS);
	cr_expect_eq(matrix.count[MX_STATE_BLOCKED], 1, "a stale block is stale");
	cr_expect_eq(matrix.count[MX_STATE_SUSPECT], 1);
	cr_expect_eq(matrix.count[MX_SHOW_STALE], 2);
	cr_expect_eq(matrix.count[MX_SHOW_ATTENTION], 2);
	cr_expect_eq(matrix.count[MX_SHOW_BLIND], SOURCES);
	cr_expect_eq(matrix.count[MX_STATE_UNKNOWN], 0, "accepted, but judged later");
	cr_expect_eq(matrix.count[MX_STATE_CLEAR], SOURCES * 2 - 4);
	cr_expect_eq(matrix.row_count, 10);
	mx_matrix_clear(&matrix);
}

Test(matrix, what_needs_attention_comes_worst_first)
{
	struct world world;
	struct mx_matrix matrix;

	make_world(&world);
	matrix = ask(&world, (struct mx_matrix_query){ .show = MX_SHOW_ALL });
	cr_assert_eq(matrix.attention_count, 2);
	cr_expect_eq(matrix.attention[0]->state, MX_STATE_BLOCKED);
	cr_expect_eq(matrix.attention[1]->state, MX_STATE_SUSPECT);
	mx_matrix_clear(&matrix);
}

Test(matrix, filters)
{
	static const struct {
		const char *find, *group;
		int show;
		size_t rows;
	} table[] = {
		{ NULL, NULL, MX_SHOW_ALL, 30 },
		{ "", "", MX_SHOW_ALL, 30 },
		{ "192.0.2.1", NULL, MX_SHOW_ALL, 11 }, /* .1 and .10 to .19 */
		{ "192.0.2.0/24", NULL, MX_SHOW_ALL, 20 },
		{ "192.0.3.0/29", NULL, MX_SHOW_ALL, 7 },
		{ "WEB0", NULL, MX_SHOW_ALL, 1 },
		{ "nobody", NULL, MX_SHOW_ALL, 0 },
		{ NULL, NULL, MX_SHOW_ATTENTION, 2 },
		{ NULL, NULL, MX_STATE_BLOCKED, 1 },
		{ NULL, "google", MX_STATE_BLOCKED, 0 },
		{ NULL, "outlook", MX_STATE_BLOCKED, 1 },
		{ NULL, NULL, MX_SHOW_STALE, 2 },
		{ NULL, "nowhere", MX_SHOW_ALL, 0 },
		{ "<script>", NULL, MX_SHOW_ALL, 0 },
	};
	struct world world;

	make_world(&world);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct mx_matrix matrix =
		    ask(&world, (struct mx_matrix_query){ .find = table[i].find,
				    .group = table[i].group,
				    .show = table[i].show });

		cr_expect_eq(
		    matrix.row_count, table[i].rows, "row %zu: %zu", i, matrix.row_count);
		mx_matrix_clear(&matrix);
	}
}

Test(matrix, rows_stand_in_groups_and_in_the_order_of_addresses)
{
	struct world world;
	struct mx_matrix matrix;

	make_world(&world);
	matrix = ask(&world, (struct mx_matrix_query){ .show = MX_SHOW_ALL });
	cr_assert_eq(matrix.label_count, 3);
	cr_expect_str_eq(matrix.labels[0].text, "web01");
	cr_expect_str_eq(matrix.labels[1].text, "192.0.2.0/24");
	cr_expect_eq(matrix.labels[1].rows, 20);
	cr_expect_eq(matrix.labels[1].attention, 2);
	cr_expect_str_eq(matrix.labels[2].text, "192.0.3.0/24");
	cr_expect_str_eq(matrix.rows[2].source, "192.0.2.2", "not .10");
	mx_matrix_clear(&matrix);
	matrix = ask(
	    &world, (struct mx_matrix_query){ .show = MX_SHOW_ALL, .by_network = true });
	cr_expect_eq(matrix.label_count, 2);
	mx_matrix_clear(&matrix);
}

Test(matrix, columns_stand_by_name_and_find_their_cells)
{
	struct world world;
	struct mx_matrix matrix;

	make_world(&world);
	matrix = ask(&world, (struct mx_matrix_query){ .show = MX_SHOW_ALL });
	cr_assert_eq(matrix.column_count, GROUPS);
	cr_expect_str_eq(matrix.columns[0].name, "Gmail");
	cr_expect_str_eq(matrix.columns[1].name, "mx.own.test");
	cr_expect_str_eq(matrix.columns[2].name, "Zulu Mail");
	for (size_t r = 0; r < matrix.row_count; r++)
		for (size_t c = 0; c < matrix.column_count; c++) {
			const struct mx_cell *cell =
			    mx_matrix_cell(&matrix.rows[r], &matrix.columns[c]);

			cr_assert_not_null(cell);
			cr_expect_str_eq(cell->source, matrix.rows[r].source);
			cr_expect_str_eq(cell->group, matrix.columns[c].group);
		}
	mx_matrix_clear(&matrix);
}

/* However many rows a page has, every source is on one page and no other. */
Test(matrix, pages_hold_every_row_once)
{
	struct world world;

	make_world(&world);
	for (size_t rows = 1; rows <= SOURCES + 1; rows++) {
		size_t seen = 0, pages = 1;

		for (size_t page = 0; page < pages; page++) {
			struct mx_matrix matrix = ask(&world,
			    (struct mx_matrix_query){
				.show = MX_SHOW_ALL, .rows = rows, .page = page });

			cr_expect_eq(matrix.first, seen);
			seen = matrix.end;
			pages = matrix.pages;
			mx_matrix_clear(&matrix);
		}
		cr_expect_eq(seen, SOURCES, "%zu a page", rows);
	}
}

Test(matrix, a_page_behind_the_last_is_the_last)
{
	struct world world;
	struct mx_matrix matrix;

	make_world(&world);
	matrix = ask(&world,
	    (struct mx_matrix_query){ .show = MX_SHOW_ALL, .rows = 20, .page = 99 });
	cr_expect_eq(matrix.page, 1);
	cr_expect_eq(matrix.end - matrix.first, 10);
	mx_matrix_clear(&matrix);
}

Test(matrix, names_of_what_is_shown_are_read_back)
{
	for (int show = 0; show <= MX_SHOW_STALE; show++)
		cr_expect_eq(mx_matrix_show(mx_matrix_show_name(show)), show);
	cr_expect_eq(mx_matrix_show(NULL), MX_SHOW_ALL);
	cr_expect_eq(mx_matrix_show("<b>"), MX_SHOW_ALL);
}
