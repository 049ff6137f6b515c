#include <criterion/criterion.h>

#include "probe/cmd/actions.h"

TestSuite(actions, .timeout = 20);

/* As a command has them: something of its own stands beside the name. */
static const struct row {
	const char *name;
	int number;
} rows[] = { { "sow", 1 }, { "reap", 2 }, { "rest", 3 } };

static const struct mx_actions field = MX_ACTIONS("field", "the field", rows);
static const struct mx_actions barn = { "barn", "the barn", rows, 1, sizeof rows[0] };

Test(actions, the_row_of_that_name_is_found_whole)
{
	struct mx_error err = { 0 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(mx_action_find(&field, rows[i].name, &err), &rows[i]);
	cr_expect_eq(err.code, MX_OK);
}

Test(actions, whoever_says_none_or_another_is_told_which_there_are)
{
	static const struct {
		const struct mx_actions *actions;
		const char *word, *text;
	} cases[] = {
		{ &field, NULL, "say what to do with the field: sow, reap or rest" },
		{ &field, "plow", "field: \"plow\" is no action; say sow, reap or rest" },
		{ &field, "so", "field: \"so\" is no action; say sow, reap or rest" },
		{ &field, "\033[2J",
		    "field: \"\\x1b[2J\" is no action; say sow, reap or rest" },
		{ &barn, NULL, "say what to do with the barn: sow" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mx_error err = { 0 };

		cr_expect_null(mx_action_find(cases[i].actions, cases[i].word, &err));
		cr_expect_eq(err.code, MX_ERR_USAGE);
		cr_expect_str_eq(err.text, cases[i].text);
	}
}

Test(actions, a_second_word_is_refused)
{
	struct mx_error err = { 0 };
	const char *action = NULL;

	cr_assert_eq(mx_action_take(&field, &action, "sow", &err), MX_OK);
	cr_expect_str_eq(action, "sow");
	cr_expect_eq(mx_action_take(&field, &action, "reap", &err), MX_ERR_USAGE);
	cr_expect_str_eq(err.text, "field: one of sow, reap and rest at a time");
	cr_expect_str_eq(action, "sow");
}
