#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/sample.h"

TestSuite(table, .timeout = 20);

static char *
print_all(unsigned width, bool color, bool quiet)
{
	struct mx_report_options options = {
		.width = width, .color = color, .quiet = quiet
	};
	struct mx_result *results[SAMPLE_COUNT + 1];
	char *text;

	for (size_t i = 0; i < SAMPLE_COUNT; i++)
		results[i] = sample_result(i);
	results[SAMPLE_COUNT] = sample_blind();
	results[SAMPLE_COUNT]->order = SAMPLE_COUNT;
	text = sample_print("table", &options, results, SAMPLE_COUNT + 1);
	for (size_t i = 0; i <= SAMPLE_COUNT; i++)
		mx_result_free(results[i]);
	return text;
}

static void
compare(const char *name, unsigned width, bool color, bool quiet)
{
	char *text = print_all(width, color, quiet);

	golden_compare(name, text);
	free(text);
}

Test(table, every_verdict_at_80_columns)
{
	compare("table-80.txt", 80, false, false);
}

Test(table, every_verdict_at_140_columns)
{
	compare("table-140.txt", 140, false, false);
}

Test(table, every_verdict_in_color)
{
	compare("table-color.txt", 80, true, false);
}

Test(table, quiet_is_verdicts_only)
{
	compare("table-quiet.txt", 80, false, true);
}

/* Links may be longer than a line; they stand alone so that they stay links. */
Test(table, no_line_is_wider_than_the_terminal)
{
	static const unsigned widths[] = { 40, 60, 72, 80, 100, 140, 200 };

	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		char *text = print_all(widths[i], false, false), *rest = text, *line;

		while ((line = strsep(&rest, "\n")) != NULL)
			/* four columns of 12 and their gaps are the least a table takes */
			cr_expect(
			    mx_text_columns(line) <= (widths[i] > 53 ? widths[i] : 53) ||
				strstr(line, "https://") != NULL,
			    "%u columns: %s", widths[i], line);
		free(text);
	}
}

Test(table, remote_bytes_cannot_steer_the_terminal)
{
	static const char *const words[] = { "table", "nagios" };
	struct mx_report_options options = { .width = 80 };
	struct mx_result *results[] = { sample_result(SAMPLE_HOSTILE) };

	for (size_t f = 0; f < sizeof words / sizeof words[0]; f++) {
		char *text = sample_print(words[f], &options, results, 1);

		for (const char *c = text; *c != '\0'; c++)
			cr_expect(*c == '\n' || !iscntrl((unsigned char)*c),
			    "%s: byte %02x", words[f], (unsigned)(unsigned char)*c);
		cr_expect_null(strstr(text, "\nmxprobe: forged"));
		cr_expect_null(strstr(text, "\xe2\x80\xae"), "right-to-left override");
		cr_expect_null(strstr(text, "\xc2\x9b"), "C1 CSI");
		cr_expect_not_null(strstr(text, "\\x1b[31mred"));
		free(text);
	}
	mx_result_free(results[0]);
}

Test(table, never_says_clean)
{
	char *text = print_all(100, false, false);

	cr_expect_null(strcasestr(text, "clean"));
	free(text);
}

/* Four addresses, two of them blocking: the destination's verdict is the worst, with figures. */
Test(table, a_destination_says_how_many_of_how_many)
{
	struct mx_report_options options = { .width = 80 };
	struct mx_result *results[4];
	char *text;

	for (size_t i = 0; i < 4; i++) {
		results[i] = sample_result(i < 2 ? MX_V_BLOCKED : MX_V_ACCEPTED);
		results[i]->order = i;
		free(results[i]->destination);
		results[i]->destination = mx_strdup("outlook.com");
		results[i]->address.bytes[3] = (uint8_t)(40 + i);
	}
	text = sample_print("table", &options, results, 4);
	cr_expect_not_null(
	    strstr(text, "= outlook.com from 203.0.113.5: blocked at 2 of 4 addresses\n"),
	    "%s", text);
	cr_expect_not_null(
	    strstr(text, "\n4 results: 2 blocked, 2 accepted\n"), "%s", text);
	free(text);
	for (size_t i = 0; i < 4; i++)
		mx_result_free(results[i]);
}

/* Sessions end in any order; the table is always the same. */
Test(table, order_of_arrival_does_not_matter)
{
	struct mx_report_options options = { .width = 100 };
	struct mx_result *there[SAMPLE_COUNT], *back[SAMPLE_COUNT];
	char *one, *two;

	for (size_t i = 0; i < SAMPLE_COUNT; i++)
		there[i] = back[SAMPLE_COUNT - 1 - i] = sample_result(i);
	one = sample_print("table", &options, there, SAMPLE_COUNT);
	two = sample_print("table", &options, back, SAMPLE_COUNT);
	cr_expect_str_eq(one, two);
	free(one);
	free(two);
	for (size_t i = 0; i < SAMPLE_COUNT; i++)
		mx_result_free(there[i]);
}

Test(table, nothing_probed_is_said)
{
	struct mx_report_options options = { .width = 80 };
	char *text = sample_print("table", &options, NULL, 0);

	cr_expect_str_eq(text, "Nothing was probed.\n");
	free(text);
}

/* A reply of many kilobytes is cut, and says so; nothing is lost without a word. */
Test(table, long_replies_are_cut_with_a_remark)
{
	struct mx_report_options options = { .width = 80 };
	struct mx_result *r = sample_result(MX_V_POLICY);
	char *text, *big = mx_calloc(8001, 1);

	memset(big, 'x', 8000);
	free(r->judgement.finding.text);
	r->judgement.finding.text = big;
	text = sample_print("table", &options, &r, 1);
	cr_expect_not_null(strstr(text, " bytes more)\n"), "%s", text);
	cr_expect_lt(strlen(text), 3000);
	free(text);
	mx_result_free(r);
}

/* A thousand sources, each with a link of its own: the advice stays one entry. */
Test(table, advice_does_not_grow_with_the_results)
{
	struct mx_report_options options = { .width = 80 };
	struct mx_result *results[1000];
	char *text, *advice;

	for (size_t i = 0; i < 1000; i++) {
		results[i] = sample_result(MX_V_BLOCKED);
		results[i]->order = i;
		results[i]->source.bytes[3] = (uint8_t)i;
		free(results[i]->judgement.finding.delist_url);
		results[i]->judgement.finding.delist_url =
		    mx_asprintf("https://list.example/?ip=%zu", i);
	}
	text = sample_print("table", &options, results, 1000);
	advice = strstr(text, "What to do next:\n");
	cr_assert_not_null(advice);
	cr_expect_str_eq(advice, "What to do next:\n"
				 "- blocked (outlook.com): Read the reply above: it "
				 "names who blocks and often\n"
				 "  where to ask for removal.\n"
				 "  The rows above have the links.\n");
	free(text);
	for (size_t i = 0; i < 1000; i++)
		mx_result_free(results[i]);
}
