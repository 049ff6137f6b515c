/*
 * oracle.h - what the prober did, as the servers saw it: the judge of politeness.
 * In:   events of sessions, told by conn.c.
 * Out:  one record per session, and broken promises.
 * Not:  no sockets; what a scenario expects beyond the promises is compared by who asks.
 */
#ifndef MX_FAKEMX_ORACLE_H
#define MX_FAKEMX_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/base/buf.h"
#include "scenarios/fakemx/scenario.h"

/** What a polite prober never does. Bits of mx_seen_session.broken. */
enum mx_promise {
	MX_PROMISE_PREGREET,  /* bytes before the greeting's last line */
	MX_PROMISE_PIPELINED, /* a command before the reply to the one before */
	MX_PROMISE_FORBIDDEN, /* DATA, BDAT, VRFY, EXPN */
	MX_PROMISE_RCPTS,     /* more than one RCPT in a session */
	MX_PROMISE_NO_QUIT,   /* left without QUIT while the server listened */
	MX_PROMISE_PARALLEL,  /* a second session of the same client at the same server */
	MX_PROMISE_BAD_LINE,  /* a command that is too long, or ends in a bare LF */
	MX_PROMISE_COUNT
};

/** One sentence: what was done. */
const char *mx_promise_text(enum mx_promise promise);

struct mx_seen_session {
	size_t server; /* index, as given to mx_oracle_open */
	struct mx_addr client;
	struct mx_buf dialogue; /* verbs, joined by a space; cut when it gets long */
	char *helo, *sender;    /* last ones, NULL: never said */
	unsigned commands, rcpts;
	unsigned broken; /* bits: 1 << enum mx_promise */
	bool null_sender, encrypted, open;
	int64_t opened_us, closed_us; /* base/clock's monotonic time */
};

struct mx_oracle;

struct mx_oracle *mx_oracle_new(size_t server_count);
/** NULL is taken. */
void mx_oracle_free(struct mx_oracle *oracle);

/** A session begins. Returns its number, for the calls below. */
size_t mx_oracle_open(
    struct mx_oracle *oracle, size_t server, const struct mx_addr *client);
void mx_oracle_close(struct mx_oracle *oracle, size_t session);
/** A complete command line, without its end. */
void mx_oracle_command(struct mx_oracle *oracle, size_t session, const char *line);
void mx_oracle_encrypted(struct mx_oracle *oracle, size_t session);
void mx_oracle_broken(struct mx_oracle *oracle, size_t session, enum mx_promise promise);

/** Borrowed until the next session opens. */
const struct mx_seen_session *mx_oracle_sessions(
    const struct mx_oracle *oracle, size_t *count);
/** Sessions that the server has seen so far; of all servers with MX_ORACLE_ALL. */
#define MX_ORACLE_ALL SIZE_MAX
size_t mx_oracle_session_count(const struct mx_oracle *oracle, size_t server);
/** Open sessions of one client at one server. */
unsigned mx_oracle_open_count(
    const struct mx_oracle *oracle, size_t server, const struct mx_addr *client);
/** Most sessions that one client had open at once at the server (ALL: at any one of them). */
unsigned mx_oracle_parallel(const struct mx_oracle *oracle, size_t server);
unsigned mx_oracle_rcpts(const struct mx_oracle *oracle, size_t server);
/** Sessions still open. */
size_t mx_oracle_open_total(const struct mx_oracle *oracle);

#endif
