/* values.c - values that several options take, and the nearest name to a mistyped one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/options.h"

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

static enum mx_err
bad_number(const char *option, const char *text, const char *kind, double least,
    double most, struct mx_error *err)
{
	char *shown = mx_escape_terminal(text, strlen(text));

	mx_error_set(err, MX_ERR_USAGE, "%s: \"%s\" is not %s from %g to %g", option,
	    shown, kind, least, most);
	free(shown);
	return MX_ERR_USAGE;
}

enum mx_err
mx_value_seconds(const char *option, const char *text, double least, double most,
    long long *us, struct mx_error *err)
{
	char *end;
	double value;

	/* strtod alone would take " 1", "inf", "0x10" and "1e3" as well. */
	if (strlen(text) > 16 || strspn(text, "0123456789.") != strlen(text))
		return bad_number(option, text, "a number of seconds", least, most, err);
	value = strtod(text, &end);
	if (end == text || *end != '\0' || value < least || value > most)
		return bad_number(option, text, "a number of seconds", least, most, err);
	*us = (long long)(value * 1e6 + 0.5);
	return MX_OK;
}

enum mx_err
mx_value_number(const char *option, const char *text, long least, long most, long *out,
    struct mx_error *err)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	if (*text == '\0' || strspn(text, "0123456789") != strlen(text) || *end != '\0' ||
	    errno != 0 || *out < least || *out > most)
		return bad_number(
		    option, text, "a number", (double)least, (double)most, err);
	return MX_OK;
}

enum mx_err
mx_value_choice(const char *option, const char *text, const char *const *words,
    size_t count, size_t *index, struct mx_error *err)
{
	char *shown, *list;

	for (*index = 0; *index < count; ++*index)
		if (strcmp(words[*index], text) == 0)
			return MX_OK;
	list = mx_strdup(words[0]);
	for (size_t i = 1; i < count; i++) {
		char *longer = mx_asprintf("%s, %s", list, words[i]);

		free(list);
		list = longer;
	}
	shown = mx_escape_terminal(text, strlen(text));
	mx_error_set(
	    err, MX_ERR_USAGE, "%s: \"%s\" is not one of %s", option, shown, list);
	free(shown);
	free(list);
	return MX_ERR_USAGE;
}
