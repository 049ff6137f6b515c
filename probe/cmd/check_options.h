/*
 * check_options.h - the command line of `mxprobe check`, word by word.
 * In:   option values as written.
 * Out:  struct mx_check_options, each value checked for form.
 * Not:  no configuration file, no look at this host or at the catalogue (settings.h).
 */
#ifndef MX_CMD_CHECK_OPTIONS_H
#define MX_CMD_CHECK_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/base/addr.h"
#include "probe/cmd/options.h"
#include "probe/cmd/place.h"
#include "probe/smtp/session.h"

/** Strings are argv's. */
struct mx_check_options {
	struct mx_word_list sources, destinations, mailboxes;
	const char *helo;      /* NULL: not given */
	const char *mail_from; /* NULL: not given; "" the null sender */
	bool depth_given;
	enum mx_stage depth;
	bool mx_all;
	int family; /* AF_UNSPEC: both */
	struct mx_place server, control;
	uint16_t port;
	enum mx_tls_mode tls_mode;
	const char *format;
	struct mx_addr_list dns_servers;
	const char *trust_anchor, *ca_file;
	struct mx_timeouts timeouts;
	struct mx_addr seen_as; /* AF_UNSPEC: not given */
	const char *store;      /* NULL: not given */
	bool waits, is_dry;
};

/** Before parsing: defaults. */
void mx_check_options_init(struct mx_check_options *options);
void mx_check_options_clear(struct mx_check_options *options);

/** The rows, for mx_cmd_check and whoever documents them; they fill struct mx_check_options. */
extern const struct mx_option mx_check_option_rows[];
/** The rows' functions, for commands whose sessions are those of check: into is a struct
 *  mx_check_options, or begins with one. */
#define MX_TAKE(option) \
	enum mx_err mx_take_##option(void *into, const char *value, struct mx_error *err)
MX_TAKE(ca_file);
MX_TAKE(connect_timeout);
MX_TAKE(depth);
MX_TAKE(dns_server);
MX_TAKE(helo);
MX_TAKE(ipv4);
MX_TAKE(ipv6);
MX_TAKE(mail_from);
MX_TAKE(mx);
MX_TAKE(port);
MX_TAKE(rcpt);
MX_TAKE(seen_as);
MX_TAKE(server);
MX_TAKE(source);
MX_TAKE(store);
MX_TAKE(timeout);
MX_TAKE(tls);
MX_TAKE(trust_anchor);
#undef MX_TAKE

/** The rows that commands with sessions have in common, in the order of their --help. */
/* clang-format off */
#define MX_ROW_SERVER \
	{ NULL, 0, "server", "HOST|ADDRESS[:PORT]", \
	    "Connect there instead of looking up the MX.", mx_take_server }
#define MX_ROWS_CONNECT \
	{ NULL, '4', "ipv4", NULL, "IPv4 only.", mx_take_ipv4 }, \
	{ NULL, '6', "ipv6", NULL, "IPv6 only.", mx_take_ipv6 }, \
	{ NULL, 'p', "port", "N", "Connect to this port instead of 25.", mx_take_port }
#define MX_ROWS_TLS \
	{ NULL, 0, "tls", "may|require|none", \
	    "STARTTLS where offered (the default), or go no further without TLS that holds (by " \
	    "DANE or CA, and by MTA-STS), or never.", mx_take_tls }, \
	MX_ROW_CA_FILE(mx_take_ca_file)
#define MX_ROWS_SAY \
	{ "What to say", 'd', "depth", "STAGE", \
	    "Go no further than banner, ehlo, mail or rcpt. Default: as deep as is useful at that " \
	    "provider.", mx_take_depth }, \
	{ NULL, 0, "helo", "NAME", \
	    "Greet with this name. Default: the name that the source's PTR record gives and that " \
	    "leads back to it.", mx_take_helo }, \
	{ NULL, 'f', "mail-from", "MAILBOX", \
	    "The sender, a mailbox of your own. Needed for depth mail and rcpt; '' is the null " \
	    "sender.", mx_take_mail_from }, \
	{ NULL, 'r', "rcpt", "MAILBOX", \
	    "A mailbox of your own, asked for where its domain's mail goes. Repeatable.", \
	    mx_take_rcpt }, \
	MX_ROWS_TLS, \
	{ NULL, 0, "seen-as", "ADDRESS", \
	    "The address that servers see instead of the source's, by 1:1 NAT.", mx_take_seen_as }
#define MX_ROWS_PATIENCE \
	{ NULL, 0, "connect-timeout", "SECONDS", \
	    "Give up on a TCP connect after this long, 0.5 for example.", mx_take_connect_timeout }, \
	{ NULL, 0, "timeout", "SECONDS", "Give up on a whole session after this long. Default: 90.", \
	    mx_take_timeout }
#define MX_ROWS_DNS \
	MX_ROW_DNS_SERVER(mx_take_dns_server), \
	MX_ROW_TRUST_ANCHOR(mx_take_trust_anchor)
/* clang-format on */

/** A word without option: one more destination. */
enum mx_err mx_check_operand(void *into, const char *word, struct mx_error *err);

#endif
