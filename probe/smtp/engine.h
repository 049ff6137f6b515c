/*
 * engine.h - the dialogue: which reply leads to which command.
 * In:   complete replies and "TLS is up", one at a time.
 * Out:  commands, through four functions.
 * Not:  no socket, no clock, no bytes. No row of its table says DATA, BDAT, VRFY or EXPN:
 *       that absence is the product's promise, and a test plays every dialogue to prove it.
 */
#ifndef MX_SMTP_ENGINE_H
#define MX_SMTP_ENGINE_H

#include <stdbool.h>

#include "probe/smtp/session.h"
#include "probe/transcript.h"

enum mx_step {
	MX_STEP_BANNER,
	MX_STEP_EHLO,
	MX_STEP_HELO,
	MX_STEP_STARTTLS,
	MX_STEP_TLS,
	MX_STEP_EHLO_TLS,
	MX_STEP_MAIL,
	MX_STEP_RCPT,
	MX_STEP_RSET,
	MX_STEP_QUIT,
	MX_STEP_DONE,
	MX_STEP_COUNT
};

/** The engine's hands. Each is called from inside the engine's functions, never re-entrantly. */
struct mx_engine_ops {
	/** A step begins: set its deadline. */
	void (*enter)(void *arg, enum mx_step step);
	/** Send verb, argument and tail as one command line. */
	void (*say)(void *arg, const char *verb, const char *argument, const char *tail);
	void (*start_tls)(void *arg);
	/** --tls require cannot be met; the engine says QUIT next. */
	void (*tls_unmet)(void *arg, enum mx_end end);
	/** Over: called once, and the engine touches nothing afterwards. */
	void (*done)(void *arg);
};

struct mx_engine {
	const struct mx_engine_ops *ops;
	void *arg;
	/* helo, mail_from, rcpt, depth, tls_mode */
	const struct mx_session_params *params;
	enum mx_step step;
	bool helo_fallback;
	enum mx_tls_seen tls;
};

/** Enters BANNER. params is borrowed for the engine's life. */
void mx_engine_start(struct mx_engine *engine, const struct mx_session_params *params,
    const struct mx_engine_ops *ops, void *arg);
/** A complete reply to the current step; offers_starttls matters to EHLO only. */
void mx_engine_reply(struct mx_engine *engine, int code, bool offers_starttls);
/** The handshake asked for by start_tls is done. */
void mx_engine_secured(struct mx_engine *engine, bool verified);

/** The stage a step belongs to, as the transcript and every report name it. */
enum mx_stage mx_step_stage(enum mx_step step);
/** True when QUIT may be said in this step: the greeting is complete and the peer reads
 *  commands. */
bool mx_step_hears_commands(enum mx_step step);

#endif
