/*
 * log.h - diagnostics on stderr.
 * In:   sentences of ours; remote text only through %s of an already escaped string.
 * Out:  "mxprobe: warning: ..." lines; of a daemon one record a line, for programs (log_record.c).
 * Not:  results (they go to stdout through report/).
 */
#ifndef MX_BASE_LOG_H
#define MX_BASE_LOG_H

#include <stdbool.h>

enum mx_log_level {
	MX_LOG_ERROR,
	MX_LOG_WARNING,
	MX_LOG_INFO,
	MX_LOG_DEBUG
};

/** Lines above this level are dropped. Default MX_LOG_WARNING. */
void mx_log_set_level(enum mx_log_level level);
void mx_log(enum mx_log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
enum mx_log_style {
	MX_LOG_PLAIN,
	MX_LOG_LOGFMT, /* ts=2026-11-21T21:00:00.123Z level=info msg="..." key=value ... */
	MX_LOG_JSON    /* the same as one object */
};
/** For this process from now on. with_priority: each line begins with its priority as syslog(3) counts,
 *  "<6>", as systemd's journal wants it. */
void mx_log_set_style(enum mx_log_style style, bool with_priority);
/** Is standard error connected to systemd's journal? */
bool mx_log_is_journal(void);

/** Value NULL: left out. Escaped here. */
struct mx_log_field {
	const char *key, *value;
};
/** One record: a sentence and what it is about. fields (may be NULL) ends with a key that is NULL. */
void mx_log_record(
    enum mx_log_level level, const char *msg, const struct mx_log_field *fields);

/** Called before each line, so that a progress line on the terminal can be wiped. NULL: none. */
void mx_log_set_before(void (*before)(void));

#endif
