/* report.c - picks the writer and notices when the stream took no more. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/report/writer.h"

/* A new format is a file and a line here. */
static const struct mx_writer *const writers[] = {
	&mx_writer_table,
	&mx_writer_json,
	&mx_writer_nagios,
};

struct mx_report {
	const struct mx_writer *writer;
	void *self;
	FILE *stream;
	int sys; /* errno of the first write that failed */
};

static enum mx_err
no_such_format(const char *format, struct mx_error *err)
{
	char *shown = mx_escape_terminal(format, strlen(format));

	mx_error_set(err, MX_ERR_USAGE,
	    "no output format \"%s\": use table, json or nagios", shown);
	free(shown);
	return MX_ERR_USAGE;
}

struct mx_report *
mx_report_new(const char *format, FILE *stream, const struct mx_report_options *options,
    struct mx_error *err)
{
	for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
		struct mx_report *report;

		if (strcmp(writers[i]->name, format) != 0)
			continue;
		report = mx_calloc(1, sizeof *report);
		report->writer = writers[i];
		report->stream = stream;
		report->self = writers[i]->open(stream, options);
		return report;
	}
	(void)no_such_format(format, err);
	return NULL;
}

/* stdio keeps that a write failed, but not why. */
static void
note_failure(struct mx_report *report)
{
	if (report->sys == 0 && ferror(report->stream))
		report->sys = errno != 0 ? errno : EIO;
}

void
mx_report_result(struct mx_report *report, const struct mx_result *result)
{
	errno = 0;
	report->writer->result(report->self, result);
	note_failure(report);
}

enum mx_err
mx_report_finish(struct mx_report *report, struct mx_error *err)
{
	errno = 0;
	report->writer->finish(report->self);
	/* A full disk shows only now: what was printed so far may still be in the buffer. */
	(void)fflush(report->stream);
	note_failure(report);
	if (report->sys != 0)
		return mx_error_sys(err, report->sys, "the results could not be written");
	return MX_OK;
}

void
mx_report_free(struct mx_report *report)
{
	if (report == NULL)
		return;
	report->writer->close(report->self);
	free(report);
}
