/* kit_markdown.c - the kit for a ticket system: what came from outside stands in code only. */
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/kit_parts.h"

static void
head(const struct mx_kit *kit, FILE *stream, enum mx_kit_word word)
{
	fprintf(stream, "\n## %s\n\n", mx_kit_word(kit, word));
}

static size_t
longest_ticks(const char *text)
{
	size_t longest = 0;

	while (*text != '\0') {
		size_t run = strspn(text, "`");

		longest = run > longest ? run : longest;
		text += run > 0 ? run : 1;
	}
	return longest;
}

static void
put_ticks(FILE *stream, size_t count)
{
	while (count-- > 0)
		fputc('`', stream);
}

/* A fence longer than any run of backticks inside; nothing in it is markup. */
static void
block(FILE *stream, const char *indent, const char *text)
{
	size_t ticks = longest_ticks(text) < 3 ? 3 : longest_ticks(text) + 1;
	char *copy = mx_strdup(text), *rest = copy;

	fputs(indent, stream);
	put_ticks(stream, ticks);
	fputs("text\n", stream);
	while (rest != NULL) {
		const char *line = strsep(&rest, "\n");
		char *shown = mx_escape_terminal(line, strlen(line));

		fprintf(stream, "%s%s\n", indent, shown);
		free(shown);
	}
	fputs(indent, stream);
	put_ticks(stream, ticks);
	fputc('\n', stream);
	free(copy);
}

/* The same within a line. */
static void
code(FILE *stream, const char *text)
{
	char *shown = mx_escape_terminal(text, strlen(text));
	size_t ticks = longest_ticks(shown) + 1;
	const char *space = ticks > 1 ? " " : "";

	put_ticks(stream, ticks);
	fprintf(stream, "%s%s%s", space, shown, space);
	put_ticks(stream, ticks);
	free(shown);
}

static void
print_facts(FILE *stream, const struct mx_kit_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		fprintf(stream, "- %s: ", list->items[i].label);
		code(stream, list->items[i].value);
		if (list->items[i].hint != NULL) {
			fputs("\n  ", stream);
			code(stream, list->items[i].hint);
		}
		fputc('\n', stream);
	}
}

static void
print_field(const struct mx_kit *kit, FILE *stream, size_t number)
{
	const struct mx_kit_item *field = &kit->form.items[number];

	fprintf(stream, "%zu. **%s**\n", number + 1, field->label);
	if (field->hint != NULL)
		fprintf(stream, "   %s\n", field->hint);
	fputc('\n', stream);
	if (field->value != NULL)
		block(stream, "   ", field->value);
	else
		fprintf(stream, "   %s\n", mx_kit_word(kit, MX_KIT_YOURS));
}

static void
print_form(const struct mx_kit *kit, FILE *stream)
{
	const char *named = kit->facts.row->delist_url;

	head(kit, stream, MX_KIT_FORM);
	if (kit->remedy->url != NULL)
		fprintf(stream, "<%s>\n\n", kit->remedy->url);
	else if (named == NULL)
		fprintf(stream, "%s\n\n", mx_kit_word(kit, MX_KIT_NO_FORM));
	if (named != NULL &&
	    (kit->remedy->url == NULL || strcmp(named, kit->remedy->url) != 0)) {
		fprintf(stream, "%s: ", mx_kit_word(kit, MX_KIT_ALSO));
		code(stream, named);
		fputs("\n\n", stream);
	}
	for (size_t i = 0; i < kit->form.count; i++)
		print_field(kit, stream, i);
}

static void
print_answers(const struct mx_kit *kit, FILE *stream)
{
	for (size_t i = 0; i < kit->answer_count; i++) {
		const struct mx_kit_answer *answer = &kit->answers[i];

		fprintf(stream, "- **%s**\n  %s\n  %s\n", answer->says, answer->means,
		    answer->next);
		if (answer->reply == NULL)
			continue;
		fprintf(stream, "\n  %s %s\n\n", mx_kit_word(kit, MX_KIT_REPLY),
		    mx_kit_word(kit, MX_KIT_CHECK_REPLY));
		block(stream, "  ", answer->reply);
	}
}

void
mx_kit_markdown(const struct mx_kit *kit, FILE *stream)
{
	fprintf(stream, "# %s: %s\n", kit->source,
	    kit->provider != NULL ? kit->provider->name : kit->facts.row->destination);
	head(kit, stream, MX_KIT_SITUATION);
	print_facts(stream, &kit->situation);
	head(kit, stream, MX_KIT_ERROR);
	block(stream, "", kit->error);
	if (kit->identity.count > 0) {
		head(kit, stream, MX_KIT_IDENTITY);
		print_facts(stream, &kit->identity);
	}
	head(kit, stream, MX_KIT_FIRST);
	for (size_t i = 0; i < kit->steps.count; i++)
		fprintf(stream, "%zu. %s\n", i + 1, kit->steps.items[i].value);
	print_form(kit, stream);
	if (kit->remedy->duration.en != NULL) {
		head(kit, stream, MX_KIT_DURATION);
		fprintf(stream, "%s\n", mx_kit_in(kit, &kit->remedy->duration));
	}
	if (kit->answer_count > 0)
		head(kit, stream, MX_KIT_ANSWERS);
	print_answers(kit, stream);
}
