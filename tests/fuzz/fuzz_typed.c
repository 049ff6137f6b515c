/*
 * fuzz_typed.c - properties of what reads a word of a user's (the command line, the configuration): it says yes
 * and the value reads back as the same, or no with one sentence; and no sentence repeats a password.
 * The first byte chooses the reader, the rest is the word.
 */
#include <stdbool.h>
#include <string.h>

#include "probe/base/addr.h"
#include "probe/base/clock.h"
#include "probe/base/duration.h"
#include "probe/base/mem.h"
#include "probe/dns/name.h"
#include "probe/mail/route.h"
#include "probe/net/fetch_imap.h"
#include "probe/net/fetch_url.h"
#include "probe/plan/mailbox.h"
#include "probe/report/nagios_range.h"
#include "probe/report/template.h"
#include "tests/fuzz/fuzz.h"

/* One line, and nothing of what stands between the first colon behind the scheme and the last @. */
static void
check_refusal(const struct mx_error *err, const char *text)
{
	const char *scheme = strstr(text, "://"), *at = strrchr(text, '@');
	const char *colon = scheme != NULL ? strchr(scheme + 3, ':') : NULL;
	char *password;

	FUZZ_REQUIRE(err->code != MX_OK && *err->text != '\0');
	FUZZ_REQUIRE(strpbrk(err->text, "\n\r\033") == NULL);
	if (colon == NULL || at == NULL || at < colon + 8)
		return;
	password = mx_strndup(colon + 1, (size_t)(at - colon - 1));
	FUZZ_REQUIRE(strstr(err->text, password) == NULL);
	free(password);
}

static void
read_relay(const char *text)
{
	struct mx_error err = { 0 };
	struct mx_mail_route route, again;
	char *host;

	if (mx_mail_route_parse(&route, text, &err) != MX_OK) {
		check_refusal(&err, text);
	} else {
		char *url;

		host = mx_mail_route_text(&route);
		url = mx_asprintf(
		    "smtp%s://%s", route.tls == MX_MAIL_IMPLICIT ? "s" : "", host);
		FUZZ_REQUIRE(route.port != 0 && *route.host != '\0');
		FUZZ_REQUIRE(route.user == NULL || *route.user != '\0');
		FUZZ_REQUIRE(mx_mail_route_parse(&again, url, &err) == MX_OK);
		FUZZ_REQUIRE(strcmp(again.host, route.host) == 0);
		FUZZ_REQUIRE(again.port == route.port && again.tls == route.tls);
		mx_mail_route_clear(&again);
		free(url);
		free(host);
	}
	mx_mail_route_clear(&route);
}

static void
read_inbox(const char *text)
{
	struct mx_error err = { 0 };
	struct mx_imap_account account;

	if (mx_imap_account_parse(&account, text, &err) != MX_OK)
		check_refusal(&err, text);
	else
		FUZZ_REQUIRE(strncmp(account.url, "imap", 4) == 0 &&
			     strpbrk(account.url, "@ \r\n\"") == NULL);
	/* It goes to the server as it is. */
	for (const char *c = account.user; c != NULL && *c != '\0'; c++)
		FUZZ_REQUIRE((unsigned char)*c >= ' ' && *c != 0x7f);
	FUZZ_REQUIRE(account.user == NULL || err.code != MX_OK || *account.user != '\0');
	mx_imap_account_clear(&account);
}

static void
read_url(const char *text)
{
	struct mx_error err = { 0 };
	struct mx_fetch_url url;

	if (mx_fetch_url_parse(&url, text, &err) != MX_OK)
		check_refusal(&err, "");
	else
		FUZZ_REQUIRE(url.port != 0 && *url.host != '\0' && *url.path == '/' &&
			     strpbrk(url.path, " \r\n") == NULL &&
			     strpbrk(url.host, "/@ \r\n") == NULL);
	mx_fetch_url_clear(&url);
}

static void
read_range(const char *text)
{
	struct mx_error err = { 0 };
	struct mx_nagios_range range = { 0 };

	if (mx_nagios_range_parse("--warning", text, &range, &err) != MX_OK) {
		check_refusal(&err, "");
		return;
	}
	FUZZ_REQUIRE(range.is_set && range.low <= range.high);
	FUZZ_REQUIRE(mx_nagios_range_tells(&range, range.low) == range.is_inside);
}

static void
read_span(const char *text)
{
	char shown[MX_DURATION_TEXT];
	int64_t us = -1, again = -1;

	if (!mx_duration_parse(text, &us)) {
		FUZZ_REQUIRE(us == -1);
		return;
	}
	FUZZ_REQUIRE(us >= 0 && us % MX_SECOND_US == 0);
	FUZZ_REQUIRE(mx_duration_parse(mx_duration_text(us, shown), &again));
	FUZZ_REQUIRE(again == us);
}

static void
read_addr(const char *text)
{
	struct mx_addr addr, again;
	char shown[MX_ADDR_TEXT];

	if (!mx_addr_parse(text, &addr))
		return;
	FUZZ_REQUIRE(mx_addr_parse(mx_addr_text(&addr, shown), &again));
	FUZZ_REQUIRE(mx_addr_equal(&addr, &again) && addr.port == 0);
}

static void
read_addr_port(const char *text)
{
	struct mx_addr addr, again;
	char shown[MX_ADDR_TEXT];

	if (!mx_addr_parse_port(text, 25, &addr))
		return;
	FUZZ_REQUIRE(
	    mx_addr_parse_port(mx_addr_text_port(&addr, shown), addr.port, &again));
	FUZZ_REQUIRE(mx_addr_equal(&addr, &again) && addr.port == again.port);
}

static void
read_block(const char *text)
{
	struct mx_cidr block;

	if (mx_cidr_parse(text, &block))
		FUZZ_REQUIRE(mx_cidr_contains(&block, &block.base));
}

static void
read_address(const char *text)
{
	struct mx_error err = { 0 };
	char out[MX_MAILBOX_MAX], again[MX_MAILBOX_MAX];

	if (mx_mailbox_check("--to", text, false, out, &err) != MX_OK) {
		check_refusal(&err, "");
		return;
	}
	for (const char *c = out; *c != '\0'; c++)
		FUZZ_REQUIRE(*c > ' ' && *c < 0x7f && *c != '<' && *c != '>');
	FUZZ_REQUIRE(mx_mailbox_check("--to", out, false, again, &err) == MX_OK);
	FUZZ_REQUIRE(strcmp(out, again) == 0 && *mx_mailbox_domain(out) != '\0');
}

static void
read_name(const char *text)
{
	struct mx_error err = { 0 };
	char out[MX_NAME_MAX], again[MX_NAME_MAX];

	if (mx_name_to_ascii(text, out, &err) != MX_OK) {
		check_refusal(&err, "");
		return;
	}
	for (const char *c = out; *c != '\0'; c++)
		FUZZ_REQUIRE(*c > ' ' && *c < 0x7f && (*c < 'A' || *c > 'Z'));
	FUZZ_REQUIRE(mx_name_to_ascii(out, again, &err) == MX_OK);
	FUZZ_REQUIRE(strcmp(out, again) == 0);
}

static void
read_reply(const char *text)
{
	char *wording = mx_template(text, strlen(text));

	for (const char *c = wording; *c != '\0'; c++)
		FUZZ_REQUIRE((unsigned char)*c >= ' ' && *c != 0x7f);
	free(wording);
}

static void (*const readers[])(const char *text) = { read_relay, read_inbox, read_url,
	read_range, read_span, read_addr, read_addr_port, read_block, read_address,
	read_name, read_reply };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size == 0)
		return 0;
	text = mx_strndup((const char *)data + 1, size - 1);
	readers[data[0] % (sizeof readers / sizeof *readers)](text);
	free(text);
	return 0;
}
