/* nearest.c - edit distance, three rows of its table at a time. */
#include "probe/base/nearest.h"

#include <string.h>

#define WORD_MAX 64 /* no name of ours is longer */

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters are wrong, missing, too many or swapped with their neighbour. Words over
 * WORD_MAX are no misspelling of anything. */
static size_t
distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1], len_a = strlen(a), len_b = strlen(b);

	if (len_a > WORD_MAX || len_b > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= len_b; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= len_a; i++) {
		size_t *here = rows[i % 3], *above = rows[(i + 2) % 3];
		const size_t *second = rows[(i + 1) % 3];

		here[0] = i;
		for (size_t j = 1; j <= len_b; j++) {
			here[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]),
			    least(above[j], here[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				here[j] = least(here[j], second[j - 2] + 1);
		}
	}
	return rows[len_a % 3][len_b];
}

const char *
mx_nearest(const char *word, const char *const *names, size_t count)
{
	const char *best = NULL;
	size_t fewest = WORD_MAX;

	for (size_t i = 0; i < count; i++) {
		size_t d = distance(word, names[i]), longer = strlen(word);

		/* The beginning of a name means that name: --conn, --dep. */
		if (longer >= 3 && strncmp(names[i], word, longer) == 0)
			d = 1;
		if (strlen(names[i]) > longer)
			longer = strlen(names[i]);
		if (d < fewest && d * 3 <= longer) {
			fewest = d;
			best = names[i];
		}
	}
	return best;
}
