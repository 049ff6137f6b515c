/* golden.c - reads or writes tests/unit/report/golden/NAME. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "tests/unit/report/golden.h"

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file, "%s can't be written", path);
	fputs(text, file);
	fclose(file);
	cr_expect(false, "%s was written, not compared", path);
}

void
golden_compare(const char *name, const char *text)
{
	char *path = mx_asprintf("%s/%s", MX_GOLDEN_DIR, name), *wanted = NULL;
	FILE *file;
	size_t room = 0;

	if (getenv("MX_GOLDEN_WRITE") != NULL) {
		write_file(path, text);
	} else {
		file = fopen(path, "r");
		cr_assert_not_null(file, "%s is missing", path);
		if (getdelim(&wanted, &room, '\0', file) < 0)
			wanted = mx_strdup("");
		fclose(file);
		cr_expect(strcmp(wanted, text) == 0, "%s\n--- wanted\n%s--- got\n%s",
		    path, wanted, text);
	}
	free(wanted);
	free(path);
}
