/* test_dmarc_record.c - what receivers make of a DMARC record, letter by letter. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/identity/dmarc_record.h"

TestSuite(dmarc_record, .timeout = 5);

Test(dmarc_record, only_what_begins_as_it_must_is_one)
{
	static const struct {
		const char *text;
		enum mx_dmarc_claim claim;
	} table[] = {
		{ "v=DMARC1", MX_DMARC_RECORD },
		{ "v=DMARC1; p=none", MX_DMARC_RECORD },
		{ "v = DMARC1 ; p=none", MX_DMARC_RECORD },
		{ "v=dmarc1; p=none", MX_DMARC_BROKEN },
		{ "V=DMARC1; p=none", MX_DMARC_BROKEN },
		{ " v=DMARC1; p=none", MX_DMARC_BROKEN },
		{ "v=DMARC1 p=none", MX_DMARC_BROKEN },
		{ "v=DMARC12; p=none", MX_DMARC_BROKEN },
		{ "v=spf1 -all", MX_DMARC_OTHER },
		{ "p=none; v=DMARC1", MX_DMARC_OTHER },
		{ "v", MX_DMARC_OTHER },
		{ "v=", MX_DMARC_OTHER },
		{ "v=DMARC", MX_DMARC_OTHER },
		{ "", MX_DMARC_OTHER },
		{ "  ", MX_DMARC_OTHER },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		cr_assert_eq(mx_dmarc_claim(table[i].text, strlen(table[i].text)),
		    table[i].claim, "%s", table[i].text);
}

Test(dmarc_record, policy_and_mistakes_are_told)
{
	static const struct {
		const char *text;
		bool is_parent;
		enum mx_check_result result;
		const char *policy, *advice;
	} table[] = {
		{ "v=DMARC1; p=none", false, MX_CHECK_PASS, "none", NULL },
		{ "v=DMARC1;p=Reject;", false, MX_CHECK_PASS, "reject", NULL },
		{ "v=DMARC1; p=reject; sp=quarantine", false, MX_CHECK_PASS, "reject",
		    NULL },
		{ "v=DMARC1; p=reject; sp=quarantine", true, MX_CHECK_PASS, "quarantine",
		    NULL },
		{ "v=DMARC1; p=reject", true, MX_CHECK_PASS, "reject", NULL },
		{ "v=DMARC1; p=quarantine; pct=50; adkim=s; aspf=r; fo=1:d; ri=86400; "
		  "rua=mailto:a@x.example!10m , mailto:b@y.example",
		    false, MX_CHECK_PASS, "quarantine", NULL },
		{ "v=DMARC1; p=none; unheard=of", false, MX_CHECK_PASS, "none", NULL },
		{ "v=DMARC1; rua=mailto:a@x.example; p=none", false, MX_CHECK_WARN,
		    "none", "right behind" },
		{ "v=DMARC1", false, MX_CHECK_FAIL, NULL, "p= is missing" },
		{ "v=DMARC1; p=", false, MX_CHECK_FAIL, NULL,
		    "none, quarantine or reject" },
		{ "v=DMARC1; p=block", false, MX_CHECK_FAIL, NULL, "p=block" },
		{ "v=DMARC1; p=none; sp=all", false, MX_CHECK_FAIL, NULL, "sp=all" },
		{ "v=DMARC1; p=none; pct=101", false, MX_CHECK_FAIL, NULL, "pct=101" },
		{ "v=DMARC1; p=none; pct=-1", false, MX_CHECK_FAIL, NULL, "pct=-1" },
		{ "v=DMARC1; p=none; adkim=x", false, MX_CHECK_FAIL, NULL, "r or s" },
		{ "v=DMARC1; p=none; aspf=", false, MX_CHECK_FAIL, NULL, "r or s" },
		{ "v=DMARC1; p=none; fo=2", false, MX_CHECK_FAIL, NULL, "fo=2" },
		{ "v=DMARC1; p=none; rua=a@x.example", false, MX_CHECK_FAIL, NULL,
		    "mailto:" },
		{ "v=DMARC1; p=none; rua=mailto:a@x.example,", false, MX_CHECK_FAIL, NULL,
		    "mailto:" },
		{ "v=DMARC1; p=none; rua=mailto:@x.example", false, MX_CHECK_FAIL, NULL,
		    "mailto:" },
		{ "v=DMARC1; p=none; p=reject", false, MX_CHECK_FAIL, NULL, "twice" },
		{ "v=DMARC1, p=none", false, MX_CHECK_FAIL, NULL, "must begin" },
		{ "v=dmarc1; p=none", false, MX_CHECK_FAIL, NULL, "must begin" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct mx_dmarc_policy policy = mx_dmarc_record_judge(
		    table[i].text, strlen(table[i].text), table[i].is_parent);

		cr_assert_eq(policy.result, table[i].result, "%s: %s", table[i].text,
		    policy.advice != NULL ? policy.advice : "");
		cr_assert(table[i].policy == NULL
			      ? policy.policy == NULL
			      : strcmp(policy.policy, table[i].policy) == 0,
		    "%s", table[i].text);
		cr_assert(table[i].advice == NULL
			      ? policy.advice == NULL
			      : strstr(policy.advice, table[i].advice) != NULL,
		    "%s: %s", table[i].text, policy.advice != NULL ? policy.advice : "");
		free(policy.policy);
		free(policy.advice);
	}
}
