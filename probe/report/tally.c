/* tally.c - a balanced tree to find a word, an array to sort them. */
#include "probe/report/tally.h"

#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

static int
by_word(const void *a, const void *b)
{
	const struct mx_tally_row *left = a, *right = b;

	return strcmp(left->word, right->word);
}

static int
by_count(const void *a, const void *b)
{
	const struct mx_tally_row *left = *(struct mx_tally_row *const *)a,
				  *right = *(struct mx_tally_row *const *)b;

	if (left->count != right->count)
		return left->count < right->count ? 1 : -1;
	return strcmp(left->word, right->word);
}

static void
keep(struct mx_tally *tally, const char *word)
{
	struct mx_tally_row *row = mx_calloc(1, sizeof *row);

	row->word = mx_strdup(word);
	row->count = 1;
	if (tsearch(row, &tally->tree, by_word) == NULL)
		mx_out_of_memory();
	tally->rows =
	    mx_grow(tally->rows, tally->row_count, sizeof(struct mx_tally_row *));
	tally->rows[tally->row_count++] = row;
}

bool
mx_tally_add(struct mx_tally *tally, const char *word)
{
	const struct mx_tally_row key = { .word = (char *)(uintptr_t)word };
	struct mx_tally_row **found = tfind(&key, &tally->tree, by_word);

	if (found != NULL)
		(*found)->count++;
	else if (tally->row_count == tally->limit)
		tally->others++;
	else
		keep(tally, word);
	return found == NULL && tally->others == 0;
}

void
mx_tally_sort(struct mx_tally *tally)
{
	if (tally->row_count > 0)
		qsort(tally->rows, tally->row_count, sizeof(struct mx_tally_row *),
		    by_count);
}

void
mx_tally_clear(struct mx_tally *tally)
{
	for (size_t i = 0; i < tally->row_count; i++) {
		(void)tdelete(tally->rows[i], &tally->tree, by_word);
		free(tally->rows[i]->word);
		free(tally->rows[i]);
	}
	free(tally->rows);
	*tally = (struct mx_tally){ .limit = tally->limit };
}
