/*
 * delivery.h - one test message: what was answered, where it landed, what came back.
 * In:   filled by deliver.c and bounce.c.   Out: read by the words and the JSON below.
 * Not:  no network, no store.
 */
#ifndef MX_DELIVER_DELIVERY_H
#define MX_DELIVER_DELIVERY_H

#include "probe/catalogue/catalogue.h"
#include "probe/deliver/headers.h"
#include "probe/deliver/token.h"
#include "probe/mail/submit.h"
#include "probe/net/fetch_imap.h"
#include "probe/verdict/finding.h"

enum mx_landed {
	MX_LANDED_UNKNOWN, /* nobody looked, or could */
	MX_LANDED_INBOX,
	MX_LANDED_JUNK,
	MX_LANDED_ELSEWHERE,
	MX_LANDED_NOT_FOUND, /* not in the time given */
	MX_LANDED_COUNT
};
/** "inbox", "junk", "elsewhere", "not_found"; NULL for UNKNOWN. */
const char *mx_landed_name(enum mx_landed landed);

struct mx_delivery {
	char id[MX_ULID_TEXT];
	int64_t time_us;                    /* wall clock */
	const char *mailbox, *mail_from;    /* borrowed */
	const char *relay;                  /* HOST:PORT, borrowed */
	const struct mx_provider *provider; /* or NULL */
	char *group;                        /* own */
	enum mx_verdict verdict;
	bool has_finding;
	struct mx_finding finding; /* own: the answer that was no yes, or the bounce */
	char *note;       /* own: a sentence where there is more to say; or NULL */
	bool is_accepted; /* by the relay */
	bool in_doubt;    /* it may have been */
	bool used_tls;
	enum mx_landed landed;
	char *folder;      /* own: as the server calls it */
	int64_t landed_us; /* found so long after it was sent */
	bool has_auth;     /* the receiver wrote what it thinks */
	struct mx_auth_results auth;
	struct mx_addr seen_source; /* AF_UNSPEC: not told */
	bool is_removed;
	int64_t bounced_us; /* wall clock; 0: no bounce came */
};
void mx_delivery_clear(struct mx_delivery *delivery);

/** "delivered to junk; spf=pass dkim=pass dmarc=fail": one line, no remote bytes. Caller frees. */
char *mx_delivery_summary(const struct mx_delivery *delivery);
/** One object without line end, "mxprobe.delivery/1" (doc/delivery.schema.json). Caller frees. */
char *mx_delivery_json(const struct mx_delivery *delivery);
/** What it weighs as an exit status: 4, 1, 2, 3 or 0, as in mxprobe-deliver(1). */
int mx_delivery_status(const struct mx_delivery *delivery);
/** The worse of two such statuses, in that order. */
int mx_delivery_worse(int status, int other);

#endif
