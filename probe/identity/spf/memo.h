/*
 * memo.h - the DNS answers that one SPF check knows so far.
 * In:   answers, as they come.   Out: the answer to a question asked before.
 * Not:  no lookup, no age: it lives as long as one check.
 */
#ifndef MX_IDENTITY_SPF_MEMO_H
#define MX_IDENTITY_SPF_MEMO_H

#include "probe/dns/resolver.h"

struct mx_spf_memo_entry {
	char *name;
	enum mx_dns_type type;
	struct mx_dns_answer answer;
};
struct mx_spf_memo {
	struct mx_spf_memo_entry *entries;
	size_t count;
};

/** NULL when it isn't known. Names are compared without case. Good until the next add. */
const struct mx_dns_answer *mx_spf_memo_find(
    const struct mx_spf_memo *memo, const char *name, enum mx_dns_type type);
/** Copies what SPF reads of the answer: status and records. */
void mx_spf_memo_add(struct mx_spf_memo *memo, const char *name, enum mx_dns_type type,
    const struct mx_dns_answer *answer);
void mx_spf_memo_clear(struct mx_spf_memo *memo);

#endif
