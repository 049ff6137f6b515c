/*
 * query.h - what one SPF check is about, put in order once.
 * In:   struct mx_spf_params.   Out: the parts that records and macros speak of.
 * Not:  no lookup, no judgement.
 */
#ifndef MX_IDENTITY_SPF_QUERY_H
#define MX_IDENTITY_SPF_QUERY_H

#include "probe/identity/spf/spf.h"

/** Everything is the query's own; strings are never NULL. */
struct mx_spf_query {
	struct mx_addr client;       /* IPv4 also where it came wrapped in IPv6 */
	char *local, *sender_domain; /* of the sender, or of postmaster@HELO */
	char *domain;                /* whose record */
	char *helo, *receiver;
	int64_t now_s; /* wall clock */
};

void mx_spf_query_init(
    struct mx_spf_query *query, const struct mx_spf_params *params, int64_t now_s);
void mx_spf_query_clear(struct mx_spf_query *query);

#endif
