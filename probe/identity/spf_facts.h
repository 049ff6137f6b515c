/*
 * spf_facts.h - an SPF result as a row, with the record that would mend it.
 * In:   what mx_spf_find() found for this address.   Out: the row "spf_mail_from" or "spf_helo".
 * Not:  no evaluation (spf/spf.h).
 */
#ifndef MX_IDENTITY_SPF_FACTS_H
#define MX_IDENTITY_SPF_FACTS_H

#include "probe/base/addr.h"
#include "probe/identity/check.h"
#include "probe/identity/spf/spf.h"

/** check: the name of the row. */
void mx_spf_judge(const char *check, const struct mx_addr *source,
    const struct mx_spf_answer *answer, struct mx_checks *checks);

#endif
