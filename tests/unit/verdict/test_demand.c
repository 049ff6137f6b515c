/* test_demand.c - which words a pattern demands. */
#include <criterion/criterion.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/verdict/demand.h"

TestSuite(demand, .timeout = 20);

/* A way a line: "*" it begins where the text does, ">" its first set begins a hit, then the sets,
 * words with bars between, borders as "'". */
static char *
demand_of(const char *pattern)
{
	struct mx_demand demand;
	struct mx_buf out;

	mx_buf_init(&out, 1 << 16);
	(void)mx_buf_addstr(&out, "");
	if (!mx_demand_read(pattern, &demand))
		return mx_strdup("nothing");
	for (size_t w = 0; w < demand.count; w++) {
		const struct mx_way *way = &demand.ways[w];

		(void)mx_buf_addf(&out, "%s%s%s", w > 0 ? "\n" : "",
		    way->begins ? "*" : "", way->starts ? ">" : "");
		for (size_t s = 0; s < way->count; s++)
			for (size_t i = 0; i < way->sets[s].count; i++)
				(void)mx_buf_addf(&out, "%s%s",
				    i > 0 ? "|" : (s > 0 ? " + " : ""),
				    way->sets[s].items[i]);
	}
	mx_demand_clear(&demand);
	for (size_t i = 0; i < out.len; i++)
		if (out.data[i] == MX_WORD_BORDER)
			out.data[i] = '\'';
	return mx_buf_take(&out);
}

/* clang-format off */
static const struct {
	const char *pattern, *demand;
} rows[] = {
	{ "Rate Limit", ">rate limit" },
	{ "\\bspam\\b", ">'spam'" },
	{ "colou?r", ">colour|color" },
	{ "gr[ae]y", ">gray|grey" },
	{ "(?:black|block)-? ?list", ">black- list|black-list|black list|blacklist|"
	    "block- list|block-list|block list|blocklist" },
	{ "one|two", ">one\n>two" },
	{ "^user\\b|full$", "*>user'\n>full" },
	{ "blocked.{0,9}\\bby", ">blocked + 'by" },
	{ "\\w+ is blocked", " is blocked" },
	{ "(?:ip|host) \\d+ banned", ">ip |host  +  banned" },
	{ "a(?:b\\d|c)d", ">ab|ac + d" },
	{ "a(?:\\d|c)d", ">a + d" },
	{ "spams+ here", ">spams +  here" },
	{ "x(?:yz)*z", ">x + z" },
	{ "\\[(?<code>CS\\d\\d)\\]", ">[cs + ]" },
	{ "mail(?! box)er", ">mailer" },
	{ "block(?:ed|ing|) \\bby", ">blocked by|blocking by|block by" },
	{ "\\bban(?:ned)?\\b|\\bban(?:ned)?", ">'banned'|'ban'\n>'ban" },
	{ "\\bban(?: us)?\\b", ">'ban'" },
	{ "[0-9]{1,3}\\.[a-z]+", "." },
	{ "a{2}", ">a" },
	{ "\\d+", "nothing" },
	{ "ab|\\d+", "nothing" },
	{ "(?:spam|)", "nothing" },
	{ "(?i)spam", "nothing" },
	{ "(a)\\1b", "nothing" },
	{ "\\x41bc", "nothing" },
	{ "(spam", "nothing" },
	{ "[spam", "nothing" },
	{ "\\", "nothing" },
	{ "", "nothing" },
};
/* clang-format on */

Test(demand, is_what_every_hit_must_hold)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *demand = demand_of(rows[i].pattern);

		cr_expect_str_eq(demand, rows[i].demand, "%s: %s, not %s",
		    rows[i].pattern, demand, rows[i].demand);
		free(demand);
	}
}
