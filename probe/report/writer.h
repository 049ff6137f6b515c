/*
 * writer.h - the interface behind report.h: one struct of functions per format.
 * In:   results, one by one.   Out: bytes on the stream that open was given.
 * Not:  outside report/ nobody includes this; whoever shows results uses report.h.
 */
#ifndef MX_REPORT_WRITER_H
#define MX_REPORT_WRITER_H

#include <stdio.h>

#include "probe/report/report.h"

struct mx_writer {
	const char *name; /* --format */
	/** A writer's own state, handed to the others. stream and options->catalogue are
	 *  borrowed, options itself is copied. */
	void *(*open)(FILE *stream, const struct mx_report_options *options);
	void (*result)(void *self, const struct mx_result *result);
	void (*finish)(void *self);
	void (*close)(void *self);
};

extern const struct mx_writer mx_writer_table;
extern const struct mx_writer mx_writer_json;
extern const struct mx_writer mx_writer_nagios;

#endif
