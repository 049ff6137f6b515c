/*
 * anonymous.h - text of a session without whose it was.
 * In:   names and addresses, and what stands in for each; any text.
 * Out:  the text with all of them replaced; other addresses become documentation ones.
 * Not:  no knowledge of what a session is.
 */
#ifndef MX_CMD_ANONYMOUS_H
#define MX_CMD_ANONYMOUS_H

#include <stddef.h>

/** Zero is empty. Strings are own. */
struct mx_anonymous {
	struct {
		char *from, *to;
	} * names;
	size_t count;
	/* addresses that nobody named, in the order in which they were met */
	char **strangers;
	size_t stranger_count;
};

/** Replace from, as a whole word and in any case, by to. from may be NULL or empty: nothing. Of two that
 *  fit the longer one counts. */
void mx_anonymous_name(struct mx_anonymous *anonymous, const char *from, const char *to);
/** Caller frees. */
char *mx_anonymous_text(struct mx_anonymous *anonymous, const char *text);
void mx_anonymous_clear(struct mx_anonymous *anonymous);

#endif
