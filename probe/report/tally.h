/*
 * tally.h - how often each word came, with a lid on how many words there may be.
 * In:   words, remote ones too.   Out: the words with their counts, most frequent first.
 * Not:  no output.
 */
#ifndef MX_REPORT_TALLY_H
#define MX_REPORT_TALLY_H

#include <stdbool.h>
#include <stddef.h>

struct mx_tally_row {
	char *word;
	size_t count;
};

/** Zero-initialised but for limit, the number of different words kept. */
struct mx_tally {
	void *tree; /* tsearch(3) */
	struct mx_tally_row **rows;
	size_t row_count, limit;
	size_t others; /* how often a word came that found no room */
};

/** Count the word (copied). True when it came for the first time and was kept. */
bool mx_tally_add(struct mx_tally *tally, const char *word);
/** Sort rows: most frequent first, equal ones by bytes, so that no hash or locale decides. */
void mx_tally_sort(struct mx_tally *tally);
void mx_tally_clear(struct mx_tally *tally);

#endif
