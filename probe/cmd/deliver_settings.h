/*
 * deliver_settings.h - options and configuration together: everything a run of deliver needs.
 * In:   parsed options, loaded configuration.   Out: struct mx_deliver_settings, passwords and all.
 * Not:  nothing has been sent to anyone when something is refused here.
 */
#ifndef MX_CMD_DELIVER_SETTINGS_H
#define MX_CMD_DELIVER_SETTINGS_H

#include "probe/cmd/deliver_options.h"
#include "probe/cmd/limits.h"
#include "probe/config/config.h"
#include "probe/deliver/deliver.h"
#include "probe/plan/mailbox.h"

/** One mailbox that is written to, or that mail_from's bounces come to. */
struct mx_deliver_box {
	char mailbox[MX_MAILBOX_MAX];
	const char *authserv; /* the configuration's, or NULL */
	bool has_account, is_exempt;
	struct mx_imap_account account;
};

struct mx_deliver_settings {
	struct mx_mail_route route;
	char mail_from[MX_MAILBOX_MAX];
	struct mx_deliver_box *boxes;
	size_t box_count;
	struct mx_deliver_target *targets; /* one a box, pointing there */
	struct mx_deliver_box bounces;     /* mailbox "": nobody looks for any */
	struct mx_ledger_floors floors;
};

/** options and config must outlive *settings. MX_ERR_USAGE for what options say, MX_ERR_CONFIG for what
 *  the file says. With can_ask a password that stands nowhere is asked for at the terminal (a daemon
 *  has none). Clear with mx_deliver_settings_clear in any case. */
enum mx_err mx_deliver_settings_make(struct mx_deliver_settings *settings,
    const struct mx_deliver_options *options, const struct mx_config *config,
    bool can_ask, struct mx_error *err) __attribute__((warn_unused_result));
void mx_deliver_settings_clear(struct mx_deliver_settings *settings);

#endif
