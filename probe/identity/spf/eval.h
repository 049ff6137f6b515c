/*
 * eval.h - check_host() of RFC 7208 4, as a pure function of a query and the DNS answers so far.
 * In:   query, memo.   Out: the answer, or which lookups it cannot go on without.
 * Not:  no loop, no socket, no clock: who calls makes the lookups and calls again.
 *
 * Each call begins anew. That costs little, because RFC 7208 4.6.4 bounds the lookups, and it
 * keeps the rules readable: nothing of them is turned inside out into callbacks.
 */
#ifndef MX_IDENTITY_SPF_EVAL_H
#define MX_IDENTITY_SPF_EVAL_H

#include "probe/identity/spf/memo.h"
#include "probe/identity/spf/query.h"

/** RFC 7208 4.6.4. */
#define MX_SPF_TERMS_MAX 10 /* that look something up: include a mx ptr exists redirect */
#define MX_SPF_VOIDS_MAX 2  /* lookups that find nothing */
#define MX_SPF_HOSTS_MAX 10 /* of one mx; names of one client */

struct mx_spf_need {
	char *name;
	enum mx_dns_type type;
};
/** Lookups that can be made side by side. Names are its own. */
struct mx_spf_needs {
	struct mx_spf_need items[MX_SPF_HOSTS_MAX];
	size_t count;
};
void mx_spf_needs_clear(struct mx_spf_needs *needs);

/** True: *answer is filled (caller: mx_spf_answer_clear) and needs is empty. False: the memo
 *  lacks what is in needs, at least one (caller: mx_spf_needs_clear). Both are overwritten.
 *  When each needed answer is added, however it turned out, calls come to an end. */
bool mx_spf_eval(const struct mx_spf_query *query, const struct mx_spf_memo *memo,
    struct mx_spf_answer *answer, struct mx_spf_needs *needs);

#endif
