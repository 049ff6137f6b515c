/* test_follow.c - what counts as an accept, a block, or nothing; and that it reaches the store. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/store/history.h"
#include "probe/store/pairs.h"
#include "probe/watch/follow.h"
#include "tests/unit/store/world.h"

TestSuite(follow, .init = world_make, .fini = world_remove, .timeout = 60);

static const struct mx_provider mail_deep = {
	.id = "microsoft_consumer", .depth = MX_STAGE_MAIL, .observable = true
};
static const struct mx_provider rcpt_deep = {
	.id = "apple", .depth = MX_STAGE_RCPT, .observable = true
};
static const struct mx_provider blind = { .id = "google", .depth = MX_STAGE_RCPT };

/* clang-format off */
static const struct {
	const char *claim;
	const struct mx_provider *provider;
	enum mx_verdict verdict;
	enum mx_stage reached;
	int code;
	bool shares, has_session;
	enum mx_observation_kind kind;
} rows[] = {
	{ "accepted as deep as it shows", &mail_deep, MX_V_ACCEPTED, MX_STAGE_MAIL, 250, false, true,
	    MX_OBSERVED_ACCEPT },
	{ "accepted where only DATA would tell", &blind, MX_V_ACCEPTED, MX_STAGE_RCPT, 250, false, true,
	    MX_OBSERVED_NOTHING },
	{ "blocked before DATA even there", &blind, MX_V_BLOCKED, MX_STAGE_MAIL, 550, false, true,
	    MX_OBSERVED_BLOCK },
	{ "accepted, but not as deep", &rcpt_deep, MX_V_ACCEPTED, MX_STAGE_MAIL, 250, false, true,
	    MX_OBSERVED_NOTHING },
	{ "a greeting is no accept anywhere", NULL, MX_V_ACCEPTED, MX_STAGE_BANNER, 220, false, true,
	    MX_OBSERVED_NOTHING },
	{ "only the mailbox was refused", &rcpt_deep, MX_V_RECIPIENT, MX_STAGE_RCPT, 550, false, true,
	    MX_OBSERVED_ACCEPT },
	{ "blocked at any depth", &rcpt_deep, MX_V_BLOCKED, MX_STAGE_BANNER, 554, false, true,
	    MX_OBSERVED_BLOCK },
	{ "a refusal for good", NULL, MX_V_POLICY, MX_STAGE_MAIL, 550, false, true, MX_OBSERVED_REFUSAL },
	{ "a refusal for now", NULL, MX_V_POLICY, MX_STAGE_MAIL, 450, false, true, MX_OBSERVED_NOTHING },
	{ "throttled", NULL, MX_V_THROTTLED, MX_STAGE_MAIL, 421, false, true, MX_OBSERVED_THROTTLE },
	{ "greylisted", NULL, MX_V_GREYLISTED, MX_STAGE_RCPT, 450, false, true, MX_OBSERVED_NOTHING },
	{ "unreachable", NULL, MX_V_UNREACHABLE, MX_STAGE_CONNECT, 0, false, true, MX_OBSERVED_NOTHING },
	{ "our own fault", NULL, MX_V_FAILED, MX_STAGE_CONNECT, 0, false, false, MX_OBSERVED_NOTHING },
	{ "another row's session", &mail_deep, MX_V_ACCEPTED, MX_STAGE_MAIL, 250, true, true,
	    MX_OBSERVED_NOTHING },
};
/* clang-format on */

static struct mx_result *
make_result(size_t i)
{
	struct mx_result *result = mx_calloc(1, sizeof *result);

	(void)snprintf(result->id, sizeof result->id, "01FOLLOW%018zu", i);
	result->time_us = (int64_t)(i + 1) * 1000000;
	(void)mx_addr_parse("192.0.2.1", &result->source);
	(void)mx_addr_parse_port("198.51.100.7", 25, &result->address);
	result->destination = mx_strdup("outlook.com");
	result->group = mx_strdup("microsoft");
	result->mx_host = mx_strdup("mx.example.org");
	result->provider = rows[i].provider;
	result->depth = MX_STAGE_RCPT;
	result->addresses = 4;
	result->shares_id = rows[i].shares ? mx_strdup("01ANOTHER") : NULL;
	result->transcript = rows[i].has_session ? mx_transcript_new() : NULL;
	result->judgement.verdict = rows[i].verdict;
	result->judgement.reached = rows[i].reached;
	result->judgement.has_finding = rows[i].code >= 400;
	result->judgement.finding.code = rows[i].code;
	return result;
}

Test(follow, what_counts_as_what)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_result *result = make_result(i);
		struct mx_observation seen;

		mx_observe_result(result, &seen);
		cr_expect_eq(seen.kind, rows[i].kind, "%s", rows[i].claim);
		cr_expect_str_eq(seen.host, "198.51.100.7", "without its port");
		cr_expect_eq(seen.known_hosts, 4);
		mx_result_free(result);
	}
}

static bool
take_state(void *arg, const struct mx_store_pair *pair)
{
	(void)snprintf(arg, 64, "%s %s %lld", pair->state, pair->last_verdict,
	    (long long)pair->learned_us / 1000000);
	return true;
}

Test(follow, results_reach_the_store_with_their_state)
{
	struct mx_store *store = world_open();
	struct mx_error err = { 0 };
	char state[64] = "", *json;
	size_t blocked = 6, unreachable = 11;
	struct mx_result *results[] = { make_result(blocked), make_result(unreachable) };

	for (int i = 0; i < 2; i++)
		mx_follow_result(store, &mx_state_rules_default, results[i], NULL, NULL);
	world_wait(store);
	cr_assert_eq(
	    mx_store_pairs(store, "192.0.2.1", "microsoft", take_state, state, &err),
	    MX_OK, "%s", err.text);
	cr_expect_str_eq(state, "blocked unreachable 7", "%s", state);
	json = mx_store_evidence(store, results[0]->id, &err);
	cr_assert_not_null(json);
	cr_expect_not_null(strstr(json, "\"verdict\":\"blocked\""), "%s", json);
	cr_expect_null(strchr(json, '\n'));
	free(json);
	for (int i = 0; i < 2; i++)
		mx_result_free(results[i]);
	mx_store_close(store);
}
