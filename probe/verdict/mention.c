/* mention.c - which list a reply talks about, by zone or brand. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/matcher.h"

/* A refusal that names a list and says nothing that a rule knows. */
#define MENTION_WEIGHT 0.60
#define ZONE_MAX 128
#define PARTS_MAX 8 /* bits of an octet */

static bool
contains(const struct mx_rules *rules, const struct mx_list *outer,
    const struct mx_list *inner)
{
	return mx_catalogue_list_contains(rules->catalogue, outer, inner);
}

/* "blocked using zen.spamhaus.org=127.0.0.4": the answer says which part of the list it was. It
 * stands behind the list's name; what stands before it is the client. */
static const struct mx_list *
part_answered(const struct mx_rules *rules, const struct mx_normal *normal,
    const struct mx_list *list, size_t at)
{
	const struct mx_span name = { at, 0 };
	size_t behind = mx_wording_said(&normal->wording, &name).at;

	for (size_t i = 0; list != NULL && i < normal->address_count; i++) {
		const struct mx_quoted_address *quoted = &normal->addresses[i];
		const struct mx_list_return *answer;

		if (quoted->in_url || !mx_addr_is_loopback(&quoted->addr) ||
		    quoted->span.at < behind)
			continue;
		answer = mx_catalogue_list_return(rules->catalogue, list, &quoted->addr);
		if (answer != NULL && answer->list != NULL)
			return mx_catalogue_list(rules->catalogue, answer->list);
	}
	return list;
}

/* Better: an inner list than the one around it; else the one named first; else,
 * where two begin at one place, the longer name. */
static bool
is_better(
    const struct mx_rules *rules, const struct mx_mention *a, const struct mx_mention *b)
{
	if (b->list == NULL)
		return true;
	if (a->list == b->list)
		return false;
	if (contains(rules, b->list, a->list))
		return true;
	if (contains(rules, a->list, b->list))
		return false;
	return a->at < b->at || (a->at == b->at && a->len > b->len);
}

struct mx_mention
mx_mention_read(const struct mx_rules *rules, const struct mx_normal *normal)
{
	struct mx_mention best = { 0 };

	for (size_t i = mx_matcher_needle(rules, 0); i < rules->needle_count;
	     i = mx_matcher_needle(rules, i + 1)) {
		const struct mx_needle *needle = &rules->needles[i];
		struct mx_mention found = { .list = needle->list,
			.at = mx_normal_word(normal, needle->word),
			.len = strlen(needle->word) };

		/* An allow list in a refusal is advice ("register there"), not a cause. */
		if (found.at != MX_NOWHERE && strcmp(needle->list->kind, "allow") != 0 &&
		    is_better(rules, &found, &best))
			best = found;
	}
	if (best.list != NULL)
		best.list = part_answered(rules, normal, best.list, best.at);
	return best;
}

/* "zen.spamhaus.org", "xyz.zen.dq.spamhaus.net", or a bare brand: "Spamhaus". */
static const struct mx_list *
list_of_zone(const struct mx_rules *rules, const char *zone)
{
	const struct mx_list *list = mx_catalogue_list_by_zone(rules->catalogue, zone);

	for (size_t i = 0; list == NULL && i < rules->needle_count; i++)
		if (strcmp(rules->needles[i].word, zone) == 0)
			list = rules->needles[i].list;
	return list;
}

const struct mx_list *
mx_mention_find(const struct mx_rules *rules, const struct mx_mention *mention,
    const struct mx_normal *normal, const struct mx_span *zone)
{
	const struct mx_list *mentioned = mention->list;
	const struct mx_list *named = NULL;
	const char *words = normal->wording.text;

	if (zone->len > 0 && zone->len < ZONE_MAX) {
		char *text = mx_strndup(words + zone->at, zone->len);

		named = list_of_zone(rules, text);
		free(text);
		/* A zone that nobody knows stays what it is, whatever else is mentioned. */
		if (named == NULL && memchr(words + zone->at, '.', zone->len) != NULL)
			return NULL;
	}
	/* "blocked using sbl-xbl.spamhaus.org; …/SBLCSS": the page tells more than the zone. */
	if (named == NULL || (mentioned != NULL && contains(rules, named, mentioned)))
		return mentioned;
	return part_answered(rules, normal, named, zone->at);
}

/* "PH, ABUSE" of a sum; NULL when the answer is not one of several known parts. */
static char *
names_of_sum(const struct mx_rules *rules, const struct mx_list *list,
    const struct mx_addr *answer)
{
	const struct mx_list_return *rows[PARTS_MAX];
	size_t count =
	    mx_catalogue_list_returns(rules->catalogue, list, answer, rows, PARTS_MAX);
	const struct mx_list *before = NULL;
	char *names = NULL;

	for (size_t i = 0; count > 1 && i < count; i++) {
		const struct mx_list *part =
		    rows[i]->list != NULL
			? mx_catalogue_list(rules->catalogue, rows[i]->list)
			: NULL;
		char *longer;

		if (part == NULL)
			continue;
		longer = mx_asprintf("%s%s%s", names != NULL ? names : "",
		    names != NULL ? ", " : "", mx_list_name_beside(part, before));
		free(names);
		names = longer;
		before = part;
	}
	return names;
}

char *
mx_mention_list_name(const struct mx_rules *rules, const struct mx_normal *normal,
    const struct mx_list *list)
{
	char *names = NULL;

	for (size_t i = 0; list->bits && names == NULL && i < normal->address_count; i++)
		if (!normal->addresses[i].in_url &&
		    mx_addr_is_loopback(&normal->addresses[i].addr))
			names = names_of_sum(rules, list, &normal->addresses[i].addr);
	return names != NULL ? names : mx_strdup(list->name);
}

const struct mx_category *
mx_mention_category(const struct mx_rules *rules, const struct mx_list *list)
{
	static const struct {
		const char *kind, *category;
	} kinds[] = {
		{ "ip", "blocklist_dnsbl" },
		{ "domain", "blocklist_domain" },
		{ "url", "blocklist_url" },
		{ "helo", "blocklist_helo" },
		{ "country", "policy_network" },
		{ "greylist", "greylisted" },
		/* "blocked using list.dnswl.org": who refuses the trusted has erred */
		{ "allow", "system_error" },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(list->kind, kinds[i].kind) == 0)
			return mx_catalogue_category(rules->catalogue, kinds[i].category);
	return mx_catalogue_category(rules->catalogue, "unknown");
}

bool
mx_mention_is_blocklist(const struct mx_list *list)
{
	return strcmp(list->kind, "country") != 0 &&
	       strcmp(list->kind, "greylist") != 0 && strcmp(list->kind, "allow") != 0;
}

void
mx_mention_add(const struct mx_rules *rules, struct mx_evidence_set *set)
{
	const struct mx_mention best = set->mention;
	const struct mx_list *lists;
	size_t count;

	if (best.list == NULL || set->count == MX_EVIDENCE_MAX)
		return;
	lists = mx_catalogue_lists(rules->catalogue, &count);
	set->items[set->count++] = (struct mx_evidence){
		.category = mx_mention_category(rules, best.list),
		.rule_id = rules->list_rule_ids[best.list - lists],
		.list = best.list,
		.weight = MENTION_WEIGHT,
		.length = best.len,
	};
}
