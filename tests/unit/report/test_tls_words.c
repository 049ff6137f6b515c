/* test_tls_words.c - what is said about certificates and policies, and when nothing is. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/report/tls_words.h"
#include "tests/unit/report/sample.h"

TestSuite(tls_words, .timeout = 10);

#define DAY_S INT64_C(86400)

static struct mx_result *
result_with_seconds_left(int64_t left_s)
{
	struct mx_result *r = sample_blind(); /* verified */

	r->transcript->tls.not_after_s = r->time_us / 1000000 + left_s;
	return r;
}

Test(tls_words, days_left_are_whole_days_and_negative_behind_the_end)
{
	static const struct {
		int64_t left_s, days;
	} rows[] = {
		{ 90 * DAY_S, 90 },
		{ DAY_S, 1 },
		{ DAY_S - 1, 0 },
		{ 0, 0 },
		{ -1, -1 },
		{ -DAY_S, -1 },
		{ -DAY_S - 1, -2 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct mx_result *r = result_with_seconds_left(rows[i].left_s);

		cr_expect_eq(mx_tls_words_days_left(r), rows[i].days, "row %zu", i);
		mx_result_free(r);
	}
}

Test(tls_words, two_weeks_before_the_end_the_certificate_is_remarked)
{
	static const struct {
		int64_t left_s;
		const char *text;
	} rows[] = {
		{ 14 * DAY_S, NULL },
		{ 14 * DAY_S - 1, "TLSv1.3, the certificate expires in 13 days" },
		{ 2 * DAY_S - 1, "TLSv1.3, the certificate expires in 1 day" },
		{ 5, "TLSv1.3, the certificate expires within a day" },
		{ -5, "TLSv1.3, expired 1 day ago" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct mx_result *r = result_with_seconds_left(rows[i].left_s);
		char *text = mx_tls_words_certificate(r);

		if (rows[i].text == NULL)
			cr_expect_null(text, "%s", text);
		else
			cr_expect_str_eq(text, rows[i].text);
		free(text);
		mx_result_free(r);
	}
}

Test(tls_words, a_result_without_session_has_nothing_to_say)
{
	struct mx_result *r = mx_calloc(1, sizeof *r);

	cr_expect_null(mx_tls_words_certificate(r));
	cr_expect_null(mx_tls_words_dane(r));
	cr_expect_null(mx_tls_words_mta_sts(r));
	cr_expect_not(mx_tls_words_has_policy(r));
	mx_result_free(r);
}

Test(tls_words, only_what_asks_for_tls_is_a_policy)
{
	static const struct {
		enum mx_dane_result dane;
		bool is_policy;
	} rows[] = {
		{ MX_DANE_NOT_ASKED, false },
		{ MX_DANE_UNKNOWN, false },
		{ MX_DANE_NONE, false },
		{ MX_DANE_VALID, true },
		{ MX_DANE_FAILED, true },
		{ MX_DANE_UNUSABLE, true },
		{ MX_DANE_LOOKUP_FAILED, true },
	};
	struct mx_result *r = sample_blind();

	r->has_mta_sts_policy = false;
	r->mta_sts = MX_MTA_STS_RESULT_NONE;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		r->transcript->tls.dane = rows[i].dane;
		cr_expect_eq(mx_tls_words_has_policy(r), rows[i].is_policy, "row %zu", i);
	}
	r->transcript->tls.dane = MX_DANE_NONE;
	r->mta_sts = MX_MTA_STS_RESULT_FAILED;
	cr_expect(mx_tls_words_has_policy(r), "a broken policy is one that was meant");
	mx_result_free(r);
}
