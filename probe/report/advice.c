/* advice.c - one entry per verdict and remedy: however many results, the list stays short. */
#include "probe/report/advice.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/words.h"
#include "probe/report/wrap.h"

#define MOST_SHOWN 6
#define MOST_NAMES 3 /* destinations named in one entry */

struct entry {
	enum mx_verdict verdict;
	const struct mx_remedy *remedy; /* NULL: the verdict's own advice */
	char *url; /* safe to show; NULL: none, or not the same for all */
	bool urls_differ;
	char *names[MOST_NAMES]; /* destinations, safe to show */
	size_t name_count;
	bool more_names;
};

struct mx_advice {
	const struct mx_catalogue *catalogue;
	struct entry *entries;
	size_t count;
};

struct mx_advice *
mx_advice_new(const struct mx_catalogue *catalogue)
{
	struct mx_advice *advice = mx_calloc(1, sizeof *advice);

	advice->catalogue = catalogue;
	return advice;
}

void
mx_advice_free(struct mx_advice *advice)
{
	if (advice == NULL)
		return;
	for (size_t i = 0; i < advice->count; i++) {
		for (size_t n = 0; n < advice->entries[i].name_count; n++)
			free(advice->entries[i].names[n]);
		free(advice->entries[i].url);
	}
	free(advice->entries);
	free(advice);
}

/* A reply may name the link itself, so it is escaped like one. Caller frees. */
static char *
link_of(const char *url, const struct mx_remedy *remedy)
{
	if (url == NULL && remedy != NULL)
		url = remedy->url;
	return url != NULL ? mx_escape_terminal(url, strlen(url)) : NULL;
}

static struct entry *
find_entry(
    struct mx_advice *advice, enum mx_verdict verdict, const struct mx_remedy *remedy)
{
	struct entry *entry;

	for (size_t i = 0; i < advice->count; i++)
		if (advice->entries[i].verdict == verdict &&
		    advice->entries[i].remedy == remedy)
			return &advice->entries[i];
	advice->entries =
	    mx_grow(advice->entries, advice->count, sizeof *advice->entries);
	entry = &advice->entries[advice->count++];
	*entry = (struct entry){ .verdict = verdict, .remedy = remedy };
	return entry;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Takes url over. Links with an address in them differ from source to source; then each row shows
 * its own, and none stands here. */
static void
add_url(struct entry *entry, char *url)
{
	bool is_first = entry->name_count == 0;

	if (!is_first && !same_text(url, entry->url))
		entry->urls_differ = true;
	if (is_first)
		entry->url = url;
	else
		free(url);
}

static void
add_name(struct entry *entry, const char *destination)
{
	char *name = mx_strdup(destination);

	for (size_t i = 0; i < entry->name_count; i++)
		if (strcmp(entry->names[i], name) == 0) {
			free(name);
			return;
		}
	if (entry->name_count < MOST_NAMES) {
		entry->names[entry->name_count++] = name;
	} else {
		entry->more_names = true;
		free(name);
	}
}

void
mx_advice_add(struct mx_advice *advice, enum mx_verdict verdict, const char *destination,
    const char *remedy, const char *url)
{
	const struct mx_remedy *known = NULL;
	struct entry *entry;

	if (verdict == MX_V_ACCEPTED)
		return;
	if (remedy != NULL && advice->catalogue != NULL)
		known = mx_catalogue_remedy(advice->catalogue, remedy);
	entry = find_entry(advice, verdict, known);
	add_url(entry, link_of(url, known));
	add_name(entry, destination);
}

/* "- blocked (outlook.com, hotmail.com and others): what to do", then the link. */
static void
print_entry(const struct entry *entry, FILE *out, unsigned width)
{
	const char *what = entry->remedy != NULL && entry->remedy->en != NULL
			       ? entry->remedy->en
			       : mx_words_advice(entry->verdict);
	char *names = mx_strdup(entry->names[0]), *text;

	for (size_t i = 1; i < entry->name_count; i++) {
		char *longer = mx_asprintf("%s, %s", names, entry->names[i]);

		free(names);
		names = longer;
	}
	text = mx_asprintf("- %s (%s%s): %s", mx_verdict_name(entry->verdict), names,
	    entry->more_names ? " and others" : "", what);
	mx_wrap_print(out, text, 0, 2, width, 0);
	if (entry->urls_differ)
		fputs("  The rows above have the links.\n", out);
	else if (entry->url != NULL)
		fprintf(out, "  %s\n", entry->url);
	free(text);
	free(names);
}

static int
compare_entries(const void *left, const void *right)
{
	const struct entry *const *a = left, *const *b = right;

	if ((*a)->verdict != (*b)->verdict)
		return (*a)->verdict < (*b)->verdict ? -1 : 1;
	return strcmp((*a)->names[0], (*b)->names[0]);
}

void
mx_advice_print(const struct mx_advice *advice, FILE *out, unsigned width)
{
	const struct entry **sorted;

	if (advice->count == 0)
		return;
	sorted = mx_calloc(advice->count, sizeof(struct entry *));
	for (size_t i = 0; i < advice->count; i++)
		sorted[i] = &advice->entries[i];
	qsort(sorted, advice->count, sizeof(struct entry *), compare_entries);
	fputs("What to do next:\n", out);
	for (size_t i = 0; i < advice->count && i < MOST_SHOWN; i++)
		print_entry(sorted[i], out, width);
	if (advice->count > MOST_SHOWN)
		fprintf(out, "- and %zu more causes; see the rows above.\n",
		    advice->count - MOST_SHOWN);
	free(sorted);
}
