/* notice.c - facts to JSON, then a title of them all. */
#include "probe/watch/alert/notice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/hash.h"
#include "probe/base/mem.h"
#include "probe/watch/alert/tree.h"

#define WORD_MOST 256U
#define REPLY_MOST 1000U /* bytes of what the server said */
#define ADVICE_MOST 2000U

struct mx_notice {
	json_t *root, *alerts, *remedies;
	enum mx_config_severity severity; /* of the worst */
};

/* clang-format off */
/* What a kind of alert says: "PROVIDER does SOURCES behind". */
static const struct phrase {
	const char *kind, *does, *behind;
} phrases[] = {
	{ "blocked",   "refuses", "" },
	{ "regressed", "refuses", " again" },
	{ "relapsed",  "refuses", " again" },
	{ "recovered", "accepts", " again" },
	{ "overdue",   "has not delisted", " in time" },
	{ "answered",  "has begun to delist", "" },
	{ "flapping",  "keeps changing its mind about", "" },
	{ "calm",      "has made up its mind about", "" },
	{ "suspect",   "has refused", ", naming no list" },
	{ "settled",   "is no longer in doubt about", "" },
};
static const struct phrase several_kinds = { "", "has news about", "" };
/* clang-format on */

/* ---- whose it is ---- */

static void
network_of(const char *source, char out[MX_ADDR_TEXT + 4])
{
	struct mx_addr addr, network;
	char text[MX_ADDR_TEXT];

	if (!mx_addr_parse(source, &addr)) {
		(void)snprintf(out, MX_ADDR_TEXT + 4, "%s", source);
		return;
	}
	network = mx_addr_network(&addr);
	(void)snprintf(out, MX_ADDR_TEXT + 4, "%s/%d", mx_addr_text(&network, text),
	    addr.family == AF_INET ? 24 : 64);
}

char *
mx_notice_topic(const struct mx_store_event *event)
{
	char network[MX_ADDR_TEXT + 4];

	network_of(event->source, network);
	return mx_asprintf("%s %s", event->group, network);
}

/* As Alertmanager has it: 16 digits that stand for the labels, the same for ever. */
static void
put_fingerprint(json_t *alert, const struct mx_notice_facts *facts)
{
	const char *name = mx_problem_name(facts->turn->problem);
	uint64_t hash = mx_hash(name, strlen(name) + 1, 0);
	char text[17];

	hash = mx_hash(facts->event->source, strlen(facts->event->source) + 1, hash);
	hash = mx_hash(facts->event->group, strlen(facts->event->group) + 1, hash);
	(void)snprintf(text, sizeof text, "%016llx", (unsigned long long)hash);
	mx_tree_text(alert, "fingerprint", text, sizeof text);
}

static const char *
provider_name(const struct mx_notice_facts *facts)
{
	const struct mx_provider *provider =
	    facts->event->provider != NULL
		? mx_catalogue_provider(facts->catalogue, facts->event->provider)
		: NULL;

	return provider != NULL ? provider->name : facts->event->group;
}

static void
put_pair(json_t *alert, const struct mx_notice_facts *facts)
{
	char network[MX_ADDR_TEXT + 4];

	network_of(facts->event->source, network);
	mx_tree_text(alert, "source", facts->event->source, WORD_MOST);
	mx_tree_text(alert, "network", network, sizeof network);
	mx_tree_text(alert, "provider", facts->event->provider, WORD_MOST);
	mx_tree_text(alert, "provider_name", provider_name(facts), WORD_MOST);
	mx_tree_text(alert, "group", facts->event->group, WORD_MOST);
}

/* ---- what was said ---- */

static json_t *
make_reply(const struct mx_store_result *row)
{
	json_t *reply;

	if (row == NULL || row->code == 0)
		return NULL;
	reply = mx_tree_object();
	mx_tree_text(reply, "stage", row->stage, WORD_MOST);
	mx_tree_number(reply, "code", row->code);
	mx_tree_text(reply, "enhanced", row->enhanced, WORD_MOST);
	mx_tree_text(reply, "text", row->text, REPLY_MOST);
	return reply;
}

static void
put_finding(json_t *alert, const struct mx_store_result *row)
{
	static const struct mx_store_result none;
	const struct mx_store_result *from = row != NULL ? row : &none;

	mx_tree_text(alert, "result", from->id, WORD_MOST);
	mx_tree_text(alert, "destination", from->destination, WORD_MOST);
	mx_tree_text(alert, "verdict", from->verdict, WORD_MOST);
	mx_tree_text(alert, "mx_host", from->mx_host, WORD_MOST);
	mx_tree_text(alert, "address", from->address, WORD_MOST);
	mx_tree_put(alert, "reply", make_reply(row));
	mx_tree_text(alert, "category", from->category, WORD_MOST);
	mx_tree_text(alert, "authority", from->authority, WORD_MOST);
	mx_tree_text(alert, "list", from->list, WORD_MOST);
	mx_tree_text(alert, "provider_code", from->provider_code, WORD_MOST);
	mx_tree_text(alert, "listed_value", from->listed_value, WORD_MOST);
	mx_tree_text(alert, "delist_url", from->delist_url, REPLY_MOST);
}

/* Only who is refused has something to do. */
static const struct mx_remedy *
remedy_of(const struct mx_notice_facts *facts)
{
	const char *id = facts->row != NULL ? facts->row->remedy : NULL;
	const struct mx_category *category = NULL;

	if (!facts->turn->is_firing)
		return NULL;
	if (id == NULL && facts->row != NULL && facts->row->category != NULL)
		category = mx_catalogue_category(facts->catalogue, facts->row->category);
	if (category != NULL)
		id = category->remedy;
	return id != NULL ? mx_catalogue_remedy(facts->catalogue, id) : NULL;
}

/* Said once for all alerts that it belongs to. */
static void
put_remedy(struct mx_notice *notice, json_t *alert, const struct mx_remedy *remedy)
{
	json_t *known;
	size_t i;

	mx_tree_text(alert, "remedy", remedy != NULL ? remedy->id : NULL, WORD_MOST);
	if (remedy == NULL)
		return;
	json_array_foreach (notice->remedies, i, known)
		if (strcmp(mx_tree_get(known, "id"), remedy->id) == 0)
			return;
	known = mx_tree_object();
	mx_tree_text(known, "id", remedy->id, WORD_MOST);
	mx_tree_text(known, "text", remedy->en, ADVICE_MOST);
	mx_tree_text(known, "url", remedy->url, REPLY_MOST);
	mx_tree_append(notice->remedies, known);
}

/* ---- one alert ---- */

static void
put_times(json_t *alert, const struct mx_notice_facts *facts)
{
	int64_t now_us = facts->event->time_us;
	int64_t since_us = facts->since_us > 0 ? facts->since_us : now_us;

	mx_tree_time(alert, "starts_at", since_us);
	mx_tree_time(alert, "ends_at", facts->turn->is_firing ? 0 : now_us);
	if (!facts->turn->is_firing && facts->turn->problem == MX_PROBLEM_BLOCKED)
		mx_tree_number(alert, "time_to_clear_s", (now_us - since_us) / 1000000);
	else
		mx_tree_put(alert, "time_to_clear_s", NULL);
}

static void
put_page(json_t *alert, const struct mx_notice_facts *facts)
{
	char *url = facts->page != NULL ? mx_asprintf("%s/pair/%s/%s", facts->page,
					      facts->event->source, facts->event->group)
					: NULL;

	mx_tree_text(alert, "page", url, REPLY_MOST);
	free(url);
}

static json_t *
make_alert(struct mx_notice *notice, const struct mx_notice_facts *facts)
{
	const struct mx_store_event *event = facts->event;
	const struct mx_turn *turn = facts->turn;
	json_t *alert = mx_tree_object(), *events = mx_tree_array();

	mx_tree_append(events, json_integer(event->id));
	mx_tree_put(alert, "events", events);
	mx_tree_text(alert, "alertname", mx_problem_name(turn->problem), WORD_MOST);
	put_fingerprint(alert, facts);
	mx_tree_text(alert, "kind", turn->kind, WORD_MOST);
	mx_tree_text(alert, "status", turn->is_firing ? "firing" : "resolved", WORD_MOST);
	mx_tree_text(
	    alert, "severity", mx_config_severity_name(turn->severity), WORD_MOST);
	put_pair(alert, facts);
	mx_tree_text(alert, "old_state", event->old_state, WORD_MOST);
	mx_tree_text(alert, "state", event->new_state, WORD_MOST);
	mx_tree_text(alert, "why", event->why, REPLY_MOST);
	put_times(alert, facts);
	mx_tree_text(alert, "ticket", facts->ticket, WORD_MOST);
	put_finding(alert, facts->row);
	put_remedy(notice, alert, remedy_of(facts));
	put_page(alert, facts);
	return alert;
}

/* What was said of the same problem before is out of date; its events go with the new one. */
static void
replace(json_t *alerts, size_t index, json_t *alert)
{
	json_t *events = mx_tree_array();

	if (json_array_extend(
		events, json_object_get(json_array_get(alerts, index), "events")) != 0 ||
	    json_array_extend(events, json_object_get(alert, "events")) != 0)
		mx_out_of_memory();
	mx_tree_put(alert, "events", events);
	if (json_array_set_new(alerts, index, alert) != 0)
		mx_out_of_memory();
}

bool
mx_notice_add(struct mx_notice *notice, const struct mx_notice_facts *facts)
{
	json_t *alert, *known;
	size_t i;

	if (json_array_size(notice->alerts) >= MX_NOTICE_ALERTS)
		return false;
	alert = make_alert(notice, facts);
	if (facts->turn->severity > notice->severity)
		notice->severity = facts->turn->severity;
	json_array_foreach (notice->alerts, i, known) {
		if (strcmp(mx_tree_get(known, "fingerprint"),
			mx_tree_get(alert, "fingerprint")) != 0)
			continue;
		replace(notice->alerts, i, alert);
		return true;
	}
	mx_tree_append(notice->alerts, alert);
	return true;
}

/* ---- all of them ---- */

struct mx_notice *
mx_notice_new(const char *id, int64_t time_us, const char *page)
{
	struct mx_notice *notice = mx_calloc(1, sizeof *notice);

	notice->root = mx_tree_object();
	notice->alerts = mx_tree_array();
	notice->remedies = mx_tree_array();
	mx_tree_text(notice->root, "schema", "mxprobe.alert/1", WORD_MOST);
	mx_tree_text(notice->root, "id", id, WORD_MOST);
	mx_tree_time(notice->root, "time", time_us);
	mx_tree_put(notice->root, "test", json_false());
	mx_tree_text(notice->root, "page", page, REPLY_MOST);
	return notice;
}

void
mx_notice_free(struct mx_notice *notice)
{
	if (notice == NULL)
		return;
	json_decref(notice->root);
	json_decref(notice->alerts);
	json_decref(notice->remedies);
	free(notice);
}

static size_t
count_sources(const json_t *alerts)
{
	const json_t *alert;
	size_t i, count = 0;

	/* Those of one source stand for themselves: its problems were added one after the other. */
	json_array_foreach (alerts, i, alert)
		if (i == 0 ||
		    strcmp(mx_tree_get(alert, "source"),
			mx_tree_get(json_array_get(alerts, i - 1), "source")) != 0)
			count++;
	return count;
}

static bool
all_of_kind(const json_t *alerts, const char *kind)
{
	const json_t *alert;
	size_t i;

	json_array_foreach (alerts, i, alert)
		if (strcmp(mx_tree_get(alert, "kind"), kind) != 0)
			return false;
	return true;
}

static const struct phrase *
phrase_of(const json_t *alerts, size_t sources)
{
	const char *kind = mx_tree_get(json_array_get(alerts, 0), "kind");

	/* Of one source the worst is told first, and that will do. */
	if (sources > 1 && !all_of_kind(alerts, kind))
		return &several_kinds;
	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
		if (strcmp(phrases[i].kind, kind) == 0)
			return &phrases[i];
	return &several_kinds;
}

static char *
make_title(const json_t *alerts)
{
	const json_t *first = json_array_get(alerts, 0);
	size_t sources = count_sources(alerts);
	const struct phrase *phrase = phrase_of(alerts, sources);
	char *whom, *title;

	if (sources == 1)
		whom = mx_strdup(mx_tree_get(first, "source"));
	else
		whom = mx_asprintf(
		    "%zu addresses of %s", sources, mx_tree_get(first, "network"));
	title = mx_asprintf("%s %s %s%s", mx_tree_get(first, "provider_name"),
	    phrase->does, whom, phrase->behind);
	free(whom);
	return title;
}

static const char *
status_of(const json_t *alerts)
{
	const json_t *alert;
	size_t i;

	json_array_foreach (alerts, i, alert)
		if (strcmp(mx_tree_get(alert, "status"), "firing") == 0)
			return "firing";
	return json_array_size(alerts) > 0 ? "resolved" : "firing";
}

void
mx_notice_make_test(struct mx_notice *notice, const char *host)
{
	char *title = mx_asprintf("This is a test: mxprobe on %s can tell you", host);

	mx_tree_put(notice->root, "test", json_true());
	mx_tree_text(notice->root, "title", title, REPLY_MOST);
	notice->severity = MX_CONFIG_INFO;
	free(title);
}

static void
share(json_t *object, const char *key, json_t *value)
{
	mx_tree_put(object, key, json_incref(value));
}

char *
mx_notice_text(const struct mx_notice *notice)
{
	const json_t *first = json_array_get(notice->alerts, 0);
	json_t *root = notice->root;
	char *title;

	mx_tree_text(root, "status", status_of(notice->alerts), WORD_MOST);
	mx_tree_text(
	    root, "severity", mx_config_severity_name(notice->severity), WORD_MOST);
	for (size_t i = 0; i < 4; i++) {
		static const char *const keys[] = { "provider", "provider_name", "group",
			"network" };
		json_t *value = first != NULL ? json_object_get(first, keys[i]) : NULL;

		mx_tree_put(root, keys[i], json_incref(value));
	}
	if (first != NULL) {
		title = make_title(notice->alerts);
		mx_tree_text(root, "title", title, REPLY_MOST);
		free(title);
	}
	share(root, "alerts", notice->alerts);
	share(root, "remedies", notice->remedies);
	return mx_tree_dump(root);
}
