/*
 * front.h - the relay as libesmtp gets to see it: a port on loopback that speaks plain SMTP.
 * In:   a relay to go to, and what libesmtp says.   Out: its port; what the relay said.
 * Not:  no message of its own; what is accepted is judged by submit.c.
 */
#ifndef MX_MAIL_FRONT_H
#define MX_MAIL_FRONT_H

#include "probe/mail/relay.h"

/** libesmtp's EHLO name: nobody else can know it. */
#define MX_FRONT_SECRET 41

/** What the front heard, whoever else misses it. */
struct mx_front_heard {
	bool dsn;      /* offered */
	bool dot_sent; /* the message went out whole */
	int dot_code;  /* and this was the answer; 0: none */
	bool logged_in;
	char
	    *login_refused; /* the last reply that refused a login, as it came; or NULL */
};

/** Called from the loop; none may close the front. */
struct mx_front_ops {
	/** The relay is ready: connect to 127.0.0.1:port, and say EHLO secret. */
	void (*open)(void *arg, unsigned port, const char *secret);
	/** Once; libesmtp's connection is closed by mx_front_close. */
	void (*failed)(void *arg, const struct mx_relay_failure *failure);
};

struct mx_front;
/** As mx_relay_start; the params are copied. */
struct mx_front *mx_front_start(const struct mx_relay_params *params,
    const struct mx_front_ops *ops, void *arg, struct mx_error *err);
const struct mx_front_heard *mx_front_heard(const struct mx_front *front);
bool mx_front_used_tls(const struct mx_front *front);
/** libesmtp's connection alone: what was heard can still be asked. */
void mx_front_hang_up(struct mx_front *front);
/** Both sides; no callback comes any more. NULL is taken. */
void mx_front_close(struct mx_front *front);

#endif
