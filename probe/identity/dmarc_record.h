/*
 * dmarc_record.h - one DMARC record (RFC 7489 6.3), held against the letter.
 * In:   the TXT record and where it stands.   Out: the policy it asks for, or what to change.
 * Not:  no lookup and no search for the record (dmarc.h).
 */
#ifndef MX_IDENTITY_DMARC_RECORD_H
#define MX_IDENTITY_DMARC_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/identity/check.h"

/** Is the record meant for DMARC at all? Receivers pass over what is not. */
enum mx_dmarc_claim {
	MX_DMARC_OTHER,  /* some other TXT record */
	MX_DMARC_BROKEN, /* meant for it, but does not begin with v=DMARC1 as it must */
	MX_DMARC_RECORD
};
enum mx_dmarc_claim mx_dmarc_claim(const char *record, size_t len);

struct mx_dmarc_policy {
	enum mx_check_result result;
	char *policy; /* "none", "quarantine", "reject"; NULL when there is none; own */
	char *advice; /* what to change, or NULL; own */
};
/** Judges a record; what is none (mx_dmarc_claim) fails. is_parent: it stands at a parent of
 *  the domain, so that sp= goes before p=. */
struct mx_dmarc_policy mx_dmarc_record_judge(
    const char *record, size_t len, bool is_parent);

#endif
