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

/** A word without option: one more destination. */
enum mx_err mx_check_operand(void *into, const char *word, struct mx_error *err);

#endif
