/*
 * log.h - diagnostics on stderr.
 * In:   sentences of ours; remote text only through %s of an already escaped string.
 * Out:  "mxprobe: warning: ..." lines.
 * Not:  results (they go to stdout through report/).
 */
#ifndef MX_BASE_LOG_H
#define MX_BASE_LOG_H

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
/** Called before each line, so that a progress line on the terminal can be wiped. NULL: none. */
void mx_log_set_before(void (*before)(void));

#endif
