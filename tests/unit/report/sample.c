/* sample.c - a table of who was probed and what happened. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "tests/unit/report/sample.h"

#define TIME_US INT64_C(1795294800123456) /* 2026-11-21T21:00:00.123456Z */

struct sample {
	const char *source, *destination, *mx_host, *address;
	uint16_t port;
	bool has_session;
	const char *reply; /* the deciding one; NULL: none came */
	size_t reply_len;  /* 0: strlen */
	struct mx_finding finding;
	const char *text, *provider_code, *listed_value; /* owned parts of the finding */
	const char *list, *delist_url;
};

#define REPLY(bytes) bytes, sizeof bytes - 1
#define NO_REPLY NULL, 0
#define FINDING(...)        \
	{                   \
		__VA_ARGS__ \
	}

/* clang-format off */
static const struct sample samples[SAMPLE_COUNT] = {
	[MX_V_FAILED] = { "203.0.113.5", "example.net", "mx.example.net", "198.51.100.1", 25, false,
		NO_REPLY, FINDING(.stage = MX_STAGE_CONNECT, .category = "unknown"),
		"cannot bind 203.0.113.5: Cannot assign requested address", NULL, NULL, NULL, NULL },
	[MX_V_BLOCKED] = { "203.0.113.5", "outlook.com",
		"outlook-com.olc.protection.outlook.com", "52.101.8.33", 25, true,
		REPLY("550 5.7.1 Unfortunately, messages from [203.0.113.5] weren't sent. Please "
		      "contact your Internet service provider since part of their network is on our "
		      "block list (S3140)."),
		FINDING(.stage = MX_STAGE_MAIL, .code = 550, .enhanced = { 7, 1, 5 },
		    .category = "blocklist_own", .about = "sender_ip", .permanence = "permanent",
		    .authority = "Microsoft", .rule = "microsoft.s3140",
		    .confidence = 0.99, .remedy = "microsoft-consumer", .candidate_count = 1,
		    .candidates = { { "policy_other", NULL, 0.2 } }),
		"Unfortunately, messages from [203.0.113.5] weren't sent. Please contact your "
		"Internet service provider since part of their network is on our block list (S3140).",
		"S3140", "203.0.113.5", "Outlook.com block list", "https://sender.office.com/" },
	[MX_V_IDENTITY] = { "203.0.113.5", "example.org", "mx.example.org", "198.51.100.2", 25, true,
		REPLY("550 5.7.25 The IP address sending this message does not have a PTR record."),
		FINDING(.stage = MX_STAGE_RCPT, .code = 550, .enhanced = { 7, 25, 5 },
		    .category = "auth_ptr", .about = "sender_ip", .permanence = "permanent",
		    .rule = "generic.ptr", .confidence = 0.9),
		"The IP address sending this message does not have a PTR record.", NULL, NULL, NULL, NULL },
	[MX_V_POLICY] = { "203.0.113.5", "example.com", "mx.example.com", "198.51.100.3", 25, true,
		REPLY("554 5.7.1 <me@example.com>: Relay access denied"),
		FINDING(.stage = MX_STAGE_RCPT, .code = 554, .enhanced = { 7, 1, 5 },
		    .category = "relay_denied", .about = "recipient", .permanence = "permanent",
		    .rule = "postfix.relay", .confidence = 0.95),
		"<me@example.com>: Relay access denied", NULL, NULL, NULL, NULL },
	[MX_V_THROTTLED] = { "203.0.113.5", "hotmail.com", "hotmail-com.olc.protection.outlook.com",
		"52.101.9.9", 25, true,
		REPLY("451 4.7.650 The mail server [203.0.113.5] has been temporarily rate limited due "
		      "to IP reputation."),
		FINDING(.stage = MX_STAGE_MAIL, .code = 451, .enhanced = { 7, 650, 4 },
		    .category = "reputation_ip", .about = "sender_ip", .permanence = "temporary",
		    .authority = "Microsoft", .rule = "microsoft.4-7-650", .confidence = 0.98,
		    .retry_after_s = 7200),
		"The mail server [203.0.113.5] has been temporarily rate limited due to IP reputation.",
		NULL, "203.0.113.5", NULL, NULL },
	[MX_V_GREYLISTED] = { "203.0.113.5", "grey.test", "mx1.grey.test", "198.51.100.4", 25, true,
		REPLY("450 4.2.0 Greylisted, see https://postgrey.example/help"),
		FINDING(.stage = MX_STAGE_RCPT, .code = 450, .enhanced = { 2, 0, 4 },
		    .category = "greylisted", .about = "message", .permanence = "temporary",
		    .rule = "generic.greylist", .confidence = 0.97),
		"Greylisted, see https://postgrey.example/help", NULL, NULL, NULL, NULL },
	[MX_V_RECIPIENT] = { "203.0.113.5", "docomo.ne.jp", "mfsmax.docomo.ne.jp", "203.138.180.112",
		25, true, REPLY("550 Unknown user me@docomo.ne.jp"),
		FINDING(.stage = MX_STAGE_RCPT, .code = 550, .category = "recipient_unknown",
		    .about = "recipient", .permanence = "permanent", .rule = "docomo.unknown",
		    .confidence = 0.8),
		"Unknown user me@docomo.ne.jp", NULL, NULL, NULL, NULL },
	[MX_V_VOID] = { "203.0.113.5", "nat.test", "mx.nat.test", "198.51.100.5", 25, true,
		REPLY("250 OK"), FINDING(.stage = MX_STAGE_EHLO, .code = 250, .category = "unknown",
		    .about = "sender_ip"), "mx.nat.test Hello [198.51.100.77]", NULL, NULL, NULL, NULL },
	[MX_V_BROKEN] = { "2001:db8:1:2:3:4:5:6", "broken.test", "mx.broken.test", "2001:db8::25", 2525,
		true, NO_REPLY, FINDING(.stage = MX_STAGE_EHLO, .category = "protocol_error",
		    .about = "network", .permanence = "temporary"),
		"the server closed the connection", NULL, NULL, NULL, NULL },
	[MX_V_UNREACHABLE] = { "203.0.113.5", "nowhere.test", NULL, NULL, 0, false, NO_REPLY,
		FINDING(.stage = MX_STAGE_CONNECT, .category = "routing_error"),
		"nowhere.test: no such domain", NULL, NULL, NULL, NULL },
	[MX_V_SUPPRESSED] = { "203.0.113.5", "live.jp", "live-jp.olc.protection.outlook.com", NULL, 0,
		false, NO_REPLY, FINDING(.stage = MX_STAGE_CONNECT, .category = "unknown"),
		"not probed: one session per source and provider; try again in 30 minutes", NULL, NULL, NULL, NULL },
	[MX_V_ACCEPTED] = { "203.0.113.5", "example.test", "mx1.example.test", "198.51.100.6", 25, true,
		REPLY("250 2.1.5 Ok"), FINDING(.stage = MX_STAGE_CONNECT), NULL, NULL, NULL, NULL, NULL },
	/* escape sequences, a bell, a forged line, a right-to-left override, 8-bit and C1 bytes, a
	 * bar, quotes and a backslash */
	[SAMPLE_HOSTILE] = { "203.0.113.5", "evil.test", "mx.evil\x1b[2J.test", "198.51.100.66", 25, true,
		REPLY("550 5.7.1 \x1b[31mred\x1b[0m \a\r\nmxprobe: forged \xe2\x80\xae" "drawkcab \xff\xfe "
		      "\xc2\x9b" "1m a|b \"q\" c:\\d nul\0behind \xe6\x97\xa5\xe6\x9c\xac"),
		FINDING(.stage = MX_STAGE_RCPT, .code = 550, .enhanced = { 7, 1, 5 },
		    .category = "policy_other", .permanence = "permanent"),
		"\x1b[31mred\x1b[0m \a\r\nmxprobe: forged \xe2\x80\xae" "drawkcab \xff\xfe \xc2\x9b" "1m a|b "
		"\"q\" c:\\d \xe6\x97\xa5\xe6\x9c\xac", "\x1b]0;x\a", "<b>\x1b[5m", "\x1b[7mlist",
		"https://evil.test/|\x1b[1m" },
};

static const char *const blind_spots[] = { "IP, PTR, SPF, DKIM, DMARC are judged at end of DATA" };
static const char *const gmail_domains[] = { "gmail.com" };
static const struct mx_provider gmail = {
	.id = "gmail", .name = "Gmail", .domains = gmail_domains, .domain_count = 1,
	.depth = MX_STAGE_RCPT, .probe = true, .blind_spots = blind_spots, .blind_spot_count = 1,
	.observable = false,
};
static const struct mx_provider outlook = {
	.id = "microsoft_consumer", .name = "Outlook.com / Hotmail", .depth = MX_STAGE_MAIL,
	.probe = true, .observable = true,
};
/* clang-format on */

static void
say(struct mx_transcript *t, int64_t at_us, enum mx_stage stage, enum mx_speaker from,
    const char *text, size_t len)
{
	mx_transcript_add(t, at_us, stage, from, text, len);
}

static void
answer(struct mx_transcript *t, int64_t asked_us, int64_t done_us, enum mx_stage stage,
    const char *text, size_t len)
{
	struct mx_reply_record reply = {
		.stage = stage,
		.code = (int)strtol(text, NULL, 10),
		.first_line = t->line_count,
		.lines = 1,
		.asked_us = asked_us,
		.done_us = done_us,
	};

	say(t, done_us, stage, MX_FROM_SERVER, text, len);
	mx_enhanced_parse(text + 4, len - 4, &reply.enhanced);
	mx_transcript_add_reply(t, &reply);
}

#define ANSWER(t, asked, done, stage, text) \
	answer(t, asked, done, stage, text, sizeof text - 1)
#define SAY(t, at, stage, text) say(t, at, stage, MX_FROM_CLIENT, text, sizeof text - 1)

/* Up to EHLO everybody gets the same; then the deciding reply, if there is one. */
static struct mx_transcript *
session_of(const struct sample *s)
{
	struct mx_transcript *t = mx_transcript_new();
	size_t len = s->reply_len;

	t->started_wall_us = TIME_US;
	t->connected_us = 12100;
	say(t, 12100, MX_STAGE_CONNECT, MX_FROM_PROBE, "connected", 9);
	ANSWER(t, 12100, 42300, MX_STAGE_BANNER, "220 mx.example ESMTP");
	SAY(t, 42400, MX_STAGE_EHLO, "EHLO mail.example.jp");
	if (s->reply == NULL) {
		mx_transcript_end(t, 60000, MX_END_CLOSED, MX_STAGE_EHLO, NULL);
		return t;
	}
	ANSWER(t, 42400, 50000, MX_STAGE_EHLO, "250 mx.example");
	SAY(t, 50100, MX_STAGE_MAIL, "MAIL FROM:<probe@example.jp>");
	if (s->finding.stage == MX_STAGE_MAIL) {
		answer(t, 50100, 61000, MX_STAGE_MAIL, s->reply, len);
	} else {
		ANSWER(t, 50100, 60000, MX_STAGE_MAIL, "250 2.1.0 Ok");
		SAY(t, 60100, MX_STAGE_RCPT, "RCPT TO:<me@example.com>");
		answer(t, 60100, 71500, MX_STAGE_RCPT, s->reply, len);
	}
	SAY(t, 72000, MX_STAGE_QUIT, "QUIT");
	ANSWER(t, 72000, 73000, MX_STAGE_QUIT, "221 2.0.0 Bye");
	mx_transcript_end(t, 73000, MX_END_QUIT, MX_STAGE_QUIT, NULL);
	return t;
}

/* The accepted one did TLS, with a certificate that does not hold. */
static void
add_tls(struct mx_transcript *t)
{
	t->tls_done_us = 50000 + 1500;
	t->tls = (struct mx_tls_facts){
		.seen = MX_TLS_DONE,
		.verified = false,
		.reason = mx_strdup("self-signed certificate"),
		.version = mx_strdup("TLSv1.3"),
		.cipher = mx_strdup("TLS_AES_256_GCM_SHA384"),
		.names = { mx_strdup("mx1.example.test"), mx_strdup("*.example.test") },
		.name_count = 2,
		.not_after_s = 1798761599,
		.dane = MX_DANE_VALID,
		.dane_detail = mx_strdup("TLSA 3 1 1 names the server's key"),
	};
	/* As a session has it: STARTTLS's reply before the handshake. */
	t->replies[1].stage = MX_STAGE_STARTTLS;
	t->replies[1].code = 220;
}

static struct mx_addr
addr_of(const char *text, uint16_t port)
{
	struct mx_addr addr = { .family = AF_UNSPEC };

	if (text != NULL && mx_addr_parse(text, &addr))
		addr.port = port;
	return addr;
}

struct mx_result *
sample_result(size_t index)
{
	const struct sample *s = &samples[index];
	struct mx_result *r = mx_calloc(1, sizeof *r);

	memcpy(r->id, "01JD7Y8Q2MZ4N5P6Q7R8S9TVWX", sizeof r->id);
	r->order = index;
	r->time_us = TIME_US;
	r->source = addr_of(s->source, 0);
	r->helo = mx_strdup("mail.example.jp");
	r->mail_from = mx_strdup("probe@example.jp");
	r->rcpt = mx_strdup("me@example.com");
	r->destination = mx_strdup(s->destination);
	r->mx_host = mx_strdup(s->mx_host);
	r->preference = 10;
	r->address = addr_of(s->address, s->port);
	r->dnssec = MX_DNSSEC_INSECURE;
	r->route = s->mx_host != NULL ? MX_ROUTE_MX : MX_ROUTE_NONE;
	r->depth = MX_STAGE_RCPT;
	r->provider = index == MX_V_BLOCKED || index == MX_V_THROTTLED ? &outlook : NULL;
	r->transcript = s->has_session ? session_of(s) : NULL;
	r->judgement.verdict =
	    index == SAMPLE_HOSTILE ? MX_V_POLICY : (enum mx_verdict)index;
	r->judgement.reached = r->transcript != NULL
				   ? mx_transcript_reached(r->transcript)
				   : MX_STAGE_CONNECT;
	r->judgement.has_finding = index != MX_V_ACCEPTED;
	r->judgement.finding = s->finding;
	if (s->finding.retry_after_s == 0)
		r->judgement.finding.retry_after_s = -1;
	r->judgement.finding.text = mx_strdup(s->text);
	r->judgement.finding.list = mx_strdup(s->list);
	r->judgement.finding.delist_url = mx_strdup(s->delist_url);
	r->judgement.finding.provider_code = mx_strdup(s->provider_code);
	r->judgement.finding.listed_value = mx_strdup(s->listed_value);
	if (index == MX_V_VOID)
		r->judgement.seen_source = addr_of("198.51.100.77", 0);
	if (index == MX_V_ACCEPTED) {
		r->probed = 1;
		r->addresses = 4;
		add_tls(r->transcript);
		r->mta_sts = MX_MTA_STS_RESULT_MISMATCH;
		r->has_mta_sts_policy = true;
		r->mta_sts_mode = MX_MTA_STS_MODE_TESTING;
		r->mta_sts_text = mx_strdup("MTA-STS mismatch: the policy (mode testing) "
					    "does not list mx1.example.test");
	}
	return r;
}

struct mx_result *
sample_blind(void)
{
	struct mx_result *r = sample_result(MX_V_ACCEPTED);

	free(r->destination);
	r->destination = mx_strdup("gmail.com");
	r->provider = &gmail;
	r->transcript->tls.verified = true;
	free(r->transcript->tls.reason);
	r->transcript->tls.reason = NULL;
	return r;
}

char *
sample_print(const char *format, const struct mx_report_options *options,
    struct mx_result *const *results, size_t count)
{
	char *text = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);
	struct mx_error err = { 0 };
	struct mx_report *report = mx_report_new(format, stream, options, &err);

	if (report == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		mx_report_result(report, results[i]);
	if (mx_report_finish(report, &err) != MX_OK)
		abort();
	mx_report_free(report);
	fclose(stream);
	return text;
}
