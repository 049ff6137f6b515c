/* test_tls_terms.c - what --tls require takes for TLS that holds, and how DANE ends. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/smtp/tls_terms.h"

TestSuite(tls_terms, .timeout = 10);

#define COUNT(array) (sizeof(array) / sizeof *(array))

static char reason[] = "self-signed certificate", detail[] = "no TLSA record names it";
static const char policy[] = "MTA-STS mismatch: not listed";

Test(tls_terms, dane_goes_before_authorities_and_a_policy_before_both)
{
	for (int dane = MX_DANE_NOT_ASKED; dane < MX_DANE_COUNT; dane++)
		for (int bits = 0; bits < 4; bits++) {
			bool verified = (bits & 1) != 0, forbidden = (bits & 2) != 0;
			struct mx_session_params params = { .policy = policy,
				.forbidden = forbidden };
			struct mx_tls_facts tls = { .dane = (enum mx_dane_result)dane,
				.dane_detail = detail,
				.verified = verified,
				.reason = verified ? NULL : reason };
			const char *unmet = mx_tls_terms_unmet(&params, &tls);
			const char *wanted = forbidden                           ? policy
					     : dane == MX_DANE_FAILED            ? detail
					     : dane == MX_DANE_VALID || verified ? NULL
										 : reason;

			cr_expect_eq(unmet, wanted,
			    "dane %d verified %d forbidden %d: %s", dane, verified,
			    forbidden, unmet);
		}
}

Test(tls_terms, a_certificate_without_reason_is_still_unmet)
{
	struct mx_session_params params = { 0 };
	struct mx_tls_facts tls = { 0 };

	cr_expect_not_null(mx_tls_terms_unmet(&params, &tls));
}

static size_t
remarks(const struct mx_session_params *params, const struct mx_tls_facts *tls)
{
	char *lines[MX_TLS_REMARKS];
	size_t count = mx_tls_terms_remarks(params, tls, lines);

	for (size_t i = 0; i < count; i++) {
		cr_expect_gt(strlen(lines[i]), 0);
		free(lines[i]);
	}
	return count;
}

Test(tls_terms, nothing_is_remarked_where_nothing_is_published)
{
	struct mx_session_params with = { .policy = policy }, without = { 0 };
	struct mx_tls_facts tls = { .dane = MX_DANE_NONE };

	cr_expect_eq(remarks(&without, &tls), 1);
	cr_expect_eq(remarks(&with, &tls), 2);
	tls.dane = MX_DANE_FAILED;
	cr_expect_eq(remarks(&with, &tls), 3);
	cr_expect_eq(remarks(&without, &tls), 2);
}

static enum mx_dane_result
conclude(const struct mx_dane *dane, enum mx_tls_seen seen, int ehlo_code)
{
	struct mx_session_params params = { .dane = dane };
	struct mx_transcript *transcript = mx_transcript_new();
	struct mx_reply_record ehlo = { .stage = MX_STAGE_EHLO, .code = ehlo_code };
	enum mx_dane_result result;

	if (ehlo_code != 0)
		mx_transcript_add_reply(transcript, &ehlo);
	transcript->tls.seen = seen;
	mx_tls_terms_conclude(&params, transcript);
	result = transcript->tls.dane;
	mx_transcript_free(transcript);
	return result;
}

Test(tls_terms, records_promise_tls_to_whoever_came_as_far_as_ehlo)
{
	static const struct {
		enum mx_tls_seen seen;
		int ehlo;
		enum mx_dane_result result;
	} rows[] = {
		{ MX_TLS_NOT_OFFERED, 250, MX_DANE_FAILED },
		{ MX_TLS_NOT_OFFERED, 550, MX_DANE_UNKNOWN },
		{ MX_TLS_NOT_OFFERED, 0, MX_DANE_UNKNOWN },
		{ MX_TLS_NOT_TRIED, 250, MX_DANE_UNKNOWN },
		{ MX_TLS_REFUSED, 250, MX_DANE_FAILED },
		{ MX_TLS_FAILED, 250, MX_DANE_FAILED },
	};
	struct mx_dane dane = { .count = 1 };

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_expect_eq(conclude(&dane, rows[i].seen, rows[i].ehlo), rows[i].result,
		    "row %zu", i);
	cr_expect_eq(conclude(NULL, MX_TLS_NOT_OFFERED, 250), MX_DANE_NOT_ASKED);
	for (int known = MX_DANE_UNKNOWN; known < MX_DANE_COUNT; known++) {
		dane = (struct mx_dane){ .known = (enum mx_dane_result)known };
		cr_expect_eq((int)conclude(&dane, MX_TLS_NOT_OFFERED, 250), known);
	}
}
