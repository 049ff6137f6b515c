/*
 * worker.h - libesmtp, which blocks, in a thread of its own.
 * In:   the front's port and secret, the login, the message.
 * Out:  what libesmtp says of each recipient and of the message, when it is done.
 * Not:  no TLS, no relay: it sees nothing but the front.
 */
#ifndef MX_MAIL_WORKER_H
#define MX_MAIL_WORKER_H

#include "probe/mail/submit.h"

/** Borrowed until the worker is freed. */
struct mx_worker_params {
	unsigned port;
	const char *secret;
	const char *user, *password; /* NULL: no login */
	const char *from;
	char *const *to;
	size_t to_count;
	const char *text, *envid;
	bool wants_dsn;
	int64_t timeout_us; /* only a last resort: the front has the deadlines */
};

/** As libesmtp has them: code 0 where it had no answer. Texts are as on the wire, or NULL. */
struct mx_worker_status {
	int code;
	char *text;
};

struct mx_worker_report {
	struct mx_worker_status sender, message;
	struct mx_worker_status *recipients; /* to_count of them */
	char *trouble; /* what libesmtp says of a session that failed; or NULL */
};

struct mx_worker;
/** done is called once, from the loop. NULL and MX_ERR_SYSTEM: no thread can be had. */
struct mx_worker *mx_worker_start(struct mx_loop *loop,
    const struct mx_worker_params *params, void (*done)(void *arg), void *arg,
    struct mx_error *err);
/** After done. */
const struct mx_worker_report *mx_worker_report(const struct mx_worker *worker);
/** Waits for the thread, which ends when its connection does: close the front first. NULL is taken. */
void mx_worker_free(struct mx_worker *worker);

#endif
