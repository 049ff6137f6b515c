#include "probe/verdict/classify.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/samples.h"
#include "tests/unit/verdict/dialogue.h"

TestSuite(classify, .timeout = 60, .init = dialogue_load, .fini = dialogue_unload);

static struct mx_finding
classify_as(const struct mx_identity *identity, const char *sample)
{
	struct mx_reply_facts reply;
	struct mx_finding finding;
	char *text;

	cr_assert(mx_sample_parse(sample, &reply, &text), "%s", sample);
	mx_classify(dialogue_rules(), identity, &reply, &finding);
	free(text);
	return finding;
}

static void
expect_text(const char *sample, const char *what, const char *found, const char *wanted)
{
	if (wanted == NULL)
		return;
	cr_assert_str_eq(found != NULL ? found : "-", wanted,
	    "%s is \"%s\", not \"%s\": %s", what, found != NULL ? found : "-", wanted,
	    sample);
}

/* NULL: not looked at; "-": must be unknown. */
struct expectation {
	const char *provider, *sample;
	const char *category, *about, *list, *code, *value, *permanence, *url, *remedy;
};

static void
expect(const struct expectation *e)
{
	const struct mx_identity identity = dialogue_identity_at(e->provider);
	struct mx_finding finding = classify_as(&identity, e->sample);

	expect_text(e->sample, "category", finding.category, e->category);
	expect_text(e->sample, "about", finding.about, e->about);
	expect_text(e->sample, "list", finding.list, e->list);
	expect_text(e->sample, "provider_code", finding.provider_code, e->code);
	expect_text(e->sample, "listed_value", finding.listed_value, e->value);
	expect_text(e->sample, "permanence", finding.permanence, e->permanence);
	expect_text(e->sample, "delist_url", finding.delist_url, e->url);
	expect_text(e->sample, "remedy", finding.remedy, e->remedy);
	mx_finding_clear(&finding);
}

static void
expect_all(const struct expectation *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect(&table[i]);
}

#define EXPECT_ALL(table) expect_all(table, sizeof(table) / sizeof *(table))

/* clang-format off */
Test(classify, names_the_providers_own_codes)
{
	static const struct expectation table[] = {
		{ "microsoft_consumer", "mail: 550 5.7.1 Unfortunately, messages from [203.0.113.5] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).",
		  "blocklist_own", "sender_ip", "Outlook.com block list", "S3140", "203.0.113.5", "permanent", "https://olcsupport.office.com/", "microsoft-consumer" },
		{ "microsoft_consumer", "mail: 550 5.7.1 Unfortunately, messages from [203.0.113.5] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
		  "blocklist_own", "sender_ip", "Outlook.com block list", "S3150", "203.0.113.5", NULL, NULL, NULL },
		{ NULL, "550 5.7.1 Unfortunately, messages from [203.0.113.5] weren't sent. Please contact your Internet service provider since part of their network is on our block list (AS3140).",
		  "blocklist_own", "sender_ip", "Outlook.com block list", "AS3140", NULL, NULL, NULL, NULL },
		{ "microsoft_consumer", "mail: 550 SC-001 (COL004-MC1F10) Unfortunately, messages from 203.0.113.5 weren't sent. Please contact your Internet service provider since part of their network is on our block list.",
		  "blocklist_own", "sender_ip", "Outlook.com block list", "SC-001", NULL, "permanent", NULL, NULL },
		{ "microsoft_consumer", "rcpt: 451 4.7.651 The mail server [203.0.113.5] has been temporarily rate limited due to IP reputation. For e-mail delivery information, see https://postmaster.live.com (S844)",
		  "reputation_ip", "sender_ip", "-", "S844", "203.0.113.5", "temporary", NULL, "microsoft-throttle" },
		{ "microsoft_365", "rcpt: 550 5.7.606 Access denied, banned sending IP [203.0.113.5]. To request removal from this list please visit https://sender.office.com/ and follow the directions. For more information please go to http://go.microsoft.com/fwlink/?LinkID=526655 (AS16012609)",
		  "blocklist_own", "sender_ip", "Microsoft 365 banned senders", "AS16012609", "203.0.113.5", "permanent", "https://sender.office.com/", "microsoft-365" },
		{ "microsoft_365", "rcpt: 550 5.7.511 Access denied, banned sender[203.0.113.5]. To request removal from this list please forward this message to delist@messaging.microsoft.com.",
		  "blocklist_own", NULL, NULL, NULL, "203.0.113.5", NULL, "mailto:delist@microsoft.com", "microsoft-365-mail" },
		{ "microsoft_365", "rcpt: 550 5.7.1 Service unavailable, Client host [203.0.113.5] blocked using Spamhaus. To request removal from this list see https://www.spamhaus.org/query/ip/203.0.113.5 (AS16012611)",
		  "blocklist_dnsbl", "sender_ip", "Spamhaus", "AS16012611", "203.0.113.5", "permanent", "https://check.spamhaus.org/", "spamhaus" },
		{ "yahoo", "mail: 421 4.7.0 [TSS04] Messages from 203.0.113.5 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
		  "reputation_volume", "sender_ip", NULL, "TSS04", "203.0.113.5", "temporary", NULL, "yahoo" },
		{ "yahoo", "mail: 553 5.7.2 [TSS06] All messages from 203.0.113.5 will be permanently deferred; Retrying will NOT succeed.",
		  "blocklist_own", "sender_ip", NULL, "TSS06", "203.0.113.5", "permanent", "https://senders.yahooinc.com/contact", NULL },
		{ "yahoo", "mail: 421 4.7.1 [TS03] All messages from 203.0.113.5 will be permanently deferred; Retrying will NOT succeed.",
		  "blocklist_own", NULL, NULL, "TS03", NULL, "permanent", NULL, NULL },
		{ "orange", "banner: 550 mwinf5c04 ME Adresse IP source bloquee pour incident de spam. Client host blocked for spamming issues. OFR006_102 Ref http://csi.cloudmark.com/reset-request/?ip=203.0.113.5 [102]",
		  "blocklist_dnsbl", "sender_ip", "Cloudmark Sender Intelligence", "OFR006_102", "203.0.113.5", NULL, "https://csi.cloudmark.com/en/reset/", "cloudmark" },
		{ "gmx", "banner: 554-gmx.net (mxgmx117) Nemesis ESMTP Service not available\n554-No SMTP service\n554-IP address is block listed.\n554 For explanation visit https://postmaster.gmx.net/en/case?c=r0303&i=ip&v=203.0.113.5&r=0M",
		  "blocklist_own", "sender_ip", "GMX block list", NULL, "203.0.113.5", NULL, "https://postmaster.gmx.net/en/case?c=r0303&i=ip&v=203.0.113.5&r=0M", "gmx" },
		{ "proofpoint", "banner: 554 Blocked - see https://ipcheck.proofpoint.com/?ip=203.0.113.5",
		  "blocklist_own", "sender_ip", "Proofpoint Dynamic Reputation", NULL, "203.0.113.5", NULL, "https://ipcheck.proofpoint.com/?ip=203.0.113.5", "proofpoint" },
		{ "apple", "mail: 550 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=203.0.113.5",
		  "blocklist_dnsbl", "sender_ip", "Proofpoint Dynamic Reputation", NULL, "203.0.113.5", NULL, NULL, "proofpoint" },
		{ "t_online", "banner: 554 IP=203.0.113.5 - A problem occurred. (Ask your postmaster for help or to contact tosa@rx.t-online.de to clarify.) (BL)",
		  "blocklist_own", "sender_ip", "T-Online block list", "BL", "203.0.113.5", NULL, "mailto:tosa@rx.t-online.de", "t-online" },
		{ "t_online", "banner: 554 IP=203.0.113.5 - None/bad reputation. Ask your postmaster for help or to contact tobr@rx.t-online.de for reset. (NOWL)",
		  "reputation_ip", "sender_ip", NULL, "NOWL", "203.0.113.5", NULL, "mailto:tobr@rx.t-online.de", "t-online" },
		{ "laposte", "banner: 220-Bienvenue\n421 4.2.1 Service refuse. Veuillez essayer plus tard. Service refused, please try later. LPN006_107",
		  "reputation_ip", NULL, NULL, "LPN006_107", NULL, "temporary", NULL, "laposte" },
		{ "godaddy", "554 This IP has been temporarily blocked for attempting to send too many messages containing content judged to be spam by the Internet community. IB110",
		  "blocklist_own", "sender_ip", NULL, "IB110", NULL, "temporary", NULL, "godaddy-spam" },
		{ "comcast", "banner: 554 imta.comcast.net imta 203.0.113.5 found on one or more DNSBLs, see http://postmaster.comcast.net/smtp-error-codes.php#BL000010",
		  "blocklist_dnsbl", NULL, "Cloudmark Sender Intelligence", "BL000010", "203.0.113.5", NULL, NULL, NULL },
	};

	EXPECT_ALL(table);
}

Test(classify, takes_the_list_from_the_zone_or_the_mention)
{
	static const struct expectation table[] = {
		{ NULL, "banner: 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/203.0.113.5",
		  "blocklist_dnsbl", "sender_ip", "Spamhaus ZEN", NULL, "203.0.113.5", NULL, "https://check.spamhaus.org/", "spamhaus" },
		{ NULL, "rcpt: 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using sbl-xbl.spamhaus.org; https://www.spamhaus.org/sbl/query/SBLCSS",
		  "blocklist_dnsbl", NULL, "Spamhaus CSS", NULL, NULL, NULL, NULL, "spamhaus-xbl" },
		{ NULL, "550 5.7.1 Mail from IP 203.0.113.5 was rejected due to listing in Spamhaus SBL. For details please see http://www.spamhaus.org/query/bl?ip=203.0.113.5",
		  "blocklist_dnsbl", NULL, "Spamhaus SBL", NULL, "203.0.113.5", NULL, NULL, "spamhaus-sbl" },
		{ NULL, "rcpt: 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using xbl.spamhaus.org",
		  "blocklist_dnsbl", NULL, "Spamhaus XBL", NULL, NULL, NULL, NULL, "spamhaus-xbl" },
		{ NULL, "rcpt: 550 5.7.1 Service unavailable; client [203.0.113.5] blocked using pbl.spamhaus.org",
		  "blocklist_dnsbl", NULL, "Spamhaus PBL", NULL, NULL, NULL, NULL, "spamhaus-pbl" },
		{ NULL, "rcpt: 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using bl.spamcop.net; Blocked - see https://www.spamcop.net/bl.shtml?203.0.113.5",
		  "blocklist_dnsbl", NULL, "SpamCop SCBL", NULL, "203.0.113.5", NULL, NULL, "spamcop" },
		{ NULL, "554 Service unavailable; Client host [203.0.113.5] blocked using Barracuda Reputation; http://www.barracudanetworks.com/reputation/?r=1&ip=203.0.113.5",
		  "blocklist_dnsbl", NULL, "Barracuda BRBL", NULL, NULL, NULL, NULL, "barracuda" },
		{ NULL, "rcpt: 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using bl.nobody-knows.example; see https://bl.nobody-knows.example/q?203.0.113.5",
		  "blocklist_dnsbl", "sender_ip", "bl.nobody-knows.example", NULL, "203.0.113.5", NULL, "https://bl.nobody-knows.example/q?203.0.113.5", "dnsbl" },
		{ NULL, "rcpt: 521 5.7.1 Service unavailable; client [203.0.113.5] blocked using dnsbl.sorbs.net",
		  "blocklist_dnsbl", NULL, "SORBS", NULL, NULL, NULL, "-", "closed-list" },
		{ NULL, "rcpt: 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using list.dnswl.org",
		  "system_error", NULL, "DNSWL", NULL, "203.0.113.5", NULL, "-", "wait" },
		{ NULL, "rcpt: 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using ee.countries.nerd.dk; Your IP is in ee, rejected based on geographical location",
		  "policy_network", NULL, NULL, NULL, NULL, NULL, NULL, "network-kind" },
		{ NULL, "rcpt: 421 4.7.1 Service unavailable; Client host [203.0.113.5] blocked using grey.rbl - Greylisting in action, please try again later",
		  "greylisted", NULL, NULL, NULL, NULL, NULL, NULL, "greylisting" },
		{ NULL, "550 Your IP 203.0.113.5 is blacklisted, see http://www.spamhaus.org/query/bl?ip=203.0.113.5",
		  "blocklist_dnsbl", NULL, "Spamhaus", NULL, "203.0.113.5", NULL, NULL, NULL },
		{ NULL, "550 Your IP 203.0.113.5 is blacklisted, contact postmaster@example.net",
		  "blocklist_own", "sender_ip", "-", NULL, "203.0.113.5", NULL, NULL, "own-list" },
		{ NULL, "rcpt: 554 5.7.1 <user@example.net>: Recipient address rejected: https://www.spamhaus.org/query/ip/203.0.113.5",
		  "blocklist_dnsbl", "sender_ip", "Spamhaus", NULL, "203.0.113.5", NULL, NULL, NULL },
	};

	EXPECT_ALL(table);
}

Test(classify, names_the_part_of_a_list_that_the_answer_or_the_words_name)
{
#define BLOCKED_BY "rcpt: 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
	static const struct expectation table[] = {
		{ .sample = BLOCKED_BY "zen.spamhaus.org=127.0.0.2", .category = "blocklist_dnsbl", .list = "Spamhaus SBL", .remedy = "spamhaus-sbl" },
		{ .sample = BLOCKED_BY "zen.spamhaus.org; 127.0.0.3", .list = "Spamhaus CSS", .remedy = "spamhaus-xbl" },
		{ .sample = BLOCKED_BY "zen.spamhaus.org (127.0.0.4)", .list = "Spamhaus XBL", .remedy = "spamhaus-xbl" },
		{ .sample = BLOCKED_BY "key0123.zen.dq.spamhaus.net [127.0.0.10]", .list = "Spamhaus PBL", .remedy = "spamhaus-pbl" },
		{ .sample = BLOCKED_BY "zen.spamhaus.org -> 127.0.0.11.", .list = "Spamhaus PBL", .value = "203.0.113.5" },
		{ .sample = "550 203.0.113.5 is listed in Spamhaus (127.0.0.9)", .list = "Spamhaus DROP" },
		{ .sample = BLOCKED_BY "zen.spamhaus.org=127.0.0.99", .list = "Spamhaus ZEN" },
		{ .sample = "550 Client host [127.0.0.4] blocked using Spamhaus", .list = "Spamhaus" },
		{ .sample = BLOCKED_BY "bl.spamcop.net=127.0.0.2", .list = "SpamCop SCBL" },
		{ .sample = BLOCKED_BY "multi.surbl.org=127.0.0.8", .list = "SURBL PH" },
		{ .sample = BLOCKED_BY "multi.surbl.org=127.0.0.72", .list = "SURBL PH, ABUSE" },
		{ .sample = BLOCKED_BY "multi.uribl.com (127.0.0.14)", .list = "URIBL black, grey, red" },
		{ .sample = BLOCKED_BY "multi.uribl.com", .list = "URIBL" },
		{ .sample = BLOCKED_BY "noptr.spamrats.com", .list = "SpamRATS RATS-NoPtr", .remedy = "spamrats" },
		{ .sample = BLOCKED_BY "zen.spamhaus.org; see https://www.spamhaus.org/pbl/query/PBL1690425", .list = "Spamhaus PBL" },
	};
#undef BLOCKED_BY

	EXPECT_ALL(table);
}

Test(classify, lets_identity_beat_wording)
{
	static const struct expectation table[] = {
		/* our HELO, not our address */
		{ NULL, "rcpt: 554 5.7.1 Service unavailable; Client host [mail.example.jp] blocked using multi.uribl.com",
		  "blocklist_helo", "helo", "URIBL", NULL, "mail.example.jp", NULL, NULL, NULL },
		{ NULL, "rcpt: 554 5.7.1 Service unavailable; Helo command [mail.example.jp] blocked using dbl.spamhaus.org",
		  "blocklist_helo", "helo", "Spamhaus DBL", NULL, "mail.example.jp", NULL, NULL, NULL },
		/* our sender */
		{ NULL, "rcpt: 554 5.7.1 Service unavailable; Sender address [probe@example.jp] blocked using dbl.spamhaus.org; https://www.spamhaus.org/query/domain/example.jp",
		  "blocklist_domain", "sender_domain", "Spamhaus DBL", NULL, "probe@example.jp", NULL, NULL, NULL },
		/* the recipient's address on somebody's list is no listing of ours */
		{ NULL, "rcpt: 554 5.7.1 Service unavailable; Recipient address [user@example.net] blocked using rhsbl.example.org",
		  "policy_other", "recipient", NULL, NULL, "user@example.net", NULL, "-", NULL },
		/* somebody else's address is kept as what it is */
		{ NULL, "rcpt: 554 5.7.1 Service unavailable; Client host [198.51.100.77] blocked using zen.spamhaus.org",
		  "blocklist_dnsbl", "sender_ip", NULL, NULL, "198.51.100.77", NULL, NULL, NULL },
		/* our address beside an unknown mailbox accuses nobody */
		{ "gmx", "rcpt: 550-Requested action not taken: mailbox unavailable\n550-invalid DNS MX or A/AAAA resource record.\n550 For explanation visit https://postmaster.1und1.de/en/case?c=r1601&i=ip&v=203.0.113.5&r=0M",
		  "recipient_unknown", "recipient", "-", NULL, "-", NULL, "-", NULL },
		/* a policy that names us is about us */
		{ NULL, "rcpt: 554 5.7.1 <mail.example.jp[203.0.113.5]>: Client host rejected: Access denied",
		  "policy_other", "sender_ip", NULL, NULL, "203.0.113.5", NULL, NULL, NULL },
	};

	EXPECT_ALL(table);
}

Test(classify, tells_the_stage_and_the_carrier_apart)
{
	static const struct expectation table[] = {
		{ .provider = "docomo", .sample = "rcpt: 550 Unknown user user@docomo.ne.jp",
		  .category = "recipient_unknown" },
		{ .provider = "docomo", .sample = "data: 550 Unknown user user@docomo.ne.jp",
		  .category = "blocklist_recipient" },
		{ .provider = "kddi_au", .sample = "rcpt: 550 <user@ezweb.ne.jp>: User unknown",
		  .category = "recipient_unknown" },
		{ .provider = "kddi_au", .sample = "eod: 550 : User unknown",
		  .category = "blocklist_recipient" },
		{ .provider = "softbank", .sample = "rcpt: 550 Invalid recipient: <user@softbank.ne.jp>",
		  .category = "recipient_unknown" },
		{ .provider = "softbank", .sample = "mail: 553 example.jp does not exist",
		  .category = "sender_domain", .about = "sender_domain" },
		{ .provider = "jcom", .sample = "mail: 553 example.jp does not exist",
		  .category = "sender_domain", .about = "sender_domain" },
		{ .provider = "yandex", .sample = "rcpt: 550 5.7.1 No such user! 4bX9Qz",
		  .category = "recipient_unknown" },
		{ .provider = NULL, .sample = "rcpt: 450 4.3.2 Service currently unavailable",
		  .category = "greylisted" },
		{ .provider = NULL, .sample = "banner: 521 5.3.2 Service currently unavailable",
		  .category = "blocklist_own" },
	};

	EXPECT_ALL(table);
}

Test(classify, knows_a_receivers_broken_query_from_a_listing)
{
	static const char *const errors[] = {
		"rcpt: 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using dbl.spamhaus.org; Error: open resolver; https://check.spamhaus.org/returnc/pub/198.51.100.53/",
		"rcpt: 554 5.7.1 Service unavailable; Client host [mail.example.jp] blocked using multi.uribl.com; 127.0.0.1 -> Query Refused. See http://uribl.com/refused.shtml for more information",
		"rcpt: 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using zen.spamhaus.org=127.255.255.254",
	};
	const struct mx_identity identity = dialogue_identity();

	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
		struct mx_finding finding = classify_as(&identity, errors[i]);

		cr_assert(finding.query_error, "%s", errors[i]);
		cr_assert_str_eq(finding.category, "system_error");
		cr_assert_str_eq(finding.remedy, "receiver-dnsbl");
		cr_assert_not_null(finding.list, "%s", errors[i]);
		cr_assert_null(finding.delist_url);
		mx_finding_clear(&finding);
	}
}

Test(classify, reads_how_long_to_wait)
{
	static const struct {
		const char *provider, *sample;
		long seconds;
	} table[] = {
		{ NULL,       "rcpt: 451 4.7.1 <user@example.net>: Recipient address rejected: Greylisted for 5 minutes", 300 },
		{ NULL,       "rcpt: 450 4.2.0 <user@example.net>: Recipient address rejected: example.net greylisted for 60 seconds by ZEROSPAM", 60 },
		{ NULL,       "rcpt: 450 4.7.1 Greylisted, please try again in about 2 hours", 7200 },
		{ NULL,       "rcpt: 450 4.2.0 Greylisted", -1 },
		{ NULL,       "rcpt: 450 Greylisted, retry in 99999 days", -1 },
		{ "godaddy",  "554 This IP has been blocked for the day, for attempting to mail too many invalid recipients. IB113", 86400 },
		{ "mimecast", "451 IP temporarily blacklisted", 300 },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const struct mx_identity identity = dialogue_identity_at(table[i].provider);
		struct mx_finding finding = classify_as(&identity, table[i].sample);

		cr_assert_eq(finding.retry_after_s, table[i].seconds, "%ld: %s",
		    finding.retry_after_s, table[i].sample);
		mx_finding_clear(&finding);
	}
}

Test(classify, says_unknown_rather_than_guess)
{
	static const char *const bare[] = {
		"550", "550 Rejected", "554 Transaction failed", "550 5.7.1 No", "554 5.0.0 Sorry", "421 Hmm",
		"550 5.1.0 x", "571 \xff\xfe\xfd",
	};
	const struct mx_identity identity = dialogue_identity();

	for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
		struct mx_finding finding = classify_as(&identity, bare[i]);

		cr_assert_str_eq(finding.category, "unknown", "%s is %s by %s", bare[i],
		    finding.category, finding.rule);
		cr_assert_null(finding.rule);
		cr_assert_float_eq(finding.confidence, 0, 0.001);
		mx_finding_clear(&finding);
	}
}

/* clang-format on */

Test(classify, tells_what_else_it_might_be)
{
	const struct mx_identity identity = dialogue_identity();
	struct mx_finding finding = classify_as(&identity, "rcpt: 550 5.1.0 x");

	cr_assert_eq(finding.candidate_count, 1);
	cr_assert_str_eq(finding.candidates[0].category, "recipient_unknown");
	cr_assert_str_eq(finding.candidates[0].rule, "code.recipient_unknown_hint");
	mx_finding_clear(&finding);
}

Test(classify, is_surer_where_the_provider_is_known_and_words_agree)
{
	static const char s3140[] = "mail: 550 5.7.1 Unfortunately, messages from "
				    "[203.0.113.5] weren't sent. Please contact "
				    "your Internet service provider since part of their "
				    "network is on our block list (S3140).";
	const struct mx_identity there = dialogue_identity_at("microsoft_consumer");
	const struct mx_identity elsewhere = dialogue_identity_at("gmx");
	struct mx_finding at_home = classify_as(&there, s3140);
	struct mx_finding abroad = classify_as(&elsewhere, s3140);
	struct mx_finding vague = classify_as(&there, "rcpt: 550 5.1.1 x");

	cr_assert_str_eq(at_home.rule, "microsoft.s3140");
	cr_assert_float_eq(at_home.confidence, 0.99, 0.001);
	cr_assert_str_eq(abroad.category, "blocklist_own");
	cr_assert_lt(abroad.confidence, at_home.confidence);
	cr_assert_lt(vague.confidence, 0.6);
	mx_finding_clear(&at_home);
	mx_finding_clear(&abroad);
	mx_finding_clear(&vague);
}

Test(classify, finds_the_provider_by_the_mx_host_when_nobody_says)
{
	struct mx_identity identity = dialogue_identity();
	struct mx_finding finding;

	identity.mx_host = "mfsmax.docomo.ne.jp";
	finding = classify_as(&identity, "data: 550 Unknown user user@docomo.ne.jp");
	cr_assert_str_eq(finding.rule, "docomo.filtered");
	mx_finding_clear(&finding);
}

/* "Unknown user" behind DATA is a subscriber's filter at docomo, and nowhere else. */
Test(classify, finds_the_provider_by_its_host_in_the_words_but_not_by_a_mailbox)
{
	const struct mx_identity identity = dialogue_identity();
	struct mx_finding named =
	    classify_as(&identity, "data: 550 mfsmax.docomo.ne.jp: Unknown user");
	struct mx_finding mailbox =
	    classify_as(&identity, "data: 550 Unknown user user@docomo.ne.jp");
	struct mx_finding lookalike =
	    classify_as(&identity, "data: 550 mx.notdocomo.ne.jp: Unknown user");

	cr_assert_str_eq(named.rule, "docomo.filtered");
	cr_assert_str_eq(mailbox.category, "recipient_unknown");
	cr_assert_str_eq(lookalike.category, "recipient_unknown");
	mx_finding_clear(&named);
	mx_finding_clear(&mailbox);
	mx_finding_clear(&lookalike);
}

/* ---- hostile text ---- */

static void
expect_some_answer(const char *text, size_t len)
{
	const struct mx_identity identity = dialogue_identity_at("microsoft_consumer");
	const struct mx_reply_facts reply = {
		.stage = MX_STAGE_RCPT, .code = 550, .text = text, .len = len
	};
	struct mx_finding first, second;

	mx_classify(dialogue_rules(), &identity, &reply, &first);
	mx_classify(dialogue_rules(), &identity, &reply, &second);
	cr_assert_str_eq(first.category, second.category);
	cr_assert_eq(first.rule, second.rule);
	cr_assert_float_eq(first.confidence, second.confidence, 0);
	cr_assert_not_null(mx_catalogue_category(dialogue_catalogue(), first.category));
	mx_finding_clear(&first);
	mx_finding_clear(&second);
}

Test(classify, answers_any_bytes_at_all_the_same_way_twice)
{
	size_t len = 64 * 1024;
	char *text = mx_calloc(len + 1, 1);
	unsigned state = 1;

	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < len; i++) {
			state = state * 1103515245U + 12345U;
			text[i] = (char)(1 + (state >> 16) % 255);
		}
		expect_some_answer(text, len);
	}
	free(text);
}

Test(classify, is_not_exhausted_by_text_made_to_backtrack)
{
	static const char *const pieces[] = { "spf ", "blocked using ", "client host [",
		"203.0.113.5 ", "listed in the ", "1:", "rate limit ", "helo command ",
		"www.", "\xe2\x80\x99", "user does user does ", "mailbox ", "a.a.a.a.",
		"<<<<", "5.7.1 ", "spamhaus.org", "dmarc dkim spf fail ",
		"reverse dns rdns ptr no ", "127.0.0.1", "not not not relay " };
	size_t len = 64 * 1024;
	char *text = mx_calloc(len + 1, 1);

	for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
		size_t piece = strlen(pieces[p]);

		for (size_t at = 0; at + piece <= len; at += piece)
			memcpy(text + at, pieces[p], piece);
		expect_some_answer(text, len - len % piece);
	}
	free(text);
}

Test(classify, answers_every_single_byte_repeated)
{
	char text[2048];

	for (int byte = 1; byte < 256; byte++) {
		memset(text, byte, sizeof text);
		expect_some_answer(text, sizeof text);
	}
	expect_some_answer("", 0);
}
