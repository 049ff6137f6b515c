/* rule_facts.c - each rule and each list held against the whole set. */
#include "probe/verdict/rule_facts.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/ruleset.h"
#include "probe/verdict/samples.h"

/* What never decides by design is not shadowed: hints and last resorts (see weigh.c). */
#define DECIDES 0.5

size_t
mx_rules_count(const struct mx_rules *rules)
{
	return rules->count;
}

void
mx_rules_facts(const struct mx_rules *rules, size_t index, struct mx_rule_facts *out)
{
	const struct mx_rule *rule = &rules->rules[index];
	const struct mx_rule_row *row = rule->row;

	*out = (struct mx_rule_facts){
		.id = row->id,
		.category = rule->category->id,
		.provider = row->provider,
		.list = row->list,
		.provider_code = row->provider_code,
		.remedy = row->remedy,
		.source = row->source,
		.path = rule->path,
		.positive = (const char *const *)row->samples.positive,
		.negative = (const char *const *)row->samples.negative,
		.positive_count = row->samples.positive_count,
		.negative_count = row->samples.negative_count,
	};
}

const char *
mx_rule_fault_name(enum mx_rule_fault fault)
{
	static const char *const names[MX_RULE_FAULTS] = {
		[MX_RULE_DEAD] = "dead",
		[MX_RULE_OVERLAPPED] = "overlapped",
		[MX_RULE_SHADOWED] = "shadowed",
		[MX_RULE_LIST_UNTESTED] = "untested",
		[MX_RULE_SECONDED] = "seconded",
	};

	return names[fault];
}

bool
mx_rules_classify_sample(const struct mx_rules *rules, const char *provider,
    const char *sample, struct mx_finding *out)
{
	struct mx_identity who = { 0 };
	struct mx_reply_facts reply;
	bool has_code;
	char *text;

	if (provider != NULL)
		who.provider = mx_catalogue_provider(rules->catalogue, provider);
	has_code = mx_sample_parse(sample, &reply, &text);
	if (has_code)
		mx_classify(rules, &who, &reply, out);
	free(text);
	return has_code;
}

struct inspection {
	const struct mx_rules *rules;
	void (*fault)(
	    void *arg, enum mx_rule_fault fault, const char *id, const char *what);
	void *arg;
	size_t count;
	bool *lists; /* by index: a sample or a reply naming it led to it */
};

static void
report(struct inspection *in, enum mx_rule_fault fault, const char *id, const char *what)
{
	in->count += fault != MX_RULE_SECONDED;
	in->fault(in->arg, fault, id, what);
}

static void
note_list(struct inspection *in, const char *name)
{
	size_t count;
	const struct mx_list *lists = mx_catalogue_lists(in->rules->catalogue, &count);

	for (size_t i = 0; name != NULL && i < count; i++)
		if (strcmp(lists[i].name, name) == 0)
			in->lists[i] = true;
}

struct outcome {
	bool same_category, decided;
	bool keeps; /* all that the rule says stands in the finding, whoever decided */
	const char *rule;
};

static bool
stands(const char *said, const char *found)
{
	return said == NULL || (found != NULL && strcmp(said, found) == 0);
}

static bool
keeps_all(const struct mx_rule *rule, const struct mx_finding *finding)
{
	const struct mx_rule_row *row = rule->row;
	const char *lasting = row->permanence == 0     ? NULL
			      : row->permanence == '5' ? "permanent"
						       : "temporary";

	return stands(rule->category->id, finding->category) &&
	       stands(rule->list != NULL ? rule->list->name : NULL, finding->list) &&
	       stands(row->provider_code, finding->provider_code) &&
	       stands(row->remedy, finding->remedy) &&
	       stands(lasting, finding->permanence);
}

static struct outcome
try_sample(struct inspection *in, const struct mx_rule *rule, const char *sample)
{
	struct outcome outcome = { false, false, false, NULL };
	struct mx_finding finding;

	if (!mx_rules_classify_sample(in->rules, rule->row->provider, sample, &finding))
		return outcome;
	note_list(in, finding.list);
	outcome.rule = finding.rule;
	outcome.keeps = keeps_all(rule, &finding);
	outcome.same_category = strcmp(finding.category, rule->category->id) == 0;
	outcome.decided =
	    finding.rule != NULL && strcmp(finding.rule, rule->row->id) == 0;
	mx_finding_clear(&finding);
	return outcome;
}

static bool
hits_any(const struct inspection *in, const struct mx_rule *rule)
{
	bool hit = false;

	for (unsigned i = 0; i < rule->row->samples.positive_count && !hit; i++) {
		struct mx_reply_facts reply;
		char *text;

		hit = mx_sample_parse(rule->row->samples.positive[i], &reply, &text) &&
		      mx_sample_hits(in->rules, rule, &reply);
		free(text);
	}
	return hit;
}

static void
inspect_rule(struct inspection *in, const struct mx_rule *rule)
{
	const struct mx_rule_samples *samples = &rule->row->samples;
	size_t decided = 0, kept = 0;
	const char *instead = NULL;

	if (samples->positive_count > 0 && !hits_any(in, rule)) {
		report(in, MX_RULE_DEAD, rule->row->id, "it hits none of its samples");
		return;
	}
	for (unsigned i = 0; i < samples->positive_count; i++) {
		struct outcome outcome = try_sample(in, rule, samples->positive[i]);

		decided += outcome.decided;
		kept += outcome.keeps;
		if (!outcome.decided)
			instead = outcome.rule;
		if (!outcome.same_category && rule->weight >= DECIDES) {
			char *what = mx_asprintf("%s decides: %s",
			    outcome.rule != NULL ? outcome.rule : "no rule",
			    samples->positive[i]);

			report(in, MX_RULE_OVERLAPPED, rule->row->id, what);
			free(what);
		}
	}
	if (samples->positive_count > 0 && decided == 0 && rule->weight >= DECIDES)
		report(in,
		    kept == samples->positive_count ? MX_RULE_SECONDED : MX_RULE_SHADOWED,
		    rule->row->id, instead != NULL ? instead : "no rule decides");
}

/* A part that only its list's return code tells has no name to be tested by. */
static bool
is_named(const struct mx_list *list)
{
	return list->zone_count + list->brand_count > 0 || list->part_of == NULL;
}

/* As receivers put it: by zone or by name. A domain list names a domain. */
static void
try_name(struct inspection *in, const struct mx_list *list, const char *name)
{
	bool is_ip = strcmp(list->kind, "ip") == 0;
	char *sample =
	    mx_asprintf("550 5.7.1 Service unavailable; %s [%s] blocked using %s",
		is_ip ? "Client host" : "Sender address",
		is_ip ? "192.0.2.1" : "user@example.com", name);
	struct mx_finding finding;

	if (mx_rules_classify_sample(in->rules, NULL, sample, &finding)) {
		note_list(in, finding.list);
		mx_finding_clear(&finding);
	}
	free(sample);
}

static void
inspect_lists(struct inspection *in)
{
	size_t count;
	const struct mx_list *lists = mx_catalogue_lists(in->rules->catalogue, &count);

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < lists[i].zone_count && !in->lists[i]; k++)
			try_name(in, &lists[i], lists[i].zones[k]);
		for (size_t k = 0; k < lists[i].brand_count && !in->lists[i]; k++)
			try_name(in, &lists[i], lists[i].brands[k]);
		if (!in->lists[i] && is_named(&lists[i]) &&
		    mx_mention_is_blocklist(&lists[i])) {
			char *id = mx_asprintf("list.%s", lists[i].id);

			report(in, MX_RULE_LIST_UNTESTED, id,
			    "no sample and no reply that names it leads to it");
			free(id);
		}
	}
}

size_t
mx_rules_inspect(const struct mx_rules *rules,
    void (*fault)(void *arg, enum mx_rule_fault fault, const char *id, const char *what),
    void *arg)
{
	struct inspection in = { .rules = rules, .fault = fault, .arg = arg };
	size_t lists;

	(void)mx_catalogue_lists(rules->catalogue, &lists);
	in.lists = mx_calloc(lists + 1, sizeof *in.lists);
	for (size_t i = 0; i < rules->count; i++)
		inspect_rule(&in, &rules->rules[i]);
	inspect_lists(&in);
	free(in.lists);
	return in.count;
}
