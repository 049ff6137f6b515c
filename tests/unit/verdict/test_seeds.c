/* test_seeds.c - every reply that the source articles print, by the row of the knowledge base
 * that stands for it. Where an article prints a translation, both are here. */
#include "probe/verdict/classify.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/verdict/samples.h"
#include "tests/unit/verdict/dialogue.h"

TestSuite(seeds, .timeout = 60, .init = dialogue_load, .fini = dialogue_unload);

/* list and code: NULL for none. */
struct seed {
	const char *row, *provider, *sample;
	const char *category, *list, *code, *permanence, *remedy;
};

/* The help pages leave the reply code out of some sentences. */
static char *
parse(const char *sample, struct mx_reply_facts *reply)
{
	char *text;

	if (mx_sample_parse(sample, reply, &text))
		return text;
	free(text);
	text = mx_strdup(sample);
	*reply = (struct mx_reply_facts){
		.stage = MX_STAGE_COUNT, .text = text, .len = strlen(text)
	};
	return text;
}

static void
expect_text(
    const struct seed *seed, const char *what, const char *found, const char *wanted)
{
	cr_expect_str_eq(found != NULL ? found : "-", wanted != NULL ? wanted : "-",
	    "%s: %s is \"%s\", not \"%s\": %s", seed->row, what,
	    found != NULL ? found : "-", wanted != NULL ? wanted : "-", seed->sample);
}

static void
expect_seed(const struct seed *seed)
{
	const struct mx_identity identity = dialogue_identity_at(seed->provider);
	struct mx_reply_facts reply;
	struct mx_finding finding;
	char *text = parse(seed->sample, &reply);

	mx_classify(dialogue_rules(), &identity, &reply, &finding);
	expect_text(seed, "category", finding.category, seed->category);
	expect_text(seed, "list", finding.list, seed->list);
	expect_text(seed, "provider_code", finding.provider_code, seed->code);
	expect_text(seed, "permanence", finding.permanence, seed->permanence);
	expect_text(seed, "remedy", finding.remedy, seed->remedy);
	mx_finding_clear(&finding);
	free(text);
}

/* Told by the provider's MX, and again as a bare line from a file. */
static void
expect_seeds(const struct seed *seeds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct seed bare = seeds[i];

		expect_seed(&seeds[i]);
		bare.provider = NULL;
		expect_seed(&bare);
	}
}

#define EXPECT_SEEDS(table) expect_seeds(table, sizeof(table) / sizeof *(table))

#define ROWS 52

/* clang-format off */
#define OUTLOOK "Unfortunately, messages from [203.0.113.5] weren't sent. Please contact your Internet service provider since part of their network is on our block list "
#define SEE_TROUBLE " You can also refer your provider to http://mail.live.com/mail/troubleshooting.aspx#errors."
#define BY_SPAMHAUS "Client host [203.0.113.5] blocked using Spamhaus. To request removal from this list see "

static const struct seed microsoft[] = {
	{ "R0001", "microsoft_consumer", "mail: 550 5.7.1 " OUTLOOK "(S3140)." SEE_TROUBLE " [HE1EUR04FT003.eop-eur04.prod.protection.outlook.com]",
	  "blocklist_own", "Outlook.com block list", "S3140", "permanent", "microsoft-consumer" },
	{ "R0002", "microsoft_consumer", "mail: 550 5.7.1 " OUTLOOK "(S3150)." SEE_TROUBLE " [SG2APC01FT044.eop-APC01.prod.protection.outlook.com]",
	  "blocklist_own", "Outlook.com block list", "S3150", "permanent", "microsoft-consumer" },
	{ "R0003", "microsoft_consumer", "mail: 550 5.7.1 " OUTLOOK "(S3150)." SEE_TROUBLE " [Name=Protocol Filter Agent][AGT=PFA][MxId=11BBD07E4A5C0A3D] [DB1PEPF0003922E.eurprd03.prod.outlook.com 2024-09-04T07:48:00.000Z 08DCCAD0F8C1D7E5]",
	  "blocklist_own", "Outlook.com block list", "S3150", "permanent", "microsoft-consumer" },
	{ "R0004", "microsoft_consumer", "mail: 550 5.7.1 Unfortunately, messages from [203.0.113.5] weren’t sent.\n550 5.7.1 Please contact your Internet service provider since part of their network\n550 is on our block list (AS3140)." SEE_TROUBLE,
	  "blocklist_own", "Outlook.com block list", "AS3140", "permanent", "microsoft-consumer" },
	{ "R0017", "microsoft_consumer", "mail: 550 5.7.1 Service unavailable, " BY_SPAMHAUS "https://www.spamhaus.org/query/ip/203.0.113.5 (AS3130). [BN8NAM12FT029.eop-nam12.prod.protection.outlook.com]",
	  "blocklist_dnsbl", "Spamhaus", "AS3130", "permanent", "spamhaus" },
	{ "R0018", "microsoft_consumer", "mail: 550 5.7.1 Service unavailable, " BY_SPAMHAUS "https://www.spamhaus.org/query/ip/203.0.113.5",
	  "blocklist_dnsbl", "Spamhaus", NULL, "permanent", "spamhaus" },
	{ "R0019", "microsoft_consumer", "mail: 550 5.7.1 " BY_SPAMHAUS "http://www.spamhaus.org/lookup.lasso (S3130). [DM6NAM11FT011.eop-nam11.prod.protection.outlook.com]",
	  "blocklist_dnsbl", "Spamhaus", "S3130", "permanent", "spamhaus" },
	{ "R0020", "microsoft_consumer", "mail: 550 5.7.1 Service unavailable, Helo domain is listed in Spamhaus. To request removal from this list see https://www.spamhaus.org/query/lookup/ (S8001) [HK2APC01FT056.eop-APC01.prod.protection.outlook.com]",
	  "blocklist_helo", "Spamhaus DBL", "S8001", "permanent", "spamhaus-domain" },
	{ "R0020", "microsoft_consumer", "559 5.7.1 Service unavailable, Helo domain is listed in Spamhaus. To request removal from this list see https://www.spamhaus.org/query/lookup/ (S8001)",
	  "blocklist_helo", "Spamhaus DBL", "S8001", "permanent", "spamhaus-domain" },
	{ "R0035", "microsoft_consumer", "rcpt: 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [PU1APC01FT044.eop-APC01.prod.protection.outlook.com]",
	  "recipient_unknown", NULL, "S2017062302", "permanent", "recipient" },
	{ "R0816", "microsoft_consumer", "rcpt: 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).",
	  "recipient_unknown", NULL, "S2017062302", "permanent", "recipient" },
	{ "R0815", "microsoft_consumer", "mail: 550 5.7.1 Service unavailable, " BY_SPAMHAUS "https://www.spamhaus.org/query/ip/203.0.113.5 (AS3130). [Name=Protocol Filter Agent][AGT=PFA][MxId=11BBD0C34A7C8D11] [CO1PEPF000044FD.namprd21.prod.outlook.com 2025-06-22T10:00:00.000Z 08DDB15D0E1F9AFC]",
	  "blocklist_dnsbl", "Spamhaus", "AS3130", "permanent", "spamhaus" },
};

/* What a rental server's mail program showed: the host is taken for a source of spam. */
static const struct seed unnamed[] = {
	{ "R0291", NULL, "544 5.0.0 Service unavailable", "blocklist_own", NULL, NULL, "permanent", "own-list" },
	{ "R0292", NULL, "550 5.7.1 Service unavailable", "blocklist_own", NULL, NULL, "permanent", "own-list" },
	{ "R0293", NULL, "554 5.7.1 Service unavailable", "blocklist_own", NULL, NULL, "permanent", "own-list" },
};

static const struct seed godaddy[] = {
	{ "R0294", "godaddy", "421 Server temporarily unavailable. Try again later. IB101", "system_busy", NULL, "IB101", "temporary", "wait" },
	{ "R0294", "godaddy", "421 サーバーが一時的に利用できません。後でもう一度試してみてください。IB101", "system_busy", NULL, "IB101", "temporary", "wait" },
	{ "R0295", "godaddy", "Account storage limit", "mailbox_full", NULL, NULL, "permanent", "mailbox-full" },
	{ "R0295", "godaddy", "アカウントストレージ制限", "mailbox_full", NULL, NULL, "permanent", "mailbox-full" },
	{ "R0296", "godaddy", "Account does not exist", "recipient_unknown", NULL, NULL, "permanent", "recipient" },
	{ "R0296", "godaddy", "アカウントが存在しません", "recipient_unknown", NULL, NULL, "permanent", "recipient" },
	{ "R0297", "godaddy", "Account disabled", "recipient_disabled", NULL, NULL, "permanent", "recipient" },
	{ "R0297", "godaddy", "アカウントが無効です", "recipient_disabled", NULL, NULL, "permanent", "recipient" },
	{ "R0298", "godaddy", "Delivery timeout", "expired", NULL, NULL, "temporary", "wait" },
	{ "R0298", "godaddy", "配信タイムアウト", "expired", NULL, NULL, "temporary", "wait" },
	{ "R0299", "godaddy", "This message is looping: it already has my Delivered-To line. (#5.4.6)", "routing_error", NULL, NULL, "permanent", "forwarding-loop" },
	{ "R0299", "godaddy", "このメッセージはループしています。すでに配信先行があります。(#5.4.6)", "routing_error", NULL, NULL, "permanent", "forwarding-loop" },
	{ "R0300", "godaddy", "550 Recipient not found", "recipient_unknown", NULL, NULL, "permanent", "recipient" },
	{ "R0300", "godaddy", "550 受信者が見つかりませんでした。", "recipient_unknown", NULL, NULL, "permanent", "recipient" },
	{ "R0301", "godaddy", "451 Sorry, I wasn't able to establish an SMTP connection. I'm not going to try again; this message has been in the queue too long.", "expired", NULL, NULL, "permanent", "recipient" },
	{ "R0301", "godaddy", "451 SMTP接続を確立できませんでした。このメッセージは長時間キューにあったため、再試行しません。", "expired", NULL, NULL, "permanent", "recipient" },
	{ "R0302", "godaddy", "535 Authentication not allowed on IBSMTP Servers. IB401", "protocol_error", NULL, "IB401", "permanent", "no-login" },
	{ "R0302", "godaddy", "535 IBSMTPサーバーでは認証が許可されていません。IB401", "protocol_error", NULL, "IB401", "permanent", "no-login" },
	{ "R0303", "godaddy", "mail: 550 probe@example.jp Blank From: addresses are not allowed. Provide a valid From. IB501", "sender_rejected", NULL, "IB501", "permanent", "sender" },
	{ "R0303", "godaddy", "550 probe@example.jp 送信元アドレスを空白にすることはできません。有効な送信元を指定してください。IB501", "sender_rejected", NULL, "IB501", "permanent", "sender" },
	{ "R0304", "godaddy", "mail: 550 probe@example.jp IP addresses are not allowed as a From: Address. Provide a valid From. IB502", "sender_rejected", NULL, "IB502", "permanent", "sender" },
	{ "R0304", "godaddy", "550 probe@example.jp IPアドレスが送信元アドレスとして許可されていません。有効な送信元を指定してください。IB502", "sender_rejected", NULL, "IB502", "permanent", "sender" },
	{ "R0305", "godaddy", "mail: 550 example.jp From: Domain is invalid. Provide a valid From: IB506", "sender_domain", NULL, "IB506", "permanent", "sender-domain" },
	{ "R0305", "godaddy", "550 example.jp 送信元ドメインが無効です。有効な送信元を指定してください。IB506", "sender_domain", NULL, "IB506", "permanent", "sender-domain" },
	{ "R0306", "godaddy", "mail: 550 probe@example.jp Invalid SPF record. Inspect your SPF settings, and try again. IB508", "auth_spf", NULL, "IB508", "permanent", "spf" },
	{ "R0306", "godaddy", "550 probe@example.jp 無効なSPFレコードです。SPF設定を確認し、もう一度お試しください。IB508", "auth_spf", NULL, "IB508", "permanent", "spf" },
	{ "R0307", "godaddy", "mail: 550 5.1.0 203.0.113.5 is not allowed to send from <example.jp> per it's SPF Record. Please inspect your SPF settings, and try again. IB508 <http://x.co/srbounce>", "auth_spf", NULL, "IB508", "permanent", "spf" },
	{ "R0308", "godaddy", "banner: 421 Temporarily rejected. Reverse DNS for this IP failed. IB108", "auth_ptr", NULL, "IB108", "temporary", "ptr" },
	{ "R0308", "godaddy", "421 一時的に拒否されました。このIPの逆引きDNSを実行できませんでした。IB108", "auth_ptr", NULL, "IB108", "temporary", "ptr" },
	{ "R0309", "godaddy", "552 This message has been rejected due to content judged to be spam by the internet community. IB212", "content_spam", NULL, "IB212", "permanent", "godaddy-content" },
	{ "R0309", "godaddy", "552 このメッセージは、インターネットコミュニティにおいて内容がスパムであると判断されており、受信拒否されています。IB212", "content_spam", NULL, "IB212", "permanent", "godaddy-content" },
	{ "R0310", "godaddy", "552 Virus infected message rejected. IB705", "content_malware", NULL, "IB705", "permanent", "godaddy-content" },
	{ "R0310", "godaddy", "552 ウイルスに感染したメッセージが拒否されました。IB705", "content_malware", NULL, "IB705", "permanent", "godaddy-content" },
	{ "R0311", "godaddy", "rcpt: 452 This message contains too many recipients. Reduce the number of recipients and retry. IB605", "rate_recipients", NULL, "IB605", "temporary", "godaddy-limits" },
	{ "R0311", "godaddy", "452 このメッセージには受信者が多すぎます。受信者の数を減らしてもう一度お試しください。IB605", "rate_recipients", NULL, "IB605", "temporary", "godaddy-limits" },
	{ "R0312", "godaddy", "banner: 421 Connection refused, too many sessions from This IP. Lower the number of concurrent sessions. IB007", "rate_connection", NULL, "IB007", "temporary", "fewer-connections" },
	{ "R0312", "godaddy", "421 接続が拒否されました。このIPからのセッションが多すぎます。同時セッション数を減らしてください。IB007", "rate_connection", NULL, "IB007", "temporary", "fewer-connections" },
	{ "R0313", "godaddy", "554 This IP has been temporarily blocked for attempting to send too many messages containing content judged to be spam by the Internet community. IB110", "blocklist_own", NULL, "IB110", "temporary", "godaddy-spam" },
	{ "R0313", "godaddy", "554 このIPは、インターネットコミュニティにおいてスパムと判断された内容を含むメッセージを大量に送信しようとしたため、一時的にブロックされました。IB110", "blocklist_own", NULL, "IB110", "temporary", "godaddy-spam" },
	{ "R0314", "godaddy", "554 This IP has been blocked for the day, for attempting to send too many messages containing content judged to be spam by the Internet community. IB111", "blocklist_own", NULL, "IB111", "temporary", "godaddy-spam" },
	{ "R0314", "godaddy", "554 このIPは、インターネットコミュニティにおいてスパムと判断された内容を含むメッセージを大量に送信しようとしたため、今日はブロックされています。IB111", "blocklist_own", NULL, "IB111", "temporary", "godaddy-spam" },
	{ "R0315", "godaddy", "554 This IP has been temporarily blocked for attempting to mail too many invalid recipients. IB112", "blocklist_own", NULL, "IB112", "temporary", "godaddy-recipients" },
	{ "R0315", "godaddy", "554 このIPは、無効な受信者に大量のメールを送信しようとしたため、一時的にブロックされました。IB112", "blocklist_own", NULL, "IB112", "temporary", "godaddy-recipients" },
	{ "R0316", "godaddy", "554 This IP has been blocked for the day, for attempting to mail too many invalid recipients. IB113", "blocklist_own", NULL, "IB113", "temporary", "godaddy-recipients" },
	{ "R0316", "godaddy", "554 このIPは、無効な受信者に大量のメールを送信しようとしたため、今日はブロックされています。IB113", "blocklist_own", NULL, "IB113", "temporary", "godaddy-recipients" },
	{ "R0317", "godaddy", "550 This IP has sent too many messages this hour. IB504", "rate_message", NULL, "IB504", "temporary", "godaddy-limits" },
	{ "R0317", "godaddy", "550 このIPは、1時間内に許容されている数を超えるメッセージを送信しました。IB504", "rate_message", NULL, "IB504", "temporary", "godaddy-limits" },
	{ "R0318", "godaddy", "550 This message has exceeded the max number of messages per session. Open a new session and try again. IB510", "rate_message", NULL, "IB510", "temporary", "godaddy-limits" },
	{ "R0318", "godaddy", "550 このメッセージはセッション毎の最大メッセージ数を超過しています。新しいセッションを開いてもう一度お試しください。IB510", "rate_message", NULL, "IB510", "temporary", "godaddy-limits" },
	{ "R0319", "godaddy", "rcpt: 550 This IP has sent too many to too many recipients this hour. IB607", "rate_recipients", NULL, "IB607", "temporary", "godaddy-limits" },
	{ "R0319", "godaddy", "550 このIPは、1時間内に許容されている数を超えるメッセージを、多数の受信者に送信しました。IB607", "rate_recipients", NULL, "IB607", "temporary", "godaddy-limits" },
	{ "R0320", "godaddy", "rcpt: 550 5.1.1 <user@example.net> - 203.0.113.5 has sent to too many recipients this hour. IB607 <http://x.co/rlbounce>", "rate_recipients", NULL, "IB607", "temporary", "godaddy-limits" },
	{ "R0321", "godaddy", "banner: 554 RBL Reject.", "blocklist_own", NULL, NULL, "permanent", "godaddy-rbl" },
	{ "R0321", "godaddy", "554 RBLにより拒否されました。", "blocklist_own", NULL, NULL, "permanent", "godaddy-rbl" },
	{ "R0322", "godaddy", "banner: 554 Connection refused. This IP has a poor reputation on Cloudmark Sender Intelligence (CSI). IB103", "blocklist_dnsbl", "Cloudmark Sender Intelligence", "IB103", "permanent", "cloudmark" },
	{ "R0322", "godaddy", "554 接続が拒否されました。このIPは、Cloudmark Sender Intelligence(CSI)での評判が良くありません。IB103", "blocklist_dnsbl", "Cloudmark Sender Intelligence", "IB103", "permanent", "cloudmark" },
	{ "R0323", "godaddy", "banner: 554 Connection refused. This IP address is listed on the Spamhaus Block List (SBL). IB104", "blocklist_dnsbl", "Spamhaus SBL", "IB104", "permanent", "spamhaus-sbl" },
	{ "R0323", "godaddy", "554 接続が拒否されました。このIPは、Spamhaus Block List(SBL)に登録されています。IB104", "blocklist_dnsbl", "Spamhaus SBL", "IB104", "permanent", "spamhaus-sbl" },
	{ "R0324", "godaddy", "banner: 554 Connection refused. This IP address is listed on the Exploits Block List (XBL). IB105", "blocklist_dnsbl", "Spamhaus XBL", "IB105", "permanent", "spamhaus-xbl" },
	{ "R0324", "godaddy", "554 接続が拒否されました。このIPは、Exploits Block List(XBL)に登録されています。IB105", "blocklist_dnsbl", "Spamhaus XBL", "IB105", "permanent", "spamhaus-xbl" },
	{ "R0325", "godaddy", "banner: 554 p3plibsmtp01-04.prod.phx3.secureserver.net bizsmtp IB105. Connection refused. 203.0.113.5 is listed on the Exploits Block List (XBL) <http://www.spamhaus.org/query/ip/203.0.113.5> Please visit http://www.spamhaus.org/xbl/ for more information.", "blocklist_dnsbl", "Spamhaus XBL", "IB105", "permanent", "spamhaus-xbl" },
	{ "R0327", "godaddy", "banner: 554 Connection refused. This IP address is listed on the Policy Block List (PBL). IB106", "blocklist_dnsbl", "Spamhaus PBL", "IB106", "permanent", "spamhaus-pbl" },
	{ "R0327", "godaddy", "554 接続が拒否されました。このIPは、Policy Block List(PBL)に登録されています。IB106", "blocklist_dnsbl", "Spamhaus PBL", "IB106", "permanent", "spamhaus-pbl" },
};

/* Bounces of mailboxes that GoDaddy keeps at Microsoft 365. */
static const struct seed microsoft_365[] = {
	{ "R0079", "microsoft_365", "550 5.7.705 サービスを利用できません。アクセス拒否、テナントがしきい値を超えました。", "blocklist_own", NULL, NULL, "permanent", "microsoft-tenant" },
	{ "R0082", "microsoft_365", "550 5.1.8 Access denied, bad outbound sender", "blocklist_own", NULL, NULL, "permanent", "microsoft-tenant" },
	{ "R0082", "microsoft_365", "550 5.1.8 アクセスが拒否されました。問題のあるアウトバウンド送信者です。", "blocklist_own", NULL, NULL, "permanent", "microsoft-tenant" },
	{ "R0083", "microsoft_365", "rcpt: 550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [SG2APC01FT0012.eop-APC01.prod.protection.outlook.com]", "recipient_unknown", NULL, "AS(201806281)", "permanent", "microsoft-recipient" },
	{ "R0083", "microsoft_365", "550 5.4.1 受信者アドレス拒否:アクセスが拒否されました。AS(201806281)", "recipient_unknown", NULL, "AS(201806281)", "permanent", "microsoft-recipient" },
	{ "R0086", "microsoft_365", "550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found", "recipient_unknown", NULL, NULL, "permanent", "outlook-address-book" },
	{ "R0086", "microsoft_365", "IMCEAEX-_O=CHOST_OU=EXCHANGE+20ADMINISTRATIVE+20GROUP+20+28FYDIBOHF23SPDLT+29_CN=RECIPIENTS_CN=user@ex2.secureserver.net #550 5.1.1 RESOLVER.ADR.ExRecipNotFound; 見つかりません ##", "recipient_unknown", NULL, NULL, "permanent", "outlook-address-book" },
	{ "R0087", "microsoft_365", "550 5.7.520 Access denied, Your organization does not allow external forwarding. AS(7555)", "policy_other", NULL, "AS(7555)", "permanent", "microsoft-forwarding" },
	{ "R0087", "microsoft_365", "所属している組織が外部への転送を許可していません。", "policy_other", NULL, NULL, "permanent", "microsoft-forwarding" },
};
/* clang-format on */

Test(seeds, of_microsofts_consumer_service_are_told)
{
	EXPECT_SEEDS(microsoft);
}

Test(seeds, without_a_name_mean_that_the_host_is_taken_for_a_spammer)
{
	EXPECT_SEEDS(unnamed);
}

Test(seeds, of_godaddy_are_told_in_english_and_in_japanese)
{
	EXPECT_SEEDS(godaddy);
}

Test(seeds, of_microsoft_365_are_told_in_english_and_in_japanese)
{
	EXPECT_SEEDS(microsoft_365);
}

/* ---- nothing is left out ---- */

static size_t
count_rows(const struct seed *seeds, size_t count)
{
	size_t rows = 0;

	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(seeds[i].row, seeds[i - 1].row) != 0)
			rows++;
	return rows;
}

#define COUNT_ROWS(table) count_rows(table, sizeof(table) / sizeof *(table))

Test(seeds, stand_for_every_row_of_the_index)
{
	cr_assert_eq(COUNT_ROWS(microsoft) + COUNT_ROWS(unnamed) + COUNT_ROWS(godaddy) +
			 COUNT_ROWS(microsoft_365),
	    ROWS);
}
