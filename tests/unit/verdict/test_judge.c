#include "probe/verdict/judge.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "tests/unit/verdict/dialogue.h"

TestSuite(judge, .timeout = 60, .init = dialogue_load, .fini = dialogue_unload);

static struct mx_judgement
judge(const char *provider, enum mx_stage depth, const char *script, enum mx_end end,
    enum mx_stage end_stage)
{
	const struct mx_identity identity = dialogue_identity_at(provider);
	struct mx_transcript *transcript = dialogue_play(script, end, end_stage);
	struct mx_judgement judgement;

	mx_judge(dialogue_rules(), &identity, depth, transcript, &judgement);
	mx_transcript_free(transcript);
	return judgement;
}

static void
expect_judged(const struct mx_judgement *judgement, enum mx_verdict verdict,
    const char *category, const char *list, const char *what)
{
	const struct mx_finding *finding = &judgement->finding;

	cr_assert_eq(judgement->verdict, verdict, "%s, not %s: %s",
	    mx_verdict_name(judgement->verdict), mx_verdict_name(verdict), what);
	cr_assert_str_eq(
	    finding->category != NULL ? finding->category : "-", category, "%s", what);
	cr_assert_str_eq(finding->list != NULL ? finding->list : "-", list, "%s", what);
}

/* ---- the nine servers at which today's tools say the same, or the wrong thing ---- */

#define HELLO                                                            \
	"banner< 220 mx.example.net ESMTP\nehlo> EHLO mail.example.jp\n" \
	"ehlo< 250-mx.example.net\nehlo< 250 8BITMIME\n"
#define MAIL HELLO "mail> MAIL FROM:<probe@example.jp>\nmail< 250 2.1.0 Ok\n"
#define RCPT MAIL "rcpt> RCPT TO:<user@example.net>\n"

/* clang-format off */
static const struct {
	const char *provider, *script;
	enum mx_end end;
	enum mx_stage end_stage;
	enum mx_verdict verdict;
	const char *category, *list;
} nine[] = {
	{ "microsoft_consumer", HELLO "mail> MAIL FROM:<probe@example.jp>\nmail< 550 5.7.1 Unfortunately, messages from [203.0.113.5] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).",
	  MX_END_CLOSED, MX_STAGE_QUIT, MX_V_BLOCKED, "blocklist_own", "Outlook.com block list" },
	{ NULL, "banner< 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/203.0.113.5",
	  MX_END_QUIT, MX_STAGE_QUIT, MX_V_BLOCKED, "blocklist_dnsbl", "Spamhaus ZEN" },
	/* the same with an address that holds "220" */
	{ NULL, "banner< 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using zen.spamhaus.org; relay 192.0.2.220",
	  MX_END_QUIT, MX_STAGE_QUIT, MX_V_BLOCKED, "blocklist_dnsbl", "Spamhaus ZEN" },
	{ NULL, "banner< 421 too many connections",
	  MX_END_CLOSED, MX_STAGE_QUIT, MX_V_THROTTLED, "rate_connection", "-" },
	{ "google", RCPT "rcpt< 550-5.1.1 The email account that you tried to reach does not exist. Please try\nrcpt< 550-5.1.1 double-checking the recipient's email address.\nrcpt< 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser x - gsmtp",
	  MX_END_QUIT, MX_STAGE_QUIT, MX_V_RECIPIENT, "recipient_unknown", "-" },
	{ NULL, RCPT "rcpt< 450 4.2.0 Greylisted",
	  MX_END_QUIT, MX_STAGE_QUIT, MX_V_GREYLISTED, "greylisted", "-" },
	{ "microsoft_consumer", RCPT "rcpt< 451 4.7.651 The mail server [203.0.113.5] has been temporarily rate limited due to IP reputation. For e-mail delivery information, see https://postmaster.live.com (S844)",
	  MX_END_QUIT, MX_STAGE_QUIT, MX_V_THROTTLED, "reputation_ip", "-" },
	{ NULL, "banner< 220-mx.example.net ESMTP\nbanner< 521 5.7.1 Service unavailable; client [203.0.113.5] blocked using bl.spamcop.net",
	  MX_END_CLOSED, MX_STAGE_QUIT, MX_V_BLOCKED, "blocklist_dnsbl", "SpamCop SCBL" },
	{ NULL, "", MX_END_RESET, MX_STAGE_BANNER, MX_V_UNREACHABLE, "network_error", "-" },
};
/* clang-format on */
#define NINE (sizeof nine / sizeof *nine)

Test(judge, gives_each_of_the_nine_servers_its_right_answer)
{
	for (size_t i = 0; i < NINE; i++) {
		struct mx_judgement judgement = judge(nine[i].provider, MX_STAGE_RCPT,
		    nine[i].script, nine[i].end, nine[i].end_stage);

		expect_judged(&judgement, nine[i].verdict, nine[i].category, nine[i].list,
		    nine[i].script);
		mx_judgement_clear(&judgement);
	}
}

Test(judge, tells_the_nine_servers_apart_in_eight_answers)
{
	char *answers[NINE];
	size_t distinct = 0;

	for (size_t i = 0; i < NINE; i++) {
		struct mx_judgement judgement = judge(nine[i].provider, MX_STAGE_RCPT,
		    nine[i].script, nine[i].end, nine[i].end_stage);
		bool seen = false;

		answers[i] = mx_asprintf("%s/%s/%s", mx_verdict_name(judgement.verdict),
		    judgement.finding.category,
		    judgement.finding.list != NULL ? judgement.finding.list : "-");
		for (size_t k = 0; k < i; k++)
			seen = seen || strcmp(answers[k], answers[i]) == 0;
		distinct += !seen;
		mx_judgement_clear(&judgement);
	}
	cr_assert_eq(distinct, 8);
	for (size_t i = 0; i < NINE; i++)
		free(answers[i]);
}

/* ---- acceptance ---- */

Test(judge, accepts_what_was_answered_to_the_depth_asked)
{
	static const struct {
		enum mx_stage depth;
		const char *script;
	} table[] = {
		{ MX_STAGE_CONNECT, "" },
		{ MX_STAGE_BANNER, "banner< 220 mx ESMTP" },
		{ MX_STAGE_EHLO, HELLO },
		{ MX_STAGE_MAIL, MAIL },
		{ MX_STAGE_RCPT, RCPT "rcpt< 250 2.1.5 Ok" },
		{ MX_STAGE_RCPT, RCPT "rcpt< 251 will forward" },
		{ MX_STAGE_RCPT,
		    RCPT "rcpt< 250 2.1.5 Ok\nquit> RSET\nquit< 502 5.5.1 no" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct mx_judgement judgement = judge(
		    NULL, table[i].depth, table[i].script, MX_END_QUIT, MX_STAGE_QUIT);

		expect_judged(&judgement, MX_V_ACCEPTED, "-", "-", table[i].script);
		cr_assert_not(judgement.has_finding);
		mx_judgement_clear(&judgement);
	}
}

/* Whatever happens to the connection after the last answer is no news about us. */
Test(judge, still_accepts_when_the_connection_is_lost_while_leaving)
{
	static const enum mx_end ends[] = { MX_END_CLOSED, MX_END_CLOSED_UNCLEAN,
		MX_END_RESET, MX_END_TIMEOUT, MX_END_SESSION_TIMEOUT, MX_END_NOT_SMTP,
		MX_END_LINE_LIMIT, MX_END_CANCELLED };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct mx_judgement judgement = judge(NULL, MX_STAGE_RCPT,
		    RCPT "rcpt< 250 2.1.5 Ok", ends[i], MX_STAGE_QUIT);

		expect_judged(&judgement, MX_V_ACCEPTED, "-", "-", mx_end_name(ends[i]));
		mx_judgement_clear(&judgement);
	}
}

Test(judge, does_not_accept_what_was_answered_less_deep)
{
	struct mx_judgement judgement =
	    judge(NULL, MX_STAGE_RCPT, MAIL, MX_END_RESET, MX_STAGE_RCPT);

	expect_judged(&judgement, MX_V_BROKEN, "protocol_error", "-", "reset at rcpt");
	cr_assert_eq(judgement.finding.stage, MX_STAGE_RCPT);
	mx_judgement_clear(&judgement);
}

Test(judge, asks_for_the_ehlo_behind_tls_when_that_is_the_depth)
{
	static const char half[] = "banner< 220 mx\nehlo> EHLO x\nehlo< 250 STARTTLS\n"
				   "starttls> STARTTLS\nstarttls< 220 go\n";
	struct mx_judgement lost =
	    judge(NULL, MX_STAGE_EHLO, half, MX_END_RESET, MX_STAGE_TLS);
	char *whole = mx_asprintf("%stls\nehlo> EHLO x\nehlo< 250 OK", half);
	struct mx_judgement done =
	    judge(NULL, MX_STAGE_EHLO, whole, MX_END_QUIT, MX_STAGE_QUIT);

	expect_judged(&lost, MX_V_BROKEN, "protocol_error", "-", half);
	expect_judged(&done, MX_V_ACCEPTED, "-", "-", whole);
	mx_judgement_clear(&lost);
	mx_judgement_clear(&done);
	free(whole);
}

/* ---- refusals ---- */

Test(judge, lets_a_refusal_decide_however_the_connection_ended)
{
	for (int end = MX_END_QUIT; end < MX_END_COUNT; end++) {
		struct mx_judgement judgement = judge(NULL, MX_STAGE_RCPT,
		    "banner< 554 5.7.1 Service unavailable; Client host [203.0.113.5] "
		    "blocked using zen.spamhaus.org",
		    (enum mx_end)end, MX_STAGE_QUIT);

		expect_judged(&judgement, MX_V_BLOCKED, "blocklist_dnsbl", "Spamhaus ZEN",
		    mx_end_name((enum mx_end)end));
		cr_assert_eq(judgement.finding.stage, MX_STAGE_BANNER);
		mx_judgement_clear(&judgement);
	}
}

Test(judge, does_not_take_a_refusal_that_stopped_nothing_for_one)
{
	static const char *const scripts[] = {
		"banner< 220 mx\nehlo> EHLO x\nehlo< 502 5.5.1 not implemented\n"
		"ehlo> HELO x\nehlo< 250 mx\nmail> MAIL FROM:<a>\nmail< 250 ok",
		HELLO "starttls> STARTTLS\nstarttls< 454 4.7.0 TLS not available\n"
		      "mail> MAIL FROM:<a>\nmail< 250 ok",
		MAIL
		"quit> RSET\nquit< 250 ok\nquit> QUIT\nquit< 550 5.7.1 blocked using "
		"zen.spamhaus.org",
	};

	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		struct mx_judgement judgement =
		    judge(NULL, MX_STAGE_MAIL, scripts[i], MX_END_QUIT, MX_STAGE_QUIT);

		expect_judged(&judgement, MX_V_ACCEPTED, "-", "-", scripts[i]);
		mx_judgement_clear(&judgement);
	}
}

Test(judge, finds_the_loss_behind_a_refusal_from_which_we_went_on)
{
	struct mx_judgement judgement = judge(NULL, MX_STAGE_MAIL,
	    "banner< 220 mx\nehlo> EHLO x\nehlo< 502 5.5.1 not implemented\nehlo> HELO x",
	    MX_END_TIMEOUT, MX_STAGE_EHLO);

	expect_judged(&judgement, MX_V_BROKEN, "protocol_error", "-", "HELO unanswered");
	cr_assert_eq(judgement.finding.code, 0);
	mx_judgement_clear(&judgement);
}

Test(judge, takes_a_421_to_starttls_for_a_refusal_and_a_454_for_none)
{
	static const char to_starttls[] = HELLO "starttls> STARTTLS\nstarttls< ";
	char *thrown_out = mx_asprintf("%s421 too many connections", to_starttls);
	char *refused = mx_asprintf("%s454 4.7.0 TLS not available", to_starttls);
	struct mx_judgement first =
	    judge(NULL, MX_STAGE_RCPT, thrown_out, MX_END_CLOSED, MX_STAGE_QUIT);
	struct mx_judgement second =
	    judge(NULL, MX_STAGE_RCPT, refused, MX_END_TLS_MISSING, MX_STAGE_STARTTLS);

	expect_judged(&first, MX_V_THROTTLED, "rate_connection", "-", thrown_out);
	expect_judged(&second, MX_V_BROKEN, "protocol_error", "-", refused);
	cr_assert_eq(second.finding.stage, MX_STAGE_STARTTLS);
	mx_judgement_clear(&first);
	mx_judgement_clear(&second);
	free(thrown_out);
	free(refused);
}

Test(judge, reads_the_first_digit_where_the_contract_does)
{
	/* clang-format off */
	static const struct {
		const char *reply;
		enum mx_verdict verdict;
		const char *category;
	} table[] = {
		{ "mail< 450 5.7.1 203.0.113.5: Poor Reputation Sender",   MX_V_THROTTLED, "reputation_ip" },
		{ "mail< 550 5.7.1 203.0.113.5: Poor Reputation Sender",   MX_V_BLOCKED,   "reputation_ip" },
		{ "mail< 454 4.7.1 Service unavailable; Client host [203.0.113.5] blocked using bl.spamcop.net", MX_V_BLOCKED, "blocklist_dnsbl" },
		{ "mail< 421 4.7.0 mx Error: too many connections from 203.0.113.5", MX_V_THROTTLED, "rate_connection" },
		{ "mail< 550 5.7.25 no reverse DNS for 203.0.113.5",       MX_V_IDENTITY,  "auth_ptr" },
		{ "mail< 450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.5]", MX_V_IDENTITY, "auth_ptr" },
		{ "mail< 530 5.7.0 Must issue a STARTTLS command first",   MX_V_IDENTITY,  "auth_tls" },
		{ "mail< 530 5.7.0 Authentication required",               MX_V_IDENTITY,  "auth_login" },
		{ "mail< 553 example.jp does not exist",                   MX_V_POLICY,    "sender_domain" },
		{ "mail< 451 4.3.0 Temporary local problem",               MX_V_BROKEN,    "system_error" },
		{ "mail< 450 hm",                                          MX_V_POLICY,    "unknown" },
		{ "mail< 550",                                             MX_V_POLICY,    "unknown" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char *script =
		    mx_asprintf(HELLO "mail> MAIL FROM:<a@b>\n%s", table[i].reply);
		struct mx_judgement judgement =
		    judge(NULL, MX_STAGE_RCPT, script, MX_END_QUIT, MX_STAGE_QUIT);

		cr_assert_eq(judgement.verdict, table[i].verdict, "%s: %s",
		    table[i].reply, mx_verdict_name(judgement.verdict));
		cr_assert_str_eq(judgement.finding.category, table[i].category);
		mx_judgement_clear(&judgement);
		free(script);
	}
}

Test(judge, keeps_every_line_of_a_refusal)
{
	struct mx_judgement judgement = judge("gmx", MX_STAGE_RCPT,
	    "banner< 554-gmx.net (mxgmx117) Nemesis ESMTP Service not available\n"
	    "banner< 554-No SMTP service\nbanner< 554-IP address is block listed.\n"
	    "banner< 554 For explanation visit "
	    "https://postmaster.gmx.net/en/case?c=r0303",
	    MX_END_CLOSED, MX_STAGE_QUIT);

	expect_judged(&judgement, MX_V_BLOCKED, "blocklist_own", "GMX block list", "gmx");
	cr_assert_str_eq(judgement.finding.text,
	    "gmx.net (mxgmx117) Nemesis ESMTP Service not available No SMTP service IP "
	    "address is block listed. For explanation visit "
	    "https://postmaster.gmx.net/en/case?c=r0303");
	mx_judgement_clear(&judgement);
}

Test(judge, takes_a_reply_that_is_neither_yes_nor_no_for_a_fault)
{
	struct mx_judgement judgement =
	    judge(NULL, MX_STAGE_RCPT, HELLO "mail> MAIL FROM:<a@b>\nmail< 354 go ahead",
		MX_END_QUIT, MX_STAGE_QUIT);

	expect_judged(&judgement, MX_V_BROKEN, "protocol_error", "-", "354 to MAIL");
	cr_assert_eq(judgement.finding.code, 354);
	cr_assert_str_eq(judgement.finding.text, "go ahead");
	mx_judgement_clear(&judgement);
}

/* ---- every end at every stage ---- */

enum outcome {
	GONE,  /* before a greeting unreachable, after it broken */
	FAULT, /* broken */
	OURS   /* failed */
};

/* clang-format off */
static const enum outcome outcomes[MX_END_COUNT] = {
	[MX_END_NONE] = OURS, [MX_END_QUIT] = OURS, [MX_END_LOCAL] = OURS, [MX_END_CANCELLED] = OURS,
	[MX_END_CLOSED] = GONE, [MX_END_CLOSED_UNCLEAN] = GONE, [MX_END_RESET] = GONE,
	[MX_END_REFUSED] = GONE, [MX_END_UNREACHABLE] = GONE, [MX_END_FILTERED] = GONE,
	[MX_END_TIMEOUT] = GONE, [MX_END_SESSION_TIMEOUT] = GONE,
	[MX_END_TLS_FAILED] = FAULT, [MX_END_TLS_MISSING] = FAULT, [MX_END_TLS_UNVERIFIED] = FAULT,
	[MX_END_INJECTION] = FAULT, [MX_END_DESYNC] = FAULT, [MX_END_NOT_SMTP] = FAULT,
	[MX_END_MIXED_CODES] = FAULT, [MX_END_LINE_LIMIT] = FAULT, [MX_END_REPLY_LIMIT] = FAULT,
	[MX_END_SESSION_LIMIT] = FAULT,
};

static const struct {
	enum mx_stage stage;
	bool greeted;
	const char *script;
} places[] = {
	{ MX_STAGE_CONNECT,  false, "" },
	{ MX_STAGE_BANNER,   false, "" },
	{ MX_STAGE_BANNER,   false, "banner< 220-wait" }, /* the greeting never came to its end */
	{ MX_STAGE_EHLO,     true,  "banner< 220 mx\nehlo> EHLO x" },
	{ MX_STAGE_STARTTLS, true,  HELLO "starttls> STARTTLS" },
	{ MX_STAGE_TLS,      true,  HELLO "starttls> STARTTLS\nstarttls< 220 go" },
	{ MX_STAGE_EHLO,     true,  HELLO "starttls> STARTTLS\nstarttls< 220 go\ntls\nehlo> EHLO x" },
	{ MX_STAGE_MAIL,     true,  HELLO "mail> MAIL FROM:<a@b>" },
	{ MX_STAGE_RCPT,     true,  RCPT },
};
/* clang-format on */

static void
expect_end(enum mx_end end, size_t place)
{
	struct mx_judgement judgement =
	    judge(NULL, MX_STAGE_RCPT, places[place].script, end, places[place].stage);
	char *what =
	    mx_asprintf("%s at %s", mx_end_name(end), mx_stage_name(places[place].stage));

	if (outcomes[end] == OURS)
		expect_judged(&judgement, MX_V_FAILED, "-", "-", what);
	else if (outcomes[end] == GONE && !places[place].greeted)
		expect_judged(&judgement, MX_V_UNREACHABLE, "network_error", "-", what);
	else
		expect_judged(&judgement, MX_V_BROKEN, "protocol_error", "-", what);
	cr_assert(judgement.has_finding, "%s", what);
	if (end !=
	    MX_END_NONE) /* a session that has not ended has no place where it did */
		cr_assert_eq(judgement.finding.stage, places[place].stage, "%s", what);
	cr_assert_eq(judgement.finding.code, 0, "%s", what);
	cr_assert_gt(strlen(judgement.finding.text), 5, "%s", what);
	mx_judgement_clear(&judgement);
	free(what);
}

Test(judge, has_an_answer_for_every_end_at_every_stage)
{
	for (int end = 0; end < MX_END_COUNT; end++)
		for (size_t i = 0; i < sizeof places / sizeof *places; i++)
			expect_end((enum mx_end)end, i);
}

Test(judge, says_in_words_what_was_waited_for)
{
	struct mx_judgement judgement = judge(NULL, MX_STAGE_RCPT,
	    HELLO "mail> MAIL FROM:<a@b>", MX_END_RESET, MX_STAGE_MAIL);

	cr_assert_str_eq(judgement.finding.text,
	    "the connection was reset while we waited for the reply to MAIL");
	mx_judgement_clear(&judgement);
}

Test(judge, does_not_mistake_a_doubtful_certificate_for_what_broke_tls_later)
{
	const struct mx_identity identity = dialogue_identity_at(NULL);
	struct mx_transcript *transcript = dialogue_play(HELLO
	    "starttls> STARTTLS\nstarttls< 220 go\ntls\nmail> MAIL FROM:<a@b>",
	    MX_END_NONE, MX_STAGE_MAIL);
	struct mx_judgement judgement;

	transcript->tls.reason = mx_strdup("self-signed certificate");
	mx_transcript_end(
	    transcript, 0, MX_END_TLS_FAILED, MX_STAGE_MAIL, "alert: bad MAC");
	mx_judge(dialogue_rules(), &identity, MX_STAGE_RCPT, transcript, &judgement);
	cr_assert_str_eq(
	    judgement.finding.text, "TLS broke behind the handshake: alert: bad MAC");
	mx_judgement_clear(&judgement);
	mx_transcript_free(transcript);
}

Test(judge, names_a_reset_at_au_and_leaves_the_verdict_open)
{
	struct mx_judgement judgement =
	    judge("kddi_au", MX_STAGE_MAIL, "", MX_END_RESET, MX_STAGE_BANNER);

	expect_judged(&judgement, MX_V_UNREACHABLE, "network_error", "-", "reset at au");
	cr_assert_str_eq(judgement.finding.text,
	    "the connection was reset while we waited for the greeting; au answers a block, "
	    "or congestion, with a TCP reset");
	cr_assert_not_null(judgement.suspect);
	cr_assert_eq(judgement.finding.candidate_count, 1);
	cr_assert_str_eq(judgement.finding.candidates[0].category, "blocklist_own");
	cr_assert_str_eq(judgement.finding.candidates[0].rule, "au.reset");
	cr_assert_str_eq(judgement.finding.remedy, "network");
	mx_judgement_clear(&judgement);
}

Test(judge, believes_a_reset_at_au_when_told_that_the_source_gets_out)
{
	struct mx_judgement judgement =
	    judge("kddi_au", MX_STAGE_MAIL, "", MX_END_REFUSED, MX_STAGE_CONNECT);

	mx_judge_confirm(dialogue_rules(), &judgement);
	expect_judged(&judgement, MX_V_BLOCKED, "blocklist_own", "-", "refused at au");
	cr_assert_null(judgement.suspect);
	cr_assert_str_eq(judgement.finding.remedy, "kddi-au");
	cr_assert_str_eq(judgement.finding.authority, "KDDI");
	cr_assert_str_eq(judgement.finding.rule, "au.reset");
	cr_assert_str_eq(judgement.finding.about, "sender_ip");
	cr_assert_str_eq(judgement.finding.permanence, "temporary");
	cr_assert_leq(judgement.finding.confidence, 0.5);
	cr_assert_str_eq(judgement.finding.candidates[0].category, "network_error");
	mx_judgement_clear(&judgement);
}

Test(judge, knows_no_signature_elsewhere_nor_once_au_has_greeted)
{
	static const struct {
		const char *provider, *script;
		enum mx_end end;
		enum mx_stage stage;
	} others[] = {
		{ "docomo", "", MX_END_RESET, MX_STAGE_BANNER },
		{ NULL, "", MX_END_RESET, MX_STAGE_BANNER },
		{ "kddi_au", "", MX_END_TIMEOUT, MX_STAGE_BANNER },
		{ "kddi_au", "", MX_END_FILTERED, MX_STAGE_CONNECT },
		{ "kddi_au", MAIL, MX_END_RESET, MX_STAGE_RCPT },
	};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct mx_judgement judgement = judge(others[i].provider, MX_STAGE_RCPT,
		    others[i].script, others[i].end, others[i].stage);

		cr_assert_null(judgement.suspect, "%zu", i);
		cr_assert_eq(judgement.finding.candidate_count, 0, "%zu", i);
		mx_judgement_clear(&judgement);
	}
}

/* ---- the address the server saw ---- */

Test(judge, is_void_when_the_server_saw_another_address)
{
	struct mx_judgement judgement = judge("microsoft_consumer", MX_STAGE_RCPT,
	    HELLO
	    "mail> MAIL FROM:<a@b>\nmail< 550 5.7.1 Unfortunately, messages from "
	    "[198.51.100.7] weren't sent. Please contact your Internet service provider "
	    "since part of their network is on our block list (S3140).",
	    MX_END_QUIT, MX_STAGE_QUIT);
	char text[MX_ADDR_TEXT];

	expect_judged(
	    &judgement, MX_V_VOID, "blocklist_own", "Outlook.com block list", "NAT");
	cr_assert_str_eq(judgement.finding.listed_value, "198.51.100.7");
	cr_assert_str_eq(mx_addr_text(&judgement.seen_source, text), "198.51.100.7");
	mx_judgement_clear(&judgement);
}

Test(judge, is_void_even_where_everything_was_accepted)
{
	struct mx_judgement judgement = judge(NULL, MX_STAGE_EHLO,
	    "banner< 220 mx\nehlo> EHLO x\nehlo< 250 mx Hello [198.51.100.7]",
	    MX_END_QUIT, MX_STAGE_QUIT);

	cr_assert_eq(judgement.verdict, MX_V_VOID);
	cr_assert_not(judgement.has_finding);
	mx_judgement_clear(&judgement);
}

Test(judge, is_not_void_for_the_declared_address)
{
	struct mx_identity identity = dialogue_identity();
	struct mx_transcript *transcript = dialogue_play(
	    "banner< 220 mx\nehlo> EHLO x\nehlo< 250 mx Hello [198.51.100.7]",
	    MX_END_QUIT, MX_STAGE_QUIT);
	struct mx_judgement judgement;

	cr_assert(mx_addr_parse("198.51.100.7", &identity.seen_as));
	mx_judge(dialogue_rules(), &identity, MX_STAGE_EHLO, transcript, &judgement);
	cr_assert_eq(judgement.verdict, MX_V_ACCEPTED);
	mx_judgement_clear(&judgement);
	mx_transcript_free(transcript);
}

Test(judge, clears_twice_without_harm)
{
	struct mx_judgement judgement =
	    judge(NULL, MX_STAGE_RCPT, "", MX_END_RESET, MX_STAGE_BANNER);

	mx_judgement_clear(&judgement);
	mx_judgement_clear(&judgement);
	cr_assert_null(judgement.finding.text);
}
