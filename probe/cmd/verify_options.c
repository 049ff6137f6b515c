/* verify_options.c - the rows of check that make sense for one pair, and those of the request. */
#include "probe/cmd/verify_options.h"

#include <string.h>

#include "probe/cmd/options.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static enum mx_err
take_ticket(void *into, const char *value, struct mx_error *err)
{
	struct mx_verify_options *o = into;

	o->ticket = value;
	if (mx_value_given("--ticket", value, err) != MX_OK)
		return MX_ERR_USAGE;
	for (const char *c = value; *c != '\0'; c++)
		if ((unsigned char)*c < ' ')
			return mx_error_set(
			    err, MX_ERR_USAGE, "--ticket: holds a control character");
	return MX_OK;
}

static enum mx_err
take_outcome(void *into, const char *value, struct mx_error *err)
{
	static const char *const words[] = { "mitigated", "conditional", "not_qualified",
		"nothing_detected" };
	struct mx_verify_options *o = into;
	size_t index;

	o->outcome = value;
	return mx_value_choice("--outcome", value, words, COUNT(words), &index, err);
}

static enum mx_err
take_once(void *into, const char *value, struct mx_error *err)
{
	struct mx_verify_options *o = into;

	(void)value;
	(void)err;
	o->is_once = true;
	return MX_OK;
}

static enum mx_err
take_for(void *into, const char *value, struct mx_error *err)
{
	struct mx_verify_options *o = into;

	return mx_ladder_parse_span("--for", value, &o->ladder.end_us, err);
}

static enum mx_err
take_ladder(void *into, const char *value, struct mx_error *err)
{
	struct mx_verify_options *o = into;

	return mx_ladder_parse("--ladder", value, &o->ladder, err);
}

static enum mx_err
take_format(void *into, const char *value, struct mx_error *err)
{
	static const char *const words[] = { "table", "json" };
	struct mx_verify_options *o = into;
	size_t index;

	o->session.format = value;
	return mx_value_choice("--format", value, words, COUNT(words), &index, err);
}

enum mx_err
mx_verify_operand(void *into, const char *word, struct mx_error *err)
{
	struct mx_verify_options *o = into;

	return mx_check_operand(&o->session, word, err);
}

/* clang-format off */
const struct mx_option mx_verify_option_rows[] = {
	{ "What was asked for", 's', "source", "ADDRESS",
	    "The address of this host that was on the list.", mx_take_source },
	{ NULL, 't', "to", "WHAT",
	    "The provider that was asked, or a domain whose mail goes there.", mx_verify_operand },
	{ NULL, 0, "ticket", "TEXT",
	    "The provider's number for the request. Another one than before is a new request.",
	    take_ticket },
	{ NULL, 0, "outcome", "ANSWER",
	    "What the provider answered: mitigated, conditional, nothing_detected, or "
	    "not_qualified, which ends the sessions.", take_outcome },

	{ "When", 0, "once", NULL,
	    "Take the step that is due now, if one is, and do not wait for the next: for cron.",
	    take_once },
	{ NULL, 0, "for", "SPAN",
	    "Give up so long after the request. Default: 7d, or with the last step if no address "
	    "has accepted by then.", take_for },
	{ NULL, 0, "ladder", "SPAN,...",
	    "The steps, from the request on. Default: 1h,4h,12h,24h,36h,48h,72h.", take_ladder },
	{ NULL, 0, "store", "FILE",
	    "Remember results and sessions there. Default: mxprobe.db in $XDG_STATE_HOME/mxprobe, "
	    "/var/lib/mxprobe or ~/.local/state/mxprobe.", mx_take_store },

	{ "Where to", 0, "mx", "one|all",
	    "One address of the provider a step, in turn (the default), or every one.", mx_take_mx },
	{ NULL, 0, "server", "HOST|ADDRESS[:PORT]",
	    "Connect there instead of looking up the MX.", mx_take_server },
	{ NULL, '4', "ipv4", NULL, "IPv4 only.", mx_take_ipv4 },
	{ NULL, '6', "ipv6", NULL, "IPv6 only.", mx_take_ipv6 },
	{ NULL, 'p', "port", "N", "Connect to this port instead of 25.", mx_take_port },

	{ "What to say", 'd', "depth", "STAGE",
	    "Go no further than banner, ehlo, mail or rcpt. Default: as deep as is useful at that "
	    "provider.", mx_take_depth },
	{ NULL, 0, "helo", "NAME",
	    "Greet with this name. Default: the name that the source's PTR record gives and that "
	    "leads back to it.", mx_take_helo },
	{ NULL, 'f', "mail-from", "MAILBOX",
	    "The sender, a mailbox of your own. Needed for depth mail and rcpt; '' is the null "
	    "sender.", mx_take_mail_from },
	{ NULL, 'r', "rcpt", "MAILBOX",
	    "A mailbox of your own, asked for where its domain's mail goes. Repeatable.",
	    mx_take_rcpt },
	{ NULL, 0, "tls", "may|require|none",
	    "STARTTLS where offered (the default), or go no further without TLS that holds (by "
	    "DANE or CA, and by MTA-STS), or never.", mx_take_tls },
	{ NULL, 0, "ca-file", "FILE",
	    "Trust the certificate authorities in this PEM file instead of the system's.",
	    mx_take_ca_file },
	{ NULL, 0, "seen-as", "ADDRESS",
	    "The address that servers see instead of the source's, by 1:1 NAT.", mx_take_seen_as },

	{ "How", 0, "format", "table|json", "How to show what happens. Default: table.",
	    take_format },
	{ NULL, 0, "connect-timeout", "SECONDS",
	    "Give up on a TCP connect after this long, 0.5 for example.", mx_take_connect_timeout },
	{ NULL, 0, "timeout", "SECONDS", "Give up on a whole session after this long. Default: 90.",
	    mx_take_timeout },
	{ NULL, 0, "dns-server", "ADDRESS[@PORT]",
	    "Ask this name server instead of the system's. Repeatable.", mx_take_dns_server },
	{ NULL, 0, "trust-anchor", "FILE",
	    "Validate DNSSEC from the DS or DNSKEY records in this file.", mx_take_trust_anchor },
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

void
mx_verify_options_init(struct mx_verify_options *options)
{
	*options = (struct mx_verify_options){ .ladder = mx_ladder_default };
	mx_check_options_init(&options->session);
}

void
mx_verify_options_clear(struct mx_verify_options *options)
{
	mx_check_options_clear(&options->session);
}
