/* explain.c - `mxprobe explain`: a word of a result in sentences. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/base/term.h"
#include "probe/cmd/explain_topic.h"
#include "probe/cmd/options.h"
#include "probe/report/json_out.h"
#include "probe/report/wrap.h"

#define EXIT_NOT_KNOWN 1
#define LABEL 10 /* columns before a value */
#define MAX_WIDTH 100

struct explain {
	struct mx_cli *cli;
	enum mx_lang lang;
	bool is_json;
	const char **words; /* own */
	size_t count;
	struct mx_catalogue *catalogue;
	struct mx_rules *rules;
};

static enum mx_err
take_lang(void *into, const char *value, struct mx_error *err)
{
	static const char *const langs[] = { "en", "ja" };
	struct explain *e = into;
	size_t index = 0;
	enum mx_err code = mx_value_choice("--lang", value, langs, 2, &index, err);

	e->lang = index == 1 ? MX_LANG_JA : MX_LANG_EN;
	return code;
}

static enum mx_err
take_format(void *into, const char *value, struct mx_error *err)
{
	static const char *const formats[] = { "text", "json" };
	struct explain *e = into;
	size_t index = 0;
	enum mx_err code = mx_value_choice("--format", value, formats, 2, &index, err);

	e->is_json = index == 1;
	return code;
}

static enum mx_err
take_word(void *into, const char *word, struct mx_error *err)
{
	struct explain *e = into;

	(void)err;
	e->words = mx_grow(e->words, e->count, sizeof *e->words);
	e->words[e->count++] = word;
	return MX_OK;
}

/* clang-format off */
static const struct mx_option option_rows[] = {
	{ "Explain", 'l', "lang", "en|ja", "Default: what LC_ALL, LC_MESSAGES or LANG say.", take_lang },
	{ NULL, 'f', "format", "text|json", "json prints one object a line. Default text.", take_format },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};

enum label { L_MEANS, L_LIST, L_BY, L_CATEGORY, L_VERDICT, L_STEPS, L_LOOKUP, L_DELIST, L_LINK,
	L_EXAMPLE, L_PART_OF };
static const char *const labels[][2] = {
	[L_MEANS]    = { "means", "意味" },
	[L_LIST]     = { "list", "リスト" },
	[L_BY]       = { "kept by", "運営" },
	[L_CATEGORY] = { "category", "分類" },
	[L_VERDICT]  = { "verdict", "判定" },
	[L_STEPS]    = { "to do", "対処" },
	[L_LOOKUP]   = { "look up", "照会" },
	[L_DELIST]   = { "delist", "解除" },
	[L_LINK]     = { "link", "リンク" },
	[L_EXAMPLE]  = { "example", "例" },
	[L_PART_OF]  = { "part of", "親リスト" },
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

static enum mx_lang
lang_of_environment(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return strncmp(value, "ja", 2) == 0 ? MX_LANG_JA : MX_LANG_EN;
	}
	return MX_LANG_EN;
}

static void
print_labelled(const struct explain *e, enum label label, const char *value, bool wraps)
{
	unsigned width = mx_term_width(e->cli->out);
	const char *name = labels[label][e->lang];
	char *safe, *rest;

	if (value == NULL || *value == '\0')
		return;
	fprintf(e->cli->out, "  %s%*s", name, (int)(LABEL - mx_text_columns(name)), "");
	rest = safe = mx_strdup(value);
	for (bool first = true; rest != NULL; first = false) {
		char *line = strsep(&rest, "\n");

		if (!first)
			fprintf(e->cli->out, "%*s", LABEL + 2, "");
		if (wraps)
			mx_wrap_print(e->cli->out, line, LABEL + 2, LABEL + 2,
			    width > MAX_WIDTH ? MAX_WIDTH : width, 0);
		else
			fprintf(e->cli->out, "%s\n", line);
	}
	free(safe);
}

static const char *
steps_of(const struct explain *e, const struct mx_topic *t)
{
	if (t->remedy == NULL)
		return NULL;
	return e->lang == MX_LANG_JA ? t->remedy->ja : t->remedy->en;
}

static void
print_topic(const struct explain *e, const struct mx_topic *t)
{
	const char *link = t->remedy != NULL ? t->remedy->url : NULL;
	bool is_repeated =
	    link != NULL && t->delist_url != NULL && strcmp(link, t->delist_url) == 0;
	char *id = mx_escape_terminal(t->id, strlen(t->id));

	fprintf(e->cli->out, "%s%s%s%s: %s\n", id,
	    strcmp(t->id, t->name) != 0 ? " (" : "",
	    strcmp(t->id, t->name) != 0 ? t->name : "",
	    strcmp(t->id, t->name) != 0 ? ")" : "", kinds[t->kind][e->lang]);
	free(id);
	print_labelled(e, L_MEANS, t->meaning, true);
	print_labelled(e, t->kind == MX_TOPIC_LIST ? L_PART_OF : L_LIST, t->list, true);
	print_labelled(e, L_BY, t->authority, true);
	print_labelled(e, L_CATEGORY, t->category, true);
	print_labelled(e, L_VERDICT, t->verdict, true);
	print_labelled(e, L_STEPS, steps_of(e, t), true);
	print_labelled(e, L_LOOKUP, t->lookup_url, false);
	print_labelled(e, L_DELIST, t->delist_url, false);
	print_labelled(e, L_LINK, is_repeated ? NULL : link, false);
	print_labelled(e, L_EXAMPLE, t->example, true);
}

static void
put_topic(const struct explain *e, const char *word, const struct mx_topic *t)
{
	struct mx_json_out out = { .stream = e->cli->out };

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
	mx_json_string(&out, "remedy", t->remedy != NULL ? t->remedy->id : NULL);
	mx_json_string(&out, "steps", steps_of(e, t));
	mx_json_string(&out, "remedy_url", t->remedy != NULL ? t->remedy->url : NULL);
	mx_json_string(&out, "lookup_url", t->lookup_url);
	mx_json_string(&out, "delist_url", t->delist_url);
	mx_json_string(&out, "example", t->example);
	mx_json_close(&out, '}');
	mx_json_end_line(&out);
}

static void
say_unknown(const struct explain *e, const char *word)
{
	const char *near = mx_topics_nearest(e->catalogue, word);
	char *safe = mx_escape_terminal(word, strlen(word));

	fflush(e->cli->out);
	fprintf(e->cli->err, "mxprobe: nothing is known as \"%.200s\"%s%s%s\n", safe,
	    near != NULL ? " (did you mean " : "", near != NULL ? near : "",
	    near != NULL ? "?)" : "");
	free(safe);
}

/* True when something is known by that word. */
static bool
explain_word(const struct explain *e, const char *word, bool is_first)
{
	struct mx_topics topics;
	size_t count;

	mx_topics_find(e->catalogue, e->rules, word, e->lang, &topics);
	count = topics.count;
	for (size_t i = 0; i < count; i++) {
		if (!e->is_json && (i > 0 || !is_first))
			fputc('\n', e->cli->out);
		if (e->is_json)
			put_topic(e, word, &topics.items[i]);
		else
			print_topic(e, &topics.items[i]);
	}
	if (count == 0)
		say_unknown(e, word);
	mx_topics_clear(&topics);
	return count > 0;
}

static int
explain_words(struct explain *e, struct mx_error *err)
{
	int status = 0;
	bool is_first = true;

	if (e->count == 0) {
		mx_error_set(err, MX_ERR_USAGE,
		    "say what to explain: a category, a list, a provider or a code, for "
		    "example mxprobe explain S3140");
		return mx_cli_fail(e->cli, err);
	}
	e->catalogue = mx_catalogue_load(NULL, err);
	e->rules = e->catalogue != NULL ? mx_rules_load(e->catalogue, err) : NULL;
	if (e->rules == NULL)
		return mx_cli_fail(e->cli, err);
	for (size_t i = 0; i < e->count; i++)
		if (explain_word(e, e->words[i], is_first))
			is_first = false;
		else
			status = EXIT_NOT_KNOWN;
	return status;
}

static int
explain_run(struct mx_cli *cli, const struct mx_command *self, int argc, char **argv)
{
	struct explain e = { .cli = cli, .lang = lang_of_environment() };
	struct mx_error err = { 0 };
	int status = 0;

	if (mx_options_parse(cli, self, argc, argv, &e, take_word, &err) != MX_OK)
		status = mx_cli_fail(cli, &err);
	else if (!cli->answered)
		status = explain_words(&e, &err);
	mx_rules_free(e.rules);
	mx_catalogue_free(e.catalogue);
	free(e.words);
	return status;
}

const struct mx_command mx_cmd_explain = {
	.name = "explain",
	.summary =
	    "Say what a category, a blocklist, a provider or a code means and what to "
	    "do.",
	.synopsis = "[OPTION...] WORD...",
	.notes =
	    "A word may be a verdict, a category or its family, a list (id, name or "
	    "zone), a provider (id, name, domain or mail exchanger) or a code from a "
	    "reply (S3140, TSS04, 5.7.606). Exit status: 0 every word was explained, 1 "
	    "some are not known, 4 a failure on our side, 64 wrong usage, 78 a faulty "
	    "taxonomy.",
	.manual = "mxprobe-explain(1)",
	.options = option_rows,
	.run = explain_run,
};
