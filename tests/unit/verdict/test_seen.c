#include "probe/verdict/seen.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "probe/base/mem.h"
#include "tests/unit/verdict/dialogue.h"

TestSuite(seen, .timeout = 20);

#define EHLO "banner< 220 mx.example.net ESMTP\nehlo> EHLO mail.example.jp\n"

/* clang-format off */
static const struct {
	const char *script, *named; /* "": nobody named */
	bool ours;
} cases[] = {
	/* the greeting line of EHLO */
	{ EHLO "ehlo< 250-mx.google.com at your service, [203.0.113.5]\nehlo< 250 SIZE 1", "203.0.113.5", true },
	{ EHLO "ehlo< 250-x.mail.protection.outlook.com Hello [203.0.113.5]\nehlo< 250 SIZE 1", "203.0.113.5", true },
	{ EHLO "ehlo< 250-mx.example.net Hello mail.example.jp [198.51.100.7], pleased to meet you\nehlo< 250 OK", "198.51.100.7", false },
	{ EHLO "ehlo< 250 mx.example.net Hello mail.example.jp ([198.51.100.7]) via 203.0.113.5", "203.0.113.5", true },
	{ EHLO "ehlo< 250 mx.example.net Hello [IPv6:2001:db8::7]", "2001:db8::7", false },
	{ EHLO "ehlo< 250 mx.example.net", "", false },
	/* the server's own name or later lines never name us */
	{ EHLO "ehlo< 250 [198.51.100.25] Hello mail.example.jp", "", false },
	{ EHLO "ehlo< 250-mx.example.net Hello\nehlo< 250 X-NODE 198.51.100.25", "", false },
	/* refusals */
	{ "banner< 554 5.7.1 Service unavailable; Client host [198.51.100.7] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/198.51.100.7", "198.51.100.7", false },
	{ "banner< 554 IP=198.51.100.7 - A problem occurred.", "198.51.100.7", false },
	{ EHLO "ehlo< 250 OK\nmail> MAIL FROM:<>\nmail< 550 5.7.1 Unfortunately, messages from [198.51.100.7] weren't sent.", "198.51.100.7", false },
	{ EHLO "ehlo< 250 OK\nmail> MAIL FROM:<>\nmail< 421 4.7.0 [TSS04] Messages from 198.51.100.7 temporarily deferred - 4.16.55.1; see", "198.51.100.7", false },
	{ EHLO "ehlo< 250 OK\nrcpt> RCPT TO:<>\nrcpt< 554 5.7.1 <mail.example.jp[198.51.100.7]>: Client host rejected: Access denied", "198.51.100.7", false },
	{ EHLO "ehlo< 250 OK\nmail> MAIL FROM:<>\nmail< 451 4.7.650 The mail server [203.0.113.5] has been temporarily rate limited", "203.0.113.5", true },
	/* DNSBL codes, web addresses, versions, other hosts */
	{ "banner< 554 5.7.1 blocked using zen.spamhaus.org=127.0.0.2; see https://www.spamhaus.org/query/ip/198.51.100.7", "", false },
	{ "banner< 554 see https://example.net/?from=198.51.100.7", "", false },
	{ "banner< 554 Exim 4.96.0.1 says no", "", false },
	{ "banner< 554 refused, ask resolver at [198.51.100.53]", "", false },
	{ "banner< 220 [198.51.100.25] ESMTP", "", false },
};
/* clang-format on */

Test(seen, is_found_where_a_client_is_named_and_only_there)
{
	const struct mx_identity identity = dialogue_identity();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mx_transcript *transcript =
		    dialogue_play(cases[i].script, MX_END_QUIT, MX_STAGE_QUIT);
		char text[MX_ADDR_TEXT] = "";
		struct mx_seen seen;

		mx_seen_find(transcript, &identity, &seen);
		if (seen.named.family != AF_UNSPEC)
			mx_addr_text(&seen.named, text);
		cr_assert_str_eq(
		    text, cases[i].named, "\"%s\" from: %s", text, cases[i].script);
		cr_assert_eq(seen.ours_occurs, cases[i].ours, "%s", cases[i].script);
		mx_transcript_free(transcript);
	}
}

Test(seen, does_not_take_our_own_literal_helo_for_what_the_server_sees)
{
	struct mx_identity identity = dialogue_identity();
	struct mx_transcript *transcript = dialogue_play(EHLO
	    "ehlo< 250 mx.example.net Hello [192.0.2.1] [198.51.100.7]",
	    MX_END_QUIT, MX_STAGE_QUIT);
	struct mx_seen seen;
	char text[MX_ADDR_TEXT];

	identity.helo = "[192.0.2.1]";
	mx_seen_find(transcript, &identity, &seen);
	cr_assert_str_eq(mx_addr_text(&seen.named, text), "198.51.100.7");
	mx_transcript_free(transcript);
}

Test(seen, takes_the_declared_address_for_ours)
{
	struct mx_identity identity = dialogue_identity();
	struct mx_transcript *transcript =
	    dialogue_play(EHLO "ehlo< 250 mx.google.com at your service, [198.51.100.7]",
		MX_END_QUIT, MX_STAGE_QUIT);
	struct mx_seen seen;

	cr_assert(mx_addr_parse("198.51.100.7", &identity.seen_as));
	mx_seen_find(transcript, &identity, &seen);
	cr_assert(seen.ours_occurs);
	cr_assert(mx_addr_equal(&seen.named, &identity.seen_as));
	mx_transcript_free(transcript);
}

/* ---- one address, many spellings ---- */

static void
expect_seen(struct mx_identity *identity, const char *bound, const char *script,
    const char *named, bool ours)
{
	struct mx_transcript *transcript =
	    dialogue_play(script, MX_END_QUIT, MX_STAGE_QUIT);
	struct mx_seen seen;
	char text[MX_ADDR_TEXT];

	cr_assert(mx_addr_parse(bound, &identity->source));
	mx_seen_find(transcript, identity, &seen);
	cr_assert_str_eq(mx_addr_text(&seen.named, text), named, "%s", script);
	cr_assert_eq(seen.ours_occurs, ours, "%s", script);
	mx_transcript_free(transcript);
}

Test(seen, is_the_same_address_however_it_is_written)
{
	static const char *const v6[] = { "[2001:db8::5]", "[IPv6:2001:db8::5]",
		"[2001:DB8:0:0:0:0:0:5]", "(2001:0db8:0000:0000:0000:0000:0000:0005)",
		"[IPv6:2001:db8:0:0::5]", "[ipv6:2001:db8::0:5]" };
	static const char *const v4[] = { "[203.0.113.5]", "(203.0.113.5)",
		"[::ffff:203.0.113.5]", "[IPv6:::ffff:203.0.113.5]", "[::ffff:cb00:7105]",
		"[203.0.113.5]:4711" };
	struct mx_identity identity = dialogue_identity();
	char script[256];

	for (size_t i = 0; i < sizeof v6 / sizeof *v6; i++) {
		snprintf(script, sizeof script,
		    EHLO "ehlo< 250 mx.example.net Hello mail.example.jp %s", v6[i]);
		expect_seen(&identity, "2001:db8::5", script, "2001:db8::5", true);
		expect_seen(&identity, "2001:db8::6", script, "2001:db8::5", false);
	}
	for (size_t i = 0; i < sizeof v4 / sizeof *v4; i++) {
		snprintf(script, sizeof script,
		    EHLO "ehlo< 250 mx.example.net Hello mail.example.jp %s", v4[i]);
		expect_seen(&identity, "203.0.113.5", script, "203.0.113.5", true);
		expect_seen(&identity, "203.0.113.6", script, "203.0.113.5", false);
	}
}

Test(seen, is_not_the_servers_own_address)
{
	struct mx_identity identity = dialogue_identity();
	struct mx_seen seen;
	struct mx_transcript *transcript = dialogue_play(EHLO
	    "ehlo< 250 mx.example.net [198.51.100.25] greets mail.example.jp",
	    MX_END_QUIT, MX_STAGE_QUIT);

	cr_assert(mx_addr_parse("198.51.100.25", &identity.server));
	mx_seen_find(transcript, &identity, &seen);
	cr_assert_eq(seen.named.family, AF_UNSPEC);
	cr_assert_not(seen.ours_occurs);
	mx_transcript_free(transcript);
}
