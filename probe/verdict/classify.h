/*
 * classify.h - one reply's text and codes to a finding.
 * In:   a reply (code, enhanced code, joined text), its stage, and who we are.
 * Out:  struct mx_finding: category, about, list, rule, confidence, candidates.
 * Not:  no session, no transcript, no network; the same input always gives the same output.
 */
#ifndef MX_VERDICT_CLASSIFY_H
#define MX_VERDICT_CLASSIFY_H

#include "probe/base/addr.h"
#include "probe/verdict/finding.h"
#include "probe/verdict/rules.h"

/** Who we were in the session; anything may be NULL or AF_UNSPEC. Borrowed. */
struct mx_identity {
	struct mx_addr source;  /* the address we bound */
	struct mx_addr seen_as; /* the declared 1:1 NAT address */
	struct mx_addr server;  /* the address we talked to */
	const char *helo, *mail_from, *rcpt;
	const char *mx_host;
	const struct mx_provider *provider;
};

struct mx_reply_facts {
	enum mx_stage stage; /* MX_STAGE_COUNT: not known (a bare reply from a file) */
	int code;
	struct mx_enhanced enhanced;
	const char *text; /* lines joined, raw; may hold any byte but NUL */
	size_t len;
};

/** Fills *out (clear it with mx_finding_clear). Never fails: at worst category is "unknown". */
void mx_classify(const struct mx_rules *rules, const struct mx_identity *identity,
    const struct mx_reply_facts *reply, struct mx_finding *out);

#endif
