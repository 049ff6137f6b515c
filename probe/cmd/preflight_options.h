/*
 * preflight_options.h - the command line of `mxprobe preflight`, word by word.
 * In:   option values as written.   Out: struct mx_preflight_options.
 * Not:  no configuration file, no lookup; names are judged later, not here.
 */
#ifndef MX_CMD_PREFLIGHT_OPTIONS_H
#define MX_CMD_PREFLIGHT_OPTIONS_H

#include "probe/cmd/check_options.h"

/** Strings are argv's. */
struct mx_preflight_options {
	struct mx_word_list sources, destinations, selectors, zones;
	bool every_zone, no_zone; /* --dnsbl all, --dnsbl none */
	const char *helo;         /* NULL: not given; any name, "" too */
	const char *mail_from;    /* NULL: not given; "" the null sender */
	const char *format;
	struct mx_addr_list dns_servers;
	const char *trust_anchor;
	long long timeout_us;
};

void mx_preflight_options_init(struct mx_preflight_options *options);
void mx_preflight_options_clear(struct mx_preflight_options *options);

/** The rows; they fill struct mx_preflight_options. */
extern const struct mx_option mx_preflight_option_rows[];
/** A word without option: one more source. */
enum mx_err mx_preflight_operand(void *into, const char *word, struct mx_error *err);

#endif
