/* lines.c - whole lines, however long: the rest of a comment must not become an entry. */
#include "probe/base/lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRY_MOST 1024

/* Cuts a comment, and blanks at both ends; what is left may be empty. */
static char *
trim(char *line)
{
	static const char blanks[] = " \t\r\n\v\f";
	size_t len;

	line[strcspn(line, "#")] = '\0';
	line += strspn(line, blanks);
	for (len = strlen(line); len > 0 && strchr(blanks, line[len - 1]) != NULL; len--)
		line[len - 1] = '\0';
	return line;
}

static enum mx_err
take_line(char *line, size_t len,
    enum mx_err (*take)(void *arg, const char *entry, struct mx_error *err), void *arg,
    struct mx_error *err)
{
	char *entry;

	if (strlen(line) != len)
		return mx_error_set(err, MX_ERR_USAGE, "the line holds a NUL byte");
	entry = trim(line);
	if (strlen(entry) > ENTRY_MOST)
		return mx_error_set(
		    err, MX_ERR_USAGE, "the entry is longer than %d bytes", ENTRY_MOST);
	if (*entry == '@')
		return mx_error_set(err, MX_ERR_USAGE, "a list can't name another list");
	return *entry != '\0' ? take(arg, entry, err) : MX_OK;
}

enum mx_err
mx_lines_each(const char *path,
    enum mx_err (*take)(void *arg, const char *entry, struct mx_error *err), void *arg,
    struct mx_error *err)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	unsigned number = 0;
	struct mx_error why = { 0 };

	if (file == NULL)
		return mx_error_set(
		    err, MX_ERR_USAGE, "%s can't be read: %s", path, strerror(errno));
	while (why.code == MX_OK && (len = getline(&line, &room, file)) >= 0) {
		number++;
		(void)take_line(line, (size_t)len, take, arg, &why);
	}
	if (why.code != MX_OK)
		mx_error_set(err, why.code, "%s:%u: %s", path, number, why.text);
	else if (ferror(file))
		why.code = mx_error_set(
		    err, MX_ERR_USAGE, "%s can't be read: %s", path, strerror(errno));
	free(line);
	(void)fclose(file);
	return why.code;
}
