/* test_mta_sts.c - both grammars of RFC 8461, and what a policy says of a host. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/net/mta_sts.h"

TestSuite(mta_sts, .timeout = 20);

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Exactly its length, so that a sanitizer sees every byte that is read behind it. */
static char *
exact(const char *text, size_t len)
{
	char *copy = mx_calloc(len > 0 ? len : 1, 1);

	memcpy(copy, text, len);
	return copy;
}

/* ---- the TXT record ---- */

enum verdict {
	OTHER, /* not meant for MTA-STS */
	BAD,
	GOOD
};

static enum verdict
judge_record(const char *text, size_t len, char id[MX_MTA_STS_ID])
{
	char *copy = exact(text, len);
	const uint8_t *bytes = (const uint8_t *)copy;
	const char *why = NULL;
	enum verdict verdict = OTHER;

	if (mx_mta_sts_is_record(bytes, len)) {
		verdict = mx_mta_sts_read_record(bytes, len, id, &why) ? GOOD : BAD;
		cr_expect_not_null(why);
	}
	free(copy);
	return verdict;
}

Test(mta_sts, records)
{
	static const struct {
		const char *text;
		enum verdict verdict;
		const char *id;
	} rows[] = {
		{ "v=STSv1; id=20160831085700Z;", GOOD, "20160831085700Z" },
		{ "v=STSv1; id=20160831085700Z", GOOD, "20160831085700Z" },
		{ "v=STSv1;id=1", GOOD, "1" },
		{ "v=STSv1 \t;\t id=1 ; ", GOOD, "1" },
		{ "v=STSv1; id=abcdefghijklmnopqrstuvwxyz012345;", GOOD,
		    "abcdefghijklmnopqrstuvwxyz012345" },
		{ "v=STSv1; id=abcdefghijklmnopqrstuvwxyz0123456;", BAD, NULL },
		{ "v=STSv1; some_thing.else-x=any:thing!; id=1;", GOOD, "1" },
		{ "v=STSv1; id=1; id=2", GOOD, "1" },
		{ "v=STSv1; id=;", BAD, NULL },
		{ "v=STSv1; id=1 2;", BAD, NULL },
		{ "v=STSv1; id=a-b;", BAD, NULL },
		{ "v=STSv1; ID=1;", BAD, NULL },
		{ "v=STSv1; id =1;", BAD, NULL },
		{ "v=STSv1;", BAD, NULL },
		{ "v=STSv1", BAD, NULL },
		{ "v=STSv1; ;id=1", BAD, NULL },
		{ "v=STSv1; id=1;;", BAD, NULL },
		{ "v=STSv1; id=1; x", BAD, NULL },
		{ "v=STSv1; id=1; x=", BAD, NULL },
		{ "v=STSv1; id=1; x=a=b", BAD, NULL },
		{ "v=STSv1; id=1; _x=1", BAD, NULL },
		{ "v=STSv1; id=1; x=caf\xc3\xa9", BAD, NULL },
		{ "v=STSv1 id=1", BAD, NULL },
		{ "v=STSv10; id=1", OTHER, NULL },
		{ "v=STSv1x", OTHER, NULL },
		{ "V=STSv1; id=1", OTHER, NULL },
		{ " v=STSv1; id=1", OTHER, NULL },
		{ "v=spf1 -all", OTHER, NULL },
		{ "", OTHER, NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char id[MX_MTA_STS_ID] = "";
		enum verdict verdict =
		    judge_record(rows[i].text, strlen(rows[i].text), id);

		cr_expect_eq(
		    verdict, rows[i].verdict, "\"%s\": %d", rows[i].text, verdict);
		if (rows[i].verdict == GOOD)
			cr_expect_str_eq(id, rows[i].id);
	}
}

Test(mta_sts, a_record_cut_anywhere_has_a_shorter_id_or_none)
{
	static const char record[] = "v=STSv1; x=y; id=20160831085700Z;";

	for (size_t cut = 0; cut < strlen(record); cut++) {
		char id[MX_MTA_STS_ID] = "";
		enum verdict verdict = judge_record(record, cut, id);

		if (verdict == GOOD)
			cr_expect_eq(strncmp("20160831085700Z", id, strlen(id)), 0);
		cr_expect_eq(verdict == GOOD, cut > strlen("v=STSv1; x=y; id="),
		    "%zu bytes: %d", cut, verdict);
		cr_expect_eq(verdict == OTHER, cut < strlen("v=STSv1"));
	}
}

Test(mta_sts, nul_bytes_end_nothing)
{
	static const char record[] = "v=STSv1; id=1;\0; id=2";
	char id[MX_MTA_STS_ID];

	cr_expect_eq(judge_record(record, sizeof record - 1, id), BAD);
	cr_expect_eq(judge_record("v=STSv1\0", 8, id), OTHER);
}

/* ---- the policy ---- */

#define HEAD "version: STSv1\r\nmode: enforce\r\nmax_age: 604800\r\n"

static bool
read_policy(const char *text, size_t len, struct mx_mta_sts_policy *policy)
{
	char *copy = exact(text, len), *why = NULL;
	bool valid = mx_mta_sts_read_policy(copy, len, policy, &why);

	cr_expect_eq(valid, why == NULL);
	free(copy);
	free(why);
	return valid;
}

Test(mta_sts, policies)
{
	static const struct {
		const char *text;
		bool valid;
		size_t mx_count;
	} rows[] = {
		{ HEAD "mx: mail.example.com\r\nmx: *.example.net\r\n", true, 2 },
		{ HEAD "mx: mail.example.com", true, 1 },
		{ "version: STSv1\nmode: testing\nmx: a.b\nmax_age: 1\n", true, 1 },
		{ "mx: a.b\nmax_age: 1\nmode: testing\nversion: STSv1\n", true, 1 },
		{ "version:STSv1\nmode:\ttesting  \nmx:a.b\nmax_age:1 \n", true, 1 },
		{ HEAD "mx: a.b\r\n\r\n \r\n", true, 1 },
		{ "version: STSv1\nmode: none\nmax_age: 0\n", true, 0 },
		{ "version: STSv1\nmode: none\nmax_age: 1\nmx: a.b\n", true, 1 },
		{ HEAD "mx: a.b\r\nnew_key: caf\xc3\xa9 & more: of it\r\n", true, 1 },
		{ HEAD "mx: a.b\r\nmode: none\r\nversion: STSv9\r\nmax_age: x\r\n", true,
		    1 },
		{ HEAD "mx: localhost\r\n", true, 1 },
		{ HEAD "", false, 0 },
		{ "", false, 0 },
		{ "\r\n", false, 0 },
		{ "version: STSv1\nmode: none\n", false, 0 },
		{ "mode: none\nmax_age: 1\n", false, 0 },
		{ "version: STSv1\nmax_age: 1\nmx: a.b\n", false, 0 },
		{ "version: STSv2\nmode: none\nmax_age: 1\n", false, 0 },
		{ "version: stsv1\nmode: none\nmax_age: 1\n", false, 0 },
		{ "Version: STSv1\nmode: none\nmax_age: 1\n", false, 0 },
		{ "version: STSv1\nmode: Enforce\nmax_age: 1\nmx: a.b\n", false, 0 },
		{ "version: STSv1\nmode: none\nmax_age: -1\n", false, 0 },
		{ "version: STSv1\nmode: none\nmax_age: 1d\n", false, 0 },
		{ "version: STSv1\nmode: none\nmax_age:\n", false, 0 },
		{ "version: STSv1\nmode: none\nmax_age: 12345678901\n", false, 0 },
		{ "version: STSv1\rmode: none\rmax_age: 1\r", false, 0 },
		{ HEAD "mx a.b\r\n", false, 0 },
		{ HEAD " mx: a.b\r\n", false, 0 },
		{ HEAD "mx: \r\n", false, 0 },
		{ HEAD "mx: a..b\r\n", false, 0 },
		{ HEAD "mx: a.b.\r\n", false, 0 },
		{ HEAD "mx: .a.b\r\n", false, 0 },
		{ HEAD "mx: *\r\n", false, 0 },
		{ HEAD "mx: *.\r\n", false, 0 },
		{ HEAD "mx: *.*.b\r\n", false, 0 },
		{ HEAD "mx: a*.b\r\n", false, 0 },
		{ HEAD "mx: a.*.b\r\n", false, 0 },
		{ HEAD "mx: -a.b\r\n", false, 0 },
		{ HEAD "mx: a.b, c.d\r\n", false, 0 },
		{ HEAD "mx: 192.0.2.1:25\r\n", false, 0 },
		{ HEAD "mx: b\xc3\xbc"
		       "cher.example\r\n",
		    false, 0 },
		{ "<html><body>version: STSv1</body></html>", false, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mx_mta_sts_policy policy;
		bool valid = read_policy(rows[i].text, strlen(rows[i].text), &policy);

		cr_expect_eq(valid, rows[i].valid, "row %zu: %s", i, rows[i].text);
		cr_expect_eq(policy.mx_count, rows[i].mx_count, "row %zu", i);
		mx_mta_sts_policy_clear(&policy);
	}
}

Test(mta_sts, of_keys_given_twice_the_first_counts)
{
	static const char text[] = HEAD "mx: a.b\nmode: testing\nmax_age: 1\n";
	struct mx_mta_sts_policy policy;

	cr_assert(read_policy(text, strlen(text), &policy));
	cr_expect_eq(policy.mode, MX_MTA_STS_MODE_ENFORCE);
	cr_expect_eq(policy.max_age_s, 604800);
	mx_mta_sts_policy_clear(&policy);
}

Test(mta_sts, an_age_beyond_a_year_is_a_year)
{
	static const char text[] = "version: STSv1\nmode: none\nmax_age: 9999999999\n";
	struct mx_mta_sts_policy policy;

	cr_assert(read_policy(text, strlen(text), &policy));
	cr_expect_eq(policy.max_age_s, MX_MTA_STS_AGE);
	mx_mta_sts_policy_clear(&policy);
}

Test(mta_sts, a_policy_cut_anywhere_is_none_before_its_last_key)
{
	static const char text[] =
	    "version: STSv1\r\nmode: enforce\r\nmx: *.example.com\r\nmax_age: 604800\r\n";
	size_t needed = (size_t)(strstr(text, "604800") - text) + 1;

	for (size_t cut = 0; cut <= strlen(text); cut++) {
		struct mx_mta_sts_policy policy;
		bool valid = read_policy(text, cut, &policy);

		cr_expect_eq(valid, cut >= needed, "%zu bytes", cut);
		mx_mta_sts_policy_clear(&policy);
	}
}

Test(mta_sts, nul_bytes_in_a_policy_are_refused)
{
	static const char text[] = HEAD "mx: a.b\0.c\r\n";
	struct mx_mta_sts_policy policy;

	cr_expect_not(read_policy(text, sizeof text - 1, &policy));
}

/* ---- hosts ---- */

Test(mta_sts, a_wildcard_stands_for_one_label)
{
	static const struct {
		const char *pattern, *host;
		bool listed;
	} rows[] = {
		{ "mx.example.com", "mx.example.com", true },
		{ "mx.example.com", "MX.Example.COM", true },
		{ "mx.example.com", "mx.example.com.", true },
		{ "mx.example.com", "mx.example.co", false },
		{ "mx.example.com", "amx.example.com", false },
		{ "mx.example.com", "a.mx.example.com", false },
		{ "*.example.com", "mx.example.com", true },
		{ "*.Example.com", "mx.example.com.", true },
		{ "*.example.com", "example.com", false },
		{ "*.example.com", "a.mx.example.com", false },
		{ "*.example.com", ".example.com", false },
		{ "*.example.com", "mx.example.net", false },
		{ "*.example.com", "", false },
		{ "*.com", "example.com", true },
		{ "com", "com", true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text =
		    mx_asprintf(HEAD "mx: other.test\nmx: %s\n", rows[i].pattern);
		struct mx_mta_sts_policy policy;

		cr_assert(read_policy(text, strlen(text), &policy));
		cr_expect_eq(mx_mta_sts_lists(&policy, rows[i].host), rows[i].listed,
		    "%s %s", rows[i].pattern, rows[i].host);
		mx_mta_sts_policy_clear(&policy);
		free(text);
	}
}

Test(mta_sts, plain_text_with_or_without_parameters)
{
	static const struct {
		const char *type;
		bool plain;
	} rows[] = {
		{ "text/plain", true },
		{ "Text/Plain; charset=utf-8", true },
		{ "text/plain ;charset=utf-8", true },
		{ "text/plainer", false },
		{ "text/html", false },
		{ "text", false },
		{ "", false },
		{ NULL, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_expect_eq(
		    mx_mta_sts_is_plain_text(rows[i].type), rows[i].plain, "row %zu", i);
}

Test(mta_sts, what_it_means_for_a_host)
{
	static const struct {
		enum mx_mta_sts_state state;
		enum mx_mta_sts_mode mode;
		const char *host;
		const char *result;
		bool forbids, says;
	} rows[] = {
		{ MX_MTA_STS_NOT_ASKED, 0, "mx.a.b", NULL, false, false },
		{ MX_MTA_STS_UNKNOWN, 0, "mx.a.b", "unknown", false, true },
		{ MX_MTA_STS_ABSENT, 0, "mx.a.b", "none", false, false },
		{ MX_MTA_STS_BROKEN, 0, "mx.a.b", "failed", false, true },
		{ MX_MTA_STS_FOUND, MX_MTA_STS_MODE_NONE, "mx.c", "none", false, false },
		{ MX_MTA_STS_FOUND, MX_MTA_STS_MODE_TESTING, "mx.a.b", "testing", false,
		    true },
		{ MX_MTA_STS_FOUND, MX_MTA_STS_MODE_TESTING, "mx.c", "mismatch", false,
		    true },
		{ MX_MTA_STS_FOUND, MX_MTA_STS_MODE_ENFORCE, "mx.a.b", "enforce", false,
		    true },
		{ MX_MTA_STS_FOUND, MX_MTA_STS_MODE_ENFORCE, "mx.c", "mismatch", true,
		    true },
	};
	char pattern[] = "*.a.b", *patterns[] = { pattern }, why[] = "broken";

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mx_mta_sts sts = { .state = rows[i].state, .why = why };
		const char *name;
		char *text;

		sts.policy = (struct mx_mta_sts_policy){ rows[i].mode, 1, patterns, 1 };
		name = mx_mta_sts_result_name(mx_mta_sts_result_for(&sts, rows[i].host));
		if (rows[i].result == NULL)
			cr_expect_null(name);
		else
			cr_expect_str_eq(name, rows[i].result);
		cr_expect_eq(mx_mta_sts_forbids(&sts, rows[i].host), rows[i].forbids,
		    "row %zu", i);
		text = mx_mta_sts_sentence(&sts, rows[i].host);
		cr_expect_eq(text != NULL, rows[i].says, "row %zu: %s", i, text);
		if (text != NULL)
			cr_expect_not_null(strstr(text, rows[i].result));
		free(text);
	}
}
