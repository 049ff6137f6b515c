#include "probe/verdict/pack.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/hash.h"
#include "probe/base/mem.h"
#include "probe/base/yaml.h"
#include "probe/base/yaml_pack.h"
#include "probe/verdict/matcher.h"
#include "probe/verdict/rule_schema.h"
#include "tests/support/taxonomy.h"

TestSuite(pack, .timeout = 300);

struct loaded {
	struct mx_catalogue *catalogue;
	struct mx_rules *rules;
};

static struct loaded
load(const char *dir)
{
	struct mx_error err = { 0 };
	struct loaded loaded = { .catalogue = mx_catalogue_load(dir, &err) };

	cr_assert_not_null(loaded.catalogue, "%s", err.text);
	loaded.rules = mx_rules_load(loaded.catalogue, &err);
	cr_assert_not_null(loaded.rules, "%s", err.text);
	return loaded;
}

static void
unload(struct loaded loaded)
{
	mx_rules_free(loaded.rules);
	mx_catalogue_free(loaded.catalogue);
}

static char *
image_of(const char *dir)
{
	struct mx_error err = { 0 };
	char *path = mx_asprintf("%s.image", dir);

	cr_assert_eq(mx_pack_taxonomy(dir, path, &err), MX_OK, "%s", err.text);
	return path;
}

static size_t
samples_that_fail(const struct loaded *loaded, size_t *ran)
{
	char *report;
	size_t failed = mx_rules_test(loaded->rules, ran, &report);

	free(report);
	return failed;
}

/* All patterns of all rules; how many of them wait to be compiled. */
static size_t
patterns_not_compiled(const struct mx_rules *rules, size_t *all)
{
	size_t waiting = 0;

	*all = 0;
	for (size_t i = 0; i < rules->count; i++)
		for (unsigned k = 0; k < rules->rules[i].row->pattern_count; k++) {
			waiting += rules->rules[i].patterns[k].anywhere.code == NULL;
			++*all;
		}
	return waiting;
}

Test(pack, an_image_gives_the_same_rules_and_saves_the_work)
{
	char *dir = taxonomy_copy();
	struct loaded plain = load(dir), quick;
	char *image = image_of(dir);
	size_t ran_plain, ran_quick, all, failed;

	/* asked first: so many samples as there are make the matcher weave a sieve of its own */
	cr_assert_null(mx_matcher_sieve(plain.rules));
	failed = samples_that_fail(&plain, &ran_plain);
	quick = load(dir);
	cr_assert_eq(quick.rules->count, plain.rules->count);
	if (mx_sieve_possible()) {
		cr_assert_not_null(mx_matcher_sieve(quick.rules));
		cr_assert_eq(patterns_not_compiled(quick.rules, &all), all);
	}
	cr_assert_eq(samples_that_fail(&quick, &ran_quick), failed);
	cr_assert_eq(ran_quick, ran_plain);
	unload(plain);
	unload(quick);
	(void)unlink(image);
	free(image);
	taxonomy_remove(dir);
}

Test(pack, a_rule_that_the_image_does_not_know_works_beside_it)
{
	static const char rule[] = "- id: test.own\n"
				   "  patterns: ['quuxly (?<value>\\S+)']\n"
				   "  category: policy_other\n"
				   "  source: here\n"
				   "  samples:\n"
				   "    positive: [\"550 quuxly refused\"]\n";
	const struct mx_identity nobody = { 0 };
	const struct mx_reply_facts reply = { .stage = MX_STAGE_COUNT,
		.code = 550,
		.text = "a quuxly thing",
		.len = strlen("a quuxly thing") };
	char *dir = taxonomy_copy();
	char *image = image_of(dir);
	struct mx_finding finding;
	struct loaded loaded;

	taxonomy_write(dir, "rules/zz.yaml", rule);
	loaded = load(dir);
	cr_assert_eq(mx_matcher_sieve(loaded.rules) != NULL, mx_sieve_possible());
	mx_classify(loaded.rules, &nobody, &reply, &finding);
	cr_assert_str_eq(finding.rule, "test.own");
	mx_finding_clear(&finding);
	unload(loaded);
	(void)unlink(image);
	free(image);
	taxonomy_remove(dir);
}

Test(pack, a_broken_rule_is_told_with_an_image_too)
{
	struct mx_error err = { 0 };
	char *dir = taxonomy_copy();
	char *image = image_of(dir);
	struct mx_catalogue *catalogue;

	taxonomy_edit(dir, "rules/yahoo.yaml", "patterns: [", "patterns: ['(oops', ");
	catalogue = mx_catalogue_load(dir, &err);
	cr_assert_not_null(catalogue);
	cr_assert_null(mx_rules_load(catalogue, &err));
	cr_assert_not_null(strstr(err.text, "rules/yahoo.yaml"), "%s", err.text);
	mx_catalogue_free(catalogue);
	(void)unlink(image);
	free(image);
	taxonomy_remove(dir);
}

/* ---- bytes that nobody wrote: the image's hash is not what keeps us from harm ---- */

Test(pack, rows_from_altered_bytes_are_refused_or_well_formed)
{
	char *dir = taxonomy_copy();
	char *text = taxonomy_read(dir, "rules/yahoo.yaml");
	struct mx_buf packed;
	void *rows;
	unsigned count, refused = 0;
	uint64_t random = 1;

	mx_buf_init(&packed, 1 << 20);
	cr_assert_eq(mx_yaml_load_text("yahoo", text, strlen(text), &mx_rules_schema,
			 &rows, &count, NULL),
	    MX_OK);
	cr_assert(mx_yaml_pack(&mx_rules_schema, rows, count, &packed));
	mx_yaml_free(&mx_rules_schema, rows, count);
	for (size_t cut = 0; cut < packed.len; cut++)
		cr_assert_not(
		    mx_yaml_unpack(&mx_rules_schema, packed.data, cut, &rows, &count));
	for (int i = 0; i < 20000; i++) {
		size_t at;
		char kept;

		random = mx_hash(&random, sizeof random, (uint64_t)i);
		at = random % packed.len;
		kept = packed.data[at];
		packed.data[at] = (char)(kept ^ 1 << (random >> 40) % 8);
		if (mx_yaml_unpack(
			&mx_rules_schema, packed.data, packed.len, &rows, &count))
			mx_yaml_free(&mx_rules_schema, rows, count);
		else
			refused++;
		packed.data[at] = kept;
	}
	cr_assert_gt(refused, 100);
	cr_assert(
	    mx_yaml_unpack(&mx_rules_schema, packed.data, packed.len, &rows, &count));
	mx_yaml_free(&mx_rules_schema, rows, count);
	mx_buf_clear(&packed);
	free(text);
	taxonomy_remove(dir);
}

Test(pack, a_sieve_from_altered_bytes_is_refused)
{
	static const char *const texts[] = { "blocked.{0,200}using", "rate limit",
		"\\bspam\\b", "(?!x)y+z", "\\d+", "rate limit" };
	struct mx_sieve *sieve =
			    mx_sieve_weave(texts, sizeof texts / sizeof *texts, NULL, 0),
			*again;
	struct mx_buf saved;

	if (sieve == NULL)
		cr_skip("built without vectorscan");
	mx_buf_init(&saved, 1 << 20);
	cr_assert(mx_sieve_save(sieve, &saved));
	again = mx_sieve_load(saved.data, saved.len);
	cr_assert_not_null(again);
	cr_assert_eq(mx_sieve_count(again), 5);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_assert_eq(
		    mx_sieve_mesh(again, texts[i]), mx_sieve_mesh(sieve, texts[i]));
	cr_assert_eq(mx_sieve_mesh(again, "\\d+"), MX_SIEVE_NONE);
	cr_assert_eq(mx_sieve_mesh(again, "unheard of"), MX_SIEVE_NONE);
	mx_sieve_free(again);
	for (size_t cut = 0; cut < saved.len; cut += 1 + saved.len / 300)
		cr_assert_null(mx_sieve_load(saved.data, cut));
	for (size_t at = 0; at < saved.len; at += at < 128 ? 1 : 1 + saved.len / 500) {
		saved.data[at] = (char)(saved.data[at] ^ 0x10);
		cr_assert_null(mx_sieve_load(saved.data, saved.len), "byte %zu", at);
		saved.data[at] = (char)(saved.data[at] ^ 0x10);
	}
	mx_sieve_free(sieve);
	mx_buf_clear(&saved);
}
