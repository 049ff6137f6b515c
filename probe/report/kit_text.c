/* kit_text.c - the kit for a terminal, section by section. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/kit_parts.h"
#include "probe/report/wrap.h"

#define INDENT 4
#define MAX_WIDTH 100

/** Where to, and how wide. */
struct page {
	FILE *stream;
	unsigned width;
	const struct mx_kit *kit;
};

static char *
safe(const char *text)
{
	return mx_escape_terminal(text, strlen(text));
}

static void
head(const struct page *page, enum mx_kit_word word)
{
	fprintf(page->stream, "\n== %s ==\n", mx_kit_word(page->kit, word));
}

/* column: where the cursor stands. */
static void
wrapped(const struct page *page, const char *text, unsigned column)
{
	char *shown = safe(text);

	mx_wrap_print(page->stream, shown, column, column, page->width, 0);
	free(shown);
}

/* Each line as it is, so that it can be copied: not wrapped. */
static void
verbatim(const struct page *page, const char *text)
{
	char *copy = mx_strdup(text), *rest = copy;

	while (rest != NULL) {
		char *line = safe(strsep(&rest, "\n"));

		fprintf(page->stream, "%*s%s\n", *line != '\0' ? INDENT : 0, "", line);
		free(line);
	}
	free(copy);
}

static void
print_facts(const struct page *page, const struct mx_kit_list *list)
{
	size_t widest = 0;

	for (size_t i = 0; i < list->count; i++) {
		size_t columns = mx_text_columns(list->items[i].label);

		widest = columns > widest ? columns : widest;
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct mx_kit_item *item = &list->items[i];

		fprintf(page->stream, "  %s%*s  ", item->label,
		    (int)(widest - mx_text_columns(item->label)), "");
		wrapped(page, item->value, (unsigned)widest + 4);
		if (item->hint != NULL) {
			fprintf(page->stream, "%*s", (int)widest + 4, "");
			wrapped(page, item->hint, (unsigned)widest + 4);
		}
	}
}

static void
print_steps(const struct page *page)
{
	for (size_t i = 0; i < page->kit->steps.count; i++) {
		int column = fprintf(page->stream, "  %zu. ", i + 1);

		wrapped(page, page->kit->steps.items[i].value, (unsigned)column);
	}
}

/* Name, what to write there, and why: the value stands alone on its lines. */
static void
print_field(const struct page *page, size_t number, const struct mx_kit_item *field)
{
	int column = fprintf(page->stream, "  %zu. ", number);

	wrapped(page, field->label, (unsigned)column);
	if (field->value != NULL)
		verbatim(page, field->value);
	else
		fprintf(page->stream, "%*s%s\n", INDENT, "",
		    mx_kit_word(page->kit, MX_KIT_YOURS));
	if (field->hint != NULL) {
		fprintf(page->stream, "%*s- ", INDENT, "");
		wrapped(page, field->hint, INDENT + 2);
	}
}

static void
print_form(const struct page *page)
{
	const struct mx_kit *kit = page->kit;
	const char *named = kit->facts.row->delist_url;

	head(page, MX_KIT_FORM);
	if (kit->remedy->url != NULL)
		fprintf(page->stream, "  %s\n", kit->remedy->url);
	else if (named == NULL)
		fprintf(page->stream, "  %s\n", mx_kit_word(kit, MX_KIT_NO_FORM));
	if (named != NULL &&
	    (kit->remedy->url == NULL || strcmp(named, kit->remedy->url) != 0)) {
		char *shown = safe(named);

		fprintf(page->stream, "  %s: %s\n", mx_kit_word(kit, MX_KIT_ALSO), shown);
		free(shown);
	}
	for (size_t i = 0; i < kit->form.count; i++)
		print_field(page, i + 1, &kit->form.items[i]);
}

static void
print_answer(const struct page *page, const struct mx_kit_answer *answer)
{
	fputs("  * ", page->stream);
	wrapped(page, answer->says, INDENT);
	fprintf(page->stream, "%*s", INDENT, "");
	wrapped(page, answer->means, INDENT);
	fprintf(page->stream, "%*s-> ", INDENT, "");
	wrapped(page, answer->next, INDENT + 3);
	if (answer->row->outcome != NULL)
		fprintf(page->stream, "%*s   mxprobe delist ... --outcome %s\n", INDENT,
		    "", answer->row->outcome);
	if (answer->reply == NULL)
		return;
	fprintf(page->stream, "%*s%s %s\n\n", INDENT, "",
	    mx_kit_word(page->kit, MX_KIT_REPLY),
	    mx_kit_word(page->kit, MX_KIT_CHECK_REPLY));
	verbatim(page, answer->reply);
	fputc('\n', page->stream);
}

/* Nobody has looked yet: the command that does. */
static void
print_preflight(const struct page *page)
{
	const struct mx_store_result *row = page->kit->facts.row;

	fprintf(page->stream, "  mxprobe preflight --source %s", row->source);
	if (row->helo != NULL)
		fprintf(page->stream, " --helo %s", row->helo);
	if (row->mail_from != NULL && page->kit->domain != NULL)
		fprintf(page->stream, " --mail-from %s", row->mail_from);
	fputc('\n', page->stream);
}

static void
print_after(const struct page *page)
{
	const struct mx_store_result *row = page->kit->facts.row;

	fprintf(page->stream, "\n%s\n", mx_kit_word(page->kit, MX_KIT_AFTER));
	fprintf(page->stream, "  mxprobe delist --source %s --to %s --ticket N\n",
	    row->source, row->destination);
	fprintf(page->stream, "\n%s\n", mx_kit_word(page->kit, MX_KIT_FOLLOW));
	fprintf(page->stream, "  mxprobe verify --source %s --to %s\n", row->source,
	    row->destination);
}

/* The list itself where it has a name: the provider may only be asking it. Caller frees. */
static char *
whose_list(const struct mx_kit *kit)
{
	const struct mx_store_result *row = kit->facts.row;
	const char *name = kit->provider != NULL ? kit->provider->name : row->destination;

	if (row->list != NULL)
		return mx_strdup(row->list);
	return kit->lang == MX_LANG_JA ? mx_strdup(name)
				       : mx_asprintf("the block list of %s", name);
}

void
mx_kit_text(const struct mx_kit *kit, FILE *stream, unsigned width)
{
	struct page page = { stream, width > MAX_WIDTH ? MAX_WIDTH : width, kit };
	char *whose = whose_list(kit);
	char *heading =
	    kit->lang == MX_LANG_JA
		? mx_asprintf("%s のブロック解除申請（%s）", kit->source, whose)
		: mx_asprintf("Request to take %s off %s", kit->source, whose);

	wrapped(&page, heading, 0);
	free(heading);
	free(whose);
	head(&page, MX_KIT_SITUATION);
	print_facts(&page, &kit->situation);
	head(&page, MX_KIT_ERROR);
	verbatim(&page, kit->error);
	head(&page, MX_KIT_IDENTITY);
	if (kit->identity.count > 0)
		print_facts(&page, &kit->identity);
	else
		print_preflight(&page);
	head(&page, MX_KIT_FIRST);
	print_steps(&page);
	print_form(&page);
	if (kit->remedy->duration.en != NULL) {
		head(&page, MX_KIT_DURATION);
		fputs("  ", stream);
		wrapped(&page, mx_kit_in(kit, &kit->remedy->duration), 2);
	}
	if (kit->answer_count > 0)
		head(&page, MX_KIT_ANSWERS);
	for (size_t i = 0; i < kit->answer_count; i++)
		print_answer(&page, &kit->answers[i]);
	print_after(&page);
}

bool
mx_kit_outcome_text(
    const struct mx_kit *kit, const char *outcome, FILE *stream, unsigned width)
{
	struct page page = { stream, width > MAX_WIDTH ? MAX_WIDTH : width, kit };
	bool is_known = false;

	for (size_t i = 0; i < kit->answer_count; i++) {
		const struct mx_kit_answer *answer = &kit->answers[i];

		if (answer->row->outcome == NULL ||
		    strcmp(answer->row->outcome, outcome) != 0)
			continue;
		print_answer(&page, answer);
		is_known = true;
	}
	return is_known;
}
