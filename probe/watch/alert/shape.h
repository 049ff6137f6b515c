/*
 * shape.h - a notice as a receiver wants it.
 * In:   a notice's text (notice.h).   Out: a body to post, a letter to mail.
 * Not:  nothing is sent; every remote byte is escaped for its medium.
 */
#ifndef MX_WATCH_ALERT_SHAPE_H
#define MX_WATCH_ALERT_SHAPE_H

#include <stddef.h>
#include <stdint.h>

/** The body that Alertmanager 0.2x posts to its webhooks ("version": "4"). Caller frees. */
char *mx_shape_alertmanager(const char *notice, const char *receiver);

/** For whom a letter is. */
struct mx_letter {
	const char *from;
	char *const *to; /* NULL at the end */
	const char *notice, *topic;
	int64_t time_us;
};
/** RFC 5322, 7-bit, lines end in CRLF, at most 32 KiB. Caller frees. */
char *mx_shape_letter(const struct mx_letter *letter);

#endif
