/*
 * script.h - what a scripted server says next.
 * In:   a server of a scenario, and the facts of the moment.
 * Out:  the first rule that fits, or the reply that a well-behaved server gives.
 * Not:  no sockets, no clock.
 */
#ifndef MX_FAKEMX_SCRIPT_H
#define MX_FAKEMX_SCRIPT_H

#include "probe/base/buf.h"
#include "scenarios/fakemx/scenario.h"

/** The moment. Borrowed; texts may be NULL where nothing was said yet. */
struct mx_script_facts {
	enum mx_word word;
	struct mx_addr client;
	const char *helo, *sender, *recipient;
	unsigned session;   /* 1: the first at this server */
	unsigned others;    /* other open sessions of this client at this server */
	int64_t elapsed_us; /* since the world began */
	bool encrypted;
	bool mail_given; /* a MAIL was accepted: RCPT may come */
};

/** The first rule for that word whose conditions hold, or NULL. */
const struct mx_script_rule *mx_script_pick(
    const struct mx_fake_server *server, const struct mx_script_facts *facts);

/** The reply where no rule fits, with line ends, appended to out. Accepts everything that a
 *  prober may say; DATA, BDAT, VRFY and EXPN are refused. Returns what to do then. */
enum mx_then mx_script_default(const struct mx_fake_server *server,
    const struct mx_script_facts *facts, struct mx_buf *out);

#endif
