/*
 * deliver_options.h - the command line of `mxprobe deliver`, word by word.
 * In:   option values as written.
 * Out:  struct mx_deliver_options, each value checked for form.
 * Not:  no configuration file, no password (deliver_settings.h).
 */
#ifndef MX_CMD_DELIVER_OPTIONS_H
#define MX_CMD_DELIVER_OPTIONS_H

#include "probe/cmd/options.h"

/** Strings are argv's; NULL: not given. */
struct mx_deliver_options {
	const char *via, *password_file, *mail_from, *source, *helo, *ca_file;
	struct mx_word_list mailboxes;
	const char *imap, *imap_password_file, *imap_token_file;
	const char *bounce; /* a file, or "-" */
	const char *store;
	struct mx_addr_list dns_servers;
	long long wait_us, timeout_us; /* timeout 0: not given */
	bool tls_given, tls_optional, clean, is_json;
};

void mx_deliver_options_init(struct mx_deliver_options *options);
void mx_deliver_options_clear(struct mx_deliver_options *options);

extern const struct mx_option mx_deliver_option_rows[];
/** A word without option: a mailbox. */
enum mx_err mx_deliver_operand(void *into, const char *word, struct mx_error *err);

#endif
