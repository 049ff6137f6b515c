/*
 * notice.h - what receivers are told: one notice of a provider's doings to one network.
 * In:   events that matter, each with what is known of it.
 * Out:  JSON of schema mxprobe.alert/1 (doc/alert.schema.json).
 * Not:  no receiver's own shape (alertmanager.h, letter.h), no store.
 *
 * This text is what waits in the outbox; all other shapes are made of it when it is sent.
 */
#ifndef MX_WATCH_ALERT_NOTICE_H
#define MX_WATCH_ALERT_NOTICE_H

#include <stddef.h>

#include "probe/base/addr.h"
#include "probe/catalogue/catalogue.h"
#include "probe/store/result_row.h"
#include "probe/watch/alert/problem.h"

#define MX_NOTICE_ALERTS 400 /* more of one network are another notice */

/** Everything known of one turn. Borrowed. */
struct mx_notice_facts {
	const struct mx_catalogue *catalogue;
	const char *page; /* "https://..." of the page, or NULL */
	const struct mx_store_event *event;
	const struct mx_turn *turn;
	int64_t since_us; /* the problem began */
	/* what the session showed, or where the event had none, the last refusal; may be NULL */
	const struct mx_store_result *row;
	const char *ticket; /* of the newest delisting request; NULL: there is none */
};

struct mx_notice;

/** The topic that an event belongs to: "PROVIDER NETWORK". Caller frees. */
char *mx_notice_topic(const struct mx_store_event *event);

/** id: ULID; page may be NULL. Copied. */
struct mx_notice *mx_notice_new(const char *id, int64_t time_us, const char *page);
void mx_notice_free(struct mx_notice *notice);
/** One turn more, of the same topic as those before. One of the same problem of the same source takes
 *  the place of what was said of it before. False: it is full. */
bool mx_notice_add(struct mx_notice *notice, const struct mx_notice_facts *facts);
/** A notice whose only content is that it can be sent: `mxprobe alert test`. */
void mx_notice_make_test(struct mx_notice *notice, const char *host);
/** In one line. Caller frees. */
char *mx_notice_text(const struct mx_notice *notice);

#endif
