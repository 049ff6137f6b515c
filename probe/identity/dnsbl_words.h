/*
 * dnsbl_words.h - a list's answer in a sentence, and what to do about it.
 * In:   a zone, a fact, its meanings.   Out: text with remote bytes in it.
 * Not:  nothing is judged here but what a row "dnsbl:ZONE" comes to.
 */
#ifndef MX_IDENTITY_DNSBL_WORDS_H
#define MX_IDENTITY_DNSBL_WORDS_H

#include "probe/identity/dnsbl_fact.h"

/** All that the sentences speak of. */
struct mx_dnsbl_told {
	const struct mx_catalogue *catalogue;
	const struct mx_dnsbl_zone *zone;
	const struct mx_dnsbl_fact *fact;
	enum mx_dnsbl_aspect aspect;
	const struct mx_list_return *const *meanings;
	size_t meaning_count;
};

/** "127.0.0.2, 127.0.0.4 (Spamhaus SBL, XBL): reason"; "not listed"; why it is not known. Caller
 *  frees. */
char *mx_dnsbl_found(const struct mx_dnsbl_told *told);
/** NULL when nothing is to be done. Caller frees. */
char *mx_dnsbl_advice(const struct mx_dnsbl_told *told);

#endif
