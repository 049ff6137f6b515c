/*
 * log_format.h - a record of the log as one line of text, for log.c.
 * In:   words, a sentence, fields.   Out: logfmt or JSON.
 * Not:  nothing is written.
 */
#ifndef MX_BASE_LOG_FORMAT_H
#define MX_BASE_LOG_FORMAT_H

#include "probe/base/log.h"

/** Without line end; caller frees. style is not PLAIN. */
char *mx_log_format(enum mx_log_style style, const char *level, const char *msg,
    const struct mx_log_field *fields);

#endif
