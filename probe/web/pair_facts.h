/*
 * pair_facts.h - all that the store knows of one pair, for its page.
 * In:   a store, a source, a provider group.   Out: own copies, newest first.
 * Not:  no plan (model.h), no HTML; a bounded number of rows is read.
 */
#ifndef MX_WEB_PAIR_FACTS_H
#define MX_WEB_PAIR_FACTS_H

#include "probe/store/result_row.h"
#include "probe/watch/standing.h"

#define MX_PAIR_SESSIONS 400 /* for the timeline; the newest of them are listed */

/** A change of state. Strings own. */
struct mx_pair_event {
	int64_t time_us;
	char *before, *after, *why, *result;
};

/** The newest test message to a mailbox there. Strings own, NULL where not known. */
struct mx_pair_delivery {
	int64_t time_us; /* 0: none was sent */
	char *verdict, *place, *spf, *dkim, *dmarc, *summary;
};

struct mx_pair_facts {
	struct mx_standing standing;
	struct mx_store_result **sessions; /* newest first, own */
	size_t session_count;
	struct mx_pair_event *events; /* newest first */
	size_t event_count;
	/* the session that the state rests on: of a block the newest refusal; own, may be NULL */
	struct mx_store_result *decided;
	struct mx_pair_delivery delivery;
};

/** since_us: sessions and events from then on. Clear with mx_pair_facts_clear in any case. */
enum mx_err mx_pair_facts_load(struct mx_store *store, const char *source,
    const char *group, int64_t since_us, struct mx_pair_facts *facts,
    struct mx_error *err) __attribute__((warn_unused_result));
void mx_pair_facts_clear(struct mx_pair_facts *facts);

/** Has the pair been blocked without having become clear since? */
bool mx_pair_is_held(enum mx_state state);

#endif
