/*
 * deliveries.h - test messages that were sent: to whom, what was answered, where they landed.
 * In:   a delivery as it is known now.   Out: the same, newest first.
 * Not:  no leave to send one (ledger.h), no meaning of the words (deliver/).
 */
#ifndef MX_STORE_DELIVERIES_H
#define MX_STORE_DELIVERIES_H

#include "probe/store/store.h"

/** Strings borrowed; NULL and 0 where nothing is known. */
struct mx_store_delivery {
	const char *id; /* ULID: the message's token */
	int64_t time_us;
	const char *mailbox;
	const char *group, *provider; /* whose mailbox it is */
	const char
	    *source; /* the address that the receiver saw, as far as it was looked at */
	const char *relay;
	const char *verdict;        /* the word */
	const char *place, *folder; /* "inbox", "junk", "elsewhere", "not_found" */
	const char *spf, *dkim, *dmarc;
	const char *summary; /* one line for people */
	const char *json;    /* all of it, as `deliver --format json` printed it */
};

/** New, or in place of the row with that id. Copied. done may be NULL. */
void mx_store_put_delivery(struct mx_store *store, const struct mx_store_delivery *one,
    void (*done)(void *arg, const struct mx_error *err), void *arg);

/** May it have left from that address? Where the receiver did not tell, from any. source NULL: any. */
bool mx_store_delivery_is_of(const struct mx_store_delivery *one, const char *source);

/** NULL and 0: any. */
struct mx_store_delivery_span {
	const char *id, *group, *mailbox;
	int64_t since_us;
	int64_t newest; /* at most so many */
};
/** Newest first. Strings borrowed until the callback returns; each returns false to stop. */
enum mx_err mx_store_deliveries(struct mx_store *store,
    const struct mx_store_delivery_span *span,
    bool (*each)(void *arg, const struct mx_store_delivery *one), void *arg,
    struct mx_error *err) __attribute__((warn_unused_result));

#endif
