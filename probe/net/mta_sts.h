/*
 * mta_sts.h - MTA-STS (RFC 8461): the TXT record, the policy, and whether it lists a host.
 * In:   what DNS and a web server gave, whatever its bytes.
 * Out:  a policy, or why it is none.
 * Not:  no lookup, no fetch (run/sts.h), no cache (run/sts_cache.h).
 */
#ifndef MX_NET_MTA_STS_H
#define MX_NET_MTA_STS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MX_MTA_STS_ID 33          /* 32 characters and NUL */
#define MX_MTA_STS_POLICY 65536U  /* bytes of a policy that are read (RFC 8461 3.3) */
#define MX_MTA_STS_AGE 31557600UL /* longest max_age, seconds */

enum mx_mta_sts_mode {
	MX_MTA_STS_MODE_NONE,
	MX_MTA_STS_MODE_TESTING,
	MX_MTA_STS_MODE_ENFORCE,
	MX_MTA_STS_MODE_COUNT
};
/** "none", "testing", "enforce". */
const char *mx_mta_sts_mode_name(enum mx_mta_sts_mode mode);

struct mx_mta_sts_policy {
	enum mx_mta_sts_mode mode;
	uint32_t max_age_s; /* more than MX_MTA_STS_AGE counts as that */
	char **mx; /* patterns as written: "mx.example.com", "*.example.com"; own */
	size_t mx_count;
};

/** Is this TXT record meant for MTA-STS at all? Others are passed over (RFC 8461 3.1). */
bool mx_mta_sts_is_record(const uint8_t *text, size_t len);
/** Reads such a record. False, and a sentence (static) in *why, when it breaks the grammar. */
bool mx_mta_sts_read_record(
    const uint8_t *text, size_t len, char id[MX_MTA_STS_ID], const char **why);

/** RFC 8461 3.2. LF or CRLF; unknown keys are passed over; of a key given twice the first counts,
 *  but for mx. False, and a sentence in *why (caller frees), when it is no valid policy; *out is
 *  empty then. */
bool mx_mta_sts_read_policy(
    const char *text, size_t len, struct mx_mta_sts_policy *out, char **why);
void mx_mta_sts_policy_clear(struct mx_mta_sts_policy *policy);
/** *to held nothing. */
void mx_mta_sts_policy_copy(
    struct mx_mta_sts_policy *to, const struct mx_mta_sts_policy *from);
/** RFC 8461 4.1: a pattern is the host's name, or "*." for exactly one label. */
bool mx_mta_sts_lists(const struct mx_mta_sts_policy *policy, const char *host);
/** "text/plain", with or without parameters; NULL is none. */
bool mx_mta_sts_is_plain_text(const char *content_type);

/** What is known of a domain. */
enum mx_mta_sts_state {
	MX_MTA_STS_NOT_ASKED,
	MX_MTA_STS_UNKNOWN, /* DNS did not tell whether there is a record */
	MX_MTA_STS_ABSENT,  /* there is none */
	MX_MTA_STS_FOUND,   /* policy holds it */
	MX_MTA_STS_BROKEN /* there is one, but no valid policy behind it: senders see none */
};
struct mx_mta_sts {
	enum mx_mta_sts_state state;
	struct mx_mta_sts_policy policy;
	char id[MX_MTA_STS_ID];
	char *why; /* UNKNOWN and BROKEN: a sentence; own */
};
void mx_mta_sts_clear(struct mx_mta_sts *sts);

/** What that means for one mail exchanger. */
enum mx_mta_sts_result {
	MX_MTA_STS_RESULT_NOT_ASKED,
	MX_MTA_STS_RESULT_UNKNOWN,
	MX_MTA_STS_RESULT_NONE, /* no record, or the policy's mode is none */
	MX_MTA_STS_RESULT_TESTING,
	MX_MTA_STS_RESULT_ENFORCE,
	MX_MTA_STS_RESULT_MISMATCH, /* testing or enforce, and the host is not listed */
	MX_MTA_STS_RESULT_FAILED,   /* MX_MTA_STS_BROKEN */
	MX_MTA_STS_RESULT_COUNT
};
/** "none", "testing", ...: the contract; NULL for NOT_ASKED. */
const char *mx_mta_sts_result_name(enum mx_mta_sts_result result);
enum mx_mta_sts_result mx_mta_sts_result_for(
    const struct mx_mta_sts *sts, const char *mx_host);
/** Does the policy ask senders not to use this host (mode enforce, not listed)? */
bool mx_mta_sts_forbids(const struct mx_mta_sts *sts, const char *mx_host);
/** "MTA-STS enforce: the policy lists HOST", "MTA-STS failed: ..."; NULL where the result is NONE or
 *  NOT_ASKED. Caller frees. */
char *mx_mta_sts_sentence(const struct mx_mta_sts *sts, const char *mx_host);

#endif
