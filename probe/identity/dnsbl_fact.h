/*
 * dnsbl_fact.h - what one answer of a list says, and what its two test entries say of the list.
 * In:   parsed DNS answers.   Out: a state, the codes, and why a list is not believed.
 * Not:  no question is asked here; words are dnsbl_words.h's.
 */
#ifndef MX_IDENTITY_DNSBL_FACT_H
#define MX_IDENTITY_DNSBL_FACT_H

#include "probe/identity/dnsbl_zone.h"

/** What stands behind a state that several things can lead to. */
enum mx_dnsbl_why {
	MX_DNSBL_BY_ANSWER, /* the codes say it */
	MX_DNSBL_BY_STATUS, /* no answer: status says why */
	MX_DNSBL_CLOSED,
	MX_DNSBL_NEEDS_KEY,
	MX_DNSBL_ENTRY_MISSING, /* what every list has is not in it */
	MX_DNSBL_ENTRY_SILENT,  /* whether it is could not be learned: status says why */
	MX_DNSBL_LISTS_ALL,     /* what no list has is in it */
	MX_DNSBL_FOREIGN        /* it answers outside 127.0.0.0/8 */
};

struct mx_dnsbl_fact {
	enum mx_dnsbl_state state;
	enum mx_dnsbl_why why;
	enum mx_dns_status status;
	struct mx_addr *codes; /* own, sorted, at most MX_DNSBL_CODES */
	size_t code_count;
	char *reason; /* own; NULL when there is none */
};

#define MX_DNSBL_CODES 16

void mx_dnsbl_fact_clear(struct mx_dnsbl_fact *fact);
/** Read the answer to a question for address records. */
void mx_dnsbl_fact_read(const struct mx_catalogue *catalogue,
    const struct mx_dnsbl_zone *zone, const struct mx_dns_answer *answer,
    struct mx_dnsbl_fact *out);
/** The text records, without a key, joined and bounded; NULL when there are none. Caller frees. */
char *mx_dnsbl_reason_read(
    const struct mx_dnsbl_zone *zone, const struct mx_dns_answer *answer);
/** Is the list to be believed, after the entry that must be listed and the one that must not? If
 *  not, *verdict says why, for every question to it. */
bool mx_dnsbl_fact_conclude(struct mx_dnsbl_fact *listed, struct mx_dnsbl_fact *clean,
    struct mx_dnsbl_fact *verdict);

/** What the codes stand for, each once: at most room rows into out. */
size_t mx_dnsbl_meanings(const struct mx_catalogue *catalogue, const struct mx_list *list,
    const struct mx_dnsbl_fact *fact, const struct mx_list_return **out, size_t room);

#endif
