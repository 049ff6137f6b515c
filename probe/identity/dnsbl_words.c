/* dnsbl_words.c - one sentence for each way a list can answer or fail to. */
#include "probe/identity/dnsbl_words.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"

#define TEXT_MAX 4096

static const char *const families[MX_DNSBL_ASPECT_COUNT] = {
	[MX_DNSBL_IPV4] = " for IPv4",
	[MX_DNSBL_IPV6] = " for IPv6",
	[MX_DNSBL_NAME] = "",
};

/* ---- codes and their names ---- */

static void
add_codes(const struct mx_dnsbl_fact *fact, struct mx_buf *out)
{
	char text[MX_ADDR_TEXT];

	for (size_t i = 0; i < fact->code_count; i++) {
		if (i > 0)
			mx_buf_addstr(out, ", ");
		mx_buf_addstr(out, mx_addr_text(&fact->codes[i], text));
	}
}

/* The part of the list that a code names is known by its name; else what the code means is told. */
static void
add_meaning(const struct mx_dnsbl_told *told, const struct mx_list_return *row,
    const struct mx_list **before, struct mx_buf *out)
{
	const struct mx_list *list = told->zone->list;
	const struct mx_list *part =
	    row->list != NULL ? mx_catalogue_list(told->catalogue, row->list) : NULL;
	bool same = part == NULL && *before == list;

	if (part != NULL && part == *before)
		return;
	if (out->len > 0)
		mx_buf_addstr(out, ", ");
	if (part != NULL) {
		mx_buf_addstr(out, mx_list_name_beside(part, *before));
	} else if (strcmp(row->means, "listed") == 0) {
		mx_buf_addstr(out, list->name);
	} else {
		mx_buf_addf(
		    out, "%s%s%s", same ? "" : list->name, same ? "" : ": ", row->means);
	}
	*before = part != NULL ? part : list;
}

/* "(Spamhaus SBL, XBL)", or nothing of a zone that nobody knows. */
static void
add_names(const struct mx_dnsbl_told *told, struct mx_buf *out)
{
	const struct mx_list *before = NULL;
	struct mx_buf names;
	char *text;

	if (told->zone->list == NULL)
		return;
	mx_buf_init(&names, TEXT_MAX);
	for (size_t i = 0; i < told->meaning_count; i++)
		add_meaning(told, told->meanings[i], &before, &names);
	if (names.len == 0)
		mx_buf_addstr(&names, told->zone->list->name);
	text = mx_buf_take(&names);
	mx_buf_addf(out, " (%s)", text);
	free(text);
}

/* ---- what was found ---- */

static void
add_unusable(const struct mx_dnsbl_told *told, struct mx_buf *out)
{
	const struct mx_dnsbl_fact *fact = told->fact;
	const char *listed, *clean, *family = families[told->aspect];
	char name[MX_DNSBL_SUBJECT];

	mx_dnsbl_test_entry(told->zone, told->aspect, true, name, sizeof name, &listed);
	mx_dnsbl_test_entry(told->zone, told->aspect, false, name, sizeof name, &clean);
	switch (fact->why) {
	case MX_DNSBL_CLOSED:
		mx_buf_addstr(out, "unusable: the list has been closed");
		break;
	case MX_DNSBL_ENTRY_MISSING:
		mx_buf_addf(out,
		    "unusable%s: its test entry %s is not listed, so nothing is", family,
		    listed);
		break;
	case MX_DNSBL_ENTRY_SILENT:
		mx_buf_addf(out, "unusable%s: no answer about its test entries: %s",
		    family, mx_dns_status_text(fact->status));
		break;
	case MX_DNSBL_LISTS_ALL:
		mx_buf_addf(out,
		    "unusable%s: it lists %s, which no list does: it lists everything",
		    family, clean);
		break;
	case MX_DNSBL_FOREIGN:
	case MX_DNSBL_BY_ANSWER:
	case MX_DNSBL_BY_STATUS:
	case MX_DNSBL_NEEDS_KEY:
	default:
		mx_buf_addstr(out, "unusable: it answers ");
		add_codes(fact, out);
		mx_buf_addstr(out, ", outside 127.0.0.0/8, as no list does");
		break;
	}
}

static void
add_refused(const struct mx_dnsbl_told *told, struct mx_buf *out)
{
	const struct mx_list_return *row =
	    told->meaning_count > 0 ? told->meanings[0] : NULL;

	if (told->fact->why == MX_DNSBL_NEEDS_KEY) {
		mx_buf_addf(out, "not asked: it wants the key %s", told->zone->needs_key);
		return;
	}
	mx_buf_addstr(out, "refused: ");
	add_codes(told->fact, out);
	mx_buf_addstr(out, " is no listing");
	for (size_t i = 0; i < told->meaning_count; i++)
		if (told->meanings[i]->error)
			row = told->meanings[i];
	if (row != NULL && row->error)
		mx_buf_addf(out, ": %s", row->means);
}

char *
mx_dnsbl_found(const struct mx_dnsbl_told *told)
{
	const struct mx_dnsbl_fact *fact = told->fact;
	struct mx_buf out;

	mx_buf_init(&out, TEXT_MAX);
	switch (fact->state) {
	case MX_DNSBL_LISTED:
		add_codes(fact, &out);
		add_names(told, &out);
		if (fact->reason != NULL)
			mx_buf_addf(&out, ": %s", fact->reason);
		break;
	case MX_DNSBL_NOT_LISTED:
		mx_buf_addstr(&out, "not listed");
		if (fact->code_count > 0) {
			mx_buf_addstr(&out, ": ");
			add_codes(fact, &out);
			add_names(told, &out);
		}
		break;
	case MX_DNSBL_REFUSED:
		add_refused(told, &out);
		break;
	case MX_DNSBL_UNUSABLE:
		add_unusable(told, &out);
		break;
	case MX_DNSBL_UNKNOWN:
	case MX_DNSBL_STATE_COUNT:
	default:
		mx_buf_addf(
		    &out, "could not be asked: %s", mx_dns_status_text(fact->status));
	}
	return mx_buf_take(&out);
}

/* ---- what to do ---- */

/* The list that a listing is about: the part that a code names, else the whole. */
static const struct mx_list *
listing_list(const struct mx_dnsbl_told *told)
{
	for (size_t i = 0; i < told->meaning_count; i++)
		if (told->meanings[i]->list != NULL && !told->meanings[i]->harmless)
			return mx_catalogue_list(
			    told->catalogue, told->meanings[i]->list);
	return told->zone->list;
}

/* A remedy that stands for a whole category speaks of "the list that the reply names". */
static const struct mx_remedy *
own_remedy(const struct mx_dnsbl_told *told, const struct mx_list *list)
{
	size_t count;
	const struct mx_category *rows = mx_catalogue_categories(told->catalogue, &count);

	if (list->remedy == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (rows[i].remedy != NULL && strcmp(rows[i].remedy, list->remedy) == 0)
			return NULL;
	return mx_catalogue_remedy(told->catalogue, list->remedy);
}

static char *
listed_advice(const struct mx_dnsbl_told *told)
{
	const struct mx_list *list = listing_list(told);
	const struct mx_remedy *remedy;
	const char *url;
	struct mx_buf out;

	if (list == NULL)
		return mx_asprintf("End the cause, then ask the keepers of %s for "
				   "removal.",
		    told->zone->name);
	mx_buf_init(&out, TEXT_MAX);
	remedy = own_remedy(told, list);
	url = list->delist_url != NULL ? list->delist_url : list->lookup_url;
	if (list->mild)
		mx_buf_addstr(&out, "Hardly a receiver refuses mail for this alone. ");
	mx_buf_addstr(
	    &out, remedy != NULL ? remedy->en : "End the cause, then ask for removal.");
	if (url != NULL)
		mx_buf_addf(&out, " %s", url);
	return mx_buf_take(&out);
}

/* The key that would open the list to us, NULL when none does. */
static const char *
useful_key(const struct mx_dnsbl_zone *zone)
{
	for (size_t i = 0; zone->list != NULL && i < zone->list->query_count; i++)
		if (zone->list->queries[i].key != NULL)
			return zone->list->queries[i].key;
	return NULL;
}

static char *
refused_advice(const struct mx_dnsbl_told *told)
{
	const char *key = useful_key(told->zone);

	if (told->fact->why == MX_DNSBL_NEEDS_KEY)
		return mx_asprintf("Name the key in the configuration (dnsbl: keys: %s).",
		    told->zone->needs_key);
	if (told->zone->key != NULL)
		return mx_strdup("Is the key valid, and its quota not used up?");
	if (key != NULL)
		return mx_asprintf("Ask through a resolver of your own (--dns-server), "
				   "not a public one, or with a key (dnsbl: keys: %s).",
		    key);
	if (told->zone->list != NULL && told->zone->list->access == MX_ACCESS_KEY)
		return mx_asprintf("This list answers registered resolvers only: "
				   "register yours with %s.",
		    told->zone->list->operator);
	return mx_strdup("Ask through a resolver of your own (--dns-server), not a "
			 "public one.");
}

static char *
unusable_advice(const struct mx_dnsbl_told *told)
{
	switch (told->fact->why) {
	case MX_DNSBL_CLOSED:
		return mx_strdup("Leave it out: nobody keeps it any more, and whatever "
				 "it answers means nothing.");
	case MX_DNSBL_LISTS_ALL:
		return mx_strdup("Leave it out: it says nothing about you. A receiver "
				 "that uses it refuses everybody.");
	case MX_DNSBL_FOREIGN:
		return mx_strdup("Either the zone has fallen into other hands, or your "
				 "resolver rewrites answers: ask through one of your "
				 "own (--dns-server).");
	case MX_DNSBL_ENTRY_SILENT:
		return mx_strdup("Nothing is known from this list: its name servers or "
				 "your resolver are down. Leave it out if it stays so.");
	case MX_DNSBL_ENTRY_MISSING:
	case MX_DNSBL_BY_ANSWER:
	case MX_DNSBL_BY_STATUS:
	case MX_DNSBL_NEEDS_KEY:
	default:
		break;
	}
	if (told->zone->key != NULL)
		return mx_strdup("Nothing is known from this list: is the key valid?");
	return mx_strdup("Nothing is known from this list: it is dead, or refuses your "
			 "resolver without a word. Leave it out if it stays so.");
}

char *
mx_dnsbl_advice(const struct mx_dnsbl_told *told)
{
	switch (told->fact->state) {
	case MX_DNSBL_LISTED:
		return listed_advice(told);
	case MX_DNSBL_REFUSED:
		return refused_advice(told);
	case MX_DNSBL_UNUSABLE:
		return unusable_advice(told);
	case MX_DNSBL_UNKNOWN:
		return mx_strdup("Nothing is known from this list now: ask again later.");
	case MX_DNSBL_NOT_LISTED:
	case MX_DNSBL_STATE_COUNT:
	default:
		return NULL;
	}
}

/* ---- rows ---- */

static enum mx_check_result
result_of(const struct mx_dnsbl_answer *answer)
{
	switch (answer->state) {
	case MX_DNSBL_LISTED:
		return answer->list != NULL && answer->list->mild ? MX_CHECK_WARN
								  : MX_CHECK_FAIL;
	case MX_DNSBL_NOT_LISTED:
		return MX_CHECK_PASS;
	case MX_DNSBL_REFUSED:
	case MX_DNSBL_UNUSABLE:
	case MX_DNSBL_UNKNOWN:
	case MX_DNSBL_STATE_COUNT:
	default:
		return MX_CHECK_UNKNOWN;
	}
}

void
mx_dnsbl_checks(
    const struct mx_dnsbl_answer *answers, size_t count, struct mx_checks *checks)
{
	for (size_t i = 0; i < count; i++) {
		const struct mx_dnsbl_answer *answer = &answers[i];

		mx_checks_add(checks, result_of(answer),
		    mx_asprintf("dnsbl:%s", answer->zone),
		    answer->is_name
			? mx_asprintf("%s: %s", answer->subject, answer->found)
			: mx_strdup(answer->found),
		    mx_strdup(answer->advice));
	}
}
