#include "probe/verdict/rules.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/catalogue/files.h"
#include "probe/verdict/ruleset.h"
#include "probe/verdict/samples.h"
#include "tests/support/taxonomy.h"
#include "tests/unit/verdict/dialogue.h"

TestSuite(rules, .timeout = 120, .init = dialogue_load, .fini = dialogue_unload);

Test(rules, each_hold_their_own_samples)
{
	size_t ran;
	char *report;
	size_t failed = mx_rules_test(dialogue_rules(), &ran, &report);

	cr_assert_eq(failed, 0, "%zu of %zu failed:\n%s", failed, ran, report);
	cr_assert_null(report);
	cr_assert_gt(ran, 400);
	cr_assert_gt(dialogue_rules()->count, 120);
}

Test(rules, each_have_something_they_must_not_hit)
{
	const struct mx_rules *rules = dialogue_rules();

	for (size_t i = 0; i < rules->count; i++)
		cr_assert_gt(rules->rules[i].row->samples.negative_count, 0, "%s",
		    rules->rules[i].row->id);
}

/* ---- broken files ---- */

static struct mx_rules *
load_from(const char *dir, struct mx_catalogue **catalogue, struct mx_error *err)
{
	*catalogue = mx_catalogue_load(dir, err);
	cr_assert_not_null(*catalogue, "%s", err->text);
	return mx_rules_load(*catalogue, err);
}

/* A rule that is right; each fault below replaces one line of it. */
static const char right[] = "- id: test.right\n"
			    "  provider: yahoo\n"
			    "  stage: [mail]\n"
			    "  codes: [\"550\"]\n"
			    "  patterns: ['refused (?<value>\\S+)']\n"
			    "  strength: weak\n"
			    "  category: policy_other\n"
			    "  list: spamcop\n"
			    "  remedy: yahoo\n"
			    "  source: here\n"
			    "  samples:\n"
			    "    positive: [\"mail: 550 refused x\"]\n";

/* clang-format off */
static const struct {
	const char *from, *to, *line, *says;
} faults[] = {
	{ "  category: policy_other", "  category: policy_none", "category: policy_none", "category: no category \"policy_none\"" },
	{ "  provider: yahoo", "  provider: yahu", "provider: yahu", "provider: no provider \"yahu\"" },
	{ "  list: spamcop", "  list: spamkop", "list: spamkop", "list: no list \"spamkop\"" },
	{ "  remedy: yahoo", "  remedy: yahuu", "remedy: yahuu", "remedy: no remedy \"yahuu\"" },
	{ "['refused (?<value>\\S+)']", "['refused (?<value>\\S+']", "patterns:", "patterns: pattern 1: missing closing parenthesis" },
	{ "['refused (?<value>\\S+)']", "['refused', '(oops']", "patterns:", "patterns: pattern 2:" },
	{ "['refused (?<value>\\S+)']", "['refused (?<what>\\S+)']", "patterns:", "the capture \"what\" is none of" },
	{ "['refused (?<value>\\S+)']", "['(?:refused)?']", "patterns:", "matches the empty text" },
	{ "  codes: [\"550\"]", "  codes: [\"55\"]", "codes:", "codes: \"55\" is no code" },
	{ "  stage: [mail]", "  stage: [male]", "stage:", "stage" },
	{ "  strength: weak", "  strength: feeble", "strength:", "strength" },
	{ "  source: here", "  sauce: here", "sauce:", "sauce" },
	{ "  strength: weak", "  strength: weak\n  strength: strong", "strength: strong", "strength" },
	{ "  provider: yahoo", "  only_there: yes", "only_there:", "only_there: needs a provider" },
	{ "  codes: [\"550\"]\n  patterns: ['refused (?<value>\\S+)']\n", "", NULL, "a rule needs patterns or codes" },
	{ "  samples:\n    positive: [\"mail: 550 refused x\"]\n", "", NULL, "a rule needs a positive sample" },
	{ "- id: test.right", "- id: microsoft.s3140", NULL, "\"microsoft.s3140\" is there twice" },
};
/* clang-format on */

/* The copy's rules/zz.yaml with one fault; the error must name it. */
static void
expect_fault(
    const char *dir, const char *from, const char *to, const char *line, const char *says)
{
	struct mx_error err = { 0 };
	struct mx_catalogue *catalogue;
	struct mx_rules *rules;

	taxonomy_write(dir, "rules/zz.yaml", right);
	taxonomy_edit(dir, "rules/zz.yaml", from, to);
	rules = load_from(dir, &catalogue, &err);
	cr_assert_null(rules, "a broken rule was loaded: %s", to);
	cr_assert_eq(err.code, MX_ERR_CONFIG);
	cr_assert_not_null(strstr(err.text, says), "no \"%s\" in: %s", says, err.text);
	if (line != NULL) {
		char *place = mx_asprintf("%s/rules/zz.yaml:%u:", dir,
		    taxonomy_line_of(dir, "rules/zz.yaml", line));

		cr_assert_not_null(
		    strstr(err.text, place), "not %s in: %s", place, err.text);
		free(place);
	}
	mx_catalogue_free(catalogue);
}

Test(rules, faults_are_named_by_file_line_and_field)
{
	char *dir = taxonomy_copy();

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		expect_fault(
		    dir, faults[i].from, faults[i].to, faults[i].line, faults[i].says);
	taxonomy_remove(dir);
}

/* ---- samples that don't hold are told ---- */

static size_t
failures(const char *rule, char **report)
{
	struct mx_error err = { 0 };
	struct mx_catalogue *catalogue;
	char *dir = taxonomy_copy();
	struct mx_rules *rules;
	size_t ran, failed;

	taxonomy_write(dir, "rules/zz.yaml", rule);
	rules = load_from(dir, &catalogue, &err);
	cr_assert_not_null(rules, "%s", err.text);
	failed = mx_rules_test(rules, &ran, report);
	mx_rules_free(rules);
	mx_catalogue_free(catalogue);
	taxonomy_remove(dir);
	return failed;
}

Test(rules, samples_that_do_not_hold_are_counted_and_described)
{
	static const char wrong[] =
	    "- id: test.wrong\n"
	    "  patterns: ['quux']\n"
	    "  category: policy_other\n"
	    "  source: here\n"
	    "  samples:\n"
	    "    positive: [\"550 nothing of the kind\", \"no code quux\", \"550 quux "
	    "too many connections, rate limit exceeded for connections\"]\n"
	    "    negative: [\"550 quux\"]\n";
	char *report;
	size_t failed = failures(wrong, &report);

	cr_assert_eq(failed, 4, "%zu: %s", failed, report);
	cr_assert_not_null(strstr(report, "the rule does not hit (in test.wrong)"));
	cr_assert_not_null(strstr(report, "no reply code at its start"));
	cr_assert_not_null(strstr(report, "classified as rate_connection"));
	cr_assert_not_null(strstr(report, "the rule hits what it must not"));
	cr_assert_not_null(strstr(report, "rules/zz.yaml:5: samples:"), "%s", report);
	free(report);
}

/* ---- order ---- */

/* The rows of a file in reverse order. */
static char *
reverse_rows(const char *text)
{
	char *out = mx_strdup("");
	const char *end = text + strlen(text);

	while (end > text) {
		const char *row = end - 1;
		char *more;

		while (row > text && !(row[-1] == '\n' && strncmp(row, "- id:", 5) == 0))
			row--;
		more = mx_asprintf(
		    "%s%.*s%s", out, (int)(end - row), row, end[-1] == '\n' ? "" : "\n");
		free(out);
		out = more;
		end = row;
	}
	return out;
}

/* All rule files' rows upside down, and the files in reverse order. */
static void
shuffle(const char *dir)
{
	struct mx_error err = { 0 };
	struct mx_paths paths;

	cr_assert_eq(mx_paths_list(dir, "rules", &paths, &err), MX_OK, "%s", err.text);
	for (size_t i = 0; i < paths.count; i++) {
		const char *from = paths.items[i] + strlen(dir) + 1;
		char *to = mx_asprintf("rules/%03zu.yaml", paths.count - i);
		char *text = taxonomy_read(dir, from);
		char *reversed = reverse_rows(text);

		taxonomy_write(dir, to, reversed);
		cr_assert_eq(remove(paths.items[i]), 0);
		free(reversed);
		free(text);
		free(to);
	}
	mx_paths_clear(&paths);
}

static void
expect_same(const struct mx_rules *a, const struct mx_rules *b, const char *sample)
{
	struct mx_identity identity = dialogue_identity();
	struct mx_reply_facts reply;
	struct mx_finding first, second;
	char *text;

	cr_assert(mx_sample_parse(sample, &reply, &text));
	mx_classify(a, &identity, &reply, &first);
	mx_classify(b, &identity, &reply, &second);
	cr_assert_str_eq(first.category, second.category, "%s", sample);
	cr_assert_str_eq(first.rule != NULL ? first.rule : "",
	    second.rule != NULL ? second.rule : "", "%s", sample);
	cr_assert_float_eq(first.confidence, second.confidence, 0, "%s", sample);
	cr_assert_eq(first.candidate_count, second.candidate_count, "%s", sample);
	mx_finding_clear(&first);
	mx_finding_clear(&second);
	free(text);
}

Test(rules, give_the_same_answers_in_any_order)
{
	struct mx_error err = { 0 };
	struct mx_catalogue *catalogue;
	const struct mx_rules *rules = dialogue_rules();
	char *dir = taxonomy_copy();
	struct mx_rules *shuffled;

	shuffle(dir);
	shuffled = load_from(dir, &catalogue, &err);
	cr_assert_not_null(shuffled, "%s", err.text);
	cr_assert_eq(shuffled->count, rules->count);
	for (size_t i = 0; i < rules->count; i++) {
		const struct mx_rule_samples *samples = &rules->rules[i].row->samples;

		for (unsigned k = 0; k < samples->positive_count; k++)
			expect_same(rules, shuffled, samples->positive[k]);
		for (unsigned k = 0; k < samples->negative_count; k++)
			expect_same(rules, shuffled, samples->negative[k]);
	}
	mx_rules_free(shuffled);
	mx_catalogue_free(catalogue);
	taxonomy_remove(dir);
}

/* ---- samples as text ---- */

Test(rules, samples_are_read_as_people_paste_replies)
{
	struct mx_reply_facts reply;
	char *text;

	cr_assert(mx_sample_parse("rcpt: 550 5.1.1 No such user", &reply, &text));
	cr_assert_eq(reply.stage, MX_STAGE_RCPT);
	cr_assert_eq(reply.code, 550);
	cr_assert_eq(reply.enhanced.detail, 1);
	cr_assert_str_eq(reply.text, "No such user");
	free(text);
	cr_assert(mx_sample_parse("220-Welcome\n521 5.7.1 Go away", &reply, &text));
	cr_assert_eq(reply.stage, MX_STAGE_COUNT);
	cr_assert_eq(reply.code, 521);
	cr_assert_not_null(strstr(reply.text, "Welcome"));
	cr_assert_not_null(strstr(reply.text, "Go away"));
	free(text);
	cr_assert_not(mx_sample_parse("No code at all", &reply, &text));
	free(text);
	cr_assert_not(mx_sample_parse("", &reply, &text));
	free(text);
}
