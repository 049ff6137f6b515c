/*
 * tls_words.h - certificate, DANE and MTA-STS of a result, as the reports tell them.
 * In:   results.   Out: facts and English; remote bytes are not escaped yet.
 * Not:  no layout, no verdict.
 */
#ifndef MX_REPORT_TLS_WORDS_H
#define MX_REPORT_TLS_WORDS_H

#include "probe/result.h"

/** Does the destination publish something about the TLS of this host? */
bool mx_tls_words_has_policy(const struct mx_result *result);
/** Whole days from the session to the certificate's end; negative behind it. Only where
 *  not_after_s is known. */
int64_t mx_tls_words_days_left(const struct mx_result *result);
/** What is to be said about version and certificate: obsolete, does not hold, expires soon. NULL
 *  when all is well or there was no TLS. Caller frees. */
char *mx_tls_words_certificate(const struct mx_result *result);
/** "valid: TLSA 3 1 1 names the server's key"; NULL where there are no TLSA records. Caller frees. */
char *mx_tls_words_dane(const struct mx_result *result);
/** "enforce: the policy lists mx.example.test"; NULL where there is no policy. Borrowed. */
const char *mx_tls_words_mta_sts(const struct mx_result *result);

#endif
