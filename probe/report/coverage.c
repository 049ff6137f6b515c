/* coverage.c - a balanced tree to find a pair, an array to keep their order. */
#include "probe/report/coverage.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"

static int
by_pair(const void *a, const void *b)
{
	const struct mx_coverage_row *left = a, *right = b;
	int diff = strcmp(left->destination, right->destination);

	return diff != 0 ? diff : mx_addr_compare(&left->source, &right->source);
}

static struct mx_coverage_row *
find_or_add(
    struct mx_coverage *coverage, const char *destination, const struct mx_addr *source)
{
	struct mx_coverage_row *row = mx_calloc(1, sizeof *row);

	*row = (struct mx_coverage_row){
		.destination = mx_strdup(destination),
		.source = *source,
		.worst = MX_V_ACCEPTED,
	};

	struct mx_coverage_row **kept = tsearch(row, &coverage->tree, by_pair);

	if (kept == NULL)
		mx_out_of_memory();
	if (*kept != row) {
		free(row->destination);
		free(row);
		return *kept;
	}
	coverage->rows =
	    mx_grow(coverage->rows, coverage->count, sizeof(struct mx_coverage_row *));
	coverage->rows[coverage->count++] = row;
	return row;
}

const struct mx_coverage_row *
mx_coverage_add(struct mx_coverage *coverage, const struct mx_result *result)
{
	struct mx_coverage_row *row = find_or_add(coverage,
	    result->destination != NULL ? result->destination : "-", &result->source);
	enum mx_verdict verdict = result->judgement.verdict;

	if (verdict < row->worst) {
		row->worst = verdict;
		row->hits = 0;
	}
	row->hits += verdict == row->worst;
	row->rows++;
	if (result->addresses > row->addresses)
		row->addresses = result->addresses;
	return row;
}

char *
mx_coverage_words(const struct mx_coverage_row *row)
{
	char source[MX_ADDR_TEXT] = "-", *destination, *text;
	size_t addresses = row->addresses > row->rows ? row->addresses : row->rows;

	if (row->rows < 2)
		return NULL;
	if (row->source.family != AF_UNSPEC)
		mx_addr_text(&row->source, source);
	destination = mx_escape_terminal(row->destination, strlen(row->destination));
	if (row->rows == addresses)
		text = mx_asprintf("%s from %s: %s at %zu of %zu addresses", destination,
		    source, mx_verdict_name(row->worst), row->hits, addresses);
	else
		text = mx_asprintf(
		    "%s from %s: %s at %zu of the %zu addresses probed, out of "
		    "%zu",
		    destination, source, mx_verdict_name(row->worst), row->hits,
		    row->rows, addresses);
	free(destination);
	return text;
}

void
mx_coverage_clear(struct mx_coverage *coverage)
{
	for (size_t i = 0; i < coverage->count; i++) {
		(void)tdelete(coverage->rows[i], &coverage->tree, by_pair);
		free(coverage->rows[i]->destination);
		free(coverage->rows[i]);
	}
	free(coverage->rows);
	*coverage = (struct mx_coverage){ 0 };
}
