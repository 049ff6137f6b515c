/*
 * route.h - the operator's own mail route: one relay, and how to log in there.
 * In:   smtp[s]://[USER@]HOST[:PORT], and a file that holds the password.
 * Out:  struct mx_mail_route.
 * Not:  no lookup, no connection; never an MX of somebody else's (mxprobe-deliver(1) says why).
 */
#ifndef MX_MAIL_ROUTE_H
#define MX_MAIL_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/base/err.h"

enum mx_mail_tls {
	MX_MAIL_STARTTLS, /* smtp:// */
	MX_MAIL_IMPLICIT  /* smtps:// */
};

/** Microseconds; 0 takes the default. */
struct mx_mail_timeouts {
	int64_t connect_us; /* 30 s */
	int64_t step_us;    /* 60 s: each reply, and the handshake */
	int64_t total_us;   /* 90 s: a relay gets no more, whatever it does */
};

struct mx_mail_route {
	char *host; /* A-labels, or an address without brackets */
	uint16_t port;
	enum mx_mail_tls tls;
	/** --tls may: go on without TLS where none is offered, and with a certificate that does not
	 *  hold. A password is not sent then. */
	bool tls_optional;
	char *user;            /* NULL: no login */
	char *password;        /* NULL: not read yet */
	char *helo;            /* NULL: this host's name */
	struct mx_addr source; /* AF_UNSPEC: the kernel's choice */
	char *ca_file;         /* NULL: the system's */
	struct mx_mail_timeouts timeouts;
};

/** Fills *route (clear it in any case). MX_ERR_USAGE with a sentence that does not repeat a
 *  password somebody put there. The user may be %-encoded, or hold an @ as it is. Ports: 587, and
 *  465 for smtps. */
enum mx_err mx_mail_route_parse(struct mx_mail_route *route, const char *url,
    struct mx_error *err) __attribute__((warn_unused_result));
/** The first line of a file, which others must not be able to read. MX_ERR_CONFIG: the sentence
 *  names the file and what is wrong with it. */
enum mx_err mx_mail_route_read_password(struct mx_mail_route *route, const char *path,
    struct mx_error *err) __attribute__((warn_unused_result));
/** "HOST:PORT", "[V6]:PORT". Caller frees. */
char *mx_mail_route_text(const struct mx_mail_route *route);
/** Everything of its own; the caller clears the copy. */
struct mx_mail_route mx_mail_route_copy(const struct mx_mail_route *route);
/** Frees the strings; the password's memory is overwritten first. */
void mx_mail_route_clear(struct mx_mail_route *route);

#endif
