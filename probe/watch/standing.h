/*
 * standing.h - where a pair and its delisting request stand, as the store knows it.
 * In:   a store, a source, a provider group.   Out: copies of all that a view or a decision wants.
 * Not:  nothing is written, nothing is decided.
 */
#ifndef MX_WATCH_STANDING_H
#define MX_WATCH_STANDING_H

#include <stddef.h>

#include "probe/store/store.h"
#include "probe/watch/state.h"

/** One address of the provider, as it was found last. Strings own. */
struct mx_standing_hop {
	char *mx_host, *address, *verdict, *result;
	int64_t time_us;
	bool is_accepting;
};

/** The newest request of the pair; id 0: there is none. Strings own, NULL where not known. */
struct mx_standing_case {
	int64_t id;
	char *ticket, *outcome, *note;
	int64_t opened_us, expected_us, cleared_us, closed_us; /* 0: not yet */
	unsigned steps;                                        /* that are done */
};

struct mx_standing {
	bool is_known; /* there is such a pair */
	struct mx_pair_state pair;
	char *last_verdict;
	int64_t last_us; /* 0: no session yet */
	struct mx_standing_hop *hops;
	size_t hop_count, accepting;
	struct mx_standing_case one;
};

/** Clear with mx_standing_clear in any case. */
enum mx_err mx_standing_load(struct mx_store *store, const char *source,
    const char *group, struct mx_standing *standing, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_standing_clear(struct mx_standing *standing);

/** The group of the pair whose last session went to that destination; NULL: none. Caller frees. */
char *mx_standing_group(struct mx_store *store, const char *source,
    const char *destination, struct mx_error *err);

/** How a delisting went. Own. */
struct mx_proof {
	int64_t first_block_us; /* of what is, or was, going on; 0: none was seen */
	char *before,
	    *after; /* the last refusal and the last accept, as `--format json` printed
				 them; NULL: none, or forgotten by now */
};
/** Of the last time that the pair was blocked. Clear with mx_proof_clear in any case. */
enum mx_err mx_proof_load(struct mx_store *store, const char *source, const char *group,
    const struct mx_standing *standing, struct mx_proof *proof, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_proof_clear(struct mx_proof *proof);

#endif
