/*
 * err.h - our own failures, never the remote's.
 * In:   a code, an errno where the system gave one, and a sentence for the user.
 * Out:  struct mx_error, filled once, printed by main or cmd/.
 * Not:  nothing a server did or did not do is an error: that is an observation (transcript.h).
 */
#ifndef MX_BASE_ERR_H
#define MX_BASE_ERR_H

/** What kind of failure of ours; decides the exit status (mx_err_exit_status). */
enum mx_err {
	MX_OK = 0,
	MX_ERR_USAGE,    /* the command line: exit 64 */
	MX_ERR_CONFIG,   /* a configuration, taxonomy or scenario file: exit 78 */
	MX_ERR_SYSTEM,   /* socket, bind, file, process: exit 4 */
	MX_ERR_RESOLVER, /* no resolver could be set up: exit 4 */
	MX_ERR_LIMIT,    /* more than we are willing to hold: exit 4 */
};

/** A failure with its sentence. Zero-initialised means no failure. */
struct mx_error {
	enum mx_err code;
	int sys;         /* errno, 0 when the system said nothing */
	char text[1024]; /* one line, already says what to do; no trailing newline */
};

/** Record a failure and return its code, so that `return mx_error_set(...)` reads well.
 *  The first failure wins: a second call leaves err as it is. err may be NULL. */
enum mx_err mx_error_set(struct mx_error *err, enum mx_err code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** As mx_error_set, with ": strerror(sys)" appended and sys kept. */
enum mx_err mx_error_sys(struct mx_error *err, int sys, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Exit status as in mxprobe(1): usage 64, configuration 78, anything else of ours 4, OK 0. */
int mx_err_exit_status(enum mx_err code);

#endif
