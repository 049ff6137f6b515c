/* test_headers.c - whose Authentication-Results counts, and where the message came from. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/deliver/headers.h"

TestSuite(headers, .timeout = 10);

/* clang-format off */
static const struct {
	const char *what, *header, *wanted, *relay;
	const char *server, *spf, *dkim, *dmarc, *client;
} rows[] = {
	{ "Gmail's", "Delivered-To: me@gmail.com\r\nReceived: by 2002:a05:6402 with SMTP id x\r\n"
	  "Received: from relay.example.jp (relay.example.jp. [203.0.113.5]) by mx.google.com\r\n"
	  "Authentication-Results: mx.google.com;\r\n       dkim=pass header.i=@example.jp header.s=s1;\r\n"
	  "       spf=pass (google.com: domain of me@example.jp designates 203.0.113.5 as permitted sender)"
	  " smtp.mailfrom=me@example.jp;\r\n       dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=example.jp\r\n",
	  NULL, NULL, "mx.google.com", "pass", "pass", "fail", "203.0.113.5" },
	{ "Outlook's, without a name", "Authentication-Results: spf=pass (sender IP is 203.0.113.5)\r\n"
	  " smtp.mailfrom=example.jp; dkim=pass (signature was verified)\r\n header.d=example.jp;dmarc=bestguesspass"
	  " action=none;compauth=pass reason=109\r\n",
	  NULL, NULL, "", "pass", "pass", "bestguesspass", "203.0.113.5" },
	{ "one that came with the message is below", "Authentication-Results: mx.example.jp; spf=fail\n"
	  "Received: from x ([203.0.113.5]) by mx.example.jp\nAuthentication-Results: mx.example.jp; dmarc=pass\n",
	  NULL, NULL, "mx.example.jp", "fail", "", "", "" },
	{ "several checkers of one hop", "Authentication-Results: mx.example.jp; dkim=pass\nX-Other: 1\n"
	  "Authentication-Results: MX.example.jp; spf=softfail; dmarc=none\nAuthentication-Results: other.example; spf=pass\n",
	  NULL, NULL, "MX.example.jp", "softfail", "pass", "none", "" },
	{ "our own relay is not asked about itself", "Authentication-Results: relay.example.jp; dkim=none\n"
	  "Authentication-Results: mx.example.net; dkim=pass\n",
	  NULL, "relay.example.jp", "mx.example.net", "", "pass", "", "" },
	{ "the one that is wanted", "Authentication-Results: edge.example; spf=none\nAuthentication-Results: mx.example.net; spf=pass\n",
	  "mx.example.net", NULL, "mx.example.net", "pass", "", "", "" },
	{ "of several signatures the one that holds", "Authentication-Results: a; dkim=fail header.d=x;\n dkim=pass header.d=y; dkim=none\n",
	  NULL, NULL, "a", "", "pass", "", "" },
	{ "no result at all", "Authentication-Results: a; none\n", NULL, NULL, "a", "", "", "", "" },
	{ "a comment that says dkim=pass; and more", "Authentication-Results: a 1 (x (dkim=pass;) \\) spf=pass); dkim/1 = fail\n",
	  NULL, NULL, "a", "", "fail", "", "" },
	{ "quoted semicolons", "Authentication-Results: a; spf=fail reason=\"x; dkim=pass\"; dmarc=PASS\n",
	  NULL, NULL, "a", "fail", "", "pass", "" },
	{ "a quote inside of quotes", "Authentication-Results: a; dmarc=fail; spf=fail smtp.mailfrom=\"x\\\"; dmarc=pass; \\\"y\"@b.example\n",
	  NULL, NULL, "a", "fail", "", "fail", "" },
	{ "methods with longer names are others", "Authentication-Results: a; dkim-adsp=pass; spfx=pass; x-dmarc=pass\n",
	  NULL, NULL, "a", "", "", "", "" },
	{ "behind the header nothing counts", "Subject: x\n\nAuthentication-Results: a; spf=pass\n", NULL, NULL, "", "", "", "", "" },
};
/* clang-format on */

static const char *
text_of(const struct mx_addr *addr, char *out)
{
	return addr->family == AF_UNSPEC ? "" : mx_addr_text(addr, out);
}

Test(headers, results_are_those_that_the_receiver_wrote)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mx_auth_results out;
		char addr[MX_ADDR_TEXT];

		mx_auth_results_read(rows[i].header, strlen(rows[i].header),
		    rows[i].wanted, rows[i].relay, &out);
		cr_expect_str_eq(
		    out.server, rows[i].server, "%s: %s", rows[i].what, out.server);
		cr_expect_str_eq(out.spf, rows[i].spf, "%s: %s", rows[i].what, out.spf);
		cr_expect_str_eq(
		    out.dkim, rows[i].dkim, "%s: %s", rows[i].what, out.dkim);
		cr_expect_str_eq(
		    out.dmarc, rows[i].dmarc, "%s: %s", rows[i].what, out.dmarc);
		cr_expect_str_eq(
		    text_of(&out.client, addr), rows[i].client, "%s", rows[i].what);
	}
}

Test(headers, the_source_is_who_gave_it_to_the_receiver)
{
	static const struct {
		const char *header, *addr;
	} ways[] = {
		{ "Received: from relay (r.example [203.0.113.5]) by mx.example\n"
		  "Received: from [192.0.2.7] (unknown [192.0.2.7]) by relay\n",
		    "203.0.113.5" },
		{ "Received: from inner ([10.0.0.1]) by store\n"
		  "Received: from relay ([IPv6:2001:db8::5]) by mx\n"
		  "Received: from me ([192.0.2.7]) by relay\n",
		    "2001:db8::5" },
		{ "Received: from inner ([10.0.0.1]) by store\nReceived-SPF: pass "
		  "(x) client-ip=203.0.113.9; helo=y\n",
		    "203.0.113.9" },
		{ "Received: from relay (unknown [127.0.0.1]) by mx\n", "127.0.0.1" },
		{ "Received: by 2002:a05:6402 with SMTP id x\n", "" },
		{ "Subject: [203.0.113.5]\n", "" },
	};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct mx_addr addr =
		    mx_received_from(ways[i].header, strlen(ways[i].header));
		char text[MX_ADDR_TEXT];

		cr_expect_str_eq(text_of(&addr, text), ways[i].addr, "%zu: %s", i,
		    text_of(&addr, text));
	}
}
