/* test_recall.c - readings come back for the same circumstances alone, and memory is bounded. */
#include "probe/verdict/recall.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

TestSuite(recall, .timeout = 20);

static const struct mx_provider *const here = (const void *)"here";
static const struct mx_provider *const there = (const void *)"there";

struct question {
	struct mx_normal normal;
	struct mx_circumstances circumstances;
};

static void
ask(struct question *question, const char *text)
{
	const struct mx_enhanced enhanced = { .klass = 5, .subject = 7, .detail = 1 };

	mx_normal_init(&question->normal, text, strlen(text), 550, &enhanced);
	question->circumstances = (struct mx_circumstances){
		.normal = &question->normal,
		.provider = here,
		.stage = MX_STAGE_RCPT,
		.code = 550,
	};
}

static bool
knows(struct mx_recall *recall, const struct question *question)
{
	return mx_recall_find(recall, &question->circumstances) != NULL;
}

static void
keep(struct mx_recall *recall, const char *text, long delay_s)
{
	const struct mx_reading reading = { .delay_s = delay_s };
	struct question question;

	ask(&question, text);
	if (!knows(recall, &question))
		mx_recall_keep(recall, &question.circumstances, &reading);
	mx_normal_clear(&question.normal);
}

static long
recalled(struct mx_recall *recall, const char *text)
{
	const struct mx_reading *reading;
	struct question question;

	ask(&question, text);
	reading = mx_recall_find(recall, &question.circumstances);
	mx_normal_clear(&question.normal);
	return reading != NULL ? reading->delay_s : -1;
}

Test(recall, knows_a_sentence_again_whoever_it_is_said_to)
{
	struct mx_recall *recall = mx_recall_new();

	cr_assert_eq(recalled(recall, "203.0.113.5 is blocked"), -1);
	keep(recall, "203.0.113.5 is blocked", 7);
	keep(recall, "203.0.113.5 is banned", 8);
	cr_assert_eq(recalled(recall, "192.0.2.1 is blocked"), 7);
	cr_assert_eq(recalled(recall, "192.0.2.1 is banned"), 8);
	cr_assert_eq(recalled(recall, "192.0.2.1 is blocked!"), -1);
	mx_recall_free(recall);
}

Test(recall, any_other_circumstance_is_another_sentence)
{
	struct mx_recall *recall = mx_recall_new();
	struct question question;

	keep(recall, "blocked", 7);
	ask(&question, "blocked");
	cr_assert(knows(recall, &question));
	question.circumstances.code = 450;
	cr_assert_not(knows(recall, &question));
	question.circumstances.code = 550;
	question.circumstances.stage = MX_STAGE_MAIL;
	cr_assert_not(knows(recall, &question));
	question.circumstances.stage = MX_STAGE_RCPT;
	question.circumstances.provider = there;
	cr_assert_not(knows(recall, &question));
	question.circumstances.provider = NULL;
	cr_assert_not(knows(recall, &question));
	question.circumstances.provider = here;
	question.normal.enhanced.detail = 2;
	cr_assert_not(knows(recall, &question));
	question.normal.enhanced.detail = 1;
	cr_assert(knows(recall, &question));
	mx_normal_clear(&question.normal);
	mx_recall_free(recall);
}

Test(recall, forgets_what_was_asked_for_longest_ago)
{
	struct mx_recall *recall = mx_recall_new();
	size_t known = 0;

	keep(recall, "the first", 1);
	for (int i = 0; i < 4 * MX_RECALL_WORDINGS; i++) {
		char *text = mx_asprintf("sentence %d", i);

		keep(recall, text, i);
		free(text);
		cr_assert_eq(recalled(recall, "the first"), 1, "after %d", i);
	}
	for (int i = 0; i < 4 * MX_RECALL_WORDINGS; i++) {
		char *text = mx_asprintf("sentence %d", i);

		known += recalled(recall, text) == i;
		free(text);
	}
	cr_assert_leq(known, MX_RECALL_WORDINGS);
	cr_assert_gt(known, MX_RECALL_WORDINGS * 9 / 10);
	mx_recall_free(recall);
}

Test(recall, keeps_no_long_text)
{
	struct mx_recall *recall = mx_recall_new();
	char text[MX_RECALL_LONGEST + 2];

	memset(text, 'x', sizeof text - 1);
	text[MX_RECALL_LONGEST + 1] = '\0';
	keep(recall, text, 7);
	cr_assert_eq(recalled(recall, text), -1);
	text[MX_RECALL_LONGEST] = '\0';
	keep(recall, text, 8);
	cr_assert_eq(recalled(recall, text), 8);
	mx_recall_free(recall);
}
