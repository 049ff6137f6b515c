/*
 * result.h - one line of what mxprobe found: (source, destination, MX host, address).
 * In:   put together by probe.c from all stages.   Out: read by every report.
 * Not:  no logic but clear; JSON's names and words are report/json.c's business.
 */
#ifndef MX_RESULT_H
#define MX_RESULT_H

#include "probe/base/addr.h"
#include "probe/base/ulid.h"
#include "probe/dns/route.h"
#include "probe/identity/preflight.h"
#include "probe/net/mta_sts.h"
#include "probe/transcript.h"
#include "probe/verdict/judge.h"

/** Strings are owned unless said otherwise; NULL means not known. */
struct mx_result {
	char id[MX_ULID_TEXT];
	/* row in the plan: results come as sessions end, tables sort by it */
	size_t order;
	int64_t time_us; /* wall clock, when the session (or the attempt) began */
	struct mx_addr source;
	struct mx_addr seen_as;        /* the declared NAT address; AF_UNSPEC: none */
	char *helo, *mail_from, *rcpt; /* rcpt NULL when none was meant to be asked */
	char *destination;             /* as the user wrote it, ASCII */
	const struct mx_provider *provider; /* catalogue's, or NULL */
	char *group; /* provider group: with source, what floors and states are about */
	/* mx: host NULL when the way ended before (no such domain, null MX, no address) */
	char *mx_host;
	uint16_t preference;
	struct mx_addr address; /* with port; AF_UNSPEC when no address was chosen */
	enum mx_dnssec dnssec;
	enum mx_route_kind route;
	enum mx_stage depth;
	/* addresses of the source's family that this visit has seen, this one included, and
	 * how many there are; 0: no address was chosen */
	size_t probed, addresses;
	struct mx_judgement judgement;    /* verdict, finding, reached, seen source */
	struct mx_transcript *transcript; /* NULL when there was no session */
	/* what the destination's MTA-STS policy says of mx_host; the sentence is NULL where there
	 * is nothing to say */
	enum mx_mta_sts_result mta_sts;
	bool has_mta_sts_policy;
	enum mx_mta_sts_mode mta_sts_mode; /* of the policy */
	char *mta_sts_text;
	const struct mx_preflight
	    *identity; /* of the source; borrowed, NULL: not looked up */
	/* sentence for people, or NULL: shares a visit, stopped earlier, ... */
	char *note;
	/* id of the result whose session this row shows, or NULL */
	char *shares_id;
};

void mx_result_free(struct mx_result *result);

#endif
