/* explain_show.c - topics in labelled lines or JSON. */
#include "probe/cmd/explain_show.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/base/term.h"
#include "probe/report/json_out.h"
#include "probe/report/wrap.h"

#define VALUE 12 /* column at which values begin */
#define MAX_WIDTH 100

/* clang-format off */
enum label { L_MEANS, L_LIST, L_BY, L_CATEGORY, L_VERDICT, L_TO_DO, L_FORM, L_TAKES, L_LOOKUP, L_DELIST,
	L_LINK, L_EXAMPLE, L_PART_OF, L_ASK, L_ANSWERS };
static const char *const labels[][2] = {
	[L_MEANS]    = { "means", "意味" },
	[L_LIST]     = { "list", "リスト" },
	[L_BY]       = { "kept by", "運営" },
	[L_CATEGORY] = { "category", "分類" },
	[L_VERDICT]  = { "verdict", "判定" },
	[L_TO_DO]    = { "to do", "対処" },
	[L_FORM]     = { "form", "記入欄" },
	[L_TAKES]    = { "takes", "期間" },
	[L_LOOKUP]   = { "look up", "照会" },
	[L_DELIST]   = { "delist", "解除" },
	[L_LINK]     = { "link", "リンク" },
	[L_EXAMPLE]  = { "example", "例" },
	[L_PART_OF]  = { "part of", "親リスト" },
	[L_ASK]      = { "ask DNS", "DNS照会" },
	[L_ANSWERS]  = { "answers", "応答値" },
};
static const char *const kinds[MX_TOPIC_KINDS][2] = {
	[MX_TOPIC_VERDICT]  = { "a verdict", "判定" },
	[MX_TOPIC_FAMILY]   = { "a family of categories", "分類の系統" },
	[MX_TOPIC_CATEGORY] = { "a category", "分類" },
	[MX_TOPIC_LIST]     = { "a list", "リスト" },
	[MX_TOPIC_PROVIDER] = { "a provider", "メールサービス" },
	[MX_TOPIC_CODE]     = { "a code in replies", "応答中のコード" },
};
/* clang-format on */

static const char *
in(enum mx_lang lang, const struct mx_text *text)
{
	return lang == MX_LANG_JA ? text->ja : text->en;
}

static void
print_name(FILE *out, enum mx_lang lang, enum label label)
{
	const char *name = labels[label][lang];

	fprintf(out, "  %s%*s", name, (int)(VALUE - 2 - mx_text_columns(name)), "");
}

/* column: where the cursor stands, and where what wraps goes on. */
static void
print_wrapped(FILE *out, int column, const char *text)
{
	unsigned width = mx_term_width(out);

	mx_wrap_print(out, text, (unsigned)column, (unsigned)column,
	    width > MAX_WIDTH ? MAX_WIDTH : width, 0);
}

static void
print_labelled(FILE *out, enum mx_lang lang, enum label label, const char *value)
{
	char *copy, *rest;

	if (value == NULL || *value == '\0')
		return;
	print_name(out, lang, label);
	rest = copy = mx_strdup(value);
	for (bool first = true; rest != NULL; first = false) {
		if (!first)
			fprintf(out, "%*s", VALUE, "");
		print_wrapped(out, VALUE, strsep(&rest, "\n"));
	}
	free(copy);
}

/* Links stay whole, so that a terminal can open them. */
static void
print_link(FILE *out, enum mx_lang lang, enum label label, const char *url)
{
	if (url == NULL)
		return;
	print_name(out, lang, label);
	fprintf(out, "%s\n", url);
}

static void
print_steps(FILE *out, enum mx_lang lang, const struct mx_remedy *remedy)
{
	for (size_t i = 0; i < remedy->step_count; i++) {
		if (i == 0)
			print_name(out, lang, L_TO_DO);
		else
			fprintf(out, "%*s", VALUE, "");
		print_wrapped(out, VALUE + fprintf(out, "%zu. ", i + 1),
		    in(lang, &remedy->steps[i]));
	}
}

/* Every field in the order of the form: its name, and below it what to enter. */
static void
print_form(FILE *out, enum mx_lang lang, const struct mx_remedy *remedy)
{
	for (size_t i = 0; i < remedy->field_count; i++) {
		const struct mx_form_field *field = &remedy->fields[i];

		if (i == 0)
			print_name(out, lang, L_FORM);
		else
			fprintf(out, "%*s", VALUE, "");
		print_wrapped(out, VALUE, in(lang, &field->name));
		fprintf(out, "%*s  ", VALUE, "");
		print_wrapped(out, VALUE + 2, in(lang, &field->enter));
	}
}

static void
print_remedy(FILE *out, enum mx_lang lang, const struct mx_remedy *remedy)
{
	if (remedy->step_count > 0)
		print_steps(out, lang, remedy);
	else
		print_labelled(
		    out, lang, L_TO_DO, lang == MX_LANG_JA ? remedy->ja : remedy->en);
	print_form(out, lang, remedy);
	print_labelled(out, lang, L_TAKES, in(lang, &remedy->duration));
}

static void
begin_row(FILE *out, enum mx_lang lang, enum label label, bool is_first)
{
	if (is_first)
		print_name(out, lang, label);
	else
		fprintf(out, "%*s", VALUE, "");
}

/* Where preflight asks the list, and what its answers mean. */
static void
print_list(FILE *out, enum mx_lang lang, const struct mx_list *list)
{
	for (size_t i = 0; i < list->query_count; i++) {
		const struct mx_list_query *query = &list->queries[i];

		begin_row(out, lang, L_ASK, i == 0);
		if (query->key != NULL)
			fprintf(
			    out, "KEY.%s (dnsbl: keys: %s)\n", query->zone, query->key);
		else
			fprintf(out, "%s\n", query->zone);
	}
	for (size_t i = 0; i < list->return_count; i++) {
		begin_row(out, lang, L_ANSWERS, i == 0);
		print_wrapped(out, VALUE + fprintf(out, "%-16s", list->returns[i].code),
		    list->returns[i].means);
	}
}

void
mx_topic_print(FILE *out, enum mx_lang lang, const struct mx_topic *t)
{
	const char *link = t->remedy != NULL ? t->remedy->url : NULL;
	bool is_repeated =
	    link != NULL && t->delist_url != NULL && strcmp(link, t->delist_url) == 0;
	bool is_named = strcmp(t->id, t->name) != 0;
	char *id = mx_escape_terminal(t->id, strlen(t->id));

	fprintf(out, "%s%s%s%s: %s\n", id, is_named ? " (" : "", is_named ? t->name : "",
	    is_named ? ")" : "", kinds[t->kind][lang]);
	free(id);
	print_labelled(out, lang, L_MEANS, t->meaning);
	print_labelled(out, lang, t->kind == MX_TOPIC_LIST ? L_PART_OF : L_LIST, t->list);
	print_labelled(out, lang, L_BY, t->authority);
	print_labelled(out, lang, L_CATEGORY, t->category);
	print_labelled(out, lang, L_VERDICT, t->verdict);
	if (t->row != NULL)
		print_list(out, lang, t->row);
	if (t->remedy != NULL)
		print_remedy(out, lang, t->remedy);
	print_link(out, lang, L_LOOKUP, t->lookup_url);
	print_link(out, lang, L_DELIST, t->delist_url);
	print_link(out, lang, L_LINK, is_repeated ? NULL : link);
	print_labelled(out, lang, L_EXAMPLE, t->example);
}

/* ---- JSON ---- */

static void
put_remedy(struct mx_json_out *out, enum mx_lang lang, const struct mx_remedy *remedy)
{
	mx_json_open(out, "remedy", '{');
	mx_json_string(out, "id", remedy->id);
	mx_json_string(out, "summary", lang == MX_LANG_JA ? remedy->ja : remedy->en);
	mx_json_open(out, "steps", '[');
	for (size_t i = 0; i < remedy->step_count; i++)
		mx_json_string(out, NULL, in(lang, &remedy->steps[i]));
	mx_json_close(out, ']');
	mx_json_open(out, "form", '[');
	for (size_t i = 0; i < remedy->field_count; i++) {
		mx_json_open(out, NULL, '{');
		mx_json_string(out, "field", in(lang, &remedy->fields[i].name));
		mx_json_string(out, "enter", in(lang, &remedy->fields[i].enter));
		mx_json_close(out, '}');
	}
	mx_json_close(out, ']');
	mx_json_string(out, "duration", in(lang, &remedy->duration));
	mx_json_string(out, "url", remedy->url);
	mx_json_close(out, '}');
}

static void
put_queries(struct mx_json_out *out, const struct mx_list *list)
{
	mx_json_open(out, "queries", '[');
	for (size_t i = 0; list != NULL && i < list->query_count; i++) {
		mx_json_open(out, NULL, '{');
		mx_json_string(out, "zone", list->queries[i].zone);
		mx_json_string(out, "key", list->queries[i].key);
		mx_json_close(out, '}');
	}
	mx_json_close(out, ']');
}

static void
put_answers(struct mx_json_out *out, const struct mx_list *list)
{
	mx_json_open(out, "answers", '[');
	for (size_t i = 0; list != NULL && i < list->return_count; i++) {
		mx_json_open(out, NULL, '{');
		mx_json_string(out, "code", list->returns[i].code);
		mx_json_string(out, "means", list->returns[i].means);
		mx_json_close(out, '}');
	}
	mx_json_close(out, ']');
}

void
mx_topic_json(FILE *stream, enum mx_lang lang, const char *word, const struct mx_topic *t)
{
	struct mx_json_out out = { .stream = stream };

	mx_json_open(&out, NULL, '{');
	mx_json_string(&out, "word", word);
	mx_json_string(&out, "kind", mx_topic_kind_name(t->kind));
	mx_json_string(&out, "id", t->id);
	mx_json_string(&out, "name", t->name);
	mx_json_string(&out, "meaning", t->meaning);
	mx_json_string(&out, "list", t->list);
	mx_json_string(&out, "authority", t->authority);
	mx_json_string(&out, "category", t->category);
	mx_json_string(&out, "verdict", t->verdict);
	put_queries(&out, t->row);
	put_answers(&out, t->row);
	if (t->remedy != NULL)
		put_remedy(&out, lang, t->remedy);
	else
		mx_json_null(&out, "remedy");
	mx_json_string(&out, "lookup_url", t->lookup_url);
	mx_json_string(&out, "delist_url", t->delist_url);
	mx_json_string(&out, "example", t->example);
	mx_json_close(&out, '}');
	mx_json_end_line(&out);
}
