/*
 * actions.h - commands that do one of several things: their first word says which.
 * In:   a command's table of actions, the words of its command line.   Out: the row that is meant.
 * Not:  nothing is run; what a row holds beside its name is the command's own.
 */
#ifndef MX_CMD_ACTIONS_H
#define MX_CMD_ACTIONS_H

#include <stddef.h>

#include "probe/base/err.h"

/** Any table whose rows begin with the action's name (const char *). */
struct mx_actions {
	const char *command; /* "rules" */
	const char *object;  /* "the rules": what they are done with */
	const void *rows;
	size_t count, size; /* of rows, of one row */
};
#define MX_ACTIONS(command, object, rows)                                              \
	{                                                                              \
		command, object, rows, sizeof(rows) / sizeof(rows)[0], sizeof(rows)[0] \
	}

/** A word without option: the action. MX_ERR_USAGE when there is one already. */
enum mx_err mx_action_take(const struct mx_actions *actions, const char **to,
    const char *word, struct mx_error *err) __attribute__((warn_unused_result));
/** The row of that name. NULL and MX_ERR_USAGE, with all the names, when there is none or word is
 *  NULL. */
const void *mx_action_find(
    const struct mx_actions *actions, const char *word, struct mx_error *err);

#endif
