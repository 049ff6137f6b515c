/*
 * unwrap.h - bounce messages, log lines and pasted text to the replies quoted in them.
 * In:   bytes of anything a postmaster has: bare replies, MTA logs, bounces, pastes.
 * Out:  each quoted reply as the server said it, with who, about whom and when in the session.
 * Not:  no meaning: which kind of refusal it is is verdict/'s business; no NDJSON (cmd/ reads
 *       that); no file, no socket.
 */
#ifndef MX_UNWRAP_UNWRAP_H
#define MX_UNWRAP_UNWRAP_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/addr.h"
#include "probe/transcript.h"

/** What the caller knows about the input. */
enum mx_unwrap_guess {
	MX_UNWRAP_AUTO, /* decide by the first bytes: message, pasted bounce, or lines */
	MX_UNWRAP_BARE, /* replies, one a line or with ddd- continuation; every line counts */
	MX_UNWRAP_LOG,    /* an MTA's log; lines that quote no reply are passed over */
	MX_UNWRAP_BOUNCE, /* one bounce message, or its text as pasted */
	MX_UNWRAP_GUESSES
};

/** "auto", "bare", "log", "bounce". */
const char *mx_unwrap_guess_name(enum mx_unwrap_guess guess);
bool mx_unwrap_guess_from_name(const char *name, enum mx_unwrap_guess *out);

/* What is longer is cut there: a reply that needs more is no reply. */
#define MX_UNWRAP_LINE_LIMIT 65536
#define MX_UNWRAP_MESSAGE_LIMIT ((size_t)8 << 20)
#define MX_UNWRAP_REPLY_LIMIT 65536

/** One reply that somebody was given. Strings are borrowed until the callback returns; NULL where
 *  the input does not say. They hold UTF-8 or whatever bytes came, never a NUL (U+2400 then). */
struct mx_said {
	/** Which wording it was found in: "bare", "postfix-log", "exim-log", "rfc3464", ... */
	const char *form;
	size_t
	    line; /* of the input, from 1, where it begins; 0: in a part of a message */

	/** The reply as said, codes and all, one line a line ('\n' between, none at the end). */
	const char *text;
	/** Behind the codes, lines joined by ' ': what mx_reply_facts.text wants. */
	const char *words;
	int code;                    /* of the last line; 0: none was quoted */
	struct mx_enhanced enhanced; /* in the reply, else as the report or log has it */
	enum mx_stage stage;         /* MX_STAGE_COUNT: not known */
	/** Not the server's words but the sender's own ("Connection timed out"). */
	bool local;

	const char *mx_host; /* who said it */
	struct mx_addr mx_addr;
	const char *rcpt;        /* without angle brackets */
	const char *mail_from;   /* likewise; "" is the null sender */
	const char *source_host; /* who was told: the reporting or logging host */
	struct mx_addr source_addr;
};

/** Called for each reply, in the input's order, from inside feed, finish and all. */
struct mx_unwrap_sink {
	void (*said)(void *arg, const struct mx_said *said);
	void *arg;
};

/** Input as a stream. Memory is bounded by the limits above, however long the input: line by line
 *  for replies and logs; a bounce is kept up to MX_UNWRAP_MESSAGE_LIMIT until finish. */
struct mx_unwrap;
struct mx_unwrap *mx_unwrap_new(
    enum mx_unwrap_guess guess, const struct mx_unwrap_sink *sink);
/** Take all of it. The same answers however the input is cut. */
void mx_unwrap_feed(struct mx_unwrap *unwrap, const char *bytes, size_t len);
/** The input ends: what is held back is said. Feeding again begins the next input. */
void mx_unwrap_finish(struct mx_unwrap *unwrap);
/** What the input was taken for; MX_UNWRAP_AUTO while undecided. Valid until the next feed. */
enum mx_unwrap_guess mx_unwrap_decided(const struct mx_unwrap *unwrap);
/** Bytes passed over because a line or the message was over its limit; a reason to warn. */
size_t mx_unwrap_skipped(const struct mx_unwrap *unwrap);
/** NULL is fine. Does not finish. */
void mx_unwrap_free(struct mx_unwrap *unwrap);

/** A whole input at once: new, feed, finish, free. Returns how many replies were said. */
size_t mx_unwrap_all(enum mx_unwrap_guess guess, const char *bytes, size_t len,
    const struct mx_unwrap_sink *sink);

/** One value that holds one reply, perhaps wrapped (an NDJSON text field): exactly one call of
 *  said unless it is blank, with everything that is no wrapper kept. Cheap for a bare reply. */
size_t mx_unwrap_reply(const char *text, size_t len, const struct mx_unwrap_sink *sink);

#endif
