/*
 * explain_topic.h - a word that stands in a result, or on somebody's lips, to what is known of it.
 * In:   a word, the catalogue and the rules.   Out: topics: what it is, means, who is behind it.
 * Not:  no layout.
 */
#ifndef MX_CMD_EXPLAIN_TOPIC_H
#define MX_CMD_EXPLAIN_TOPIC_H

#include "probe/verdict/rule_facts.h"

enum mx_topic_kind {
	MX_TOPIC_VERDICT,
	MX_TOPIC_FAMILY,
	MX_TOPIC_CATEGORY,
	MX_TOPIC_LIST,
	MX_TOPIC_PROVIDER,
	MX_TOPIC_CODE,
	MX_TOPIC_KINDS
};
/** "verdict", "family", ... as JSON has them. */
const char *mx_topic_kind_name(enum mx_topic_kind kind);

/** Strings are own but for the catalogue's rows; NULL where there is nothing to say. */
struct mx_topic {
	enum mx_topic_kind kind;
	char *id;      /* as results print it */
	char *name;    /* for people */
	char *meaning; /* in the language asked for */
	char *list;    /* of a list: the one that contains it */
	char *authority;
	char *category, *verdict;
	char *lookup_url, *delist_url;
	char *example; /* a reply that says so */
	const struct mx_remedy *remedy;
	const struct mx_list *row; /* of a list */
};

struct mx_topics {
	struct mx_topic *items;
	size_t count;
};

/** All that word may mean, the most general kind first; none when nothing is known by it. Case does
 *  not matter. */
void mx_topics_find(const struct mx_catalogue *catalogue, const struct mx_rules *rules,
    const char *word, enum mx_lang lang, struct mx_topics *out);
void mx_topics_clear(struct mx_topics *topics);
/** A known word close to this one; NULL when none is. Catalogue's memory or static. */
const char *mx_topics_nearest(const struct mx_catalogue *catalogue, const char *word);

#endif
