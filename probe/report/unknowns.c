/* unknowns.c - templates in a tally. */
#include "probe/report/unknowns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/report/template.h"

#define TEMPLATES_MAX 10000

void
mx_unknowns_init(struct mx_unknowns *unknowns)
{
	unknowns->tally = (struct mx_tally){ .limit = TEMPLATES_MAX };
}

void
mx_unknowns_add(struct mx_unknowns *unknowns, const char *text, size_t len)
{
	char *wording = mx_template(text, len);

	(void)mx_tally_add(&unknowns->tally, wording);
	free(wording);
}

static void
print(struct mx_tally *tally, FILE *out)
{
	mx_tally_sort(tally);
	for (size_t i = 0; i < tally->row_count; i++) {
		const struct mx_tally_row *row = tally->rows[i];
		char *safe = mx_escape_terminal(row->word, strlen(row->word));

		fprintf(out, "%zu\t%s\n", row->count, safe);
		free(safe);
	}
}

enum mx_err
mx_unknowns_write(struct mx_unknowns *unknowns, const char *path, struct mx_error *err)
{
	bool is_stdout = strcmp(path, "-") == 0;
	FILE *out = is_stdout ? stdout : fopen(path, "we");
	bool failed;

	if (out == NULL)
		return mx_error_sys(err, errno, "cannot write %s", path);
	print(&unknowns->tally, out);
	errno = 0;
	failed = fflush(out) != 0 || ferror(out);
	if (!is_stdout && fclose(out) != 0)
		failed = true;
	return failed ? mx_error_sys(err, errno, "cannot write %s", path) : MX_OK;
}

void
mx_unknowns_clear(struct mx_unknowns *unknowns)
{
	mx_tally_clear(&unknowns->tally);
}
