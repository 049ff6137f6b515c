/* explain_topic.c - one finder per kind of thing; each adds what it knows. */
#include "probe/cmd/explain_topic.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/base/nearest.h"
#include "probe/verdict/finding.h"

struct search {
	const struct mx_catalogue *catalogue;
	const struct mx_rules *rules;
	const char *word;
	enum mx_lang lang;
	struct mx_topics *out;
};

const char *
mx_topic_kind_name(enum mx_topic_kind kind)
{
	static const char *const names[MX_TOPIC_KINDS] = {
		[MX_TOPIC_VERDICT] = "verdict",
		[MX_TOPIC_FAMILY] = "family",
		[MX_TOPIC_CATEGORY] = "category",
		[MX_TOPIC_LIST] = "list",
		[MX_TOPIC_PROVIDER] = "provider",
		[MX_TOPIC_CODE] = "code",
	};

	return names[kind];
}

/* clang-format off */
static const char *const verdict_meanings[MX_V_COUNT][2] = {
	[MX_V_FAILED] = { "We could not do our own part.", "当方の処理に失敗しました。" },
	[MX_V_BLOCKED] = { "This address, its network or its HELO name is listed or banned there.",
	    "送信元IPアドレス、そのネットワーク、またはHELO名が先方で拒否リストに載っています。" },
	[MX_V_IDENTITY] = { "Refused for who we say we are: reverse DNS, HELO, SPF, DKIM, DMARC, TLS or login.",
	    "名乗り(逆引き、HELO、SPF、DKIM、DMARC、TLS、認証)を理由に拒否されました。" },
	[MX_V_POLICY] = { "Refused for the sender, relaying, content or a policy that is not named.",
	    "差出人、中継、内容、または明示されない方針により拒否されました。" },
	[MX_V_THROTTLED] = { "Put off for now because of rate or reputation.",
	    "流量または評価を理由に一時的に保留されました。" },
	[MX_V_GREYLISTED] = { "Asked to come back later with the same sender and recipient.",
	    "グレイリスティングです。同じ差出人と宛先で後ほど再送してください。" },
	[MX_V_RECIPIENT] = { "Only the recipient was refused; the address got through.",
	    "宛先だけが拒否されました。送信元IPアドレスは受け入れられています。" },
	[MX_V_VOID] = { "The server saw another address than the one we bound.",
	    "サーバーから見えた送信元が、指定したIPアドレスと異なります。" },
	[MX_V_BROKEN] = { "The server failed at TLS or at the protocol.",
	    "先方サーバーがTLSまたはSMTPの手順で失敗しました。" },
	[MX_V_UNREACHABLE] = { "No conversation took place.", "接続できませんでした。" },
	[MX_V_SUPPRESSED] = { "Not probed: too soon after the last time.",
	    "前回から間隔が短いため検査しませんでした。" },
	[MX_V_ACCEPTED] = { "Every stage that was asked said yes.",
	    "確認したすべての段階で受け入れられました。" },
};
/* clang-format on */

static struct mx_topic *
add(struct search *s, enum mx_topic_kind kind, const char *id, const char *name)
{
	struct mx_topics *out = s->out;
	struct mx_topic *topic;

	out->items = mx_grow(out->items, out->count, sizeof *out->items);
	topic = &out->items[out->count++];
	topic->kind = kind;
	topic->id = mx_strdup(id);
	topic->name = mx_strdup(name);
	return topic;
}

static const char *
category_meaning(const struct search *s, const struct mx_category *category)
{
	return s->lang == MX_LANG_JA ? category->ja : category->en;
}

/* "blocked"; "throttled, blocked when permanent". */
static char *
verdict_words(const struct mx_category *category)
{
	const char *temporary = mx_verdict_name(category->temporary),
		   *permanent = mx_verdict_name(category->permanent);

	if (category->temporary == category->permanent)
		return mx_strdup(permanent);
	return mx_asprintf("%s (4xx), %s (5xx)", temporary, permanent);
}

static void
find_verdict(struct search *s)
{
	enum mx_verdict verdict;
	char *lower = mx_strdup(s->word);

	for (char *c = lower; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	if (mx_verdict_from_name(lower, &verdict))
		add(s, MX_TOPIC_VERDICT, lower, lower)->meaning =
		    mx_strdup(verdict_meanings[verdict][s->lang]);
	free(lower);
}

static void
find_family(struct search *s)
{
	size_t count;
	const struct mx_category *rows = mx_catalogue_categories(s->catalogue, &count);
	struct mx_topic *topic = NULL;

	for (size_t i = 0; i < count; i++) {
		char *longer;

		/* "unknown" is its own family: the category says it all. */
		if (strcasecmp(rows[i].family, s->word) != 0 ||
		    strcmp(rows[i].family, rows[i].id) == 0)
			continue;
		if (topic == NULL)
			topic = add(s, MX_TOPIC_FAMILY, rows[i].family, rows[i].family);
		longer = mx_asprintf("%s%s%s: %s",
		    topic->meaning != NULL ? topic->meaning : "",
		    topic->meaning != NULL ? "\n" : "", rows[i].id,
		    category_meaning(s, &rows[i]));
		free(topic->meaning);
		topic->meaning = longer;
	}
}

static void
find_category(struct search *s)
{
	size_t count;
	const struct mx_category *rows = mx_catalogue_categories(s->catalogue, &count);

	for (size_t i = 0; i < count; i++) {
		struct mx_topic *topic;

		if (strcasecmp(rows[i].id, s->word) != 0)
			continue;
		topic = add(s, MX_TOPIC_CATEGORY, rows[i].id, rows[i].id);
		topic->meaning = mx_strdup(category_meaning(s, &rows[i]));
		topic->verdict = verdict_words(&rows[i]);
		if (rows[i].remedy != NULL)
			topic->remedy = mx_catalogue_remedy(s->catalogue, rows[i].remedy);
	}
}

/* "DBL" for "Spamhaus DBL", "dbl" for "spamhaus_dbl": people leave the operator out. */
static bool
is_last_word(const char *text, const char *word)
{
	size_t len = strlen(text), word_len = strlen(word);
	const char *at;

	if (word_len < 2 || word_len >= len)
		return false;
	at = text + len - word_len;
	return strcasecmp(at, word) == 0 && strchr(" _-", at[-1]) != NULL;
}

static bool
names_list(const struct mx_list *list, const char *word, bool loosely)
{
	if (strcasecmp(list->id, word) == 0 || strcasecmp(list->name, word) == 0)
		return true;
	if (loosely && (is_last_word(list->id, word) || is_last_word(list->name, word)))
		return true;
	for (size_t i = 0; i < list->zone_count; i++)
		if (strcasecmp(list->zones[i], word) == 0)
			return true;
	for (size_t i = 0; i < list->brand_count; i++)
		if (strcasecmp(list->brands[i], word) == 0)
			return true;
	return false;
}

static char *
list_meaning(const struct search *s, const struct mx_list *list)
{
	static const struct {
		const char *kind, *what[2];
	} kinds[] = {
		{ "ip", { "lists IP addresses", "IPアドレスのリスト" } },
		{ "domain", { "lists domains", "ドメインのリスト" } },
		{ "url", { "lists domains found in messages", "本文中のURLのリスト" } },
		{ "helo", { "lists HELO names", "HELO名のリスト" } },
		{ "country",
		    { "tells the country of an address; no blocklist",
			"IPアドレスの国を示すもので、ブロックリストではありません" } },
		{ "greylist",
		    { "means greylisting; no blocklist",
			"グレイリスティングで、ブロックリストではありません" } },
		{ "allow", { "an allow list; no blocklist",
			       "許可リストで、ブロックリストではありません" } },
	};
	const char *what = list->kind;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].kind, list->kind) == 0)
			what = kinds[i].what[s->lang];
	if (!list->closed)
		return mx_strdup(what);
	return mx_asprintf("%s%s", what,
	    s->lang == MX_LANG_JA
		? "(閉鎖済み。受信側の設定が古いままです)"
		: "; closed: nobody keeps it any more, the receiver is out of date");
}

static void
add_list(struct search *s, const struct mx_list *list)
{
	struct mx_topic *topic = add(s, MX_TOPIC_LIST, list->id, list->name);
	const struct mx_list *up =
	    list->part_of != NULL ? mx_catalogue_list(s->catalogue, list->part_of) : NULL;

	topic->row = list;
	topic->meaning = list_meaning(s, list);
	topic->authority = mx_strdup(list->operator);
	topic->list = up != NULL ? mx_strdup(up->name) : NULL;
	topic->lookup_url = mx_strdup(list->lookup_url);
	topic->delist_url = mx_strdup(list->delist_url);
	if (list->remedy != NULL)
		topic->remedy = mx_catalogue_remedy(s->catalogue, list->remedy);
}

static void
find_lists(struct search *s)
{
	size_t count, before = s->out->count;
	const struct mx_list *rows = mx_catalogue_lists(s->catalogue, &count);
	const struct mx_list *by_zone;

	for (size_t i = 0; i < count; i++)
		if (names_list(&rows[i], s->word, before == 0))
			add_list(s, &rows[i]);
	by_zone = mx_catalogue_list_by_zone(s->catalogue, s->word);
	if (s->out->count == before && by_zone != NULL)
		add_list(s, by_zone);
}

static bool
names_provider(const struct mx_provider *provider, const char *word)
{
	if (strcasecmp(provider->id, word) == 0 ||
	    strcasecmp(provider->name, word) == 0 ||
	    (provider->authority != NULL && strcasecmp(provider->authority, word) == 0))
		return true;
	for (size_t i = 0; i < provider->domain_count; i++)
		if (strcasecmp(provider->domains[i], word) == 0)
			return true;
	return false;
}

static char *
with_signature(char *text, const struct mx_connect_signature *signature)
{
	char *longer;

	if (signature->id == NULL)
		return text;
	longer = mx_asprintf(
	    "%s\nBefore a greeting: %s (%s, %u %% sure, and only where another destination or "
	    "--control greets the same source).",
	    text, signature->means, signature->id, signature->confidence);
	free(text);
	return longer;
}

static char *
provider_meaning(const struct mx_provider *provider)
{
	char *text = mx_asprintf("enough depth: %s%s", mx_stage_name(provider->depth),
	    provider->observable
		? ""
		: "; address and authentication are judged only after DATA");

	for (size_t i = 0; i < provider->blind_spot_count; i++) {
		char *longer = mx_asprintf("%s\n%s", text, provider->blind_spots[i]);

		free(text);
		text = longer;
	}
	return with_signature(text, &provider->connect_signature);
}

static void
find_providers(struct search *s)
{
	size_t count;
	const struct mx_provider *rows = mx_catalogue_providers(s->catalogue, &count);
	const struct mx_provider *by_mx =
	    mx_catalogue_provider_by_mx(s->catalogue, s->word);

	for (size_t i = 0; i < count; i++) {
		struct mx_topic *topic;

		if (!names_provider(&rows[i], s->word) && &rows[i] != by_mx)
			continue;
		topic = add(s, MX_TOPIC_PROVIDER, rows[i].id, rows[i].name);
		topic->meaning = provider_meaning(&rows[i]);
		topic->authority = mx_strdup(rows[i].authority);
		topic->delist_url = mx_strdup(rows[i].delist_url);
		if (rows[i].remedy != NULL)
			topic->remedy = mx_catalogue_remedy(s->catalogue, rows[i].remedy);
	}
}

/* ---- codes: no table lists them all, but the replies that carry them are classified ---- */

static void
add_code(
    struct search *s, const struct mx_finding *f, const char *code, const char *example)
{
	const struct mx_category *category =
	    mx_catalogue_category(s->catalogue, f->category);
	struct mx_topic *topic = add(s, MX_TOPIC_CODE, code, code);

	topic->meaning = mx_strdup(category_meaning(s, category));
	topic->list = mx_strdup(f->list);
	topic->authority = mx_strdup(f->authority);
	topic->category = mx_strdup(f->category);
	topic->verdict = mx_strdup(
	    mx_verdict_name(f->code >= 500 ? category->permanent : category->temporary));
	topic->delist_url = mx_strdup(f->delist_url);
	topic->example = mx_strdup(example);
	if (f->remedy != NULL)
		topic->remedy = mx_catalogue_remedy(s->catalogue, f->remedy);
}

static bool
has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strcasestr(at, word)) != NULL; at++) {
		char before = ' ', after = at[len];

		if (at > text)
			before = at[-1];
		if (!isalnum((unsigned char)before) && before != '.' &&
		    !isalnum((unsigned char)after) &&
		    (after != '.' || !isdigit((unsigned char)at[len + 1])))
			return true;
	}
	return false;
}

static bool
looks_like_code(const char *word)
{
	return strpbrk(word, "0123456789") != NULL && strchr(word, '@') == NULL;
}

/* Does this reply answer the question? In the first round only by the code that was found in it. */
static bool
try_reply(struct search *s, const char *provider, const char *reply, bool strict)
{
	struct mx_finding f;
	bool found;

	if (!mx_rules_classify_sample(s->rules, provider, reply, &f))
		return false;
	found = f.provider_code != NULL && strcasecmp(f.provider_code, s->word) == 0;
	if (!found && !strict)
		found = strcmp(f.category, "unknown") != 0;
	if (found)
		add_code(s, &f,
		    f.provider_code != NULL && strict ? f.provider_code : s->word, reply);
	mx_finding_clear(&f);
	return found;
}

static bool
find_in_samples(struct search *s, bool strict)
{
	for (size_t i = 0; i < mx_rules_count(s->rules); i++) {
		struct mx_rule_facts rule;

		mx_rules_facts(s->rules, i, &rule);
		for (size_t k = 0; k < rule.positive_count; k++)
			if (has_word(rule.positive[k], s->word) &&
			    try_reply(s, rule.provider, rule.positive[k], strict))
				return true;
	}
	return false;
}

/* "5.7.606" belongs behind a reply code, "S3199" in brackets; each provider in turn says it. */
static bool
find_by_asking(struct search *s)
{
	size_t count;
	const struct mx_provider *rows = mx_catalogue_providers(s->catalogue, &count);
	bool is_enhanced = strspn(s->word, "0123456789.") == strlen(s->word),
	     found = false;
	char *reply = is_enhanced
			  ? mx_asprintf("%c50 %s Refused", s->word[0], s->word)
			  : mx_asprintf("550 5.7.1 Message refused (%s)", s->word);

	found = try_reply(s, NULL, reply, !is_enhanced);
	for (size_t i = 0; i < count && !found; i++)
		found = try_reply(s, rows[i].id, reply, true);
	free(reply);
	return found;
}

static void
find_codes(struct search *s)
{
	if (find_in_samples(s, true) || !looks_like_code(s->word))
		return;
	if (!find_by_asking(s))
		(void)find_in_samples(s, false);
}

void
mx_topics_find(const struct mx_catalogue *catalogue, const struct mx_rules *rules,
    const char *word, enum mx_lang lang, struct mx_topics *out)
{
	struct search s = { catalogue, rules, word, lang, out };

	*out = (struct mx_topics){ 0 };
	if (*word == '\0')
		return;
	find_verdict(&s);
	find_family(&s);
	find_category(&s);
	find_lists(&s);
	find_providers(&s);
	if (out->count == 0)
		find_codes(&s);
}

void
mx_topics_clear(struct mx_topics *topics)
{
	for (size_t i = 0; i < topics->count; i++) {
		struct mx_topic *t = &topics->items[i];
		char *own[] = { t->id, t->name, t->meaning, t->list, t->authority,
			t->category, t->verdict, t->lookup_url, t->delist_url,
			t->example };

		for (size_t k = 0; k < sizeof own / sizeof *own; k++)
			free(own[k]);
	}
	free(topics->items);
	*topics = (struct mx_topics){ 0 };
}

struct names {
	const char **items;
	size_t count;
};

static void
add_name(struct names *names, const char *name)
{
	names->items = mx_grow(names->items, names->count, sizeof *names->items);
	names->items[names->count++] = name;
}

const char *
mx_topics_nearest(const struct mx_catalogue *catalogue, const char *word)
{
	struct names names = { 0 };
	const struct mx_category *categories;
	const struct mx_provider *providers;
	const struct mx_list *lists;
	const char *near;
	size_t count;

	for (int v = 0; v < MX_V_COUNT; v++)
		add_name(&names, mx_verdict_name((enum mx_verdict)v));
	categories = mx_catalogue_categories(catalogue, &count);
	for (size_t i = 0; i < count; i++) {
		add_name(&names, categories[i].id);
		add_name(&names, categories[i].family);
	}
	providers = mx_catalogue_providers(catalogue, &count);
	for (size_t i = 0; i < count; i++) {
		add_name(&names, providers[i].id);
		for (size_t k = 0; k < providers[i].domain_count; k++)
			add_name(&names, providers[i].domains[k]);
	}
	lists = mx_catalogue_lists(catalogue, &count);
	for (size_t i = 0; i < count; i++) {
		add_name(&names, lists[i].id);
		add_name(&names, lists[i].name);
		for (size_t k = 0; k < lists[i].zone_count; k++)
			add_name(&names, lists[i].zones[k]);
	}
	near = mx_nearest(word, names.items, names.count);
	free(names.items);
	return near;
}
