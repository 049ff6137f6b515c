/*
 * submit.h - one message to the operator's relay (libesmtp behind a front of ours).
 * In:   a route, a finished message, its recipients.
 * Out:  what the relay answered to each recipient and to the message, exactly once.
 * Not:  no text is written here, nothing is retried, no MX is looked up; the prober can't reach
 *       this (tests/lint.sh: only deliver/ and watch/alert/ include mail/).
 *
 * libesmtp (1.1) blocks, knows no implicit TLS, no SNI, no source address and no deadline for its
 * connect, believes what is injected behind STARTTLS and loses replies under TLS 1.3. So it runs
 * in a thread of its own and speaks plain SMTP to a front: a listening socket on loopback, made
 * for this one submission, on our event loop. The front has gone to the relay first, seen to
 * TLS and the certificate, and hands lines to and fro from then on. libesmtp says a secret of
 * this submission in its EHLO, so that nobody else who finds the port gets anywhere; what it
 * says to log in crosses loopback between two sockets of this process, and nothing else.
 *
 * All submissions of a process are made one after another.
 */
#ifndef MX_MAIL_SUBMIT_H
#define MX_MAIL_SUBMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/dns/resolver.h"
#include "probe/enhanced.h"
#include "probe/mail/route.h"
#include "probe/net/loop.h"
#include "probe/transcript.h"

#define MX_MAIL_TEXT_MAX 32768U /* bytes of a message */
#define MX_MAIL_TO_MAX 64U

/** Copied. */
struct mx_mail_message {
	const char *from;      /* envelope; "" is the null sender */
	const char *const *to; /* envelope, without angle brackets */
	size_t to_count;
	const char
	    *text; /* header, empty line, body: 7-bit, lines end in CRLF, 998 at most */
	const char *envid; /* for delivery reports (letters, digits, "-._"); NULL: none */
	bool wants_dsn;    /* ask for reports of failure and delay, where it is offered */
};

struct mx_mail_answer {
	int code;            /* 0: none came */
	enum mx_stage stage; /* mail, rcpt, data or eod */
	struct mx_enhanced enhanced;
	char *
	    text; /* remote bytes behind the codes, lines joined by ' '; NULL where none came */
};

enum mx_mail_end {
	MX_MAIL_DONE, /* the relay said yes or no to the message or to every recipient */
	MX_MAIL_REFUSED, /* it refused before that: greeting, EHLO, login */
	MX_MAIL_BROKEN,  /* not reachable, no TLS that holds, hung, closed, or not SMTP */
	MX_MAIL_FAILED   /* our own fault */
};

struct mx_mail_outcome {
	enum mx_mail_end end;
	/** The relay has taken the message for at least one recipient. */
	bool accepted;
	/** The final dot was sent and no answer came: it may have been taken. */
	bool in_doubt;
	/** One per recipient, as in the message: what was last said about it. Where RCPT was
	 *  accepted that is the answer to the message. */
	const struct mx_mail_answer *recipients;
	size_t count;
	/** Where the end is not DONE: a sentence that names the relay; and where it came to. */
	const char *why;
	enum mx_stage stage;
	/** What refused where the end is REFUSED. */
	struct mx_mail_answer refusal;
	bool used_tls, dsn_offered;
};

struct mx_mail_submission;
/** done is called once, from the loop; the outcome is borrowed until it returns, and the handle
 *  dies before. NULL and MX_ERR_USAGE when route or message can't be used as they are (a login
 *  without a password, a text that is too long or not CRLF, an address with a blank, ...).
 *  resolver is only asked for a relay that is named. */
struct mx_mail_submission *mx_mail_submit(struct mx_loop *loop,
    struct mx_resolver *resolver, const struct mx_mail_route *route,
    const struct mx_mail_message *message,
    void (*done)(void *arg, const struct mx_mail_outcome *outcome), void *arg,
    struct mx_error *err);
/** done never comes then. Waits for the thread, which is told to stop (milliseconds). NULL is taken. */
void mx_mail_cancel(struct mx_mail_submission *submission);

#endif
