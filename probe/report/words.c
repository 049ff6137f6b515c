/* words.c - tables of phrases; nothing here decides anything. */
#include "probe/report/words.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"

#define SMTP_PORT 25

/* clang-format off */
static const struct {
	const char *replied, *unanswered, *depth;
} stages[MX_STAGE_COUNT] = {
	[MX_STAGE_CONNECT]  = { "while connecting", "while connecting", "connect" },
	[MX_STAGE_BANNER]   = { "in the greeting", "before a greeting", "the greeting" },
	[MX_STAGE_EHLO]     = { "in reply to EHLO", "after EHLO", "EHLO" },
	[MX_STAGE_STARTTLS] = { "in reply to STARTTLS", "after STARTTLS", "STARTTLS" },
	[MX_STAGE_TLS]      = { "in the TLS handshake", "in the TLS handshake", "TLS" },
	[MX_STAGE_MAIL]     = { "in reply to MAIL FROM", "after MAIL FROM", "MAIL FROM" },
	[MX_STAGE_RCPT]     = { "in reply to RCPT TO", "after RCPT TO", "RCPT TO" },
	[MX_STAGE_DATA]     = { "in reply to DATA", "after DATA", "DATA" },
	[MX_STAGE_EOD]      = { "at the end of the message", "after the message", "the message" },
	[MX_STAGE_QUIT]     = { "in reply to QUIT", "after QUIT", "QUIT" },
};

/* For those who meet a verdict for the first time. */
static const char *const advice[MX_V_COUNT] = {
	[MX_V_FAILED]      = "This is a failure on our side; the line above says of what.",
	[MX_V_BLOCKED]     = "Read the reply above: it names who blocks and often where to ask for removal.",
	[MX_V_IDENTITY]    = "Give the address a PTR record that leads back to it, greet with that name "
			     "(--helo), and publish SPF for the sender's domain.",
	[MX_V_POLICY]      = "Read the reply above: the sender, the relay or a local rule was refused, "
			     "not the address alone.",
	[MX_V_THROTTLED]   = "Slow down and come back in some hours; retrying at once makes it worse.",
	[MX_V_GREYLISTED]  = "Come back in 30 minutes with the same source, sender and recipient.",
	[MX_V_RECIPIENT]   = "The address got through; name a mailbox of your own there with --rcpt.",
	[MX_V_VOID]        = "Mail leaves through another address than the one chosen; if that is your "
			     "NAT, declare it with --seen-as.",
	[MX_V_BROKEN]      = "The server's side failed; try another of its hosts (--mx all) or come back later.",
	[MX_V_UNREACHABLE] = "Check the name, your resolver, and whether your network lets port 25 out.",
	[MX_V_SUPPRESSED]  = "Not probed now to stay polite; come back at the time given.",
	[MX_V_ACCEPTED]    = "",
};
/* clang-format on */

static const char *const unknown_provider[] = {
	"content, DKIM and DMARC are judged after DATA",
};

const char *
mx_words_replied(enum mx_stage stage)
{
	return stages[stage].replied;
}

const char *
mx_words_unanswered(enum mx_stage stage)
{
	return stages[stage].unanswered;
}

const char *
mx_words_depth(enum mx_stage stage)
{
	return stages[stage].depth;
}

const char *
mx_words_advice(enum mx_verdict verdict)
{
	return advice[verdict];
}

const char *const *
mx_words_blind_spots(const struct mx_provider *provider, size_t *count)
{
	if (provider == NULL) {
		*count = sizeof unknown_provider / sizeof unknown_provider[0];
		return unknown_provider;
	}
	*count = provider->blind_spot_count;
	return provider->blind_spots;
}

bool
mx_words_observable(const struct mx_provider *provider)
{
	return provider == NULL || provider->observable;
}

static const char *
address_text(const struct mx_addr *addr, char *out)
{
	return addr->port != 0 && addr->port != SMTP_PORT ? mx_addr_text_port(addr, out)
							  : mx_addr_text(addr, out);
}

char *
mx_words_place(const struct mx_result *result)
{
	char text[MX_ADDR_TEXT] = "", plain[MX_ADDR_TEXT] = "", *host, *place;

	if (result->address.family != AF_UNSPEC) {
		address_text(&result->address, text);
		mx_addr_text(&result->address, plain);
	}
	/* --server ADDRESS: the host has no other name. */
	if (result->mx_host == NULL || strcmp(result->mx_host, plain) == 0)
		return mx_strdup(*text != '\0' ? text : "-");
	host = mx_escape_terminal(result->mx_host, strlen(result->mx_host));
	place = mx_asprintf("%s%s%s", host, *text != '\0' ? " " : "", text);
	free(host);
	return place;
}
