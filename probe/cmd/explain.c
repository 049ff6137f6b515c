/* explain.c - `mxprobe explain`: a word of a result in sentences. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/explain_show.h"
#include "probe/cmd/lang.h"
#include "probe/cmd/options.h"

#define EXIT_NOT_KNOWN 1

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
	struct explain *e = into;

	return mx_value_lang(value, &e->lang, err);
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

/* clang-format on */

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
	struct mx_topics topics = { 0 };
	size_t count;

	mx_topics_find(e->catalogue, e->rules, word, e->lang, &topics);
	count = topics.count;
	for (size_t i = 0; i < count; i++) {
		if (!e->is_json && (i > 0 || !is_first))
			fputc('\n', e->cli->out);
		if (e->is_json)
			mx_topic_json(e->cli->out, e->lang, word, &topics.items[i]);
		else
			mx_topic_print(e->cli->out, e->lang, &topics.items[i]);
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
	struct explain e = { .cli = cli, .lang = mx_lang_of_environment() };
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
