/*
 * scenario.h - one scenario file: the world and what must be concluded from it.
 * In:   a YAML file (grammar: scenarios/README.md, mxprobe-scenario(5)).
 * Out:  plain structs, checked: whoever plays them needs no further test of their sense.
 * Not:  no sockets; and no knowledge of the prober's words for verdicts and stages.
 */
#ifndef MX_FAKEMX_SCENARIO_H
#define MX_FAKEMX_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/base/err.h"

/* Bounds of what a file may ask for; the parser refuses more. */
#define MX_SCENARIO_LINE_MAX 65536
#define MX_SCENARIO_DELAY_MAX_MS 86400000 /* a day */
#define MX_SCENARIO_FLOOD_MAX (UINT64_C(1) << 30)

enum mx_zone_type {
	MX_ZONE_ANY = 0, /* no type given: all of them; only with an outcome */
	MX_ZONE_A = 1,
	MX_ZONE_NS = 2,
	MX_ZONE_CNAME = 5,
	MX_ZONE_PTR = 12,
	MX_ZONE_MX = 15,
	MX_ZONE_TXT = 16,
	MX_ZONE_AAAA = 28,
	MX_ZONE_TLSA = 52
};

/** How the name server treats the question. */
enum mx_zone_outcome {
	MX_ZONE_DATA,   /* the record stands in data */
	MX_ZONE_NODATA, /* the name exists, no such record */
	MX_ZONE_NXDOMAIN,
	MX_ZONE_SERVFAIL,
	MX_ZONE_REFUSED,
	MX_ZONE_DROP /* no answer at all */
};

struct mx_zone_record {
	char *name;
	enum mx_zone_type type;
	enum mx_zone_outcome answer;
	char *data;
};

/** What a rule answers to. CONNECT is the greeting, TLS the client's first handshake bytes. */
enum mx_word {
	MX_WORD_CONNECT,
	MX_WORD_EHLO,
	MX_WORD_HELO,
	MX_WORD_STARTTLS,
	MX_WORD_TLS,
	MX_WORD_MAIL,
	MX_WORD_RCPT,
	MX_WORD_RSET,
	MX_WORD_NOOP,
	MX_WORD_QUIT,
	MX_WORD_DATA,
	MX_WORD_BDAT,
	MX_WORD_VRFY,
	MX_WORD_EXPN,
	MX_WORD_OTHER, /* any command that is none of these */
	MX_WORD_ANY    /* in a rule: any command, but neither CONNECT nor TLS */
};

enum mx_then {
	MX_THEN_CONTINUE,
	MX_THEN_CLOSE, /* FIN; under TLS with close_notify */
	MX_THEN_CUT,   /* FIN; under TLS without close_notify */
	MX_THEN_RESET, /* RST */
	MX_THEN_HANG   /* keep the connection and never say anything again */
};

enum mx_when_tls {
	MX_WHEN_EITHER,
	MX_WHEN_PLAIN,
	MX_WHEN_ENCRYPTED
};

/** Every condition that is given must hold. Zero and NULL mean: not asked. */
struct mx_script_when {
	char *client;                      /* address or block */
	char *helo, *sender, *recipient;   /* shell patterns, case ignored */
	uint32_t session_from, session_to; /* 1 is the first session at this server */
	uint32_t after_ms, before_ms;      /* since the world began */
	uint32_t others; /* so many other sessions of the same client are open here */
	enum mx_when_tls tls;
};

/** Output in pieces of so many bytes. */
struct mx_script_drip {
	uint32_t bytes;
	uint32_t every_ms;
};

/** text again and again until so many bytes are sent. */
struct mx_script_flood {
	uint64_t bytes;
	char *text; /* with escapes, as bytes */
};

struct mx_script_rule {
	enum mx_word command;
	struct mx_script_when *when; /* NULL: always */
	uint32_t delay_ms;           /* before the first byte */
	char **reply;                /* lines; CRLF is added to each */
	unsigned reply_count;
	uint32_t line_delay_ms; /* between lines */
	char *bytes;            /* sent behind the lines, as they are; \r \n \t \\ \xNN */
	struct mx_script_drip *drip;
	struct mx_script_flood *flood;
	enum mx_then then;
};

enum mx_listen {
	MX_LISTEN_ACCEPT,
	MX_LISTEN_REFUSE, /* port closed: RST */
	MX_LISTEN_DROP    /* backlog full: SYNs go unanswered */
};

enum mx_tls_version {
	MX_TLSV_ANY,
	MX_TLSV_1_0,
	MX_TLSV_1_1,
	MX_TLSV_1_2,
	MX_TLSV_1_3
};

struct mx_fake_server {
	char *address; /* in 127.0.0.0/8, or ::1 */
	char *name; /* NULL in the file: the zone's name for the address, else the literal
		     */
	enum mx_listen listen;
	char *tls; /* certificate kind ("good"), or NULL: STARTTLS is not offered */
	enum mx_tls_version tls_version;
	char **greeting;
	unsigned greeting_count;
	char **capabilities; /* EHLO lines behind the name, beside STARTTLS; default SIZE
				... */
	unsigned capability_count;
	struct mx_script_rule *replies;
	unsigned reply_count;
	struct mx_addr addr; /* address, parsed */
};

/** What to run `mxprobe check` with. Strings as on the command line; NULL: not given. */
struct mx_scenario_probe {
	char **to;
	unsigned to_count;
	char **source;
	unsigned source_count;
	char *helo;      /* NULL: mail.example.jp; "" gives no --helo */
	char *mail_from; /* NULL: probe@example.jp */
	char **rcpt;
	unsigned rcpt_count;
	char *depth, *tls, *mx;
	char *server; /* HOST or ADDRESS; the common port is added by --port */
	char *connect_timeout, *timeout;
	char **options; /* further words of the command line */
	unsigned option_count;
	char *config; /* text of a configuration file */
};

/** One line of JSON. The first four choose the line; all the others must hold. */
struct mx_expect_result {
	char *source, *destination, *mx, *server;
	char *verdict, *category, *about, *permanence;
	char *stage, *reached, *depth;
	int *code;
	char *enhanced, *list, *authority, *provider, *provider_code, *listed_value;
	int *retry_after_s;
	char *text; /* occurs in the finding's text */
	char *said; /* occurs in a line of the transcript */
	char *tls_version;
	char *tls_verified; /* "true" or "false" */
	char *tls_reason;   /* occurs in it */
	char *dane, *mta_sts;
	char *rcpt, *helo;
	char *seen_source, *seen_as;
	int *probed, *addresses; /* of coverage */
	char *note;              /* occurs in it */
	char *finding;           /* "none": there must be no finding */
	char *identity;          /* "ptr fail, dmarc warn": rows of identity.checks */
};

/** What the servers must have seen. */
struct mx_expect_polite {
	char *server;  /* NULL: all of them together */
	int *sessions; /* NULL: not compared; so are the others */
	int *rcpts;
	int *parallel;  /* most sessions at once from one client */
	char *dialogue; /* the commands of each session, joined by a space */
};

struct mx_expect {
	int exit;
	struct mx_expect_result *results;
	unsigned result_count;
	struct mx_expect_polite *polite;
	unsigned polite_count;
	char **diagnostics; /* each occurs in what the prober says on stderr */
	unsigned diagnostic_count;
	uint32_t within_ms;  /* real time, or the test clock's; 0: not compared */
	uint32_t memory_mib; /* the prober's peak resident size; 0: not compared */
};

struct mx_scenario {
	char *about, *source;
	bool demo;       /* part of `mxprobe demo` */
	bool test_clock; /* waits too long without --enable-test-clock */
	struct mx_scenario_probe probe;
	struct mx_zone_record *zone;
	unsigned zone_count;
	struct mx_fake_server *servers;
	unsigned server_count;
	struct mx_expect *expect; /* NULL: only to be played */
	char *path;               /* own: for messages */
};

/** Load and check. NULL with a MX_ERR_CONFIG error "FILE:LINE: FIELD: what is wrong". */
struct mx_scenario *mx_scenario_load(const char *path, struct mx_error *err)
    __attribute__((warn_unused_result));
/** The same from memory; name stands for the path. */
struct mx_scenario *mx_scenario_parse(const char *name, const char *text, size_t len,
    struct mx_error *err) __attribute__((warn_unused_result));
/** NULL is taken. */
void mx_scenario_free(struct mx_scenario *scenario);

/** Sets "FILE:LINE: FIELD: ..." for a loaded scenario; field as in "servers[0].address". */
enum mx_err mx_scenario_complain(const struct mx_scenario *scenario, struct mx_error *err,
    const char *field, const char *format, ...) __attribute__((format(printf, 4, 5)));

/** True when a server offers STARTTLS, so that certificates are needed. */
bool mx_scenario_wants_tls(const struct mx_scenario *scenario);
/** True when it needs ::1. */
bool mx_scenario_wants_ipv6(const struct mx_scenario *scenario);

/** Names as in the file, for messages and reports. */
const char *mx_word_name(enum mx_word word);
/** The word a command line starts with (case ignored); MX_WORD_OTHER when it is none of ours. */
enum mx_word mx_word_of_command(const char *line);

#endif
