/*
 * transcript.h - everything that was said and seen in one session, in order.
 * In:   lines, replies and observations, as smtp/session meets them.
 * Out:  the only evidence later stages see: verdict/ and report/ read nothing else.
 * Not:  no opinion. Bytes stay as they came (bounded by the session's limits); whoever shows
 *       them escapes them (base/escape.h).
 */
#ifndef MX_TRANSCRIPT_H
#define MX_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/enhanced.h"

/** Where in the session something happened. Names are the contract: mx_stage_name(). */
enum mx_stage {
	MX_STAGE_CONNECT,
	MX_STAGE_BANNER,
	MX_STAGE_EHLO, /* also the HELO fallback and the EHLO after TLS */
	MX_STAGE_STARTTLS,
	MX_STAGE_TLS,
	MX_STAGE_MAIL,
	MX_STAGE_RCPT,
	MX_STAGE_DATA, /* never reached by the prober; logs and bounces speak of it */
	MX_STAGE_EOD,  /* after the final dot; as above */
	MX_STAGE_QUIT, /* RSET and QUIT: we are leaving */
	MX_STAGE_COUNT
};

/** "connect" ... "quit". */
const char *mx_stage_name(enum mx_stage stage);
/** The stage of that name, or false. */
bool mx_stage_from_name(const char *name, enum mx_stage *out);

/** How the conversation ended. Data, never an error of ours (but for MX_END_LOCAL). */
/* clang-format off */
enum mx_end {
	MX_END_NONE,            /* still going, or never begun */
	MX_END_QUIT,            /* we said QUIT and the peer answered or closed */
	MX_END_CLOSED,          /* the peer closed (FIN) while we expected a reply */
	MX_END_CLOSED_UNCLEAN,  /* FIN under TLS without close_notify, a reply being due */
	MX_END_RESET,           /* RST */
	MX_END_REFUSED,         /* connect: RST in answer to SYN */
	MX_END_UNREACHABLE,     /* connect: no route, ICMP unreachable */
	MX_END_FILTERED,        /* connect: no answer at all before the deadline */
	MX_END_TIMEOUT,         /* the stage's deadline passed */
	MX_END_SESSION_TIMEOUT, /* the whole session's deadline passed */
	MX_END_TLS_FAILED,      /* handshake failed */
	MX_END_TLS_MISSING,     /* --tls require and STARTTLS was not offered or was refused */
	MX_END_TLS_UNVERIFIED,  /* --tls require and the certificate does not hold */
	MX_END_INJECTION,       /* plaintext behind STARTTLS's reply */
	MX_END_DESYNC,          /* text behind a complete reply that we had not asked for */
	MX_END_NOT_SMTP,        /* a line that is no reply line */
	MX_END_MIXED_CODES,     /* codes change inside one reply and the last decides nothing */
	MX_END_LINE_LIMIT,      /* line, reply or session larger than we are willing to read */
	MX_END_REPLY_LIMIT,
	MX_END_SESSION_LIMIT,
	MX_END_LOCAL,     /* our failure: bind, descriptors, memory; text says which */
	MX_END_CANCELLED, /* we stopped it (signal) */
	MX_END_COUNT
};
/* clang-format on */

/** "closed", "tls_failed", ... (log and JSON word; not a sentence). */
const char *mx_end_name(enum mx_end end);

enum mx_speaker {
	MX_FROM_SERVER,
	MX_FROM_CLIENT,
	MX_FROM_PROBE /* a remark of ours: "connected", "TLSv1.3 ...", "connection reset" */
};

/** One line. text is raw, without its line end, and NUL-terminated behind len bytes. */
struct mx_line {
	int64_t at_us; /* since the connect was started */
	enum mx_stage stage;
	enum mx_speaker from;
	size_t len;
	char *text; /* owned by the transcript */
};

/** One complete reply and which lines it is made of. */
struct mx_reply_record {
	enum mx_stage stage;
	int code; /* of the last line */
	struct mx_enhanced enhanced;
	size_t first_line; /* index into mx_transcript.lines; all are MX_FROM_SERVER */
	size_t lines;
	int64_t asked_us; /* when the command was sent (or the wait began) */
	int64_t done_us;
	bool mixed_codes; /* the lines do not agree on the code */
};

enum mx_tls_seen {
	MX_TLS_NOT_OFFERED,
	MX_TLS_NOT_TRIED, /* offered; depth or --tls none stopped us */
	MX_TLS_REFUSED,   /* STARTTLS answered with something else than 220 */
	MX_TLS_FAILED,
	MX_TLS_DONE
};

/** What DANE (RFC 7672) came to. Names are the contract: mx_dane_name(). */
enum mx_dane_result {
	MX_DANE_NOT_ASKED, /* nobody looked for TLSA records */
	MX_DANE_UNKNOWN,   /* DNSSEC can't be had, or the session ended before TLS */
	MX_DANE_NONE,      /* no TLSA record counts here */
	MX_DANE_VALID,     /* they name what the server showed */
	MX_DANE_FAILED,    /* they name something else, or there was no TLS */
	MX_DANE_UNUSABLE,  /* there are some, but none that SMTP can use (RFC 7672 3.1) */
	MX_DANE_LOOKUP_FAILED, /* whether there are any could not be learned */
	MX_DANE_COUNT
};

/** "none", "valid", ...; NULL for NOT_ASKED. */
const char *mx_dane_name(enum mx_dane_result result);

#define MX_TLS_NAMES 16

/** What the handshake showed. Strings owned by the transcript, NULL when unknown. */
struct mx_tls_facts {
	enum mx_tls_seen seen;
	bool verified; /* chain and name hold, whatever DANE says */
	char *reason;  /* why not verified, or why the handshake failed */
	char *version; /* "TLSv1.3" */
	char *cipher;
	char *subject; /* one line, remote bytes */
	char *issuer;
	char *names[MX_TLS_NAMES]; /* subjectAltName dNSName, else CN; remote bytes */
	size_t name_count;
	int64_t not_before_s, not_after_s; /* Unix seconds, 0 unknown */
	bool obsolete;                     /* older than TLS 1.2 */
	enum mx_dane_result dane;
	char *dane_detail; /* which record, or why not; or NULL */
};
void mx_tls_facts_clear(struct mx_tls_facts *facts);

#define MX_TRANSCRIPT_LINES 8192

struct mx_transcript {
	struct mx_line *lines;
	size_t line_count;
	size_t lines_dropped; /* came after MX_TRANSCRIPT_LINES and were not kept */
	struct mx_reply_record *replies;
	size_t reply_count;
	int64_t started_wall_us;
	int64_t connected_us; /* -1: never */
	int64_t tls_done_us;  /* -1: never */
	int64_t ended_us;     /* since start */
	enum mx_end end;
	enum mx_stage end_stage; /* where it ended */
	char *end_text;          /* errno text, offending limit, ...: ours; or NULL */
	struct mx_tls_facts tls;
	bool helo_fallback; /* EHLO was refused, HELO used */
	bool quit_sent;
	bool quit_answered;
};

/** Empty transcript that starts now (wall clock). */
struct mx_transcript *mx_transcript_new(void);
void mx_transcript_free(struct mx_transcript *transcript);

/** Append a line (copied). Past MX_TRANSCRIPT_LINES lines are counted (lines_dropped) but not kept;
 *  the session's own byte limits make that unreachable but for pathological replies. Returns its
 *  index, MX_TRANSCRIPT_LINES when it was not kept. */
size_t mx_transcript_add(struct mx_transcript *transcript, int64_t at_us,
    enum mx_stage stage, enum mx_speaker from, const char *text, size_t len);
/** Append a reply record (copied). */
void mx_transcript_add_reply(
    struct mx_transcript *transcript, const struct mx_reply_record *reply);
/** Set how it ended; the first end wins. detail is copied, may be NULL. */
void mx_transcript_end(struct mx_transcript *transcript, int64_t at_us, enum mx_end end,
    enum mx_stage stage, const char *detail);

/** The lines' texts without code, separator and the record's enhanced code where a line repeats
 *  it, joined by ' ' (lines without text left out) or, with newlines = true, all by '\n'. Raw
 *  remote bytes but for NUL, which becomes U+2400 so that it hides nothing. Caller frees. */
char *mx_reply_text(const struct mx_transcript *transcript,
    const struct mx_reply_record *reply, bool newlines);
/** The last reply of that stage, or NULL. */
const struct mx_reply_record *mx_transcript_reply(
    const struct mx_transcript *transcript, enum mx_stage stage);
/** The deepest of banner, ehlo, mail and rcpt that was answered, whatever the answer; CONNECT when
 *  none was. On the same scale as the depth asked for, so the two can be compared. */
enum mx_stage mx_transcript_reached(const struct mx_transcript *transcript);

#endif
