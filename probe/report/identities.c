/* identities.c - a source is looked at once and met in many rows; here it is told once. */
#include "probe/report/identities.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/report/preflight_text.h"
#include "probe/report/wrap.h"

#define AT_LENGTH_MOST 5 /* sources; of more than these a line each */

struct source {
	struct mx_addr addr;
	char *summary; /* NULL: all in order */
	char *text;    /* whole lines */
};

struct mx_identities {
	struct mx_report_options options;
	void *known; /* the sources as a search(3) tree */
	struct source **sources;
	size_t count;
};

static int
by_address(const void *left, const void *right)
{
	const struct source *a = left, *b = right;

	return mx_addr_compare(&a->addr, &b->addr);
}

static int
by_address_indirect(const void *left, const void *right)
{
	return by_address(*(struct source *const *)left, *(struct source *const *)right);
}

struct mx_identities *
mx_identities_new(const struct mx_report_options *options)
{
	struct mx_identities *identities = mx_calloc(1, sizeof *identities);

	identities->options = *options;
	return identities;
}

static char *
text_of(const struct mx_identities *identities, const struct mx_preflight *preflight)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		mx_out_of_memory(); /* its only failure */
	mx_preflight_print(out, preflight, &identities->options, MX_PREFLIGHT_BRIEF);
	fclose(out);
	return text;
}

void
mx_identities_add(struct mx_identities *identities, const struct mx_result *result)
{
	struct source key = { .addr = result->source }, *source;

	if (result->identity == NULL || identities->options.quiet ||
	    tfind(&key, &identities->known, by_address) != NULL)
		return;
	source = mx_calloc(1, sizeof *source);
	source->addr = result->source;
	source->summary = mx_preflight_summary(result->identity);
	if (source->summary != NULL && identities->count < AT_LENGTH_MOST)
		source->text = text_of(identities, result->identity);
	if (tsearch(source, &identities->known, by_address) == NULL)
		mx_out_of_memory();
	if (source->summary == NULL)
		return; /* only known */
	identities->sources =
	    mx_grow(identities->sources, identities->count, sizeof(struct source *));
	identities->sources[identities->count++] = source;
}

static void
print_line(FILE *out, const struct source *source, unsigned width)
{
	char addr[MX_ADDR_TEXT];
	char *line =
	    mx_asprintf("%s: %s", mx_addr_text(&source->addr, addr), source->summary);

	mx_wrap_print(out, line, 0, 2, width, 0);
	free(line);
}

void
mx_identities_print(const struct mx_identities *identities, FILE *out)
{
	if (identities->count == 0)
		return;
	qsort(identities->sources, identities->count, sizeof(struct source *),
	    by_address_indirect);
	fputs("\nNot in order about who we are:\n", out);
	for (size_t i = 0; i < identities->count; i++)
		if (identities->count <= AT_LENGTH_MOST)
			fputs(identities->sources[i]->text, out);
		else
			print_line(
			    out, identities->sources[i], identities->options.width);
	fputs("mxprobe preflight says what to change.\n", out);
}

static void
free_source(void *node)
{
	struct source *source = node;

	free(source->summary);
	free(source->text);
	free(source);
}

void
mx_identities_free(struct mx_identities *identities)
{
	if (identities == NULL)
		return;
	tdestroy(identities->known, free_source);
	free(identities->sources);
	free(identities);
}
