/*
 * rejoin.h - a bounce that came later, added to the test that it belongs to.
 * In:   a bounce's bytes, a store.   Out: the test's row as it is now.
 * Not:  no mailbox is read here: whoever has the bounce hands it in.
 */
#ifndef MX_DELIVER_REJOIN_H
#define MX_DELIVER_REJOIN_H

#include "probe/store/deliveries.h"
#include "probe/verdict/rules.h"

/** What the test is now: strings are own. */
struct mx_rejoined {
	char *mailbox, *summary, *json;
	enum mx_verdict verdict;
};

/** Finds the token, the row of that id, and the refusal; the row in the store is changed. MX_ERR_USAGE:
 *  no token of mxprobe's in it, no refusal, or no such test in this store. Clear in any case. */
enum mx_err mx_rejoin_bounce(struct mx_store *store, const struct mx_catalogue *catalogue,
    const struct mx_rules *rules, const char *bytes, size_t len, struct mx_rejoined *out,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_rejoined_clear(struct mx_rejoined *rejoined);

#endif
