/*
 * relay.h - the front's other side: the conversation with the relay, built from net/.
 * In:   a route, one of the relay's addresses; what to say once it is secured.
 * Out:  ready(), then one reply() for each thing said; or failed(), once, with a sentence.
 * Not:  no message, no login: those words come from libesmtp through front.c.
 */
#ifndef MX_MAIL_RELAY_H
#define MX_MAIL_RELAY_H

#include "probe/mail/step.h"
#include "probe/mail/submit.h"
#include "probe/net/tls.h"

struct mx_relay_reply {
	int code;
	/* the reply once more, well-formed and without control bytes: "250-...\r\n250 ...\r\n" */
	const char *wire;
	size_t len;
};

struct mx_relay_failure {
	enum mx_mail_end end;
	enum mx_mail_step step;
	const char *why; /* borrowed; NULL: a login was refused (mx_front_heard) */
	/* the reply that was a refusal, where end is MX_MAIL_REFUSED; taken over by nobody */
	const struct mx_relay_reply *reply;
};

/** Called from the loop; each may close the relay. */
struct mx_relay_ops {
	/** Greeted and as secure as the route wants it: EHLO is next, and the caller's. */
	void (*ready)(void *arg);
	void (*reply)(
	    void *arg, enum mx_mail_step step, const struct mx_relay_reply *reply);
	void (*failed)(void *arg, const struct mx_relay_failure *failure);
};

/** Borrowed while the relay lives. */
struct mx_relay_params {
	struct mx_loop *loop;
	const struct mx_mail_route *route; /* with all its timeouts */
	const char *name;                  /* HOST:PORT for sentences */
	const char *helo;
	struct mx_addr target;
	struct mx_tls *tls;
	int64_t deadline_us; /* monotonic: the end of all patience */
};

struct mx_relay;
/** NULL and err: our own failure. */
struct mx_relay *mx_relay_start(const struct mx_relay_params *params,
    const struct mx_relay_ops *ops, void *arg, struct mx_error *err);
/** One command with its CRLF, or the rest of the message with its dot; a reply is due then. */
void mx_relay_say(
    struct mx_relay *relay, enum mx_mail_step step, const char *bytes, size_t len);
/** A piece of the message: no reply is due. */
void mx_relay_pass(struct mx_relay *relay, const char *bytes, size_t len);
/** TLS is up, and the certificate holds: the only ground on which a password may be sent. */
bool mx_relay_is_trusted(const struct mx_relay *relay);
bool mx_relay_is_secured(const struct mx_relay *relay);
/** Says QUIT where the relay listens. No callback comes any more. NULL is taken. */
void mx_relay_close(struct mx_relay *relay);

#endif
