/* kit.c - from what is known to what a request asks for. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/addr.h"
#include "probe/base/buf.h"
#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/report/ages.h"
#include "probe/report/kit_parts.h"

#define ERROR_MAX 32768U

void
mx_kit_add(
    struct mx_kit_list *list, const char *label, const char *value, const char *hint)
{
	list->items = mx_grow(list->items, list->count, sizeof *list->items);
	list->items[list->count++] = (struct mx_kit_item){ .label = mx_strdup(label),
		.value = mx_strdup(value),
		.hint = mx_strdup(hint) };
}

const char *
mx_kit_in(const struct mx_kit *kit, const struct mx_text *text)
{
	return kit->lang == MX_LANG_JA && text->ja != NULL ? text->ja : text->en;
}

static const char *
say(const struct mx_kit *kit, const char *en, const char *ja)
{
	return kit->lang == MX_LANG_JA ? ja : en;
}

/* ---- the refusal ---- */

static const char *
member(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* "550 " or "550" alone: no line of this reply comes behind it. */
static bool
is_last_line(const char *line)
{
	return strlen(line) >= 3 && strspn(line, "0123456789") >= 3 && line[3] != '-';
}

/* The server's lines in that stage; of several replies the last one. */
static char *
lines_of_stage(const json_t *transcript, const char *stage)
{
	struct mx_buf text;
	bool is_over = false;
	size_t index;
	json_t *line;

	mx_buf_init(&text, ERROR_MAX);
	json_array_foreach (transcript, index, line) {
		const char *from = member(line, "from"), *words = member(line, "line");
		const char *where = member(line, "stage");

		if (from == NULL || words == NULL || where == NULL ||
		    strcmp(from, "server") != 0 || strcmp(where, stage) != 0)
			continue;
		if (is_over)
			mx_buf_reset(&text);
		if (text.len > 0)
			(void)mx_buf_addstr(&text, "\n");
		(void)mx_buf_addstr(&text, words);
		is_over = is_last_line(words);
	}
	return mx_buf_take(&text);
}

static char *
refusal_of_row(const struct mx_store_result *row)
{
	char code[8];

	(void)snprintf(code, sizeof code, "%d", (int)(row->code % 1000));
	if (row->text == NULL)
		return mx_strdup(row->note != NULL ? row->note : row->verdict);
	if (row->code == 0 || strncmp(row->text, code, 3) == 0)
		return mx_strdup(row->text);
	if (row->enhanced != NULL && strstr(row->text, row->enhanced) == NULL)
		return mx_asprintf("%s %s %s", code, row->enhanced, row->text);
	return mx_asprintf("%s %s", code, row->text);
}

static char *
refusal(const struct mx_kit *kit, const json_t *evidence)
{
	const struct mx_store_result *row = kit->facts.row;
	char *lines;

	if (evidence == NULL || row->stage == NULL)
		return refusal_of_row(row);
	lines = lines_of_stage(json_object_get(evidence, "transcript"), row->stage);
	if (*lines != '\0')
		return lines;
	free(lines);
	return refusal_of_row(row);
}

/* As a bounce has it: forms ask for these lines. */
static char *
told_refusal(const struct mx_kit *kit)
{
	const struct mx_store_result *row = kit->facts.row;
	char when[MX_CLOCK_TEXT];
	struct mx_buf text;

	mx_buf_init(&text, (size_t)2 * ERROR_MAX);
	(void)mx_buf_addf(&text, "%s\n", kit->error);
	if (row->mx_host != NULL)
		(void)mx_buf_addf(&text, "Remote-MTA: dns; %s (%s)\n", row->mx_host,
		    row->address != NULL ? row->address : "-");
	(void)mx_buf_addf(&text, "Action: %s\n",
	    row->code >= 400 && row->code < 500 ? "delayed" : "failed");
	if (row->enhanced != NULL)
		(void)mx_buf_addf(&text, "Status: %s\n", row->enhanced);
	(void)mx_buf_addf(
	    &text, "Last-Attempt-Date: %s", mx_clock_format(row->time_us, when));
	return mx_buf_take(&text);
}

/* ---- who we are ---- */

static bool
is_address(const char *text)
{
	struct mx_addr addr;
	struct mx_cidr block;

	return text != NULL &&
	       (mx_addr_parse(text, &addr) || mx_cidr_parse(text, &block));
}

/* The one that the refusal names; it may be that of a network or of a NAT. */
static const char *
seen_address(const struct mx_store_result *row)
{
	if (is_address(row->listed_value))
		return row->listed_value;
	return row->seen_source != NULL ? row->seen_source : row->source;
}

static const char *
domain_of(const struct mx_store_result *row)
{
	const char *at = row->mail_from != NULL ? strrchr(row->mail_from, '@') : NULL;

	return at != NULL && at[1] != '\0' ? at + 1 : NULL;
}

/* ---- what to fill in ---- */

static char *
title(const struct mx_kit *kit)
{
	const struct mx_store_result *row = kit->facts.row;
	char *reason = mx_asprintf("%.0d%s%s%s%s%s", (int)row->code,
	    row->enhanced != NULL ? " " : "", row->enhanced != NULL ? row->enhanced : "",
	    row->provider_code != NULL ? " (" : "",
	    row->provider_code != NULL ? row->provider_code : "",
	    row->provider_code != NULL ? ")" : "");
	char *text = kit->lang == MX_LANG_JA
			 ? mx_asprintf("%s宛てのメールが %s "
				       "で拒否されます。block listの解除をお願いします。",
			       row->destination, reason)
			 : mx_asprintf("Mail to %s is refused with %s; please take %s "
				       "off the block list",
			       row->destination, reason, kit->source);

	free(reason);
	return text;
}

/* Microsoft's form names the zones so; elsewhere the offset says enough. */
static char *
time_zone(const struct mx_kit *kit)
{
	char offset[MX_AGE_TEXT];

	(void)mx_time_offset(mx_clock_wall_us(), offset);
	return mx_asprintf("(UTC%s)%s", offset,
	    strcmp(offset, "+09:00") == 0
		? say(kit, " Osaka, Sapporo, Tokyo", " 大阪、札幌、東京")
		: "");
}

/* NULL: not known, the user's to fill in. Caller frees. */
static char *
field_value(const struct mx_kit *kit, enum mx_field_value value)
{
	const struct mx_store_result *row = kit->facts.row;

	switch (value) {
	case MX_FIELD_NOTHING:
		return NULL;
	case MX_FIELD_TITLE:
		return title(kit);
	case MX_FIELD_SOURCE:
		return mx_strdup(kit->source);
	case MX_FIELD_LISTED:
		return mx_strdup(
		    row->listed_value != NULL ? row->listed_value : kit->source);
	case MX_FIELD_DESTINATION:
		return mx_strdup(row->destination);
	case MX_FIELD_SENDING_DOMAIN:
		return mx_strdup(kit->domain);
	case MX_FIELD_CONTACT:
		return mx_strdup(kit->domain != NULL ? row->mail_from : NULL);
	case MX_FIELD_TIME_ZONE:
		return time_zone(kit);
	case MX_FIELD_ERROR:
		return mx_strdup(kit->told);
	case MX_FIELD_WEB_SITE:
		return kit->domain != NULL ? mx_asprintf("https://%s/", kit->domain)
					   : NULL;
	case MX_FIELD_HELO:
		return mx_strdup(row->helo);
	case MX_FIELD_CODE:
		return mx_strdup(row->provider_code);
	}
	return NULL;
}

static void
fill_form(struct mx_kit *kit)
{
	for (size_t i = 0; i < kit->remedy->field_count; i++) {
		const struct mx_form_field *field = &kit->remedy->fields[i];
		char *value = field_value(kit, field->value);

		mx_kit_add(&kit->form, mx_kit_in(kit, &field->name), value,
		    mx_kit_in(kit, &field->enter));
		free(value);
	}
}

/* "{source}" and its like become what they stand for. Caller frees. */
static char *
filled(const struct mx_kit *kit, const char *pattern)
{
	const struct mx_store_result *row = kit->facts.row;
	const struct {
		const char *name, *value;
	} names[] = {
		{ "{source}", kit->source },
		{ "{domain}", kit->domain },
		{ "{helo}", row->helo },
		{ "{destination}", row->destination },
		{ "{error}", kit->error },
	};
	struct mx_buf text;

	mx_buf_init(&text, (size_t)2 * ERROR_MAX);
	while (*pattern != '\0') {
		size_t i = 0, count = sizeof names / sizeof *names;

		while (i < count &&
		       strncmp(pattern, names[i].name, strlen(names[i].name)) != 0)
			i++;
		if (i == count) {
			(void)mx_buf_add(&text, pattern++, 1);
			continue;
		}
		(void)mx_buf_addstr(
		    &text, names[i].value != NULL ? names[i].value : "...");
		pattern += strlen(names[i].name);
	}
	return mx_buf_take(&text);
}

static void
fill_answers(struct mx_kit *kit)
{
	kit->answer_count = kit->remedy->answer_count;
	kit->answers = mx_calloc(kit->answer_count + 1, sizeof *kit->answers);
	for (size_t i = 0; i < kit->answer_count; i++) {
		const struct mx_remedy_answer *row = &kit->remedy->answers[i];
		struct mx_kit_answer *answer = &kit->answers[i];

		answer->row = row;
		answer->says = filled(kit, mx_kit_in(kit, &row->says));
		answer->means = filled(kit, mx_kit_in(kit, &row->means));
		answer->next = filled(kit, mx_kit_in(kit, &row->next));
		if (row->reply.en != NULL)
			answer->reply = filled(kit, mx_kit_in(kit, &row->reply));
	}
}

static void
fill_steps(struct mx_kit *kit)
{
	const struct mx_remedy *first =
	    mx_catalogue_remedy(kit->facts.catalogue, MX_REMEDY_FIRST);

	for (size_t i = 0;
	     first != NULL && !kit->remedy->has_first && i < first->step_count; i++)
		mx_kit_add(&kit->steps, NULL, mx_kit_in(kit, &first->steps[i]), NULL);
	for (size_t i = 0; i < kit->remedy->step_count; i++)
		mx_kit_add(
		    &kit->steps, NULL, mx_kit_in(kit, &kit->remedy->steps[i]), NULL);
}

/* ---- what happens ---- */

static void
add_moment(struct mx_kit *kit, const char *label, int64_t time_us)
{
	char utc[MX_AGE_TEXT], local[MX_AGE_TEXT];
	char *both;

	if (time_us == 0)
		return;
	both = mx_asprintf(
	    "%s (%s)", mx_time_utc(time_us, utc), mx_time_local(time_us, local));
	mx_kit_add(&kit->situation, label, both, NULL);
	free(both);
}

static void
add_case(struct mx_kit *kit)
{
	const struct mx_store_case *one = kit->facts.request;
	char opened[MX_AGE_TEXT];
	char *text;

	if (one == NULL)
		return;
	text = mx_asprintf("%s, %s%s%s", one->ticket != NULL ? one->ticket : "-",
	    mx_time_utc(one->opened_us, opened), one->outcome != NULL ? ", " : "",
	    one->outcome != NULL ? one->outcome : "");
	mx_kit_add(&kit->situation, say(kit, "request", "申請"), text, NULL);
	free(text);
}

static void
fill_situation(struct mx_kit *kit)
{
	const struct mx_store_result *row = kit->facts.row;
	const struct mx_category *category =
	    row->category != NULL
		? mx_catalogue_category(kit->facts.catalogue, row->category)
		: NULL;
	struct mx_kit_list *list = &kit->situation;
	char *where = mx_asprintf("%s%s%s (%s)", row->destination,
	    row->mx_host != NULL ? ", " : "", row->mx_host != NULL ? row->mx_host : "",
	    row->address != NULL ? row->address : "-");

	mx_kit_add(list, say(kit, "state", "状態"), kit->facts.state, NULL);
	mx_kit_add(list, say(kit, "source", "送信元IP"), row->source, NULL);
	if (strcmp(kit->source, row->source) != 0)
		mx_kit_add(list, say(kit, "listed", "掲載されたIP"), kit->source, NULL);
	mx_kit_add(list, say(kit, "destination", "宛先"), where, NULL);
	if (category != NULL)
		mx_kit_add(list, say(kit, "meaning", "意味"),
		    say(kit, category->en, category->ja), NULL);
	if (row->list != NULL)
		mx_kit_add(list, say(kit, "list", "リスト"), row->list, NULL);
	if (row->provider_code != NULL)
		mx_kit_add(list, say(kit, "code", "コード"), row->provider_code, NULL);
	add_moment(kit, say(kit, "first seen", "最初の確認"), kit->facts.first_us);
	add_moment(kit, say(kit, "last seen", "最後の確認"), kit->facts.last_us);
	mx_kit_add(list, "HELO", row->helo != NULL ? row->helo : "-", NULL);
	mx_kit_add(
	    list, "MAIL FROM", row->mail_from != NULL ? row->mail_from : "-", NULL);
	add_case(kit);
	free(where);
}

/* Only what needs somebody: a request with a broken identity is refused. */
static void
fill_identity(struct mx_kit *kit, const json_t *identity)
{
	const json_t *checks = json_object_get(identity, "checks");
	size_t index;
	json_t *check;

	json_array_foreach (checks, index, check) {
		const char *result = member(check, "result"),
			   *name = member(check, "check");
		const char *found = member(check, "found");
		char *value;

		if (result == NULL || name == NULL)
			continue;
		value = mx_asprintf("%s%s%s", result, found != NULL ? ": " : "",
		    found != NULL ? found : "");
		mx_kit_add(&kit->identity, name, value,
		    strcmp(result, "pass") != 0 ? member(check, "advice") : NULL);
		free(value);
	}
}

/* The nearest: what the rule says, whose list it is, who refused, of what kind it is. */
static const struct mx_remedy *
choose_remedy(const struct mx_kit *kit)
{
	const struct mx_catalogue *catalogue = kit->facts.catalogue;
	const struct mx_store_result *row = kit->facts.row;
	const struct mx_category *category =
	    row->category != NULL ? mx_catalogue_category(catalogue, row->category)
				  : NULL;
	const char *ids[] = { row->remedy,
		kit->provider != NULL ? kit->provider->remedy : NULL,
		category != NULL ? category->remedy : NULL, MX_REMEDY_FIRST };
	static const struct mx_remedy nothing = { .id = "none" };

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		const struct mx_remedy *remedy =
		    ids[i] != NULL ? mx_catalogue_remedy(catalogue, ids[i]) : NULL;

		if (remedy != NULL)
			return remedy;
	}
	return &nothing;
}

struct mx_kit *
mx_kit_new(const struct mx_kit_facts *facts, enum mx_lang lang)
{
	struct mx_kit *kit = mx_calloc(1, sizeof *kit);
	json_t *evidence =
	    facts->evidence != NULL ? json_loads(facts->evidence, 0, NULL) : NULL;

	kit->facts = *facts;
	kit->lang = lang;
	if (facts->row->provider != NULL)
		kit->provider =
		    mx_catalogue_provider(facts->catalogue, facts->row->provider);
	kit->remedy = choose_remedy(kit);
	kit->source = mx_strdup(seen_address(facts->row));
	kit->domain = mx_strdup(domain_of(facts->row));
	kit->error = refusal(kit, evidence);
	kit->told = told_refusal(kit);
	fill_situation(kit);
	fill_identity(kit, json_object_get(evidence, "identity"));
	fill_steps(kit);
	fill_form(kit);
	fill_answers(kit);
	json_decref(evidence);
	return kit;
}

static void
clear_list(struct mx_kit_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].label);
		free(list->items[i].value);
		free(list->items[i].hint);
	}
	free(list->items);
}

void
mx_kit_free(struct mx_kit *kit)
{
	if (kit == NULL)
		return;
	clear_list(&kit->situation);
	clear_list(&kit->identity);
	clear_list(&kit->steps);
	clear_list(&kit->form);
	for (size_t i = 0; i < kit->answer_count; i++) {
		free(kit->answers[i].says);
		free(kit->answers[i].means);
		free(kit->answers[i].next);
		free(kit->answers[i].reply);
	}
	free(kit->answers);
	free(kit->source);
	free(kit->domain);
	free(kit->error);
	free(kit->told);
	free(kit);
}
