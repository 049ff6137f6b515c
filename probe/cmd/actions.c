/* actions.c - one wording for all of them. */
#include "probe/cmd/actions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"

#define NAMES_MAX 256

static const void *
row_at(const struct mx_actions *actions, size_t index)
{
	return (const char *)actions->rows + index * actions->size;
}

static const char *
name_at(const struct mx_actions *actions, size_t index)
{
	return *(const char *const *)row_at(actions, index);
}

/* "list, test or stats", or with another last word. */
static const char *
join(const struct mx_actions *actions, const char *last, char text[NAMES_MAX])
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < actions->count && used < NAMES_MAX; i++) {
		const char *between = i == 0 ? "" : i + 1 < actions->count ? ", " : last;

		used += (size_t)snprintf(
		    text + used, NAMES_MAX - used, "%s%s", between, name_at(actions, i));
	}
	return text;
}

enum mx_err
mx_action_take(const struct mx_actions *actions, const char **to, const char *word,
    struct mx_error *err)
{
	char names[NAMES_MAX];

	if (*to != NULL)
		return mx_error_set(err, MX_ERR_USAGE, "%s: one of %s at a time",
		    actions->command, join(actions, " and ", names));
	*to = word;
	return MX_OK;
}

const void *
mx_action_find(const struct mx_actions *actions, const char *word, struct mx_error *err)
{
	char names[NAMES_MAX];
	char *shown;

	for (size_t i = 0; word != NULL && i < actions->count; i++)
		if (strcmp(name_at(actions, i), word) == 0)
			return row_at(actions, i);
	join(actions, " or ", names);
	if (word == NULL) {
		mx_error_set(err, MX_ERR_USAGE, "say what to do with %s: %s",
		    actions->object, names);
		return NULL;
	}
	shown = mx_escape_terminal(word, strlen(word));
	mx_error_set(err, MX_ERR_USAGE, "%s: \"%.40s\" is no action; say %s",
	    actions->command, shown, names);
	free(shown);
	return NULL;
}
