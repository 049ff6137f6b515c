/* test_yaml_line.c - the line of a field, for errors that only its user can find. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/base/yaml_line.h"

TestSuite(yaml_line, .timeout = 5);

Test(yaml_line, a_path_leads_to_its_line)
{
	static const char text[] = "# remark\n"
				   "mail_from: a\n"
				   "sources:\n"
				   "  - address: b\n"
				   "\n"
				   "  - address: c\n"
				   "    tags: [d,\n"
				   "      e]\n";
	static const struct {
		const char *path;
		size_t line;
	} table[] = {
		{ "", 2 },
		{ "mail_from", 2 },
		{ "sources", 4 },
		{ "sources[0]", 4 },
		{ "sources[1].address", 6 },
		{ "sources[1].tags[1]", 8 },
		{ "sources[2]", 0 },
		{ "sources.address", 0 },
		{ "mail_from[0]", 0 },
		{ "mail_from.x", 0 },
		{ "mail", 0 },
		{ "nowhere", 0 },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		cr_assert_eq(mx_yaml_line(text, strlen(text), table[i].path),
		    table[i].line, "%s: %zu", table[i].path,
		    mx_yaml_line(text, strlen(text), table[i].path));
}

Test(yaml_line, a_text_that_is_no_yaml_has_no_lines)
{
	cr_assert_eq(mx_yaml_line("a: [", 4, "a"), 0);
	cr_assert_eq(mx_yaml_line("", 0, "a"), 0);
}
