/*
 * ruleset.h - compiled rules and the evidence they give; private to verdict/.
 * In:   rows of taxonomy/rules/ (rules.c; schema in rule_schema.c).
 * Out:  for a reply, everything that speaks for some category (match.c, mention.c).
 * Not:  no decision: weigh.c weighs, classify.c fills the finding.
 */
#ifndef MX_VERDICT_RULESET_H
#define MX_VERDICT_RULESET_H

#include "probe/verdict/classify.h"
#include "probe/verdict/codes.h"
#include "probe/verdict/normal.h"
#include "probe/verdict/pattern.h"

/** How much a rule's words prove when they hit; a rule's "strength". */
enum mx_strength {
	MX_STRENGTH_UNSET,   /* strong with a provider, usual without */
	MX_STRENGTH_HINT,    /* a word that often comes along; never decides alone */
	MX_STRENGTH_WEAK,    /* decides when nothing else speaks */
	MX_STRENGTH_USUAL,   /* the sentence means this at nearly every server */
	MX_STRENGTH_STRONG,  /* this provider's own sentence */
	MX_STRENGTH_CERTAIN, /* a code of its own that can mean nothing else */
	MX_STRENGTH_COUNT
};

enum mx_yes_no {
	MX_UNSAID,
	MX_NO,
	MX_YES
};

/** Replies that a rule must hit and must not hit, as an admin would paste them. */
struct mx_rule_samples {
	char **positive, **negative;
	unsigned positive_count, negative_count;
};

/** One row as it stands in the file. */
struct mx_rule_row {
	char *id, *provider, *category, *about, *list, *authority, *provider_code,
	    *delist_url, *remedy, *source;
	enum mx_yes_no only_there, query_error;
	enum mx_strength strength;
	int permanence;         /* 0 unsaid, else '4' or '5' */
	unsigned retry_after_s; /* 0 unsaid */
	enum mx_stage *stages;
	char **codes, **patterns, **without;
	unsigned stage_count, code_count, pattern_count, without_count;
	struct mx_rule_samples samples;
};

struct mx_rule {
	const struct mx_rule_row *row;
	const char *path;
	const struct mx_provider *provider;
	const struct mx_category *category;
	const struct mx_list *list;
	struct mx_code_pattern *codes;
	struct mx_pattern *patterns, *without;
	unsigned stage_mask; /* 0: any */
	double weight;
};

/** A zone or brand of a list, in lower case. */
struct mx_needle {
	char *word;
	const struct mx_list *list;
};

struct mx_rule_file {
	char *path;
	struct mx_rule_row *rows;
	unsigned count;
};

struct mx_rules {
	const struct mx_catalogue *catalogue;
	struct mx_rule_file *files;
	size_t file_count;
	size_t
	    our_files; /* so many of them come with the program; the user's own follow */
	struct mx_rule *rules; /* sorted by id: the order of files changes nothing */
	size_t count;
	struct mx_needle *needles;
	size_t needle_count;
	char **list_rule_ids; /* "list.spamcop", by index of the catalogue's lists */
	size_t list_count;
	struct mx_pattern *delay; /* "in 5 minutes" (delay.c) */
	struct mx_matcher *matcher;
	struct mx_desk *desk;
};

/** One thing that speaks for a category. Spans lie in the wording. */
struct mx_evidence {
	const struct mx_category *category;
	const char *rule_id;
	const struct mx_rule *rule; /* NULL: the list table spoke */
	/* named by the rule, by its zone capture, or mentioned */
	const struct mx_list *list;
	double weight;
	/* of the words that hit: the longer sentence is the more specific one */
	size_t length;
	struct mx_span captures[MX_CAPTURE_COUNT]; /* len 0: none */
};

#define MX_EVIDENCE_MAX 64

/** The list that the words name by zone or brand (mention.c); NULL: none. */
struct mx_mention {
	const struct mx_list *list;
	size_t at, len; /* in the wording */
};

/** All that the words say. */
struct mx_evidence_set {
	struct mx_evidence items[MX_EVIDENCE_MAX];
	size_t count;
	struct mx_mention mention;
};

/** All that the words' meaning rests on. Borrowed. */
struct mx_circumstances {
	const struct mx_normal *normal;     /* its wording and its enhanced code */
	const struct mx_provider *provider; /* NULL: not known */
	enum mx_stage stage;
	int code;
};

/** The provider on the other side: as given, else by the MX host's name, else NULL. */
const struct mx_provider *mx_rules_provider(
    const struct mx_rules *rules, const struct mx_identity *identity);

/** The row of a category id that came out of these rules; never NULL. */
const struct mx_category *mx_rules_category(const struct mx_rules *rules, const char *id);

/** What the rules say about a reply. (match.c) */
void mx_match_reply(const struct mx_rules *rules,
    const struct mx_circumstances *circumstances, struct mx_evidence_set *out);
/** Which list the text that the matcher has read mentions. (mention.c) */
struct mx_mention mx_mention_read(
    const struct mx_rules *rules, const struct mx_normal *normal);
/** The list the reply names: zone (a span of the wording, len 0 for none) first, else the innermost
 *  list mentioned. NULL when none is known. (mention.c) */
const struct mx_list *mx_mention_find(const struct mx_rules *rules,
    const struct mx_mention *mention, const struct mx_normal *normal,
    const struct mx_span *zone);
/** The list's name; where the reply quotes a sum, of each part in it: "SURBL PH, ABUSE". Caller
 *  frees. (mention.c) */
char *mx_mention_list_name(const struct mx_rules *rules, const struct mx_normal *normal,
    const struct mx_list *list);
/** Add the mention itself as evidence. (mention.c) */
void mx_mention_add(const struct mx_rules *rules, struct mx_evidence_set *set);
/** The category that being on this list means. */
const struct mx_category *mx_mention_category(
    const struct mx_rules *rules, const struct mx_list *list);
/** False for what is only named like one: country zones, greylisting, allow lists. */
bool mx_mention_is_blocklist(const struct mx_list *list);

#endif
