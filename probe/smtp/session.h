/*
 * session.h - one SMTP session: joins engine, stream, timers and transcript.
 * In:   who, where, how deep, how long.   Out: one transcript.
 * Not:  no DNS, no verdict, no retry, no politeness; and nothing here can say DATA.
 */
#ifndef MX_SMTP_SESSION_H
#define MX_SMTP_SESSION_H

#include "probe/base/addr.h"
#include "probe/net/dane.h"
#include "probe/net/loop.h"
#include "probe/net/tls.h"
#include "probe/transcript.h"

enum mx_tls_mode {
	MX_TLS_MAY, /* STARTTLS where offered */
	/* and go no further without one that holds: by DANE where there are usable TLSA
	 * records, else by CA and name; and no host that policy forbids */
	MX_TLS_REQUIRE,
	MX_TLS_NONE
};

/** Microseconds; 0 takes the default of mx_session_defaults(). */
struct mx_timeouts {
	int64_t connect_us;
	int64_t banner_us;
	int64_t command_us; /* each command's reply */
	int64_t tls_us;
	int64_t quit_us;
	int64_t total_us;
};

/** Borrowed until the session is done. */
struct mx_session_params {
	struct mx_addr source, target; /* target with its port */
	const char *mx_host;           /* for SNI and the certificate's name */
	const char *helo;
	const char *mail_from; /* without angle brackets; "" is the null sender; NULL:
				  stop before */
	const char *rcpt;      /* NULL: stop before */
	enum mx_stage depth;   /* BANNER, EHLO, MAIL or RCPT */
	enum mx_tls_mode tls_mode;
	struct mx_tls *tls;
	const struct mx_dane *dane; /* TLSA records of mx_host, or NULL: not looked up */
	/* what the domain's MTA-STS policy says of mx_host, a sentence, or NULL; and whether it
	 * asks senders not to use this host */
	const char *policy;
	bool forbidden;
	struct mx_timeouts timeouts;
	/** Live view (-v): each line as it is added. NULL: none. */
	void (*line)(void *arg, const struct mx_line *line);
	/** Exactly once, from the loop; the transcript is handed over, the session is gone
	 *  then. */
	void (*done)(void *arg, struct mx_transcript *transcript);
	void *arg;
};

struct mx_timeouts mx_session_defaults(void);

struct mx_session;
/** Never fails towards the caller: our own failures end as MX_END_LOCAL in the transcript. */
struct mx_session *mx_session_start(
    struct mx_loop *loop, const struct mx_session_params *params);
/** Ends it with QUIT where a reply is not being waited for, as MX_END_CANCELLED; done follows. */
void mx_session_cancel(struct mx_session *session);

#endif
