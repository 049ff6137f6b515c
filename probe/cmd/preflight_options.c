/* preflight_options.c - one row and one take function per option. */
#include "probe/cmd/preflight_options.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/options.h"

#define TIMEOUT_LEAST 0.01
#define TIMEOUT_MOST 600
#define TIMEOUT_US 20000000 /* what RFC 7208 4.6.4 grants an SPF evaluation */

enum mx_err
mx_preflight_operand(void *into, const char *word, struct mx_error *err)
{
	struct mx_preflight_options *o = into;

	return mx_value_add("--source", word, &o->sources, err);
}

static enum mx_err
take_destination(void *into, const char *value, struct mx_error *err)
{
	struct mx_preflight_options *o = into;

	return mx_value_add("--to", value, &o->destinations, err);
}

/* Any name is judged. Only what would end a command is refused, as everywhere. */
static enum mx_err
no_injection(const char *option, const char *value, struct mx_error *err)
{
	if (strpbrk(value, "\r\n>") != NULL)
		return mx_value_refuse(option, value,
		    "holds a line end or '>', which no SMTP command can carry", err);
	return MX_OK;
}

static enum mx_err
take_helo(void *into, const char *value, struct mx_error *err)
{
	struct mx_preflight_options *o = into;

	o->helo = value;
	return no_injection("--helo", value, err);
}

static enum mx_err
take_mail_from(void *into, const char *value, struct mx_error *err)
{
	struct mx_preflight_options *o = into;

	/* "<>" is how SMTP writes the null sender. */
	o->mail_from = strcmp(value, "<>") == 0 ? "" : value;
	return no_injection("--mail-from", o->mail_from, err);
}

static enum mx_err
take_selector(void *into, const char *value, struct mx_error *err)
{
	struct mx_preflight_options *o = into;
	struct mx_error ignored = { 0 };
	char ascii[MX_NAME_MAX];

	if (mx_name_to_ascii(value, ascii, &ignored) != MX_OK)
		return mx_value_refuse("--dkim-selector", value,
		    "is no selector, such as s1 or mail.2026", err);
	return mx_value_add("--dkim-selector", value, &o->selectors, err);
}

static enum mx_err
take_dnsbl(void *into, const char *value, struct mx_error *err)
{
	struct mx_preflight_options *o = into;
	struct mx_error ignored = { 0 };
	char ascii[MX_NAME_MAX];

	if (strcmp(value, "all") == 0)
		o->every_zone = true;
	else if (strcmp(value, "none") == 0)
		o->no_zone = true;
	else if (strchr(value, '.') == NULL ||
		 mx_name_to_ascii(value, ascii, &ignored) != MX_OK)
		return mx_value_refuse("--dnsbl", value,
		    "is neither a zone, such as zen.spamhaus.org, nor all nor none", err);
	else if (mx_value_add("--dnsbl", value, &o->zones, err) != MX_OK)
		return MX_ERR_USAGE;
	if (o->no_zone && (o->every_zone || o->zones.count > 0))
		return mx_error_set(
		    err, MX_ERR_USAGE, "--dnsbl none: another --dnsbl asks for a list");
	return MX_OK;
}

static enum mx_err
take_format(void *into, const char *value, struct mx_error *err)
{
	static const char *const words[] = { "table", "json", "nagios" };
	struct mx_preflight_options *o = into;
	size_t index;

	o->format = value;
	return mx_value_choice("--format", value, words, 3, &index, err);
}

static enum mx_err
take_dns_server(void *into, const char *value, struct mx_error *err)
{
	struct mx_preflight_options *o = into;

	return mx_value_dns_server(value, &o->dns_servers, err);
}

static enum mx_err
take_trust_anchor(void *into, const char *value, struct mx_error *err)
{
	struct mx_preflight_options *o = into;

	o->trust_anchor = value;
	return mx_value_given("--trust-anchor", value, err);
}

static enum mx_err
take_timeout(void *into, const char *value, struct mx_error *err)
{
	struct mx_preflight_options *o = into;

	return mx_value_seconds(
	    "--timeout", value, TIMEOUT_LEAST, TIMEOUT_MOST, &o->timeout_us, err);
}

/* clang-format off */
const struct mx_option mx_preflight_option_rows[] = {
	{ "Who is looked at", 's', "source", "WHERE",
	    "An IP address, owned or not, a CIDR block, an interface, or @FILE with one of those a "
	    "line. Repeatable; further words are sources too.", mx_preflight_operand },
	{ NULL, 0, "helo", "NAME",
	    "The name it greets with; any name is judged. Default: the name that the source's PTR "
	    "record gives and that leads back to it.", take_helo },
	{ NULL, 'f', "mail-from", "MAILBOX",
	    "The sender; '' is the null sender. Default: the configuration's, else nothing is said "
	    "of a sender.", take_mail_from },
	{ NULL, 't', "to", "WHAT",
	    "A destination whose own name the HELO must not borrow: a domain, a provider of the "
	    "catalogue, or @FILE. Repeatable.", take_destination },
	{ NULL, 0, "dkim-selector", "SELECTOR",
	    "Look at the DKIM key under this selector of the sender's domain. Repeatable.",
	    take_selector },
	{ NULL, 0, "dnsbl", "ZONE|all|none",
	    "Ask this blocklist. Repeatable. Default: the configuration's zones, else all, which is "
	    "every list of the catalogue that anybody may ask.", take_dnsbl },

	{ "How", 0, "format", "table|json|nagios", "How to show results. Default: table.",
	    take_format },
	{ NULL, 0, "timeout", "SECONDS",
	    "Count what DNS has not answered by then as unknown. Default: 20, for each source.",
	    take_timeout },
	MX_ROW_DNS_SERVER(take_dns_server),
	MX_ROW_TRUST_ANCHOR(take_trust_anchor),
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

void
mx_preflight_options_init(struct mx_preflight_options *options)
{
	*options =
	    (struct mx_preflight_options){ .format = "table", .timeout_us = TIMEOUT_US };
}

void
mx_preflight_options_clear(struct mx_preflight_options *options)
{
	free(options->sources.items);
	free(options->destinations.items);
	free(options->selectors.items);
	free(options->zones.items);
	free(options->dns_servers.items);
}
