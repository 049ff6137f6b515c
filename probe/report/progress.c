/* progress.c - one line on a terminal, drawn and wiped. */
#include <stdlib.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "probe/base/term.h"
#include "probe/report/report.h"

#define REDRAW_US 100000 /* more often is flicker, and costs more than the sessions */

struct mx_progress {
	FILE *stream;
	bool is_tty, drawn;
	int64_t next_us;
};

struct mx_progress *
mx_progress_new(FILE *stream)
{
	struct mx_progress *progress = mx_calloc(1, sizeof *progress);

	progress->stream = stream;
	progress->is_tty = mx_term_is_tty(stream);
	return progress;
}

void
mx_progress_show(struct mx_progress *progress, size_t done, size_t running, size_t total)
{
	int64_t now = mx_clock_mono_us();

	if (!progress->is_tty || (now < progress->next_us && done < total))
		return;
	progress->next_us = now + REDRAW_US;
	fprintf(progress->stream, "\r\033[K%zu of %zu done, %zu running", done, total,
	    running);
	fflush(progress->stream);
	progress->drawn = true;
}

void
mx_progress_count(struct mx_progress *progress, size_t done, const char *things)
{
	int64_t now;

	if (progress == NULL || !progress->is_tty)
		return;
	now = mx_clock_mono_us();
	if (now < progress->next_us)
		return;
	progress->next_us = now + REDRAW_US;
	fprintf(progress->stream, "\r\033[K%zu %s", done, things);
	fflush(progress->stream);
	progress->drawn = true;
}

void
mx_progress_wipe(struct mx_progress *progress)
{
	if (progress == NULL || !progress->drawn)
		return;
	fputs("\r\033[K", progress->stream);
	fflush(progress->stream);
	progress->drawn = false;
	progress->next_us = 0;
}

void
mx_progress_free(struct mx_progress *progress)
{
	mx_progress_wipe(progress);
	free(progress);
}
