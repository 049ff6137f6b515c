#include "tests/support/taxonomy.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/base/mem.h"
#include "probe/catalogue/catalogue.h"

static const char *const folders[] = { "", "/providers", "/rules" };
#define FOLDERS (sizeof folders / sizeof *folders)

static char *
read_all(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = mx_calloc(1 << 20, 1);

	cr_assert_not_null(file, "%s", path);
	cr_assert_gt(fread(text, 1, (1 << 20) - 1, file), 0, "%s is empty", path);
	fclose(file);
	return text;
}

static void
write_all(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	cr_assert_not_null(file, "%s", path);
	fputs(text, file);
	fclose(file);
}

static int
is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strchr(entry->d_name, '.') != NULL;
}

/* Calls each(arg, folder, name) for every file of the three folders below dir. */
static void
walk(const char *dir, void (*each)(const char *dir, const char *path, const char *file))
{
	for (size_t i = 0; i < FOLDERS; i++) {
		struct dirent **entries;
		char *folder = mx_asprintf("%s%s", dir, folders[i]);
		int count = scandir(folder, &entries, is_file, alphasort);

		cr_assert_geq(count, 0, "%s", folder);
		for (int k = 0; k < count; k++) {
			char *path = mx_asprintf("%s/%s", folder, entries[k]->d_name);
			char *file = mx_asprintf("%s/%s", folders[i], entries[k]->d_name);

			each(dir, path, file);
			free(path);
			free(file);
			free(entries[k]);
		}
		free(entries);
		free(folder);
	}
}

static char *copy_dir;

static void
copy_one(const char *dir, const char *path, const char *file)
{
	char *text = read_all(path);
	char *to = mx_asprintf("%s%s", copy_dir, file);

	(void)dir;
	write_all(to, text);
	free(to);
	free(text);
}

char *
taxonomy_copy(void)
{
	char *dir = mx_strdup("/tmp/mxprobe-taxonomy-XXXXXX");

	cr_assert_not_null(mkdtemp(dir));
	for (size_t i = 1; i < FOLDERS; i++) {
		char *folder = mx_asprintf("%s%s", dir, folders[i]);

		cr_assert_eq(mkdir(folder, 0700), 0);
		free(folder);
	}
	copy_dir = dir;
	walk(mx_catalogue_default_dir(), copy_one);
	return dir;
}

static void
remove_one(const char *dir, const char *path, const char *file)
{
	(void)dir;
	(void)file;
	unlink(path);
}

void
taxonomy_remove(char *dir)
{
	walk(dir, remove_one);
	for (size_t i = FOLDERS; i > 0; i--) {
		char *folder = mx_asprintf("%s%s", dir, folders[i - 1]);

		rmdir(folder);
		free(folder);
	}
	free(dir);
}

char *
taxonomy_read(const char *dir, const char *file)
{
	char *path = mx_asprintf("%s/%s", dir, file);
	char *text = read_all(path);

	free(path);
	return text;
}

void
taxonomy_write(const char *dir, const char *file, const char *text)
{
	char *path = mx_asprintf("%s/%s", dir, file);

	write_all(path, text);
	free(path);
}

void
taxonomy_edit(const char *dir, const char *file, const char *from, const char *to)
{
	char *text = taxonomy_read(dir, file);
	char *at = strstr(text, from);
	char *changed;

	cr_assert_not_null(at, "\"%s\" is not in %s", from, file);
	*at = '\0';
	changed = mx_asprintf("%s%s%s", text, to, at + strlen(from));
	taxonomy_write(dir, file, changed);
	free(changed);
	free(text);
}

unsigned
taxonomy_line_of(const char *dir, const char *file, const char *needle)
{
	char *text = taxonomy_read(dir, file);
	const char *at = strstr(text, needle);
	unsigned line = 1;

	cr_assert_not_null(at, "\"%s\" is not in %s", needle, file);
	for (const char *p = text; p < at; p++)
		line += *p == '\n';
	free(text);
	return line;
}
