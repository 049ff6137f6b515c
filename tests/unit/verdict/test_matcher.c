#include "probe/verdict/matcher.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/reading.h"
#include "probe/verdict/samples.h"
#include "tests/unit/verdict/dialogue.h"

TestSuite(matcher, .timeout = 300, .init = dialogue_load, .fini = dialogue_unload);

/* ---- two findings, field by field ---- */

static void
same_text(const char *field, const char *reply, const char *a, const char *b)
{
	cr_assert((a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0),
	    "%s: \"%s\" by one, \"%s\" by the other: %s", field, a != NULL ? a : "NULL",
	    b != NULL ? b : "NULL", reply);
}

static void
same_number(const char *field, const char *reply, double a, double b)
{
	cr_assert(!(a < b) && !(a > b), "%s: %.17g by one, %.17g by the other: %s", field,
	    a, b, reply);
}

static void
same_finding(const char *reply, const struct mx_finding *a, const struct mx_finding *b)
{
	same_text("text", reply, a->text, b->text);
	same_text("category", reply, a->category, b->category);
	same_text("about", reply, a->about, b->about);
	same_text("permanence", reply, a->permanence, b->permanence);
	same_text("authority", reply, a->authority, b->authority);
	same_text("list", reply, a->list, b->list);
	same_text("provider_code", reply, a->provider_code, b->provider_code);
	same_text("listed_value", reply, a->listed_value, b->listed_value);
	same_text("delist_url", reply, a->delist_url, b->delist_url);
	same_text("rule", reply, a->rule, b->rule);
	same_text("remedy", reply, a->remedy, b->remedy);
	same_number(
	    "retry_after_s", reply, (double)a->retry_after_s, (double)b->retry_after_s);
	same_number("query_error", reply, a->query_error, b->query_error);
	same_number("confidence", reply, a->confidence, b->confidence);
	same_number(
	    "candidates", reply, (double)a->candidate_count, (double)b->candidate_count);
	for (size_t i = 0; i < a->candidate_count; i++) {
		same_text("candidate", reply, a->candidates[i].category,
		    b->candidates[i].category);
		same_text("candidate's rule", reply, a->candidates[i].rule,
		    b->candidates[i].rule);
		same_number("candidate's confidence", reply, a->candidates[i].confidence,
		    b->candidates[i].confidence);
	}
}

/* ---- every sample, kept as the loop answers, then asked again ---- */

struct answer {
	char *sample;
	struct mx_finding finding;
	const struct mx_provider *provider;
};

struct answers {
	struct answer *items;
	size_t count;
};

static void
classify(const char *sample, const struct mx_provider *provider, struct mx_finding *out)
{
	const struct mx_identity identity = { .provider = provider,
		.helo = "mail.example.jp" };
	struct mx_reply_facts reply;
	char *text;

	(void)mx_sample_parse(sample, &reply, &text);
	mx_classify(dialogue_rules(), &identity, &reply, out);
	free(text);
}

static void
keep(struct answers *answers, const char *sample, const struct mx_provider *provider)
{
	struct answer *answer;

	answers->items = mx_grow(answers->items, answers->count, sizeof *answers->items);
	answer = &answers->items[answers->count++];
	answer->sample = mx_strdup(sample);
	answer->provider = provider;
	classify(sample, provider, &answer->finding);
}

/* Each sample as it is, in capitals, at its provider and at nobody's. */
static void
keep_ways(struct answers *answers, const char *sample, const struct mx_provider *provider)
{
	char *shouted = mx_strdup(sample);
	size_t stage = strcspn(sample, ": ");

	for (char *at = shouted + stage; *at != '\0'; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	keep(answers, sample, NULL);
	keep(answers, sample, provider);
	keep(answers, shouted, NULL);
	free(shouted);
}

static void
keep_samples(struct answers *answers)
{
	const struct mx_rules *rules = dialogue_rules();

	for (size_t i = 0; i < rules->count; i++) {
		const struct mx_rule *rule = &rules->rules[i];
		const struct mx_rule_samples *samples = &rule->row->samples;

		for (unsigned k = 0; k < samples->positive_count; k++)
			keep_ways(answers, samples->positive[k], rule->provider);
		for (unsigned k = 0; k < samples->negative_count; k++)
			keep_ways(answers, samples->negative[k], rule->provider);
	}
}

/* Every zone and brand, alone and with borders that make another word of it. */
static void
keep_needles(struct answers *answers)
{
	static const char *const forms[] = { "554 refused (%s)", "554 %s", "554 my%s",
		"554 %s-x _%s", "554 see http://www.%s/lookup?ip=203.0.113.5",
		"554 %s\xe3\x81\xab" };
	const struct mx_rules *rules = dialogue_rules();

	for (size_t i = 0; i < rules->needle_count; i++)
		for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
			const char *word = rules->needles[i].word;
			struct mx_buf text;

			mx_buf_init(&text, 4096);
			for (const char *at = forms[k]; *at != '\0'; at++)
				if (at[0] == '%' && at[1] == 's')
					at++, (void)mx_buf_addstr(&text, word);
				else
					(void)mx_buf_add(&text, at, 1);
			keep(answers, text.data, NULL);
			mx_buf_clear(&text);
		}
}

/* A sample behind very much else, and random bytes with pieces of samples in them. */
static void
keep_hostile(struct answers *answers)
{
	const struct mx_rules *rules = dialogue_rules();
	uint32_t random = 1;

	for (size_t i = 0; i < rules->count; i += 3) {
		const struct mx_rule_samples *samples = &rules->rules[i].row->samples;
		struct mx_buf text;

		if (samples->positive_count == 0)
			continue;
		mx_buf_init(&text, 1 << 20);
		(void)mx_buf_addstr(&text, "550 ");
		for (unsigned k = 0; k < 40 + i % 7 * 400; k++) {
			char byte;

			random = random * 1664525 + 1013904223;
			byte = (char)(random >> 24);
			if (byte != '\0' && byte != '\n')
				(void)mx_buf_add(&text, &byte, 1);
			if (random % 37 == 0)
				(void)mx_buf_add(&text, samples->positive[0],
				    strlen(samples->positive[0]) * (random >> 8 & 255) /
					255);
		}
		keep(answers, text.data, NULL);
		mx_buf_clear(&text);
	}
}

static void
compare(const struct answers *answers)
{
	for (size_t i = 0; i < answers->count; i++) {
		const struct answer *answer = &answers->items[i];
		struct mx_finding finding;

		classify(answer->sample, answer->provider, &finding);
		same_finding(answer->sample, &answer->finding, &finding);
		mx_finding_clear(&finding);
	}
}

static void
forget(struct answers *answers)
{
	for (size_t i = 0; i < answers->count; i++) {
		mx_finding_clear(&answers->items[i].finding);
		free(answers->items[i].sample);
	}
	free(answers->items);
}

Test(matcher, the_sieve_and_the_loop_give_the_same_findings)
{
	struct answers answers = { 0 };

	mx_reading_recall(dialogue_rules(), false);
	cr_assert(mx_matcher_choose(dialogue_rules(), MX_MATCHING_LOOP));
	keep_samples(&answers);
	keep_needles(&answers);
	keep_hostile(&answers);
	keep(&answers, "550 ", NULL);
	keep(&answers, "550", NULL);
	cr_assert_gt(answers.count, 1500);
	cr_assert_eq(
	    mx_matcher_choose(dialogue_rules(), MX_MATCHING_SIEVE), mx_sieve_possible());
	compare(&answers);
	compare(&answers);
	forget(&answers);
}

Test(matcher, no_locale_changes_an_answer)
{
	static const char *const locales[] = { "C.UTF-8", "tr_TR.UTF-8", "ja_JP.UTF-8",
		"de_DE.ISO-8859-1" };
	struct answers answers = { 0 };

	mx_reading_recall(dialogue_rules(), false);
	(void)mx_matcher_choose(dialogue_rules(), MX_MATCHING_SIEVE);
	keep_samples(&answers);
	for (size_t i = 0; i < sizeof locales / sizeof *locales; i++)
		if (setlocale(LC_ALL, locales[i]) != NULL)
			compare(&answers);
	(void)setlocale(LC_ALL, "C");
	forget(&answers);
}

/* Twice, for the second time everything short is known: from the samples with other clients' addresses,
 * whose answers must quote these, and in another order. */
Test(matcher, what_is_recalled_is_what_would_be_read)
{
	struct answers answers = { 0 };

	(void)mx_matcher_choose(dialogue_rules(), MX_MATCHING_SIEVE);
	mx_reading_recall(dialogue_rules(), false);
	keep_samples(&answers);
	keep_hostile(&answers);
	mx_reading_recall(dialogue_rules(), true);
	for (size_t i = answers.count; i-- > 0;) {
		struct mx_finding finding;
		char *other = mx_strdup(answers.items[i].sample);

		for (char *at = strstr(other, "203.0.113.5"); at != NULL;
		     at = strstr(at, "203.0.113.5"))
			memcpy(at, "192.0.2.250", 11);
		classify(other, answers.items[i].provider, &finding);
		mx_finding_clear(&finding);
		free(other);
	}
	compare(&answers);
	compare(&answers);
	forget(&answers);
}
