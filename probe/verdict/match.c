/* match.c - the matcher says which rules may hit; each that does adds its evidence. The order of
 * rules means nothing here. */
#include <ctype.h>
#include <string.h>

#include "probe/verdict/matcher.h"

/* At the provider a rule was written for its words are worth half the doubt; at
 * another known one they may be quoted or borrowed. */
#define DOUBT_AT_HOME 0.5
#define BORROWED 0.85
/* A rule that holds at certain stages, and we don't know the stage. */
#define STAGE_UNKNOWN 0.7
/* Nobody judges a recipient or a message before it was named. */
#define TOO_EARLY 0.5

const struct mx_provider *
mx_rules_provider(const struct mx_rules *rules, const struct mx_identity *identity)
{
	if (identity->provider != NULL)
		return identity->provider;
	if (identity->mx_host == NULL)
		return NULL;
	return mx_catalogue_provider_by_mx(rules->catalogue, identity->mx_host);
}

static bool
same_house(const struct mx_provider *a, const struct mx_provider *b)
{
	return a == b || (a->authority != NULL && b->authority != NULL &&
			     strcmp(a->authority, b->authority) == 0);
}

/* A host of this domain, or a page there; an address of a mailbox is nobody's mark. */
static bool
names_host(const char *text, const char *domain)
{
	size_t len;

	domain += *domain == '.';
	len = strlen(domain);
	for (const char *at = strstr(text, domain); at != NULL;
	     at = strstr(at + 1, domain)) {
		unsigned char before = at > text ? (unsigned char)at[-1] : ' ';
		unsigned char behind = (unsigned char)at[len];

		if (before != '@' && before != '-' && !isalnum(before) && behind != '-' &&
		    !isalnum(behind))
			return true;
	}
	return false;
}

/* Nobody told us where we are, but the words name the provider's hosts or pages. */
static bool
is_marked(const struct mx_provider *provider, const struct mx_normal *normal)
{
	for (size_t i = 0; i < provider->mx_suffix_count; i++)
		if (names_host(normal->wording.text, provider->mx_suffixes[i]))
			return true;
	for (size_t i = 0; i < provider->domain_count; i++)
		if (names_host(normal->wording.text, provider->domains[i]))
			return true;
	return false;
}

static bool
is_there(const struct mx_rule *rule, const struct mx_provider *provider,
    const struct mx_normal *normal)
{
	if (rule->row->only_there != MX_YES || rule->provider == provider)
		return true;
	return provider == NULL && is_marked(rule->provider, normal);
}

static bool
may_apply(
    const struct mx_rule *rule, const struct mx_provider *provider, enum mx_stage stage)
{
	if (rule->row->only_there == MX_YES && provider != NULL &&
	    rule->provider != provider)
		return false;
	return rule->stage_mask == 0 || stage == MX_STAGE_COUNT ||
	       (rule->stage_mask & 1U << stage) != 0;
}

static void
take_captures(
    const struct mx_pattern *pattern, pcre2_match_data *match, struct mx_evidence *out)
{
	const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(match);
	uint32_t pairs = pcre2_get_ovector_count(match);

	out->length = offsets[1] - offsets[0];
	for (int i = 0; i < MX_CAPTURE_COUNT; i++) {
		size_t group = pattern->groups[i];

		if (group == 0 || group >= pairs || offsets[2 * group] == PCRE2_UNSET)
			continue;
		out->captures[i] = (struct mx_span){
			.at = offsets[2 * group],
			.len = offsets[2 * group + 1] - offsets[2 * group],
		};
	}
}

/* The first pattern that hits gives length and captures; a rule without patterns rests on its
 * codes alone. */
static bool
words_hit(const struct mx_rules *rules, const struct mx_rule *rule,
    const struct mx_normal *normal, struct mx_evidence *out)
{
	size_t index = (size_t)(rule - rules->rules);

	for (unsigned i = mx_matcher_pattern(rules, index, 0);
	     i < rule->row->pattern_count; i = mx_matcher_pattern(rules, index, i + 1))
		if (mx_matcher_hits(rules, &rule->patterns[i], normal)) {
			take_captures(
			    &rule->patterns[i], mx_matcher_runner(rules)->match, out);
			return true;
		}
	return rule->row->pattern_count == 0;
}

static bool
words_forbid(const struct mx_rules *rules, const struct mx_rule *rule,
    const struct mx_normal *normal)
{
	for (unsigned i = 0; i < rule->row->without_count; i++)
		if (mx_matcher_hits(rules, &rule->without[i], normal))
			return true;
	return false;
}

static double
weight_here(
    const struct mx_rule *rule, const struct mx_provider *provider, enum mx_stage stage)
{
	double weight = rule->weight;

	if (rule->provider != NULL && provider != NULL)
		weight = same_house(rule->provider, provider)
			     ? 1 - (1 - weight) * DOUBT_AT_HOME
			     : weight * BORROWED;
	if (rule->stage_mask != 0 && stage == MX_STAGE_COUNT)
		weight *= STAGE_UNKNOWN;
	if (stage < MX_STAGE_MAIL && (strcmp(rule->category->family, "recipient") == 0 ||
					 strcmp(rule->category->family, "content") == 0))
		weight *= TOO_EARLY;
	return weight;
}

/* Words of anybody that blame us without saying whose list or score it is: "your IP
 * is blacklisted", "poor reputation", "you are sending spam". Where a list is
 * mentioned, it is that one's doing. */
static bool
is_nobodys(const struct mx_rule *rule)
{
	static const char *const vague[] = { "blocklist_own", "reputation_ip",
		"reputation_volume" };

	if (rule->provider != NULL || rule->row->authority != NULL)
		return false;
	for (size_t i = 0; i < sizeof vague / sizeof *vague; i++)
		if (strcmp(rule->category->id, vague[i]) == 0)
			return true;
	return false;
}

/*
 * Of what a named list is, the list table knows more than the rule: "blocked using
 * ee.countries.nerd.dk" has a blocklist's words and is none, and "Your IP is
 * blacklisted, see spamhaus.org" is not the receiver's own.
 */
static void
take_list(const struct mx_rules *rules, const struct mx_normal *normal,
    const struct mx_mention *mention, struct mx_evidence *evidence)
{
	const struct mx_span *zone = &evidence->captures[MX_CAPTURE_ZONE];
	bool nobodys = is_nobodys(evidence->rule);

	evidence->list = evidence->rule->list;
	if (evidence->list != NULL || (zone->len == 0 && !nobodys))
		return;
	evidence->list = mx_mention_find(rules, mention, normal, zone);
	if (evidence->list != NULL &&
	    (nobodys || !mx_mention_is_blocklist(evidence->list)))
		evidence->category = mx_mention_category(rules, evidence->list);
}

static void
add(const struct mx_rules *rules, const struct mx_rule *rule,
    const struct mx_provider *provider, enum mx_stage stage,
    const struct mx_normal *normal, struct mx_evidence evidence,
    struct mx_evidence_set *set)
{
	if (set->count == MX_EVIDENCE_MAX)
		return;
	evidence.category = rule->category;
	evidence.rule = rule;
	evidence.rule_id = rule->row->id;
	evidence.weight = weight_here(rule, provider, stage);
	take_list(rules, normal, &set->mention, &evidence);
	set->items[set->count++] = evidence;
}

void
mx_match_reply(const struct mx_rules *rules, const struct mx_circumstances *circumstances,
    struct mx_evidence_set *out)
{
	const struct mx_normal *normal = circumstances->normal;
	const struct mx_provider *provider = circumstances->provider;
	enum mx_stage stage = circumstances->stage;

	out->count = 0;
	mx_matcher_read(rules, normal);
	mx_matcher_admit(rules, circumstances->code, &normal->enhanced);
	out->mention = mx_mention_read(rules, normal);
	for (size_t i = mx_matcher_rule(rules, 0); i < rules->count;
	     i = mx_matcher_rule(rules, i + 1)) {
		const struct mx_rule *rule = &rules->rules[i];
		struct mx_evidence evidence = { 0 };

		if (may_apply(rule, provider, stage) &&
		    words_hit(rules, rule, normal, &evidence) &&
		    !words_forbid(rules, rule, normal) &&
		    is_there(rule, provider, normal))
			add(rules, rule, provider, stage, normal, evidence, out);
	}
}
