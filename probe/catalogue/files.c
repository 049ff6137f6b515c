/* files.c - the data directory as files and lines. */
#include "probe/catalogue/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

static int
is_yaml(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 &&
	       strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Minus one with errno when the directory can't be read. */
static int
list(const char *path, struct mx_paths *out)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, is_yaml, by_bytes);
	int saved = errno;

	*out = (struct mx_paths){ 0 };
	if (count > 0)
		out->items = mx_calloc((size_t)count, sizeof *out->items);
	for (int i = 0; i < count; i++) {
		out->items[out->count++] = mx_asprintf("%s/%s", path, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	errno = saved;
	return count;
}

static enum mx_err
unreadable(const char *path, struct mx_error *err)
{
	mx_error_sys(err, errno, "cannot read %s", path);
	if (err != NULL)
		err->code = MX_ERR_CONFIG;
	return MX_ERR_CONFIG;
}

enum mx_err
mx_paths_list(
    const char *dir, const char *sub, struct mx_paths *out, struct mx_error *err)
{
	char *path = mx_asprintf("%s/%s", dir, sub);
	int count = list(path, out);

	if (count < 0)
		(void)unreadable(path, err);
	else if (count == 0)
		mx_error_set(
		    err, MX_ERR_CONFIG, "%s: no .yaml file in this directory", path);
	free(path);
	return count > 0 ? MX_OK : MX_ERR_CONFIG;
}

enum mx_err
mx_paths_list_any(
    const char *dir, const char *sub, struct mx_paths *out, struct mx_error *err)
{
	char *path = mx_asprintf("%s/%s", dir, sub);
	enum mx_err code = MX_OK;

	if (list(path, out) < 0 && errno != ENOENT)
		code = unreadable(path, err);
	free(path);
	return code;
}

const char *
mx_taxonomy_own_dir(void)
{
	const char *dir = getenv("MXPROBE_TAXONOMY_D");

	if (dir == NULL)
		return MX_SYSCONFDIR "/mxprobe/taxonomy.d";
	return dir[0] != '\0' ? dir : NULL;
}

void
mx_paths_clear(struct mx_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->items[i]);
	free(paths->items);
	*paths = (struct mx_paths){ 0 };
}

/* "  - id: x" and "    id: x" alike: what stands behind indentation and the sequence dash. */
static const char *
entry_of(const char *line, bool *begins_row)
{
	line += strspn(line, " ");
	*begins_row = line[0] == '-' && line[1] == ' ';
	if (*begins_row)
		line += 1 + strspn(line + 1, " ");
	return line;
}

/* "field: value" -> the value's text, NULL when the line says something else. */
static const char *
value_of(const char *entry, const char *field)
{
	size_t len = strlen(field);

	if (strncmp(entry, field, len) != 0 || entry[len] != ':')
		return NULL;
	return entry + len + 1 + strspn(entry + len + 1, " ");
}

static bool
names_id(const char *entry, const char *id)
{
	const char *value = value_of(entry, "id");
	size_t len = strlen(id);

	if (value == NULL)
		return false;
	if (*value == '"' || *value == '\'')
		value++;
	return strncmp(value, id, len) == 0 && strchr("\"' \r\n#", value[len]) != NULL;
}

unsigned
mx_row_line(const char *path, const char *id, const char *field, const char *value)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	unsigned number = 0, row = 0, found = 0;
	bool in_field = false;

	if (file == NULL)
		return 0;
	while (found == 0 && getline(&line, &room, file) >= 0) {
		bool begins_row;
		const char *entry = entry_of(line, &begins_row);

		number++;
		if (names_id(entry, id))
			row = number;
		else if (row != 0 && begins_row && value_of(entry, "id") != NULL)
			break; /* the next row: every file here begins its rows with id */
		if (row != 0 && value_of(entry, field) != NULL)
			in_field = true;
		if (in_field && (value == NULL || strstr(line, value) != NULL))
			found = number;
	}
	free(line);
	fclose(file);
	return found != 0 ? found : row;
}

enum mx_err
mx_row_error(struct mx_error *err, const char *path, const char *id, const char *field,
    const char *value, const char *format, ...)
{
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	return mx_error_set(err, MX_ERR_CONFIG, "%s:%u: %s: %s (in %s)", path,
	    mx_row_line(path, id, field, value), field, message, id);
}
