/* check_options.c - one row and one take function per option. */
#include "probe/cmd/check_options.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/mem.h"
#include "probe/cmd/options.h"
#include "probe/identity/helo.h"
#include "probe/plan/mailbox.h"

#define SMTP_PORT 25
#define TIMEOUT_LEAST 0.01
#define CONNECT_MOST 120
#define TOTAL_MOST 600 /* whoever holds a session longer is a nuisance to the server */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum mx_err
mx_take_source(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	return mx_value_add("--source", value, &o->sources, err);
}

enum mx_err
mx_check_operand(void *into, const char *word, struct mx_error *err)
{
	struct mx_check_options *o = into;
	struct mx_addr addr;

	/* "--source A B" looks natural; to probe B instead would be a bad surprise. */
	if ((mx_addr_parse(word, &addr) || strchr(word, '/') != NULL) && *word != '@')
		return mx_value_refuse("--to", word,
		    "is not a domain; repeat --source for more sources, use --server to probe "
		    "an address",
		    err);
	return mx_value_add("--to", word, &o->destinations, err);
}

enum mx_err
mx_take_helo(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	o->helo = value;
	return mx_helo_check(value, err);
}

enum mx_err
mx_take_mail_from(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;
	char ascii[MX_MAILBOX_MAX];

	o->mail_from = value;
	return mx_mailbox_check("--mail-from", value, true, ascii, err);
}

enum mx_err
mx_take_rcpt(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;
	char ascii[MX_MAILBOX_MAX];

	if (mx_mailbox_check("--rcpt", value, false, ascii, err) != MX_OK)
		return MX_ERR_USAGE;
	return mx_value_add("--rcpt", value, &o->mailboxes, err);
}

enum mx_err
mx_take_seen_as(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	if (!mx_addr_parse(value, &o->seen_as))
		return mx_value_refuse("--seen-as", value, "is not an IP address", err);
	return MX_OK;
}

enum mx_err
mx_take_depth(void *into, const char *value, struct mx_error *err)
{
	static const char *const words[] = { "banner", "ehlo", "mail", "rcpt" };
	static const enum mx_stage stages[] = { MX_STAGE_BANNER, MX_STAGE_EHLO,
		MX_STAGE_MAIL, MX_STAGE_RCPT };
	struct mx_check_options *o = into;
	size_t index;
	enum mx_err code =
	    mx_value_choice("--depth", value, words, COUNT(words), &index, err);

	if (code == MX_OK) {
		o->depth_given = true;
		o->depth = stages[index];
	}
	return code;
}

enum mx_err
mx_take_mx(void *into, const char *value, struct mx_error *err)
{
	static const char *const words[] = { "one", "all" };
	struct mx_check_options *o = into;
	size_t index = 0;
	enum mx_err code =
	    mx_value_choice("--mx", value, words, COUNT(words), &index, err);

	o->mx_all = index == 1;
	return code;
}

enum mx_err
mx_take_tls(void *into, const char *value, struct mx_error *err)
{
	static const char *const words[] = { "may", "require", "none" };
	static const enum mx_tls_mode modes[] = { MX_TLS_MAY, MX_TLS_REQUIRE,
		MX_TLS_NONE };
	struct mx_check_options *o = into;
	size_t index;
	enum mx_err code =
	    mx_value_choice("--tls", value, words, COUNT(words), &index, err);

	if (code == MX_OK)
		o->tls_mode = modes[index];
	return code;
}

static enum mx_err
take_format(void *into, const char *value, struct mx_error *err)
{
	static const char *const words[] = { "table", "json", "nagios" };
	struct mx_check_options *o = into;
	size_t index;

	o->format = value;
	return mx_value_choice("--format", value, words, COUNT(words), &index, err);
}

static enum mx_err
take_family(struct mx_check_options *o, int family, struct mx_error *err)
{
	if (o->family != AF_UNSPEC && o->family != family)
		return mx_error_set(err, MX_ERR_USAGE,
		    "-4 and -6 exclude each other; give neither to use both families");
	o->family = family;
	return MX_OK;
}

enum mx_err
mx_take_ipv4(void *into, const char *value, struct mx_error *err)
{
	(void)value;
	return take_family(into, AF_INET, err);
}

enum mx_err
mx_take_ipv6(void *into, const char *value, struct mx_error *err)
{
	(void)value;
	return take_family(into, AF_INET6, err);
}

enum mx_err
mx_take_port(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	return mx_value_port("--port", value, 1, &o->port, err);
}

enum mx_err
mx_take_server(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	return mx_place_parse("--server", value, &o->server, err);
}

static enum mx_err
take_control(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	return mx_place_parse("--control", value, &o->control, err);
}

enum mx_err
mx_take_dns_server(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	return mx_value_dns_server(value, &o->dns_servers, err);
}

enum mx_err
mx_take_trust_anchor(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	o->trust_anchor = value;
	return mx_value_given("--trust-anchor", value, err);
}

enum mx_err
mx_take_ca_file(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	o->ca_file = value;
	return mx_value_given("--ca-file", value, err);
}

enum mx_err
mx_take_connect_timeout(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;
	long long us = 0;
	enum mx_err code = mx_value_seconds(
	    "--connect-timeout", value, TIMEOUT_LEAST, CONNECT_MOST, &us, err);

	o->timeouts.connect_us = us;
	return code;
}

enum mx_err
mx_take_timeout(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;
	long long us = 0;
	enum mx_err code =
	    mx_value_seconds("--timeout", value, TIMEOUT_LEAST, TOTAL_MOST, &us, err);

	o->timeouts.total_us = us;
	return code;
}

enum mx_err
mx_take_store(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	o->store = value;
	return mx_value_given("--store", value, err);
}

static enum mx_err
take_wait(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	(void)value;
	(void)err;
	o->waits = true;
	return MX_OK;
}

static enum mx_err
take_dry_run(void *into, const char *value, struct mx_error *err)
{
	struct mx_check_options *o = into;

	(void)value;
	(void)err;
	o->is_dry = true;
	return MX_OK;
}

/* clang-format off */
const struct mx_option mx_check_option_rows[] = {
	{ "What to probe", 's', "source", "WHERE",
	    "Leave from this address of this host: an IP address, a CIDR block, an interface, or "
	    "@FILE with one of those a line. Repeatable.", mx_take_source },
	{ NULL, 't', "to", "WHAT",
	    "Probe where this domain's mail goes: a domain, a provider of the catalogue, or @FILE. "
	    "Repeatable; further words are destinations too.", mx_check_operand },
	{ NULL, 0, "mx", "one|all",
	    "One address of the destination (the default), or every one.", mx_take_mx },
	MX_ROW_SERVER,
	{ NULL, 0, "control", "HOST|ADDRESS[:PORT]",
	    "Greet this host from each source too, a neutral one that takes your connections: it "
	    "tells a closed port 25 from a block.", take_control },
	MX_ROWS_CONNECT,

	MX_ROWS_SAY,

	MX_ROW_STORE("How often", "results and sessions", mx_take_store),
	{ NULL, 0, "wait", NULL,
	    "Where a provider was asked too recently, wait until it may be asked again instead of "
	    "leaving it out.", take_wait },
	{ NULL, 0, "dry-run", NULL, "Only say what would be probed, and when.", take_dry_run },

	{ "How", 0, "format", "table|json|nagios", "How to show results. Default: table.",
	    take_format },
	MX_ROWS_PATIENCE,
	MX_ROWS_DNS,
	{ NULL, 0, NULL, NULL, NULL, NULL },
};
/* clang-format on */

void
mx_check_options_init(struct mx_check_options *options)
{
	*options = (struct mx_check_options){
		.family = AF_UNSPEC,
		.port = SMTP_PORT,
		.tls_mode = MX_TLS_MAY,
		.format = "table",
		.timeouts = mx_session_defaults(),
	};
}

void
mx_check_options_clear(struct mx_check_options *options)
{
	free(options->sources.items);
	free(options->destinations.items);
	free(options->mailboxes.items);
	free(options->dns_servers.items);
}
