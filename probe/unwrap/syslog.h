/*
 * syslog.h - the frame that a log puts around each message; private to unwrap/.
 * In:   one line of a log.   Out: host, program and message.
 * Not:  no message is understood here.
 */
#ifndef MX_UNWRAP_SYSLOG_H
#define MX_UNWRAP_SYSLOG_H

#include "probe/unwrap/span.h"

struct mx_log_frame {
	struct mx_span host;    /* empty: not said */
	struct mx_span program; /* "postfix/smtp"; empty: a log of one program alone */
	struct mx_span message;
};

/** BSD and RFC 5424 syslog, ISO stamps, "DATE TIME message" (Exim), TAI64N labels and bare seconds
 *  (qmail), "program[1]: message" (journal, container). False when the line has no such frame. */
bool mx_log_frame_read(struct mx_span line, struct mx_log_frame *out);

#endif
