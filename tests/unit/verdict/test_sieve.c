/* test_sieve.c - where a hit may begin, and what a closer look at the words refuses. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/verdict/normal.h"
#include "probe/verdict/sieve.h"

TestSuite(sieve, .timeout = 20);

/* clang-format off */
static const struct {
	const char *pattern, *text;
	size_t count;
	size_t starts[3];
} rows[] = {
	{ "\\bip (?:is )?blocked", "your ip is blocked, an ip blocked", 2, { 5, 23 } },
	{ "\\bip (?:is )?blocked", "your vip is blocked", 0, { 0 } },
	{ "\\bspam\\b", "No SPAM, spammer", 1, { 3 } },
	{ "\\bspam\\b", "spammer", 0, { 0 } },
	{ "blocked.{0,9}using", "using a list: blocked", 0, { 0 } },
	{ "blocked.{0,9}using", "blocked, as we said before, using", 0, { 0 } },
	{ "blocked.{0,9}using", "blocked: using", 1, { 0 } },
	{ "^user unknown", "user unknown", 1, { 0 } },
	{ "^user unknown", "there is some user unknown", 0, { 0 } },
	{ "\\bno\\b.{0,9}mailbox", "no such mailbox", 1, { 0 } },
	{ "\\bbo.{1,2}te pleine", "la bo\xc3\xaete est, ah, boite pleine", 1, { 19 } },
	{ "\\w+ is dead", "it is dead", MX_SIEVE_ANYWHERE, { 0 } },
	{ "\\[\\d+\\]", "code [7]", MX_SIEVE_ANYWHERE, { 0 } },
};
/* clang-format on */

static void
told(void *arg, uint32_t mesh)
{
	(void)mesh;
	*(bool *)arg = true;
}

/* The row's pattern may hit its text, and there; none when it was not told of. */
static size_t
starts_of(size_t row, size_t starts[MX_SIEVE_STARTS])
{
	const char *const patterns[] = { rows[row].pattern, "another one" };
	struct mx_sieve *sieve = mx_sieve_weave(patterns, 2, NULL, 0);
	const struct mx_enhanced none = { 0 };
	struct mx_normal normal;
	bool is_told = false;
	size_t count = 0;

	mx_normal_init(&normal, rows[row].text, strlen(rows[row].text), 550, &none);
	cr_assert(mx_sieve_sift(
	    sieve, normal.wording.text, normal.wording.len, told, &is_told));
	if (is_told)
		count = mx_sieve_starts(
		    sieve, mx_sieve_mesh(sieve, rows[row].pattern), starts);
	mx_normal_clear(&normal);
	mx_sieve_free(sieve);
	return count;
}

Test(sieve, tells_where_alone_a_hit_can_begin)
{
	if (!mx_sieve_possible())
		cr_skip("built without vectorscan");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t starts[MX_SIEVE_STARTS];
		size_t count = starts_of(i, starts);

		cr_assert_eq(count, rows[i].count, "%s in \"%s\": %zu", rows[i].pattern,
		    rows[i].text, count);
		for (size_t k = 0; count != MX_SIEVE_ANYWHERE && k < count; k++)
			cr_assert_eq(starts[k], rows[i].starts[k], "%s: %zu",
			    rows[i].pattern, starts[k]);
	}
}
