/*
 * serve_deliver.h - test messages by the daemon, rarely: deliver.interval of the configuration.
 * In:   a reading of the configuration, the watch's loop and store.   Out: rows of deliveries; the log.
 * Not:  nothing unless the interval is configured; the ledger has the last word on each mailbox.
 */
#ifndef MX_CMD_SERVE_DELIVER_H
#define MX_CMD_SERVE_DELIVER_H

#include "probe/cmd/serve_setup.h"

struct mx_serve_deliver;
/** setup is borrowed. NULL without an error: it is not configured. NULL with err: what is configured
 *  can't be used (a password that stands nowhere, ...). */
struct mx_serve_deliver *mx_serve_deliver_new(
    const struct mx_serve_setup *setup, struct mx_error *err);
/** What is under way is broken off (milliseconds). NULL is taken. */
void mx_serve_deliver_free(struct mx_serve_deliver *deliver);

#endif
