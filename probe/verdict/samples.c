/* samples.c - every rule proves itself on its own samples: classifiers whose rules
 * were never run against their own examples carry dead ones for years. */
#include "probe/verdict/samples.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/catalogue/files.h"
#include "probe/verdict/ruleset.h"

#define REPORT_MAX (1 << 20)

/* ---- a sample becomes a reply ---- */

static const char *
skip_stage(const char *sample, enum mx_stage *stage)
{
	size_t len = strcspn(sample, ": ");
	char *word;

	*stage = MX_STAGE_COUNT;
	if (sample[len] != ':' || sample[len + 1] != ' ')
		return sample;
	word = mx_strndup(sample, len);
	if (!mx_stage_from_name(word, stage))
		*stage = MX_STAGE_COUNT;
	free(word);
	return *stage == MX_STAGE_COUNT ? sample : sample + len + 2;
}

static int
code_of(const char *line)
{
	if (!isdigit((unsigned char)line[0]) || !isdigit((unsigned char)line[1]) ||
	    !isdigit((unsigned char)line[2]) || strchr(" -", line[3]) == NULL)
		return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

/* The transcript knows how lines become one text; it is asked rather than imitated. */
static struct mx_transcript *
transcribe(const char *lines, struct mx_reply_record *reply)
{
	struct mx_transcript *transcript = mx_transcript_new();

	*reply = (struct mx_reply_record){ .stage = MX_STAGE_BANNER };
	while (*lines != '\0') {
		size_t len = strcspn(lines, "\n");

		mx_transcript_add(
		    transcript, 0, MX_STAGE_BANNER, MX_FROM_SERVER, lines, len);
		if (reply->lines++ == 0 && len > 4)
			mx_enhanced_parse(lines + 4, len - 4, &reply->enhanced);
		reply->code = code_of(lines);
		lines += len + (lines[len] == '\n');
	}
	return transcript;
}

bool
mx_sample_parse(const char *sample, struct mx_reply_facts *reply, char **text)
{
	struct mx_reply_record record;
	struct mx_transcript *transcript;

	*reply = (struct mx_reply_facts){ .stage = MX_STAGE_COUNT };
	transcript = transcribe(skip_stage(sample, &reply->stage), &record);
	*text = mx_reply_text(transcript, &record, false);
	reply->code = record.code;
	reply->enhanced = record.enhanced;
	reply->text = *text;
	reply->len = strlen(*text);
	mx_transcript_free(transcript);
	return reply->code != 0;
}

/* ---- and is held against its rule ---- */

struct trial {
	const struct mx_rules *rules;
	const struct mx_rule *rule;
	struct mx_buf report;
	size_t ran, failed;
};

static void
complain(struct trial *trial, const char *sample, const char *what, const char *instead)
{
	trial->failed++;
	(void)mx_buf_addf(&trial->report, "%s:%u: samples: %s%s (in %s): %s\n",
	    trial->rule->path,
	    mx_row_line(trial->rule->path, trial->rule->row->id, "samples", NULL), what,
	    instead != NULL ? instead : "", trial->rule->row->id, sample);
}

bool
mx_sample_hits(const struct mx_rules *rules, const struct mx_rule *rule,
    const struct mx_reply_facts *reply)
{
	struct mx_evidence_set set;
	struct mx_normal normal;
	const struct mx_circumstances circumstances = {
		.normal = &normal,
		.provider = rule->provider,
		.stage = reply->stage,
		.code = reply->code,
	};
	bool hit = false;

	mx_normal_init(&normal, reply->text, reply->len, reply->code, &reply->enhanced);
	mx_match_reply(rules, &circumstances, &set);
	for (size_t i = 0; i < set.count; i++)
		hit = hit || set.items[i].rule == rule;
	mx_normal_clear(&normal);
	return hit;
}

/* A hit is not enough: after weighing against all other rules the category must stand. */
static void
check_category(struct trial *trial, const struct mx_identity *identity,
    const struct mx_reply_facts *reply, const char *sample)
{
	struct mx_finding finding;

	mx_classify(trial->rules, identity, reply, &finding);
	if (strcmp(finding.category, trial->rule->category->id) != 0)
		complain(trial, sample, "the reply is classified as ", finding.category);
	mx_finding_clear(&finding);
}

static void
try_sample(struct trial *trial, const char *sample, bool positive)
{
	const struct mx_identity identity = { .provider = trial->rule->provider };
	struct mx_reply_facts reply;
	char *text;

	trial->ran++;
	if (!mx_sample_parse(sample, &reply, &text))
		complain(trial, sample, "no reply code at its start", NULL);
	else if (mx_sample_hits(trial->rules, trial->rule, &reply) != positive)
		complain(trial, sample,
		    positive ? "the rule does not hit" : "the rule hits what it must not",
		    NULL);
	else if (positive && trial->rule->weight >= 0.5)
		check_category(trial, &identity, &reply, sample);
	free(text);
}

size_t
mx_rules_test(const struct mx_rules *rules, size_t *ran, char **report)
{
	struct trial trial = { .rules = rules };

	mx_buf_init(&trial.report, REPORT_MAX);
	for (size_t i = 0; i < rules->count; i++) {
		const struct mx_rule_samples *samples = &rules->rules[i].row->samples;

		trial.rule = &rules->rules[i];
		for (unsigned k = 0; k < samples->positive_count; k++)
			try_sample(&trial, samples->positive[k], true);
		for (unsigned k = 0; k < samples->negative_count; k++)
			try_sample(&trial, samples->negative[k], false);
	}
	*ran = trial.ran;
	*report = trial.failed > 0 ? mx_buf_take(&trial.report) : NULL;
	mx_buf_clear(&trial.report);
	return trial.failed;
}
