/* classify.c - one reply, through all steps: fold, read, whom is it about, fill in. */
#include "probe/verdict/classify.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/verdict/about.h"
#include "probe/verdict/reading.h"

#define CODE_MAX 64
#define URL_MAX 512
#define LIST_MAX 128

/* What the steps hand on. */
struct work {
	const struct mx_rules *rules;
	const struct mx_identity *identity;
	const struct mx_provider *provider;
	const struct mx_normal *normal;
	const struct mx_reading *reading;
	const struct mx_evidence *winner; /* NULL: unknown */
	const struct mx_list *list;       /* NULL: none known */
	const struct mx_category *category;
};

static char *
captured(const struct work *work, enum mx_capture which, size_t most)
{
	const struct mx_normal *normal = work->normal;
	struct mx_span span =
	    mx_wording_said(&normal->wording, &work->winner->captures[which]);

	if (span.len == 0 || span.len > most)
		return NULL;
	return mx_strndup(normal->text + span.at, span.len);
}

static const struct mx_rule_row *
row_of(const struct work *work)
{
	return work->winner != NULL && work->winner->rule != NULL
		   ? work->winner->rule->row
		   : NULL;
}

/* ---- list and authority ---- */

static bool
is_blocklist(const struct mx_category *category)
{
	return strcmp(category->family, "blocklist") == 0;
}

/* A rule's own list, the captured zone's, or one that the words mention beside the rule's. */
static const struct mx_list *
list_of(const struct work *work)
{
	const struct mx_span none = { 0, 0 };

	if (work->winner == NULL)
		return NULL;
	if (work->winner->list != NULL)
		return work->winner->list;
	if (work->winner->captures[MX_CAPTURE_ZONE].len > 0)
		return NULL; /* a zone that no row knows */
	if ((is_blocklist(work->category) &&
		strcmp(work->category->id, "blocklist_own") != 0) ||
	    work->reading->weighed.query_error)
		return mx_mention_find(
		    work->rules, &work->reading->mention, work->normal, &none);
	return NULL;
}

static char *
list_name(const struct work *work)
{
	char *zone;

	if (work->list != NULL)
		return mx_mention_list_name(work->rules, work->normal, work->list);
	zone = work->winner != NULL ? captured(work, MX_CAPTURE_ZONE, LIST_MAX) : NULL;
	if (zone != NULL && strchr(zone, '.') == NULL) {
		free(zone); /* "blocked using our": no zone, and no brand we know */
		zone = NULL;
	}
	return zone;
}

/* The provider whose list or judgement it is: the rule's where it has one. */
static const struct mx_provider *
house_of(const struct work *work)
{
	if (work->winner != NULL && work->winner->rule != NULL &&
	    work->winner->rule->provider != NULL)
		return work->winner->rule->provider;
	return work->provider;
}

static const char *
authority_of(const struct work *work)
{
	const struct mx_rule_row *row = row_of(work);
	const struct mx_provider *house = house_of(work);

	if (row != NULL && row->authority != NULL)
		return row->authority;
	if (work->list != NULL)
		return work->list->operator;
	if (strcmp(work->category->id, "blocklist_dnsbl") == 0)
		return NULL; /* a third party, not named */
	return house != NULL ? house->authority : NULL;
}

/* ---- where to ask ---- */

static bool
is_web_address(const char *text)
{
	if (strncasecmp(text, "http://", 7) != 0 && strncasecmp(text, "https://", 8) != 0)
		return false;
	for (; *text != '\0'; text++)
		if (!isgraph((unsigned char)*text))
			return false;
	return true;
}

/* The first web address in the words, for lists that no row knows. */
static char *
url_in_text(const struct work *work)
{
	for (size_t i = 0; i < work->normal->url_count; i++) {
		const struct mx_span *span = &work->normal->urls[i];
		char *url;
		size_t len = span->len;

		while (len > 0 &&
		       strchr(".,;:)]", work->normal->text[span->at + len - 1]) != NULL)
			len--;
		if (len > URL_MAX)
			continue;
		url = mx_strndup(work->normal->text + span->at, len);
		if (is_web_address(url))
			return url;
		free(url);
	}
	return NULL;
}

/* Somebody keeps an entry about us that somebody could remove. */
static bool
can_be_delisted(const struct mx_category *category)
{
	return is_blocklist(category) || strcmp(category->family, "reputation") == 0 ||
	       strcmp(category->id, "policy_network") == 0;
}

/*
 * A rule that captures a web address has fixed its host, and such an address carries
 * our IP. Then what the tables say: pages move, and old replies name dead ones. A web
 * address out of the words only where nobody knows the list: a server may write there
 * what it likes.
 */
static char *
delist_url_of(const struct work *work)
{
	const struct mx_rule_row *row = row_of(work);
	const struct mx_provider *house = house_of(work);
	char *url;

	if (!can_be_delisted(work->category))
		return NULL;
	url = work->winner != NULL ? captured(work, MX_CAPTURE_URL, URL_MAX) : NULL;
	if (url != NULL && is_web_address(url))
		return url;
	free(url);
	if (row != NULL && row->delist_url != NULL)
		return mx_strdup(row->delist_url);
	if (work->list != NULL)
		return mx_strdup(work->list->delist_url);
	if (strcmp(work->category->id, "blocklist_dnsbl") != 0 && house != NULL)
		return mx_strdup(house->delist_url);
	return url_in_text(work);
}

static const char *
remedy_of(const struct work *work)
{
	const struct mx_rule_row *row = row_of(work);
	const struct mx_provider *house = house_of(work);

	if (row != NULL && row->remedy != NULL)
		return row->remedy;
	if (work->list != NULL && work->list->remedy != NULL)
		return work->list->remedy;
	if (house != NULL && house->remedy != NULL &&
	    strcmp(work->category->id, "blocklist_dnsbl") != 0 &&
	    (can_be_delisted(work->category) ||
		strcmp(work->category->family, "rate") == 0) &&
	    strcmp(work->category->id, "greylisted") != 0)
		return house->remedy;
	return work->category->remedy;
}

/* ---- time ---- */

/* What it means beats the digit: Yahoo's 421 "permanently deferred", GoDaddy's 554
 * for an hour. A bounce may quote the enhanced code alone. */
static const char *
permanence_of(const struct work *work, int code)
{
	const struct mx_rule_row *row = row_of(work);
	int digit = code != 0 ? code / 100 : work->normal->enhanced.klass;

	if (row != NULL && row->permanence != 0)
		digit = row->permanence - '0';
	return digit == 5 ? "permanent" : "temporary";
}

static long
retry_after(const struct work *work)
{
	const struct mx_rule_row *row = row_of(work);

	if (work->reading->delay_s >= 0)
		return work->reading->delay_s;
	return row != NULL && row->retry_after_s > 0 ? (long)row->retry_after_s : -1;
}

/* ---- all together ---- */

static char *
provider_code_of(const struct work *work)
{
	const struct mx_rule_row *row = row_of(work);
	char *code =
	    work->winner != NULL ? captured(work, MX_CAPTURE_CODE, CODE_MAX) : NULL;

	if (code == NULL && row != NULL)
		code = mx_strdup(row->provider_code);
	return code;
}

static void
fill(struct work *work, int code, struct mx_finding *out)
{
	const struct mx_weighed *weighed = &work->reading->weighed;
	struct mx_subject subject;

	mx_about_decide(
	    work->rules, work->identity, work->normal, work->winner, &subject);
	work->category = subject.category;
	work->list = list_of(work);
	out->category = subject.category->id;
	out->about = subject.about;
	out->listed_value = subject.listed_value;
	out->permanence = permanence_of(work, code);
	out->authority = authority_of(work);
	out->list = list_name(work);
	out->provider_code = provider_code_of(work);
	out->delist_url = delist_url_of(work);
	out->retry_after_s = retry_after(work);
	out->query_error = weighed->query_error;
	out->rule = work->winner != NULL ? work->winner->rule_id : NULL;
	out->confidence = weighed->confidence;
	memcpy(out->candidates, weighed->candidates, sizeof out->candidates);
	out->candidate_count = weighed->candidate_count;
	out->remedy = remedy_of(work);
}

void
mx_classify(const struct mx_rules *rules, const struct mx_identity *identity,
    const struct mx_reply_facts *reply, struct mx_finding *out)
{
	struct mx_normal *normal = &rules->desk->normal;
	const struct mx_circumstances circumstances = {
		.normal = normal,
		.provider = mx_rules_provider(rules, identity),
		.stage = reply->stage,
		.code = reply->code,
	};
	struct work work = {
		.rules = rules,
		.identity = identity,
		.provider = circumstances.provider,
		.normal = normal,
	};

	*out = (struct mx_finding){
		.stage = reply->stage,
		.code = reply->code,
		.enhanced = reply->enhanced,
		.text = mx_strndup(reply->text, reply->len),
	};
	mx_normal_init(normal, reply->text, reply->len, reply->code, &reply->enhanced);
	work.reading = mx_reading_of(rules, &circumstances);
	if (work.reading->weighed.is_decided)
		work.winner = &work.reading->weighed.winner;
	fill(&work, reply->code, out);
	mx_normal_clear(normal);
}
